/* Traps: the timer's interrupt, accesses that may be refused, and everything that must not happen. */
#ifndef ACCEL_FIRMWARE_TRAP_H
#define ACCEL_FIRMWARE_TRAP_H

#include <stdbool.h>
#include <stdint.h>

#include "hardware.h"

/* Called by start.S: what happened, where, with which address. Returns where to go on. */
uint32_t trap_handle(uint32_t cause, uint32_t pc, uint32_t value);

/* Reads a register that may not be there: false, and *value unchanged, when the bus refuses. */
MUST_CHECK bool trap_try_read(uint32_t address, uint32_t *value);

/* Timer interrupts so far. */
uint32_t trap_ticks(void);

#endif
