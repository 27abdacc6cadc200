#include "telemetry.h"

#include "accel_regs.h"
#include "accel_soc.h"
#include "console.h"
#include "hardware.h"

static uint32_t engine_read(uint32_t offset) { return hardware_read(ACCEL_SOC_ENGINES_BASE + offset); }

/* HI, LO, HI until both HI agree. It changes every 2^32 cycles, so the second round ends it. */
static uint64_t counter_read(uint32_t low) {
  uint32_t high = engine_read(low + 4), value = engine_read(low), again = engine_read(low + 4);
  if (high != again) { value = engine_read(low); }
  return (uint64_t)again << 32 | value;
}

void telemetry_read(struct telemetry *telemetry) {
  static const uint16_t counters[kTelemetryCounters] = {
    ACCEL_REG_CYCLES_LO, ACCEL_REG_MSM_BUSY_CYCLES_LO, ACCEL_REG_MSM_STALL_CYCLES_LO, ACCEL_REG_NTT_BUSY_CYCLES_LO, ACCEL_REG_NTT_STALL_CYCLES_LO,
    ACCEL_REG_POINTWISE_BUSY_CYCLES_LO, ACCEL_REG_POINTWISE_STALL_CYCLES_LO, ACCEL_REG_READ_BEATS_LO, ACCEL_REG_WRITE_BEATS_LO};
  for (unsigned i = 0; i < kTelemetryCounters; ++i) { telemetry->counters[i] = counter_read(counters[i]); }
  telemetry->errors = engine_read(ACCEL_REG_ERROR_COUNT);
  /* Since version 1.1; an older map reads as 0, which is not valid. */
  uint32_t temperature = engine_read(ACCEL_REG_TEMPERATURE);
  telemetry->has_temperature = (temperature & ACCEL_TEMPERATURE_VALID_MASK) != 0;
  telemetry->temperature_sixteenths = (int16_t)(temperature & ACCEL_TEMPERATURE_SIXTEENTHS_MASK);
}

void telemetry_report(const struct telemetry *telemetry) {
  static const char *const names[kTelemetryCounters] = {"cycles", "msm-busy", "msm-stall", "ntt-busy", "ntt-stall", "pointwise-busy", "pointwise-stall",
                                                       "read-beats", "write-beats"};
  console_text("telemetry");
  for (unsigned i = 0; i < kTelemetryCounters; ++i) {
    console_field_hex(names[i], (uint32_t)(telemetry->counters[i] >> 32));
    console_hex((uint32_t)telemetry->counters[i]);
  }
  console_field_decimal("errors", telemetry->errors);
  if (telemetry->has_temperature) {
    int32_t sixteenths = telemetry->temperature_sixteenths;
    console_text(sixteenths < 0 ? " below-zero" : "");
    console_field_decimal("celsius-sixteenths", (uint32_t)(sixteenths < 0 ? -sixteenths : sixteenths));
  }
  console_text("\r\n");
}
