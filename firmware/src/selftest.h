/* Power-on self-test of the engines, through their registers and the card's memory: commands like the host's, against vectors in the boot memory. */
#ifndef ACCEL_FIRMWARE_SELFTEST_H
#define ACCEL_FIRMWARE_SELFTEST_H

#include <stdbool.h>
#include <stdint.h>

#include "hardware.h"

enum selftest_part { kSelftestMultiply = 0, kSelftestAdd = 1, kSelftestNtt = 2, kSelftestMsm = 3, kSelftestParts = 4 };

enum selftest_verdict {
  kSelftestNotRun = 0,   /* no engine for it, no way to the card's memory, or work of the host's may be in that memory */
  kSelftestPassed = 1,
  kSelftestNoAnswer = 2, /* no completion in time */
  kSelftestRefused = 3,  /* the completion's status is not OK */
  kSelftestWrong = 4,    /* the result is not the vector's */
};

struct selftest {
  enum selftest_verdict verdicts[kSelftestParts];
};

/* Resets the engines, overwrites the first 64 KB of the card's memory, leaves the engines reset. Says each verdict over the UART. Only for engines of a
   known version. */
void selftest_run(struct selftest *test);

/* The same after a reset by the watchdog, when the memory may hold the host's work: nothing is run. */
void selftest_skip(struct selftest *test);

/* Whether no part has failed. */
MUST_CHECK bool selftest_is_well(const struct selftest *test);

#endif
