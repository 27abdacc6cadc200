#include "trap.h"

#include "accel_soc.h"
#include "console.h"

enum { kCauseLoadFault = 5 };
static const uint32_t kCauseTimer = UINT32_C(0x80000007);
/* A tick every so many clocks. */
static const uint32_t kTickClocks = UINT32_C(20000);

static volatile bool is_trying;
static volatile bool was_refused;
static volatile uint32_t ticks;

uint32_t trap_handle(uint32_t cause, uint32_t pc, uint32_t value) {
  if (cause == kCauseTimer) {
    hardware_write(ACCEL_SOC_TIMER_COMPARE, hardware_read(ACCEL_SOC_TIMER_COUNT) + kTickClocks);
    ++ticks;
    return pc;
  }
  if (cause == kCauseLoadFault && is_trying) {
    was_refused = true;
    return pc + 4;
  }
  console_text("trap");
  console_field_hex("cause", cause);
  console_field_hex("pc", pc);
  console_field_hex("value", value);
  console_text("\r\n");
  /* Whatever it was, the state cannot be trusted: a wrong key resets at once. The last bytes leave first. */
  for (uint32_t polls = 0; polls < UINT32_C(100000); ++polls) {
    if (hardware_read(ACCEL_SOC_UART_STATUS) & ACCEL_SOC_UART_STATUS_IDLE_MASK) { break; }
  }
  hardware_write(ACCEL_SOC_WATCHDOG_FEED, 0);
  return pc;
}

bool trap_try_read(uint32_t address, uint32_t *value) {
  was_refused = false;
  is_trying = true;
  uint32_t read = hardware_read(address);
  is_trying = false;
  if (was_refused) { return false; }
  *value = read;
  return true;
}

uint32_t trap_ticks(void) { return ticks; }
