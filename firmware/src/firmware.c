#include "firmware.h"

#include "accel_regs.h"
#include "accel_soc.h"
#include "console.h"
#include "telemetry.h"
#include "trap.h"

bool firmware_identify(void) {
  console_text("accel");
  console_field_decimal("soc", hardware_read(ACCEL_SOC_SYSTEM_VERSION));
  console_field_decimal("clock", hardware_read(ACCEL_SOC_SYSTEM_CLOCK_HZ));
  console_field_decimal("boot", hardware_read(ACCEL_SOC_SYSTEM_BOOT_BYTES));
  console_field_decimal("ram", hardware_read(ACCEL_SOC_SYSTEM_RAM_BYTES));
  console_text(hardware_read(ACCEL_SOC_WATCHDOG_CAUSE) & 1 ? " reset=watchdog\r\n" : " reset=pin\r\n");

  uint32_t id = 0, version = 0, capabilities = 0, curve = 0;
  console_text("engines");
  if (!trap_try_read(ACCEL_SOC_ENGINES_BASE + ACCEL_REG_ID, &id) || !trap_try_read(ACCEL_SOC_ENGINES_BASE + ACCEL_REG_VERSION, &version)
      || !trap_try_read(ACCEL_SOC_ENGINES_BASE + ACCEL_REG_CAPABILITIES, &capabilities)
          || !trap_try_read(ACCEL_SOC_ENGINES_BASE + ACCEL_REG_CURVE_ID, &curve)) {
    console_text(" refuse\r\n");
    return false;
  }
  console_field_hex("id", id);
  console_field_hex("version", version);
  console_field_hex("capabilities", capabilities);
  console_field_decimal("curve", curve);
  bool is_known = id == ACCEL_ID && (version & ACCEL_VERSION_MAJOR_MASK) >> ACCEL_VERSION_MAJOR_SHIFT == ACCEL_VERSION_MAJOR;
  console_text(is_known ? " known\r\n" : " unknown\r\n");
  return is_known;
}

uint32_t firmware_supervise(bool has_engines, uint32_t ticks_seen) {
  uint32_t now = trap_ticks();
  if (now == ticks_seen) { return now; }
  uint32_t leds = now & 1;
  /* Engines that have answered once and refuse now are broken: that trap resets the card. */
  if (has_engines && (hardware_read(ACCEL_SOC_ENGINES_BASE + ACCEL_REG_STATUS) & ACCEL_STATUS_ERROR_MASK)) { leds |= 2; }
  hardware_write(ACCEL_SOC_SYSTEM_LEDS, leds);
  hardware_write(ACCEL_SOC_WATCHDOG_FEED, ACCEL_SOC_WATCHDOG_KEY);
  return now;
}

void firmware_answer(bool has_engines) {
  if (!(hardware_read(ACCEL_SOC_UART_STATUS) & ACCEL_SOC_UART_STATUS_RECEIVED_MASK)) { return; }
  uint32_t byte = hardware_read(ACCEL_SOC_UART_RECEIVE);
  hardware_write(ACCEL_SOC_UART_RECEIVE, 0);
  if (byte != 't') { return; }
  if (!has_engines) {
    console_text("telemetry no engines\r\n");
    return;
  }
  struct telemetry telemetry;
  telemetry_read(&telemetry);
  telemetry_report(&telemetry);
}
