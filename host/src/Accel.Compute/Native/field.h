/*
 * Residues modulo a 254-bit prime p in eight lanes: five limbs of 52 bits, R = 2^260 = 84.6·p. Limbs are normal when all lie in [0, 2^52), and loose
 * when they are signed numbers below 2^60 whose weighted sum is the value. Factors of a product must be normal, so their values lie below 84p.
 */
#ifndef ACCEL_FIELD_H
#define ACCEL_FIELD_H

#include <stdint.h>
#include "lanes.h"

enum { kLimbs = 5, kLimbBits = 52, kWords = 4 };

static const uint64_t kLimbMask = (1ull << kLimbBits) - 1;

struct modulus {
  uint64_t prime[kLimbs];
  uint64_t fold[kLimbs];       /* 2^-52 mod p */
  uint64_t complement[kLimbs]; /* 2^260 − p */
  uint64_t negative_inverse;   /* −1/p mod 2^52 */
  uint64_t reciprocal;         /* floor(2^305 / p) */
};

static const struct modulus kFq = {
    {0x08c16d87cfd47, 0x916871ca8d3c2, 0x181585d97816a, 0xa029b85045b68, 0x030644e72e131},
    {0xc93a3dee22c55, 0xe15f4ea250777, 0x37f0b49e7cd63, 0x2079e650a0895, 0x006234192d7a1},
    {0xf73e9278302b9, 0x6e978e3572c3d, 0xe7ea7a2687e95, 0x5fd647afba497, 0xfcf9bb18d1ece},
    0x20782e4866389,
    0xa948e8c4c4740,
};
static const struct modulus kFr = {
    {0x1f593f0000001, 0x4879b9709143e, 0x181585d2833e8, 0xa029b85045b68, 0x030644e72e131},
    {0x82e644ee4c3d2, 0xf93893c98b1de, 0xd46fe04d0a4c7, 0x8f0aad55e2a1f, 0x005ed0447de83},
    {0xe0a6c0fffffff, 0xb786468f6ebc1, 0xe7ea7a2d7cc17, 0x5fd647afba497, 0xfcf9bb18d1ece},
    0x1f593efffffff,
    0xa948e8c4c4740,
};

typedef struct {
  Lanes limb[kLimbs];
} Field;

/* Makes loose limbs normal; the value must lie in [0, 2^260). */
INLINE Field normal(Field a) {
  for (int i = 0; i < kLimbs - 1; ++i) {
    a.limb[i + 1] += shift_signed(a.limb[i], kLimbBits);
    a.limb[i] &= splat(kLimbMask);
  }
  return a;
}

/* a − b + multiple·p, loose. */
INLINE Field difference(const struct modulus* modulus, Field a, Field b, uint64_t multiple) {
  for (int i = 0; i < kLimbs; ++i) { a.limb[i] = a.limb[i] - b.limb[i] + splat(multiple * modulus->prime[i]); }
  return a;
}

INLINE Field sum(Field a, Field b) {
  for (int i = 0; i < kLimbs; ++i) { a.limb[i] += b.limb[i]; }
  return a;
}

INLINE Field negated(Field a, Lanes sign) {
  for (int i = 0; i < kLimbs; ++i) { a.limb[i] = negate_where(a.limb[i], sign); }
  return a;
}

INLINE Field splat_limbs(const uint64_t* limbs) {
  Field result;
  for (int i = 0; i < kLimbs; ++i) { result.limb[i] = splat(limbs[i]); }
  return result;
}

/* Adds a·b to ten columns of weight 2^(52i): at most nine terms below 2^52 in each. */
INLINE void accumulate(Lanes* columns, Field a, Field b) {
  for (int i = 0; i < kLimbs; ++i) {
    for (int j = 0; j < kLimbs; ++j) { columns[i + j] = madd_low(columns[i + j], a.limb[j], b.limb[i]); }
    for (int j = 0; j < kLimbs; ++j) { columns[i + j + 1] = madd_high(columns[i + j + 1], a.limb[j], b.limb[i]); }
  }
}

/* Adds a², each product of two different limbs taken once and doubled, to columns that are zero. */
INLINE void accumulate_square(Lanes* columns, Field a) {
  for (int i = 0; i < kLimbs; ++i) {
    for (int j = i + 1; j < kLimbs; ++j) { columns[i + j] = madd_low(columns[i + j], a.limb[i], a.limb[j]); }
    for (int j = i + 1; j < kLimbs; ++j) { columns[i + j + 1] = madd_high(columns[i + j + 1], a.limb[i], a.limb[j]); }
  }
  for (int i = 1; i < 2 * kLimbs - 1; ++i) { columns[i] += columns[i]; }
  for (int i = 0; i < kLimbs; ++i) {
    columns[2 * i] = madd_low(columns[2 * i], a.limb[i], a.limb[i]);
    columns[2 * i + 1] = madd_high(columns[2 * i + 1], a.limb[i], a.limb[i]);
  }
}

