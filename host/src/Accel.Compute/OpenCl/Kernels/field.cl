/* Arithmetic modulo a prime below 2^254 in Montgomery form with R = 2^256, in limbs of LIMB_BITS = 64 or 32 bits.
   The host defines LIMB_BITS, MODULUS_LIMBS, TWICE_MODULUS_LIMBS, ONE_LIMBS (R mod p) and NEGATIVE_INVERSE (-1/p mod 2^LIMB_BITS).

   Elements are below 2p: a product of two such is (4p^2 + Rp)/R < 2p without a subtraction at its end, as 4p < R.
   field_reduce makes one canonical. In memory an element is 32 bytes, little-endian, whatever the limbs. */

#if LIMB_BITS == 64
typedef ulong limb;
#elif LIMB_BITS == 32
typedef uint limb;
#else
#error "LIMB_BITS is 32 or 64"
#endif

#define LIMBS (256 / LIMB_BITS)

typedef struct { limb l[LIMBS]; } element;

__constant limb modulus[LIMBS] = { MODULUS_LIMBS };
__constant limb twice_modulus[LIMBS] = { TWICE_MODULUS_LIMBS };
__constant limb one[LIMBS] = { ONE_LIMBS };

/* Compilers for processors turn 128-bit integers into one multiplication and add-with-carry, but may build mul_hi from 32-bit pieces. */
#if LIMB_BITS == 64 && defined(__SIZEOF_INT128__) && !defined(WITHOUT_INT128)
#define HAS_INT128
typedef unsigned __int128 wide_limb;
#endif

/* The low half of x*y + addend + carry; the high half becomes the carry. It cannot overflow. */
static inline limb multiply_add(limb x, limb y, limb addend, limb *carry) {
#if LIMB_BITS == 32
  ulong wide = (ulong)x * y + addend + *carry;
  *carry = (limb)(wide >> 32);
  return (limb)wide;
#elif defined(HAS_INT128)
  wide_limb wide = (wide_limb)x * y + addend + *carry;
  *carry = (limb)(wide >> 64);
  return (limb)wide;
#else
  limb high = mul_hi(x, y);
  limb first = x * y + addend;
  high += first < addend;
  limb low = first + *carry;
  *carry = high + (low < first);
  return low;
#endif
}

static inline limb add_carry(limb a, limb b, limb *carry) {
#ifdef HAS_INT128
  wide_limb wide = (wide_limb)a + b + *carry;
  *carry = (limb)(wide >> 64);
  return (limb)wide;
#else
  limb first = a + b;
  limb overflow = first < a;
  limb sum = first + *carry;
  *carry = overflow | (sum < first);
  return sum;
#endif
}

static inline limb subtract_borrow(limb a, limb b, limb *borrow) {
#ifdef HAS_INT128
  wide_limb wide = (wide_limb)a - b - *borrow;
  *borrow = (limb)(wide >> 64) & 1;
  return (limb)wide;
#else
  limb first = a - b;
  limb underflow = a < b;
  limb difference = first - *borrow;
  *borrow = underflow | (first < *borrow);
  return difference;
#endif
}

/* a - m if that is not negative, else a. */
static inline element subtract_once(element a, __constant limb *m) {
  element difference;
  limb borrow = 0;
#pragma unroll
  for (int i = 0; i < LIMBS; i++) difference.l[i] = subtract_borrow(a.l[i], m[i], &borrow);
#pragma unroll
  for (int i = 0; i < LIMBS; i++) difference.l[i] = borrow ? a.l[i] : difference.l[i];
  return difference;
}

static inline element field_zero(void) {
  element zero;
#pragma unroll
  for (int i = 0; i < LIMBS; i++) zero.l[i] = 0;
  return zero;
}

static inline element field_one(void) {
  element value;
#pragma unroll
  for (int i = 0; i < LIMBS; i++) value.l[i] = one[i];
  return value;
}

/* The canonical representative, below p. */
static inline element field_reduce(element a) { return subtract_once(a, modulus); }

static inline element field_add(element a, element b) {
  element sum;
  limb carry = 0;
#pragma unroll
  for (int i = 0; i < LIMBS; i++) sum.l[i] = add_carry(a.l[i], b.l[i], &carry);
  return subtract_once(sum, twice_modulus);
}

static inline element field_subtract(element a, element b) {
  element difference;
  limb borrow = 0, carry = 0;
#pragma unroll
  for (int i = 0; i < LIMBS; i++) difference.l[i] = subtract_borrow(a.l[i], b.l[i], &borrow);
  limb mask = 0 - borrow;
#pragma unroll
  for (int i = 0; i < LIMBS; i++) difference.l[i] = add_carry(difference.l[i], twice_modulus[i] & mask, &carry);
  return difference;
}

/* Whether a = 0 mod p: below 2p that is 0 or p. */
static inline bool field_is_zero(element a) {
  limb zero = 0, prime = 0;
#pragma unroll
  for (int i = 0; i < LIMBS; i++) {
    zero |= a.l[i];
    prime |= a.l[i] ^ modulus[i];
  }
  return zero == 0 || prime == 0;
}

/* Coarsely integrated operand scanning (Acar, "High-speed algorithms & architectures for number-theoretic cryptosystems", 2.3.2). After each row
   t < (2^LIMB_BITS * (2p + p) + t) / 2^LIMB_BITS < 4p < 2^256, so t needs no limb of its own for the carry. */
static inline element field_multiply(element a, element b) {
  element t = field_zero();
#pragma unroll
  for (int i = 0; i < LIMBS; i++) {
    limb carry = 0, quotient_carry = 0;
    limb low = multiply_add(a.l[i], b.l[0], t.l[0], &carry);
    limb quotient = low * NEGATIVE_INVERSE;
    multiply_add(quotient, modulus[0], low, &quotient_carry);
#pragma unroll
    for (int j = 1; j < LIMBS; j++) {
      limb digit = multiply_add(a.l[i], b.l[j], t.l[j], &carry);
      t.l[j - 1] = multiply_add(quotient, modulus[j], digit, &quotient_carry);
    }
    t.l[LIMBS - 1] = carry + quotient_carry;
  }
  return t;
}

static inline element field_square(element a) { return field_multiply(a, a); }
