#include "digest.h"

/* The first 32 bits of the fractional parts of the cube roots of the first 64 primes. */
static const uint32_t kRound[64] = {
  0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5, 0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3,
  0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
  0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967, 0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13,
  0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
  0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3, 0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208,
  0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

static uint32_t rotate(uint32_t value, unsigned bits) { return value >> bits | value << (32 - bits); }

static void compress(struct sha256 *hash) {
  /* The schedule in place: word i is replaced when its round is over. */
  uint32_t w[16], v[8];
  for (unsigned i = 0; i < 16; ++i) {
    const uint8_t *b = hash->block + 4 * i;
    w[i] = (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 | (uint32_t)b[2] << 8 | b[3];
  }
  for (unsigned i = 0; i < 8; ++i) { v[i] = hash->state[i]; }
  for (unsigned round = 0; round < 64; ++round) {
    uint32_t word = w[round % 16];
    uint32_t choice = (v[4] & v[5]) ^ (~v[4] & v[6]), majority = (v[0] & v[1]) ^ (v[0] & v[2]) ^ (v[1] & v[2]);
    uint32_t first = v[7] + (rotate(v[4], 6) ^ rotate(v[4], 11) ^ rotate(v[4], 25)) + choice + kRound[round] + word;
    uint32_t second = (rotate(v[0], 2) ^ rotate(v[0], 13) ^ rotate(v[0], 22)) + majority;
    for (unsigned i = 7; i > 0; --i) { v[i] = v[i - 1]; }
    v[4] += first;
    v[0] = first + second;
    uint32_t near = w[(round + 1) % 16], far = w[(round + 14) % 16];
    w[round % 16] = word + (rotate(near, 7) ^ rotate(near, 18) ^ near >> 3) + w[(round + 9) % 16] + (rotate(far, 17) ^ rotate(far, 19) ^ far >> 10);
  }
  for (unsigned i = 0; i < 8; ++i) { hash->state[i] += v[i]; }
}

void sha256_begin(struct sha256 *hash) {
  static const uint32_t initial[8] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
  for (unsigned i = 0; i < 8; ++i) { hash->state[i] = initial[i]; }
  hash->bytes = 0;
}

void sha256_add(struct sha256 *hash, const uint8_t *bytes, uint32_t length) {
  for (uint32_t i = 0; i < length; ++i) {
    hash->block[hash->bytes++ % 64] = bytes[i];
    if (hash->bytes % 64 == 0) { compress(hash); }
  }
}

void sha256_end(struct sha256 *hash, uint8_t digest[kSha256Bytes]) {
  static const uint8_t one = 0x80, zero = 0;
  uint32_t bits = hash->bytes * 8;
  sha256_add(hash, &one, 1);
  while (hash->bytes % 64 != 56) { sha256_add(hash, &zero, 1); }
  /* The length's upper half is 0. */
  for (unsigned i = 0; i < 4; ++i) { sha256_add(hash, &zero, 1); }
  for (unsigned shift = 32; shift > 0; shift -= 8) {
    uint8_t byte = (uint8_t)(bits >> (shift - 8));
    sha256_add(hash, &byte, 1);
  }
  for (unsigned i = 0; i < kSha256Bytes; ++i) { digest[i] = (uint8_t)(hash->state[i / 4] >> (24 - 8 * (i % 4))); }
}

uint32_t crc32c(uint32_t crc, const uint8_t *bytes, uint32_t length) {
  crc = ~crc;
  for (uint32_t i = 0; i < length; ++i) {
    crc ^= bytes[i];
    for (unsigned bit = 0; bit < 8; ++bit) { crc = crc >> 1 ^ (crc & 1 ? UINT32_C(0x82f63b78) : 0); }
  }
  return ~crc;
}
