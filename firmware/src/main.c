#include "accel_soc.h"
#include "firmware.h"
#include "trap.h"

void firmware_main(void) {
  bool has_engines = firmware_identify();
  hardware_write(ACCEL_SOC_TIMER_COMPARE, hardware_read(ACCEL_SOC_TIMER_COUNT));
  hardware_write(ACCEL_SOC_TIMER_CONTROL, 1);
  hardware_enable_timer_interrupt();
  for (uint32_t ticks = 0;;) {
    ticks = firmware_supervise(has_engines, ticks);
    hardware_wait();
  }
}