/*
 * T/R modulo p, loose with limbs in [0, 2^58), for columns of value T: below T/R + 1.13p. Four times the lowest limb is folded up by 2^-52 mod p,
 * which is below 0.127p, and needs no quotient digit first; the fifth is cleared by Montgomery's row, which also divides what the folds have added.
 * Columns that begin below 18·2^52 end below 30·2^52.
 */
INLINE Field reduce(const struct modulus* modulus, Lanes* columns) {
  for (int i = 0; i < kLimbs - 1; ++i) {
    Lanes low = columns[i];
    columns[i + 1] += low >> kLimbBits;
    for (int j = 0; j < kLimbs; ++j) { columns[i + 1 + j] = madd_low(columns[i + 1 + j], low, splat(modulus->fold[j])); }
    for (int j = 0; j < kLimbs; ++j) { columns[i + 2 + j] = madd_high(columns[i + 2 + j], low, splat(modulus->fold[j])); }
  }
  Lanes* last = columns + kLimbs - 1;
  Lanes digit = madd_low(splat(0), last[0], splat(modulus->negative_inverse));
  /* The low limb becomes zero, with a carry unless it was: known before the digit is. */
  last[1] += (last[0] + splat(kLimbMask)) >> kLimbBits;
  for (int j = 1; j < kLimbs; ++j) { last[j] = madd_low(last[j], digit, splat(modulus->prime[j])); }
  for (int j = 0; j < kLimbs; ++j) { last[j + 1] = madd_high(last[j + 1], digit, splat(modulus->prime[j])); }
  Field result;
  for (int i = 0; i < kLimbs; ++i) { result.limb[i] = last[1 + i]; }
  return result;
}

/* ab/R, loose with limbs in [0, 2^58), below 1.13p + ab/R. */
INLINE Field product_loose(const struct modulus* modulus, Field a, Field b) {
  Lanes columns[2 * kLimbs] = {0};
  accumulate(columns, a, b);
  return reduce(modulus, columns);
}

INLINE Field product(const struct modulus* modulus, Field a, Field b) { return normal(product_loose(modulus, a, b)); }

INLINE Field square_loose(const struct modulus* modulus, Field a) {
  Lanes columns[2 * kLimbs] = {0};
  accumulate_square(columns, a);
  return reduce(modulus, columns);
}

/* (ab + cd)/R, loose, below 1.13p + (ab + cd)/R. */
INLINE Field product_sum_loose(const struct modulus* modulus, Field a, Field b, Field c, Field d) {
  Lanes columns[2 * kLimbs] = {0};
  accumulate(columns, a, b);
  accumulate(columns, c, d);
  return reduce(modulus, columns);
}

/* The rare lanes whose quotient was off by one: limbs modulo 2^260 of a value in (−p, 2p). */
static __attribute__((noinline, cold)) void settle(const struct modulus* modulus, Field* a, unsigned lanes) {
  for (; lanes != 0; lanes &= lanes - 1) {
    int lane = __builtin_ctz(lanes);
    int negative = a->limb[kLimbs - 1][lane] >> (kLimbBits - 1) != 0;
    int below = 0;
    for (int i = 0; i < kLimbs; ++i) {
      uint64_t limb = a->limb[i][lane];
      below = limb != modulus->prime[i] ? limb < modulus->prime[i] : below;
    }
    if (!negative && below) { continue; }
    int64_t carry = 0;
    for (int i = 0; i < kLimbs; ++i) {
      carry += (int64_t)a->limb[i][lane] + (negative ? (int64_t)modulus->prime[i] : -(int64_t)modulus->prime[i]);
      a->limb[i][lane] = (uint64_t)carry & kLimbMask;
      carry >>= kLimbBits;
    }
  }
}

/*
 * The residue in [0, p) of a loose value in [0, 84p) whose two top limbs show that it is not negative: any with non-negative limbs, or at least p.
 * The top of the value times 1/p gives the quotient, wrong only within 2^-42 of an integer; what is left then begins like p, or is negative.
 */
INLINE Field canonical(const struct modulus* modulus, Field a) {
  Lanes top = a.limb[kLimbs - 1] + shift_signed(a.limb[kLimbs - 2], kLimbBits);
  Lanes quotient = madd_high(splat(0), top, splat(modulus->reciprocal)) >> 45;
  for (int i = 0; i < kLimbs; ++i) { a.limb[i] = madd_low(a.limb[i], quotient, splat(modulus->complement[i])); }
  for (int i = 0; i < kLimbs - 1; ++i) { a.limb[i + 1] = madd_high(a.limb[i + 1], quotient, splat(modulus->complement[i])); }
  a = normal(a);
  a.limb[kLimbs - 1] &= splat(kLimbMask);
  unsigned rare = where_at_least(a.limb[kLimbs - 1], splat(modulus->prime[kLimbs - 1]));
  if (__builtin_expect(rare != 0, 0)) { settle(modulus, &a, rare); }
  return a;
}

