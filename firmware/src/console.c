#include "console.h"

#include "accel_soc.h"
#include "hardware.h"

/* A byte takes 10 bits of at most 2^12 clocks (300 baud at 1.2 MHz); a poll takes more than 4. */
static const uint32_t kPollsMax = UINT32_C(10240);

static void put(char c) {
  for (uint32_t polls = 0; polls < kPollsMax; ++polls) {
    if (hardware_read(ACCEL_SOC_UART_STATUS) & ACCEL_SOC_UART_STATUS_SENDABLE_MASK) {
      hardware_write(ACCEL_SOC_UART_TRANSMIT, (uint8_t)c);
      return;
    }
  }
}

void console_text(const char *text) {
  for (; *text != '\0'; ++text) { put(*text); }
}

void console_hex(uint32_t value) {
  for (unsigned digit = 8; digit-- > 0;) { put("0123456789abcdef"[value >> (4 * digit) & 15]); }
}

void console_decimal(uint32_t value) {
  /* By subtraction: the core need not divide. */
  static const uint32_t powers[] = {1000000000, 100000000, 10000000, 1000000, 100000, 10000, 1000, 100, 10, 1};
  uint32_t begun = 0;
  for (unsigned i = 0; i < sizeof powers / sizeof *powers; ++i) {
    char digit = '0';
    for (; value >= powers[i]; value -= powers[i]) { ++digit; }
    begun |= (uint32_t)(digit != '0') | (uint32_t)(powers[i] == 1);
    if (begun) { put(digit); }
  }
}

void console_field_hex(const char *name, uint32_t value) {
  put(' ');
  console_text(name);
  put('=');
  console_hex(value);
}

void console_field_decimal(const char *name, uint32_t value) {
  put(' ');
  console_text(name);
  put('=');
  console_decimal(value);
}
