#include "accel_soc.h"
#include "boot.h"
#include "firmware.h"
#include "selftest.h"
#include "trap.h"

void firmware_main(void) {
  struct boot boot;
  struct selftest selftest;
  bool has_engines = firmware_identify();
  boot_start(&boot);
  selftest_skip(&selftest);
  /* After the watchdog's reset the card's memory may hold the host's work. */
  if (has_engines && !(hardware_read(ACCEL_SOC_WATCHDOG_CAUSE) & 1)) { selftest_run(&selftest); }
  hardware_write(ACCEL_SOC_TIMER_COMPARE, hardware_read(ACCEL_SOC_TIMER_COUNT));
  hardware_write(ACCEL_SOC_TIMER_CONTROL, 1);
  hardware_enable_timer_interrupt();
  for (uint32_t ticks = 0;;) {
    ticks = firmware_supervise(has_engines, ticks);
    boot_supervise(&boot, ticks, has_engines && selftest_is_well(&selftest));
    firmware_answer(has_engines);
    hardware_wait();
  }
}
