/* SHA-256 (FIPS 180-4) of an image, CRC-32C (Castagnoli, as on the link) of a chunk. */
#ifndef ACCEL_FIRMWARE_DIGEST_H
#define ACCEL_FIRMWARE_DIGEST_H

#include <stdint.h>

enum { kSha256Bytes = 32 };

struct sha256 {
  uint32_t state[8];
  uint32_t bytes;        /* taken so far */
  uint8_t block[64];
};

void sha256_begin(struct sha256 *hash);
/* Fewer than 2^29 bytes in all. */
void sha256_add(struct sha256 *hash, const uint8_t *bytes, uint32_t length);
void sha256_end(struct sha256 *hash, uint8_t digest[kSha256Bytes]);

/* crc: what the bytes before gave, or 0. */
uint32_t crc32c(uint32_t crc, const uint8_t *bytes, uint32_t length);

#endif
