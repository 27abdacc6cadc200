/* The card at the end of its link, as a library: the Verilated link_top with its pins, and a core behind it, in one thread and in no time but its
   own. For runs by the thousand in which the host's time is virtual too: push bytes, run cycles, take bytes.
   One handle is used by one thread at a time; several handles are independent. */
#ifndef ACCEL_LINK_SIM_H
#define ACCEL_LINK_SIM_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define ACCEL_LINK_SIM_ABI 2u

#if defined(__GNUC__)
#define ACCEL_LINK_SIM_API __attribute__((visibility("default"), warn_unused_result))
#define ACCEL_LINK_SIM_VOID_API __attribute__((visibility("default")))
#else
#define ACCEL_LINK_SIM_API
#define ACCEL_LINK_SIM_VOID_API
#endif

typedef struct accel_link_sim accel_link_sim;

typedef struct {
  uint64_t link_cycles;         /* of the pins' clock */
  uint64_t core_cycles;         /* of the core's clock, as the link's endpoint has seen them */
  uint64_t core_cycles_stepped; /* of these, cycles in which the core itself had something to do; in the others its clock stood still */
  uint64_t bytes_to_card;       /* pushed */
  uint64_t bytes_from_card;     /* that have left the card's pins, taken or lost */
  uint64_t faults_struck;       /* of the card's memory: accel_link_sim_inject and the options errors and flips */
} accel_link_sim_statistics;

/* ACCEL_LINK_SIM_ABI of the library. */
ACCEL_LINK_SIM_API uint32_t accel_link_sim_abi(void);

/* A card that has just been powered up and reset.
   front: what its pins are, "uart" (4 clocks a bit: a byte takes 40 link cycles), "ft245" (a byte a cycle) or "ft601" (4 bytes a cycle).
   core: which build/sim/libaccel_sim_NAME.so stands behind the link, "tiny79", "lanes1" or "full"; looked for in the folder ACCEL_SIM_LIBRARY, else
   beside this library. options: as for accel_sim_create ("latency=30,seed=4").
   seed: of the noise in which the link's registers come up. The same arguments and calls always give the same bytes.
   Returns null and a message in error (always terminated) when an argument is wrong or the core's library is missing. */
ACCEL_LINK_SIM_API accel_link_sim* accel_link_sim_create(const char* front, const char* core, const char* options, uint64_t seed, char* error,
                                                         size_t error_bytes);
ACCEL_LINK_SIM_VOID_API void accel_link_sim_destroy(accel_link_sim* sim);

/* Puts bytes on the path to the card; returns how many there is room for (at most 65,536 wait). */
ACCEL_LINK_SIM_API size_t accel_link_sim_push(accel_link_sim* sim, const void* bytes, size_t count);
/* Takes bytes that the card has sent; returns how many. With 65,536 waiting, a FIFO's card is held up, and a UART's bytes are lost. */
ACCEL_LINK_SIM_API size_t accel_link_sim_take(accel_link_sim* sim, void* bytes, size_t count);

/* Runs for so many cycles of the link, or until nothing would change without another byte; returns the cycles that have gone by. 0 means that there
   is nothing to do. */
ACCEL_LINK_SIM_API uint64_t accel_link_sim_step(accel_link_sim* sim, uint64_t link_cycles);

/* Pulls the card's reset pin for so many cycles of the link: the session and what was on its way are gone, memory keeps its contents. */
ACCEL_LINK_SIM_VOID_API void accel_link_sim_reset(accel_link_sim* sim, uint64_t link_cycles);

/* Pulls the plug (1) or puts it back (0): what is on its way is lost, in the middle of a word if need be, and so is what either side sends
   meanwhile. The card keeps running. */
ACCEL_LINK_SIM_VOID_API void accel_link_sim_unplug(accel_link_sim* sim, int unplugged);

/* One fault of the card's memory, once; as accel_sim_inject. "flip" on a result's range is an engine that lies once. Returns an accel_sim_status. */
ACCEL_LINK_SIM_API int accel_link_sim_inject(accel_link_sim* sim, const char* kind, uint64_t after, uint64_t first, uint64_t last);

ACCEL_LINK_SIM_VOID_API void accel_link_sim_get_statistics(accel_link_sim* sim, accel_link_sim_statistics* statistics);

#ifdef __cplusplus
}
#endif
#endif
