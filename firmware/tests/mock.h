/* The hardware that the firmware sees on the host: registers that a test sets, and what was written and printed. */
#ifndef ACCEL_FIRMWARE_MOCK_H
#define ACCEL_FIRMWARE_MOCK_H

#include <stdbool.h>
#include <stdint.h>

enum { kMockTextMax = 4096, kMockRefusedMax = 8, kMockBoard = 5 };

struct mock {
  uint32_t system[8], uart_status, timer_count, timer_compare, timer_control, watchdog_cause, leds;
  uint32_t engines[1024];
  uint32_t refused[kMockRefusedMax];   /* addresses whose reads trap, up to refused_count */
  unsigned refused_count;
  uint32_t feeds, wrong_feeds, reads;
  uint32_t feeds_max;                  /* mock_run ends after so many, when not 0 */
  uint32_t warm_boot;                  /* what was asked for, which ends mock_run too */
  uint32_t spi_data;
  const char *to_card;                 /* what the UART receives, until its end; NULL: nothing */
  bool is_golden;
  bool is_running;                     /* in mock_run */
  bool stays;                          /* the board loads no other bitstream */
  bool interrupts;                     /* enabled: the timer's comes while the firmware waits, when it is due */
  char text[kMockTextMax];
  unsigned text_bytes;
};

extern struct mock mock;

/* Everything as after a reset, with engines that are known and a flash that is empty. */
void mock_reset(void);
/* Runs body until it returns, the watchdog has been fed count times (0: any number) or a warm boot is asked for. */
void mock_run(void (*body)(void), uint32_t count);

#endif
