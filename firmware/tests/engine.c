#include "engine.h"

#include <string.h>

#include "accel_regs.h"
#include "mock.h"

/* 256 bits, the lowest word first. */
typedef struct { uint32_t w[8]; } number;
typedef struct { number x, y; bool is_infinity; } point;

static const number kP = {{0xd87cfd47, 0x3c208c16, 0x6871ca8d, 0x97816a91, 0x8181585d, 0xb85045b6, 0xe131a029, 0x30644e72}};
static const number kR = {{0xf0000001, 0x43e1f593, 0x79b97091, 0x2833e848, 0x8181585d, 0xb85045b6, 0xe131a029, 0x30644e72}};

struct engine engine;

void engine_reset(void) { memset(&engine, 0, sizeof engine); }

static number small(uint32_t value) { return (number){{value}}; }

static uint32_t subtract_words(number *out, const number *a, const number *b) {
  uint64_t borrow = 0;
  for (unsigned i = 0; i < 8; ++i) {
    uint64_t difference = (uint64_t)a->w[i] - b->w[i] - borrow;
    out->w[i] = (uint32_t)difference;
    borrow = difference >> 63;
  }
  return (uint32_t)borrow;
}

/* Both below the modulus, which has 254 bits. */
static number add(number a, number b, const number *m) {
  uint64_t carry = 0;
  number less;
  for (unsigned i = 0; i < 8; ++i) {
    carry += (uint64_t)a.w[i] + b.w[i];
    a.w[i] = (uint32_t)carry;
    carry >>= 32;
  }
  return subtract_words(&less, &a, m) ? a : less;
}

static number subtract(number a, number b, const number *m) {
  number zero = small(0), negative;
  (void)subtract_words(&negative, m, &b);
  return memcmp(&b, &zero, sizeof b) == 0 ? a : add(a, negative, m);
}

static number multiply(number a, number b, const number *m) {
  number product = small(0);
  for (unsigned bit = 256; bit-- > 0;) {
    product = add(product, product, m);
    if (b.w[bit / 32] >> bit % 32 & 1) { product = add(product, a, m); }
  }
  return product;
}

static number power(number base, number exponent, const number *m) {
  number result = small(1);
  for (unsigned bit = 256; bit-- > 0;) {
    result = multiply(result, result, m);
    if (exponent.w[bit / 32] >> bit % 32 & 1) { result = multiply(result, base, m); }
  }
  return result;
}

static number invert(number value, const number *m) {
  number two = small(2), exponent;
  (void)subtract_words(&exponent, m, &two);
  return power(value, exponent, m);
}

static number shift_by_256(number value, const number *m) {
  for (unsigned i = 0; i < 256; ++i) { value = add(value, value, m); }
  return value;
}

static point add_points(point a, point b) {
  if (a.is_infinity) { return b; }
  number slope = multiply(subtract(b.y, a.y, &kP), invert(subtract(b.x, a.x, &kP), &kP), &kP);
  point sum = {.x = subtract(subtract(multiply(slope, slope, &kP), a.x, &kP), b.x, &kP)};
  sum.y = subtract(multiply(slope, subtract(a.x, sum.x, &kP), &kP), a.y, &kP);
  if (engine.is_adder_stuck) { sum.x.w[0] ^= 1; }
  return sum;
}

static number load(uint32_t address) {
  number value;
  memcpy(&value, &engine.memory[address / 4], sizeof value);
  return value;
}

static void store(uint32_t address, number value) { memcpy(&engine.memory[address / 4], &value, sizeof value); }

static void pointwise(const uint32_t *d) {
  for (uint32_t i = 0; i < d[1]; ++i) {
    number product = multiply(load(d[2] + 32 * i), load(d[4] + 32 * i), &kR);
    if (engine.is_stuck) { product.w[0] |= 1; }
    store(d[6] + 32 * i, subtract(product, load(d[8] + 32 * i), &kR));
  }
}

