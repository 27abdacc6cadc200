/* Eight lanes of 64 bits: what AVX-512 has and C has not, and the same in plain C for the portable build. */
#ifndef ACCEL_LANES_H
#define ACCEL_LANES_H

#include <stdint.h>

#define INLINE static inline __attribute__((always_inline))

enum { kLanes = 8 };

typedef uint64_t Lanes __attribute__((vector_size(64)));
typedef uint64_t UnalignedLanes __attribute__((vector_size(64), aligned(8)));
typedef int64_t SignedLanes __attribute__((vector_size(64)));

INLINE Lanes splat(uint64_t x) { return (Lanes){x, x, x, x, x, x, x, x}; }

/* Shifts in copies of the sign. */
INLINE Lanes shift_signed(Lanes a, int bits) { return (Lanes)((SignedLanes)a >> bits); }

#ifdef __AVX512IFMA__
#include <immintrin.h>

/* sum + the low, or the high, 52 bits of the product of the low 52 bits of a and b. */
INLINE Lanes madd_low(Lanes sum, Lanes a, Lanes b) { return (Lanes)_mm512_madd52lo_epu64((__m512i)sum, (__m512i)a, (__m512i)b); }
INLINE Lanes madd_high(Lanes sum, Lanes a, Lanes b) { return (Lanes)_mm512_madd52hi_epu64((__m512i)sum, (__m512i)a, (__m512i)b); }

/* A bit for each lane. */
INLINE unsigned where_equal(Lanes a, Lanes b) { return _mm512_cmpeq_epu64_mask((__m512i)a, (__m512i)b); }
INLINE unsigned where_at_least(Lanes a, Lanes b) { return _mm512_cmpge_epu64_mask((__m512i)a, (__m512i)b); }

/* −a in lanes where bit 63 of the sign is set. */
INLINE Lanes negate_where(Lanes a, Lanes sign) {
  return (Lanes)_mm512_mask_sub_epi64((__m512i)a, _mm512_cmplt_epi64_mask((__m512i)sign, _mm512_setzero_si512()), _mm512_setzero_si512(), (__m512i)a);
}
#else
INLINE Lanes madd_low(Lanes sum, Lanes a, Lanes b) {
  /* The low bits of a product depend on the low bits of its factors alone. */
  return sum + ((a * b) & splat((1ull << 52) - 1));
}

INLINE Lanes madd_high(Lanes sum, Lanes a, Lanes b) {
  const uint64_t mask = (1ull << 52) - 1;
  for (int i = 0; i < kLanes; ++i) { sum[i] += (uint64_t)((unsigned __int128)(a[i] & mask) * (b[i] & mask) >> 52); }
  return sum;
}

INLINE unsigned where_equal(Lanes a, Lanes b) {
  unsigned result = 0;
  for (int i = 0; i < kLanes; ++i) { result |= (unsigned)(a[i] == b[i]) << i; }
  return result;
}

INLINE unsigned where_at_least(Lanes a, Lanes b) {
  unsigned result = 0;
  for (int i = 0; i < kLanes; ++i) { result |= (unsigned)(a[i] >= b[i]) << i; }
  return result;
}

INLINE Lanes negate_where(Lanes a, Lanes sign) {
  Lanes mask = shift_signed(sign, 63);
  return (a ^ mask) - mask;
}
#endif
#endif
