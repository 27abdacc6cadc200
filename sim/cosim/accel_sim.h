/* The simulated card as a library: the Verilated accel_core with a memory behind it, driven through the core's own buses.
   One handle is used by one thread at a time. Functions that can fail return a status that must be checked. */
#ifndef ACCEL_SIM_H
#define ACCEL_SIM_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define ACCEL_SIM_ABI 2u

#if defined(__GNUC__)
#define ACCEL_SIM_API __attribute__((visibility("default"), warn_unused_result))
#define ACCEL_SIM_VOID_API __attribute__((visibility("default")))
#else
#define ACCEL_SIM_API
#define ACCEL_SIM_VOID_API
#endif

typedef struct accel_sim accel_sim;

typedef enum {
  kAccelSimOk = 0,
  kAccelSimBusError = 1,   /* the bus answered SLVERR or DECERR */
  kAccelSimTimeout = 2,    /* the bus did not answer within its deadline */
  kAccelSimBadArgument = 3 /* a length or address that is no multiple of 64, or an unknown option */
} accel_sim_status;

typedef struct {
  uint64_t cycles;             /* clock cycles since creation */
  uint64_t busy_cycles;        /* of these, cycles in which some engine held a command */
  uint64_t nanoseconds;        /* time spent in accel_sim_run */
  uint64_t run_cycles;         /* cycles of accel_sim_run */
  uint64_t read_beats;         /* beats that the memory has handed out */
  uint64_t write_beats;        /* beats that the memory has taken */
  uint64_t errors_injected;    /* bursts answered with SLVERR, and bits flipped */
  uint64_t memory_bytes_used;  /* pages touched */
} accel_sim_statistics;

/* ACCEL_SIM_ABI of the library. */
ACCEL_SIM_API uint32_t accel_sim_abi(void);

/* Creates a card that has just been powered up and reset. options: "key=value,..." of
     latency=N   cycles from a read's address to its first beat, and from a write's last beat to its response (100)
     stalls=P    chance in percent that a channel is held back in a cycle (0)
     seed=N      of stalls, faults and the initial noise (1)
     errors=P    chance in a million that a burst is answered with SLVERR (0)
     flips=P     chance in a million that a read burst has one bit flipped (0)
     temperature=N  degrees Celsius that the board's sensor shows, 0 to 200; without it there is no sensor
     trace=FILE  writes an FST trace; only in libraries built with tracing
   Returns null and a message in error (always terminated) when an option is wrong. */
ACCEL_SIM_API accel_sim* accel_sim_create(const char* options, char* error, size_t error_bytes);
ACCEL_SIM_VOID_API void accel_sim_destroy(accel_sim* sim);

/* Pulls the reset pin. Memory keeps its contents; what was in flight is dropped. */
ACCEL_SIM_VOID_API void accel_sim_reset(accel_sim* sim);

/* One AXI4-Lite access. */
ACCEL_SIM_API int accel_sim_read_register(accel_sim* sim, uint32_t offset, uint32_t* value);
ACCEL_SIM_API int accel_sim_write_register(accel_sim* sim, uint32_t offset, uint32_t value);

/* Transfers through the core's AXI4 slave port, in bursts. address and bytes are multiples of 64. */
ACCEL_SIM_API int accel_sim_write_memory(accel_sim* sim, uint64_t address, const void* source, size_t bytes);
ACCEL_SIM_API int accel_sim_read_memory(accel_sim* sim, uint64_t address, void* destination, size_t bytes);

/* Runs until the register differs from seen, or cycles_max cycles have gone by; says how many did. */
ACCEL_SIM_API int accel_sim_run(accel_sim* sim, uint32_t offset, uint32_t seen, uint64_t cycles_max, uint64_t* cycles);

/* One fault, once: kind "read-error" or "write-error" (SLVERR), "flip" (one bit of a read beat), "lost" (a read burst that is never
   answered), on the after-th burst of that direction from now that begins in [first, last]. after = 0 withdraws it. */
ACCEL_SIM_API int accel_sim_inject(accel_sim* sim, const char* kind, uint64_t after, uint64_t first, uint64_t last);

/* What the board's sensor shows from now on, in sixteenths of a degree Celsius; with valid = 0 there is none. */
ACCEL_SIM_VOID_API void accel_sim_set_temperature(accel_sim* sim, int valid, int16_t sixteenths);

/* The card's pins, for hardware of one's own in front of it: what the host side drives in a cycle, and what the card shows in the same cycle. The
   names are accel_core's, without s_; IDs are 0. axil_: registers, the others: memory. */
typedef struct {
  uint8_t reset_n;
  uint8_t axil_awvalid, axil_wvalid, axil_wstrb, axil_bready, axil_arvalid, axil_rready;
  uint8_t awvalid, awlen, wvalid, wlast, bready, arvalid, arlen, rready;
  uint16_t axil_awaddr, axil_araddr;
  uint32_t axil_wdata;
  uint64_t awaddr, araddr, wstrb;
  uint8_t wdata[64];
} accel_sim_host_pins;

typedef struct {
  uint8_t axil_awready, axil_wready, axil_bvalid, axil_bresp, axil_arready, axil_rvalid, axil_rresp;
  uint8_t awready, wready, bvalid, bresp, arready, rvalid, rresp, rlast;
  uint8_t irq, idle;
  uint32_t axil_rdata;
  uint8_t rdata[64];
} accel_sim_card_pins;

/* One clock cycle: *card holds from the settling of *host to the rising edge that ends the cycle. While reset_n is 0 what is in flight in the memory
   is dropped, as by accel_sim_reset. Not to be mixed with the accesses above between two resets. */
ACCEL_SIM_VOID_API void accel_sim_cycle(accel_sim* sim, const accel_sim_host_pins* host, accel_sim_card_pins* card);

ACCEL_SIM_VOID_API void accel_sim_get_statistics(accel_sim* sim, accel_sim_statistics* statistics);

#ifdef __cplusplus
}
#endif
#endif