/* By the definition. The root of unity: the generator 5 to the (r - 1) / n. */
static void transform(const uint32_t *d) {
  uint32_t n = 1u << d[1];
  number one = small(1), exponent, sums[8];
  (void)subtract_words(&exponent, &kR, &one);
  for (uint32_t halvings = d[1]; halvings > 0; --halvings) {
    for (unsigned i = 0; i < 8; ++i) { exponent.w[i] = exponent.w[i] >> 1 | (i < 7 ? exponent.w[i + 1] << 31 : 0); }
  }
  number root = power(small(5), exponent, &kR), step = one;
  for (uint32_t k = 0; k < n; ++k, step = multiply(step, root, &kR)) {
    number factor = one;
    sums[k] = small(0);
    for (uint32_t j = 0; j < n; ++j, factor = multiply(factor, step, &kR)) {
      number term = multiply(load(d[2] + 32 * j), factor, &kR);
      if (engine.is_stuck) { term.w[0] |= 1; }
      sums[k] = add(sums[k], term, &kR);
    }
  }
  for (uint32_t k = 0; k < n; ++k) { store(d[6] + 32 * k, sums[k]); }
}

/* Scalars of one digit. Each plane comes back with a z of its own. */
static void multiply_points(const uint32_t *d) {
  uint32_t bits = d[8], planes = (254 / bits + 1) * bits;
  number r_inverse = invert(shift_by_256(small(1), &kP), &kP);
  for (uint32_t plane = 0; plane < planes; ++plane) {
    uint32_t at = d[6] + 128 * plane;
    point sum = {.is_infinity = true};
    for (uint32_t i = 0; i < d[1] && plane < bits; ++i) {
      if (!(load(d[2] + 32 * i).w[0] >> plane & 1)) { continue; }
      point base = {.x = multiply(load(d[4] + 64 * i), r_inverse, &kP), .y = multiply(load(d[4] + 64 * i + 32), r_inverse, &kP)};
      sum = add_points(sum, base);
    }
    number z = small(sum.is_infinity ? 0 : 12345 + plane), y = sum.is_infinity ? small(1) : multiply(sum.y, z, &kP);
    store(at, shift_by_256(multiply(sum.x, z, &kP), &kP));
    store(at + 32, shift_by_256(y, &kP));
    store(at + 64, shift_by_256(z, &kP));
    store(at + 96, small(0));
  }
}

static void execute(void) {
  const uint32_t *d = &engine.memory[mock.engines[ACCEL_REG_QUEUE_BASE_LO / 4] / 4];
  uint32_t opcode = d[0] & 0xff, status = opcode == engine.fails_opcode ? ACCEL_STATUS_READ_ERROR : ACCEL_STATUS_OK;
  if (engine.is_silent) { return; }
  if (status == ACCEL_STATUS_OK && opcode == ACCEL_OPCODE_POINTWISE) { pointwise(d); }
  if (status == ACCEL_STATUS_OK && opcode == ACCEL_OPCODE_NTT) { transform(d); }
  if (status == ACCEL_STATUS_OK && opcode == ACCEL_OPCODE_MSM) { multiply_points(d); }
  engine.memory[mock.engines[ACCEL_REG_COMPLETION_BASE_LO / 4] / 4] = d[0] >> 16 | status << 16 | opcode << 24;
  mock.engines[ACCEL_REG_COMPLETION_TAIL / 4] = 1;
}

void engine_before_read(uint32_t offset) {
  if (offset != engine.carries_at || offset == 0) { return; }
  engine.carries_at = 0;
  ++mock.engines[offset / 4 + 1];
  mock.engines[offset / 4] = 3;
}

void engine_write(uint32_t offset, uint32_t value) {
  mock.engines[offset / 4] = value;
  if (offset == ACCEL_REG_CONTROL && (value & ACCEL_CONTROL_SOFT_RESET_MASK)) {
    mock.engines[ACCEL_REG_STATUS / 4] = engine.is_resetting ? ACCEL_STATUS_RESETTING_MASK : 0;
    mock.engines[ACCEL_REG_CONTROL / 4] = mock.engines[ACCEL_REG_QUEUE_TAIL / 4] = mock.engines[ACCEL_REG_COMPLETION_TAIL / 4] = 0;
  }
  if (offset == ACCEL_REG_QUEUE_TAIL && value == 1 && (mock.engines[ACCEL_REG_CONTROL / 4] & ACCEL_CONTROL_ENABLE_MASK)) { execute(); }
}
