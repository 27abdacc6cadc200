// Reference arithmetic for testbenches: 256-bit integers, a modulus known at run time, short Weierstrass points with a = 0.
// Plain and slow on purpose; it is itself held to the golden vectors of sim/vectors.
#pragma once
#include <array>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>

namespace ref {

using u128 = unsigned __int128;

struct U256 {
  std::array<uint64_t, 4> limb{};
  constexpr U256() = default;
  constexpr U256(uint64_t low) : limb{low, 0, 0, 0} {}
  constexpr U256(uint64_t a, uint64_t b, uint64_t c, uint64_t d) : limb{a, b, c, d} {}
  bool operator==(const U256&) const = default;
  bool is_zero() const { return (limb[0] | limb[1] | limb[2] | limb[3]) == 0; }
  bool bit(unsigned i) const { return i < 256 && ((limb[i / 64] >> (i % 64)) & 1) != 0; }
  /* Bits [position, position + count), count at most 64; bits past 255 read as zero. */
  uint64_t bits(unsigned position, unsigned count) const {
    uint64_t value = 0;
    for (unsigned i = 0; i < count; ++i) value |= uint64_t{bit(position + i)} << i;
    return value;
  }
};

inline int compare(const U256& a, const U256& b) {
  for (int i = 3; i >= 0; --i)
    if (a.limb[i] != b.limb[i]) return a.limb[i] < b.limb[i] ? -1 : 1;
  return 0;
}
inline uint64_t add_carry(U256& out, const U256& a, const U256& b) {
  u128 carry = 0;
  for (int i = 0; i < 4; ++i) { carry += u128{a.limb[i]} + b.limb[i]; out.limb[i] = uint64_t(carry); carry >>= 64; }
  return uint64_t(carry);
}
inline uint64_t sub_borrow(U256& out, const U256& a, const U256& b) {
  uint64_t borrow = 0;
  for (int i = 0; i < 4; ++i) {
    u128 difference = u128{a.limb[i]} - b.limb[i] - borrow;
    out.limb[i] = uint64_t(difference);
    borrow = uint64_t(difference >> 64) & 1;
  }
  return borrow;
}
inline U256 shift_right(const U256& a, unsigned n) {
  U256 out;
  for (unsigned i = 0; i + n < 256; ++i)
    if (a.bit(i + n)) out.limb[i / 64] |= uint64_t{1} << (i % 64);
  return out;
}
inline std::string hex(const U256& a) {
  char text[65];
  std::snprintf(text, sizeof text, "%016llx%016llx%016llx%016llx", (unsigned long long)a.limb[3], (unsigned long long)a.limb[2],
                (unsigned long long)a.limb[1], (unsigned long long)a.limb[0]);
  return text;
}
/* Reads big-endian hexadecimal digits; stops the program on anything else. */
inline U256 parse_hex(const std::string& text) {
  U256 out;
  if (text.empty() || text.size() > 64) { std::fprintf(stderr, "'%s' is not a 256-bit hexadecimal number\n", text.c_str()); std::exit(2); }
  for (char c : text) {
    int digit = c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
    if (digit < 0) { std::fprintf(stderr, "'%s' is not a hexadecimal number\n", text.c_str()); std::exit(2); }
    for (int i = 3; i > 0; --i) out.limb[i] = (out.limb[i] << 4) | (out.limb[i - 1] >> 60);
    out.limb[0] = (out.limb[0] << 4) | unsigned(digit);
  }
  return out;
}

/* Integers modulo an odd p below 2^254, and Montgomery's R = 2^r_bits, width <= r_bits <= 256. */
struct Modulus {
  U256 p;
  unsigned width;
  unsigned r_bits;

