#include "accel_soc.h"
#include "boot.h"
#include "firmware.h"
#include "trap.h"

void firmware_main(void) {
  struct boot boot;
  bool has_engines = firmware_identify();
  boot_start(&boot);
  hardware_write(ACCEL_SOC_TIMER_COMPARE, hardware_read(ACCEL_SOC_TIMER_COUNT));
  hardware_write(ACCEL_SOC_TIMER_CONTROL, 1);
  hardware_enable_timer_interrupt();
  for (uint32_t ticks = 0;;) {
    ticks = firmware_supervise(has_engines, ticks);
    boot_supervise(&boot, ticks, has_engines);
    hardware_wait();
  }
}