typedef struct {
  Lanes word[kWords];
} Words;

/* Four words to limbs, times 2^shift; shift is at most 6, for a value below 2^254. */
INLINE Field to_limbs(Words w, int shift) {
  const Lanes mask = splat(kLimbMask);
  Field result;
  result.limb[0] = (w.word[0] << shift) & mask;
  result.limb[1] = (w.word[0] >> (52 - shift) | w.word[1] << (12 + shift)) & mask;
  result.limb[2] = (w.word[1] >> (40 - shift) | w.word[2] << (24 + shift)) & mask;
  result.limb[3] = (w.word[2] >> (28 - shift) | w.word[3] << (36 + shift)) & mask;
  result.limb[4] = w.word[3] >> (16 - shift);
  return result;
}

INLINE Words to_words(Field a) {
  Words result;
  result.word[0] = a.limb[0] | a.limb[1] << 52;
  result.word[1] = a.limb[1] >> 12 | a.limb[2] << 40;
  result.word[2] = a.limb[2] >> 24 | a.limb[3] << 28;
  result.word[3] = a.limb[3] >> 36 | a.limb[4] << 16;
  return result;
}

/* One element in all lanes, times 2^shift. */
INLINE Field splat_element(const uint64_t* words, int shift) {
  Words w;
  for (int i = 0; i < kWords; ++i) { w.word[i] = splat(words[i]); }
  return to_limbs(w, shift);
}

typedef uint64_t Row __attribute__((vector_size(32), aligned(8)));

/* Element l of the result comes from row l. */
INLINE Words load_rows(const uint64_t* const* rows) {
  Lanes r[4];
  for (int i = 0; i < 4; ++i) {
    r[i] = __builtin_shufflevector(*(const Row*)rows[i], *(const Row*)rows[i + 4], 0, 1, 2, 3, 4, 5, 6, 7);
  }
  Lanes even01 = __builtin_shufflevector(r[0], r[1], 0, 8, 2, 10, 4, 12, 6, 14);
  Lanes odd01 = __builtin_shufflevector(r[0], r[1], 1, 9, 3, 11, 5, 13, 7, 15);
  Lanes even23 = __builtin_shufflevector(r[2], r[3], 0, 8, 2, 10, 4, 12, 6, 14);
  Lanes odd23 = __builtin_shufflevector(r[2], r[3], 1, 9, 3, 11, 5, 13, 7, 15);
  Words result;
  result.word[0] = __builtin_shufflevector(even01, even23, 0, 1, 8, 9, 4, 5, 12, 13);
  result.word[1] = __builtin_shufflevector(odd01, odd23, 0, 1, 8, 9, 4, 5, 12, 13);
  result.word[2] = __builtin_shufflevector(even01, even23, 2, 3, 10, 11, 6, 7, 14, 15);
  result.word[3] = __builtin_shufflevector(odd01, odd23, 2, 3, 10, 11, 6, 7, 14, 15);
  return result;
}

INLINE void store_rows(uint64_t* const* rows, Words w) {
  Lanes even01 = __builtin_shufflevector(w.word[0], w.word[1], 0, 8, 2, 10, 4, 12, 6, 14);
  Lanes odd01 = __builtin_shufflevector(w.word[0], w.word[1], 1, 9, 3, 11, 5, 13, 7, 15);
  Lanes even23 = __builtin_shufflevector(w.word[2], w.word[3], 0, 8, 2, 10, 4, 12, 6, 14);
  Lanes odd23 = __builtin_shufflevector(w.word[2], w.word[3], 1, 9, 3, 11, 5, 13, 7, 15);
  Lanes r[4];
  r[0] = __builtin_shufflevector(even01, even23, 0, 1, 8, 9, 4, 5, 12, 13);
  r[1] = __builtin_shufflevector(odd01, odd23, 0, 1, 8, 9, 4, 5, 12, 13);
  r[2] = __builtin_shufflevector(even01, even23, 2, 3, 10, 11, 6, 7, 14, 15);
  r[3] = __builtin_shufflevector(odd01, odd23, 2, 3, 10, 11, 6, 7, 14, 15);
  for (int i = 0; i < 4; ++i) {
    *(Row*)rows[i] = __builtin_shufflevector(r[i], r[i], 0, 1, 2, 3);
    *(Row*)rows[i + 4] = __builtin_shufflevector(r[i], r[i], 4, 5, 6, 7);
  }
}
#endif