  U256 add(const U256& a, const U256& b) const {
    U256 sum, reduced;
    add_carry(sum, a, b);
    return sub_borrow(reduced, sum, p) ? sum : reduced;
  }
  U256 sub(const U256& a, const U256& b) const {
    U256 difference, wrapped;
    if (!sub_borrow(difference, a, b)) return difference;
    add_carry(wrapped, difference, p);
    return wrapped;
  }
  U256 neg(const U256& a) const { return sub(U256{}, a); }
  /* a·b·2^-64 for each limb of a: word-wise Montgomery, 2^-256 in all. */
  U256 mul_shift256(const U256& a, const U256& b) const {
    uint64_t inverse = 1;
    for (int i = 0; i < 6; ++i) inverse *= 2 - p.limb[0] * inverse;
    uint64_t t[6] = {};
    for (int i = 0; i < 4; ++i) {
      u128 carry = 0;
      for (int j = 0; j < 4; ++j) { carry += u128{a.limb[i]} * b.limb[j] + t[j]; t[j] = uint64_t(carry); carry >>= 64; }
      carry += t[4]; t[4] = uint64_t(carry); t[5] = uint64_t(carry >> 64);
      uint64_t q = 0 - t[0] * inverse;
      carry = (u128{q} * p.limb[0] + t[0]) >> 64;
      for (int j = 1; j < 4; ++j) { carry += u128{q} * p.limb[j] + t[j]; t[j - 1] = uint64_t(carry); carry >>= 64; }
      carry += t[4]; t[3] = uint64_t(carry); t[4] = t[5] + uint64_t(carry >> 64);
    }
    U256 out{t[0], t[1], t[2], t[3]}, reduced;
    return sub_borrow(reduced, out, p) && t[4] == 0 ? out : reduced;
  }
  U256 double_times(U256 a, unsigned times) const {
    for (unsigned i = 0; i < times; ++i) a = add(a, a);
    return a;
  }
  U256 r512() const { return double_times(U256{1}, 512); }
  /* a·b mod p on canonical values. */
  U256 mul(const U256& a, const U256& b) const { return mul_shift256(mul_shift256(a, b), r512_cached()); }
  /* a·b·R^-1 mod p: what the hardware's multiplier computes. */
  U256 mul_montgomery(const U256& a, const U256& b) const { return double_times(mul_shift256(a, b), 256 - r_bits); }
  U256 to_montgomery(const U256& a) const { return double_times(a, r_bits); }
  U256 from_montgomery(const U256& a) const { return mul_montgomery(a, U256{1}); }
  U256 pow(U256 base, const U256& exponent) const {
    U256 result{1};
    for (unsigned i = 0; i < 256; ++i) { if (exponent.bit(i)) result = mul(result, base); base = mul(base, base); }
    return result;
  }
  U256 inverse(const U256& a) const { U256 e; sub_borrow(e, p, U256{2}); return pow(a, e); }

 private:
  U256 r512_cached() const {
    static thread_local U256 key, value;
    if (!(key == p)) { value = r512(); key = p; }
    return value;
  }
};

/* Affine point with canonical coordinates; infinity is a flag. */
struct Affine {
  U256 x, y;
  bool infinity = true;
  bool operator==(const Affine& o) const { return infinity ? o.infinity : !o.infinity && x == o.x && y == o.y; }
};

inline Affine negate(const Modulus& f, const Affine& a) { return {a.x, f.neg(a.y), a.infinity}; }

inline Affine add(const Modulus& f, const Affine& a, const Affine& b) {
  if (a.infinity) return b;
  if (b.infinity) return a;
  U256 slope;
  if (a.x == b.x) {
    if (!(a.y == b.y) || a.y.is_zero()) return {};
    U256 xx = f.mul(a.x, a.x);
    slope = f.mul(f.add(xx, f.add(xx, xx)), f.inverse(f.add(a.y, a.y)));
  } else {
    slope = f.mul(f.sub(b.y, a.y), f.inverse(f.sub(b.x, a.x)));
  }
  U256 x = f.sub(f.sub(f.mul(slope, slope), a.x), b.x);
  return {x, f.sub(f.mul(slope, f.sub(a.x, x)), a.y), false};
}

inline Affine multiply(const Modulus& f, Affine base, const U256& scalar) {
  Affine sum;
  for (unsigned i = 0; i < 256; ++i) { if (scalar.bit(i)) sum = add(f, sum, base); base = add(f, base, base); }
  return sum;
}

/* Projective with coordinates in Montgomery form, as the hardware holds it: x = X/Z, y = Y/Z. */
struct Projective {
  U256 x, y, z;
};
inline Affine to_affine(const Modulus& f, const Projective& a) {
  if (a.z.is_zero()) return {};
  U256 inverse = f.inverse(f.from_montgomery(a.z));
  return {f.mul(f.from_montgomery(a.x), inverse), f.mul(f.from_montgomery(a.y), inverse), false};
}
/* The representative with Z = z (canonical, not zero); infinity is (0, z, 0). */
inline Projective to_projective(const Modulus& f, const Affine& a, const U256& z = U256{1}) {
  if (a.infinity) return {U256{}, f.to_montgomery(z), U256{}};
  return {f.to_montgomery(f.mul(a.x, z)), f.to_montgomery(f.mul(a.y, z)), f.to_montgomery(z)};
}

}  // namespace ref
