/* Text to the UART. A line that does not take a byte in time loses it: nobody may be listening, and the card has other things to do. */
#ifndef ACCEL_FIRMWARE_CONSOLE_H
#define ACCEL_FIRMWARE_CONSOLE_H

#include <stdint.h>

void console_text(const char *text);
void console_hex(uint32_t value);
void console_decimal(uint32_t value);
/* name=value, with a blank before it. */
void console_field_hex(const char *name, uint32_t value);
void console_field_decimal(const char *name, uint32_t value);

#endif
