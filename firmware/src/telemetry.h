/* What the engines count, what the board measures, over the UART. */
#ifndef ACCEL_FIRMWARE_TELEMETRY_H
#define ACCEL_FIRMWARE_TELEMETRY_H

#include <stdbool.h>
#include <stdint.h>

enum { kTelemetryCounters = 9 };

struct telemetry {
  uint64_t counters[kTelemetryCounters];  /* cycles; busy and stalled of MSM, NTT, pointwise; beats read, written */
  uint32_t errors;                        /* ERROR_COUNT */
  int32_t temperature_sixteenths;         /* of a degree Celsius */
  bool has_temperature;
};

/* Reads all of it; only where the engines' registers are of a known version. */
void telemetry_read(struct telemetry *telemetry);

/* One line: name=value, 64-bit counters in hexadecimal. */
void telemetry_report(const struct telemetry *telemetry);

#endif
