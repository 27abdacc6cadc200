/* From which image this firmware runs, and the way from the golden one to a slot and back. */
#ifndef ACCEL_FIRMWARE_BOOT_H
#define ACCEL_FIRMWARE_BOOT_H

#include <stdbool.h>
#include <stdint.h>

#include "slots.h"

/* Of the golden image, as in a slot's header. */
#define GOLDEN_VERSION UINT32_C(0x00010000)

enum {
  /* A slot's firmware that has come so far confirms itself: 128 ticks of 20,000 clocks, 0.2 s at 12 MHz. */
  kConfirmTicks = 128,
};

struct boot {
  enum image running;      /* kImageGolden also for a slot's firmware that finds itself in no slot: loaded over a cable */
  uint32_t board, version;
  bool has_flash;
  bool is_confirmed;       /* or there is nothing to confirm */
};

/* Says over the UART what it found. The golden image enters the slot that it chose, and comes back from this only when there is none, or the board
   cannot load another bitstream. A slot's firmware that the watchdog has bitten before it confirmed itself goes back to the golden image. */
void boot_start(struct boot *boot);

/* Once a tick. Confirms a slot that works; an unconfirmed one that does not goes back to the golden image. */
void boot_supervise(struct boot *boot, uint32_t ticks, bool is_well);

/* Loads an image's bitstream. Comes back where the board cannot. */
void boot_enter(enum image image);

#endif
