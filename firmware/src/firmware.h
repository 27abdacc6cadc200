/* The firmware's own course: identification, then supervision for ever. */
#ifndef ACCEL_FIRMWARE_FIRMWARE_H
#define ACCEL_FIRMWARE_FIRMWARE_H

#include <stdbool.h>
#include <stdint.h>

#include "hardware.h"

/* Says over the UART what system, reset and engines these are; whether the engines' registers are there and of a version that this firmware knows. */
MUST_CHECK bool firmware_identify(void);

/* Watches the engines and feeds the watchdog, once a tick. ticks_seen: the ticks that the last call returned. */
MUST_CHECK uint32_t firmware_supervise(bool has_engines, uint32_t ticks_seen);

/* Answers what came over the UART: 't' with the engines' telemetry. Anything else is dropped. */
void firmware_answer(bool has_engines);

void firmware_main(void);

#endif
