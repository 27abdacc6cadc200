/* A SPI NOR flash at the firmware's SPI master: programming clears bits and nothing else, an erasure takes time and leaves anything when the power goes
   meanwhile, power can go at any byte on the line, any byte of a page, any moment of an erasure. */
#ifndef ACCEL_FIRMWARE_NOR_H
#define ACCEL_FIRMWARE_NOR_H

#include <stdbool.h>
#include <stdint.h>

#include "flash.h"

/* Moments at which the power can go. Most are on the line, few in headers and erasures, which matter most: each kind is counted by itself. */
enum nor_step { kStepLine = 0, kStepImage = 1, kStepHeader = 2, kStepErase = 3, kStepKinds = 4 };

struct nor {
  uint8_t cells[kFlashBytes];
  bool is_present;            /* otherwise every answer is 0xff */
  bool refuses_writing;       /* as with its protection pin held */
  bool is_never_idle;
  bool is_worn;               /* bit 0 of no byte can be cleared any more */
  uint32_t fails_reads_from;  /* it hangs when a read begins here or above; 0: never */
  uint32_t golden_writes;     /* operations that reached the golden bitstream: none must */
  uint64_t steps[kStepKinds]; /* since nor_power_up: bytes on the line, bytes programmed in images and elsewhere, 64ths of erasures */
  enum nor_step cut_kind;
  uint64_t cut_at;            /* the power goes at that step of that kind; 0: it stays */
  uint64_t random;            /* state of the generator */
};

extern struct nor nor;

/* Erased, idle, with power; a flash that nothing is wrong with. */
void nor_reset(uint64_t seed);
/* The state after power-up: asleep, as the FPGA leaves it. Cells stay. The rest: as in struct nor. */
void nor_power_up(enum nor_step cut_kind, uint64_t cut_at);
/* The SPI master's registers. */
void nor_select(bool is_selected);
uint8_t nor_exchange(uint8_t byte);

uint64_t nor_random(void);

/* Runs body until it ends (true) or the power goes (false). */
bool nor_run(void (*body)(void));

#endif
