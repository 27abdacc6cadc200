/* Bytes in memory: the library's functions are not there. */
#ifndef ACCEL_FIRMWARE_BYTES_H
#define ACCEL_FIRMWARE_BYTES_H

#include <stdbool.h>
#include <stdint.h>

static inline void bytes_copy(uint8_t *to, const uint8_t *from, uint32_t length) {
  for (uint32_t i = 0; i < length; ++i) { to[i] = from[i]; }
}

static inline void bytes_fill(uint8_t *to, uint8_t value, uint32_t length) {
  for (uint32_t i = 0; i < length; ++i) { to[i] = value; }
}

static inline bool bytes_equal(const uint8_t *left, const uint8_t *right, uint32_t length) {
  for (uint32_t i = 0; i < length; ++i) {
    if (left[i] != right[i]) { return false; }
  }
  return true;
}

static inline uint32_t bytes_word(const uint8_t *from) {
  return from[0] | (uint32_t)from[1] << 8 | (uint32_t)from[2] << 16 | (uint32_t)from[3] << 24;
}

static inline void bytes_put_word(uint8_t *to, uint32_t value) {
  for (unsigned i = 0; i < 4; ++i) { to[i] = (uint8_t)(value >> (8 * i)); }
}

#endif
