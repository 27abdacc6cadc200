#include "selftest.h"

#include <stddef.h>

#include "accel_regs.h"
#include "accel_soc.h"
#include "console.h"
#include "selftest_vectors.h"
#include "trap.h"

/* Where things lie in the card's memory, and a ring of 8. */
enum { kDescriptorsAt = 0, kCompletionsAt = 0x400, kFirstAt = 0x1000, kSecondAt = 0x2000, kThirdAt = 0x3000, kResultAt = 0x8000, kRingLog2 = 3 };
/* The window of the multiplications: the scalars' digits are the scalars. Windows times bits points come back, of 32 words each. */
enum { kScalarBits = 254, kWindowBits = 3, kPlanes = (kScalarBits / kWindowBits + 1) * kWindowBits, kPlaneWords = 32, kElementWords = 8 };
_Static_assert(kResultAt + 4 * kPlaneWords * kPlanes <= 0x10000, "the planes end below 64 KB");
/* Half the watchdog's shortest limit. */
static const uint32_t kAnswerClocks = UINT32_C(1) << 23;

static uint32_t engine_read(uint32_t offset) { return hardware_read(ACCEL_SOC_ENGINES_BASE + offset); }
static void engine_write(uint32_t offset, uint32_t value) { hardware_write(ACCEL_SOC_ENGINES_BASE + offset, value); }
static uint32_t memory_read(uint32_t address) { return hardware_read(ACCEL_SOC_CARD_MEMORY_BASE + address); }

static void memory_write(uint32_t address, const uint32_t *words, uint32_t count) {
  for (uint32_t i = 0; i < count; ++i) { hardware_write(ACCEL_SOC_CARD_MEMORY_BASE + address + 4 * i, words[i]); }
}

static void memory_fill(uint32_t address, uint32_t word, uint32_t count) {
  for (uint32_t i = 0; i < count; ++i) { hardware_write(ACCEL_SOC_CARD_MEMORY_BASE + address + 4 * i, word); }
}

static bool waits_until(uint32_t offset, uint32_t mask, uint32_t value) {
  uint32_t began = hardware_read(ACCEL_SOC_TIMER_COUNT);
  hardware_write(ACCEL_SOC_WATCHDOG_FEED, ACCEL_SOC_WATCHDOG_KEY);
  do {
    if ((engine_read(offset) & mask) == value) { return true; }
  } while (hardware_read(ACCEL_SOC_TIMER_COUNT) - began < kAnswerClocks);
  return false;
}

static bool reset_engines(void) {
  engine_write(ACCEL_REG_CONTROL, ACCEL_CONTROL_SOFT_RESET_MASK);
  return waits_until(ACCEL_REG_STATUS, ACCEL_STATUS_RESETTING_MASK, 0);
}

/* words: the descriptor's first 9, of which the others are 0. One command at a time, after a reset. */
static enum selftest_verdict execute(const uint32_t words[9]) {
  if (!reset_engines()) { return kSelftestNoAnswer; }
  memory_fill(kDescriptorsAt, 0, sizeof(struct accel_descriptor) / 4);
  memory_write(kDescriptorsAt, words, 9);
  memory_fill(kCompletionsAt, UINT32_MAX, sizeof(struct accel_completion) / 4);
  memory_fill(kResultAt, UINT32_MAX, kPlaneWords * kPlanes);
  engine_write(ACCEL_REG_QUEUE_BASE_LO, kDescriptorsAt);
  engine_write(ACCEL_REG_QUEUE_LOG2, kRingLog2);
  engine_write(ACCEL_REG_COMPLETION_BASE_LO, kCompletionsAt);
  engine_write(ACCEL_REG_COMPLETION_LOG2, kRingLog2);
  engine_write(ACCEL_REG_CONTROL, ACCEL_CONTROL_ENABLE_MASK);
  engine_write(ACCEL_REG_QUEUE_TAIL, 1);
  if (!waits_until(ACCEL_REG_COMPLETION_TAIL, UINT32_MAX, 1)) { return kSelftestNoAnswer; }
  _Static_assert(offsetof(struct accel_completion, tag) == 0 && offsetof(struct accel_completion, status) == 2, "tag and status are in the first word");
  uint32_t first = memory_read(kCompletionsAt);
  return (first & 0xffff) == words[0] >> 16 && (first >> 16 & 0xff) == ACCEL_STATUS_OK ? kSelftestPassed : kSelftestRefused;
}

static uint32_t head_of(uint32_t opcode, uint32_t flags) { return opcode | flags << 8 | UINT32_C(0x5e1f) << 16; }

static bool is_result(const uint32_t *words, uint32_t count) {
  for (uint32_t i = 0; i < count; ++i) {
    if (memory_read(kResultAt + 4 * i) != words[i]) { return false; }
  }
  return true;
}

static enum selftest_verdict judge(enum selftest_verdict executed, bool is_right) {
  return executed == kSelftestPassed && !is_right ? kSelftestWrong : executed;
}

static enum selftest_verdict multiply(void) {
  const uint32_t words[9] = {head_of(ACCEL_OPCODE_POINTWISE, 0), kSelftestProducts, kFirstAt, 0, kSecondAt, 0, kResultAt, 0, kThirdAt};
  memory_write(kFirstAt, kSelftestA, kElementWords * kSelftestProducts);
  memory_write(kSecondAt, kSelftestB, kElementWords * kSelftestProducts);
  memory_write(kThirdAt, kSelftestC, kElementWords * kSelftestProducts);
  enum selftest_verdict executed = execute(words);
  return judge(executed, is_result(kSelftestD, kElementWords * kSelftestProducts));
}

static enum selftest_verdict transform(void) {
  const uint32_t words[9] = {head_of(ACCEL_OPCODE_NTT, 0), kSelftestTransformLog2, kFirstAt, 0, kSecondAt, 0, kResultAt, 0, 0};
  memory_write(kFirstAt, kSelftestInput, kElementWords << kSelftestTransformLog2);
  enum selftest_verdict executed = execute(words);
  return judge(executed, is_result(kSelftestOutput, kElementWords << kSelftestTransformLog2));
}

/* sum += value; the carry. */
static uint32_t add_words(uint32_t *sum, const uint32_t *value) {
  uint32_t carry = 0;
  for (unsigned i = 0; i < kElementWords; ++i) {
    uint32_t with_carry = sum[i] + carry, total = with_carry + value[i];
    carry = (uint32_t)(with_carry < carry) | (uint32_t)(total < value[i]);
    sum[i] = total;
  }
  return carry;
}

/* a * b / 2^256 modulo the coordinates' prime p, for b < p: bit by bit, for the core need not multiply. sum < 2p < 2^255 after each bit, before it
   is halved sum + b + p < 4p < 2^256: nothing is ever carried out. */
static void multiply_coordinates(const uint32_t *a, const uint32_t *b, uint32_t *sum) {
  for (unsigned i = 0; i < kElementWords; ++i) { sum[i] = 0; }
  for (unsigned bit = 0; bit < 32 * kElementWords; ++bit) {
    if (a[bit / 32] >> bit % 32 & 1) { (void)add_words(sum, b); }
    if (sum[0] & 1) { (void)add_words(sum, kSelftestModulus); }
    for (unsigned i = 0; i < kElementWords; ++i) { sum[i] = sum[i] >> 1 | (i + 1 < kElementWords ? sum[i + 1] << 31 : 0); }
  }
  /* sum - p = sum + ~p + 1, which carries out unless sum < p. */
  uint32_t less[kElementWords];
  for (unsigned i = 0; i < kElementWords; ++i) { less[i] = ~kSelftestModulus[i]; }
  less[0] += 1; /* p is odd: ~p is even */
  if (!add_words(less, sum)) { return; }
  for (unsigned i = 0; i < kElementWords; ++i) { sum[i] = less[i]; }
}

/* Whether a plane is the affine point: its coordinates are those, times its own z, which is not 0. */
static bool is_plane(uint32_t plane, const uint32_t *point) {
  uint32_t z[kElementWords], product[kElementWords], any = 0, at = kResultAt + 4 * kPlaneWords * plane;
  for (unsigned i = 0; i < kElementWords; ++i) { any |= z[i] = memory_read(at + 4 * (2 * kElementWords + i)); }
  for (unsigned coordinate = 0; coordinate < 2; ++coordinate) {
    multiply_coordinates(point + kElementWords * coordinate, z, product);
    for (unsigned i = 0; i < kElementWords; ++i) {
      if (memory_read(at + 4 * (kElementWords * coordinate + i)) != product[i]) { return false; }
    }
  }
  return any != 0;
}

static bool is_infinity(uint32_t plane) {
  uint32_t any = 0;
  for (unsigned i = 0; i < kElementWords; ++i) { any |= memory_read(kResultAt + 4 * (kPlaneWords * plane + 2 * kElementWords + i)); }
  return any == 0;
}

/* points: how many of the vectors', with the scalars at `scalars`; their sums are `expected`, count of them, and nothing else. */
static enum selftest_verdict multiply_points(uint32_t points, const uint32_t *scalars, const uint32_t *expected, uint32_t count) {
  const uint32_t words[9] = {head_of(ACCEL_OPCODE_MSM, ACCEL_FLAG_FIRST | ACCEL_FLAG_LAST), points, kFirstAt, 0, kSecondAt, 0, kResultAt, 0, kWindowBits};
  memory_fill(kFirstAt, 0, kElementWords * points);
  for (uint32_t i = 0; i < points; ++i) { memory_write(kFirstAt + 4 * kElementWords * i, scalars + i * kElementWords, 1); }
  memory_write(kSecondAt, kSelftestPoints, 2 * kElementWords * points);
  enum selftest_verdict executed = execute(words);
  if (executed != kSelftestPassed) { return executed; }
  for (uint32_t plane = 0; plane < kPlanes; ++plane) {
    if (plane < count ? !is_plane(plane, expected + 2 * kElementWords * plane) : !is_infinity(plane)) { return kSelftestWrong; }
  }
  return kSelftestPassed;
}

static enum selftest_verdict add(void) {
  /* P + Q, in one bucket; the third point is their sum. */
  static const uint32_t ones[2 * kElementWords] = {1, 0, 0, 0, 0, 0, 0, 0, 1};
  return multiply_points(kSelftestAddPoints, ones, kSelftestPoints + 2 * kElementWords * kSelftestAddPoints, 1);
}

static enum selftest_verdict multiply_and_add(void) {
  return multiply_points(kSelftestMsmPoints, kSelftestScalars, kSelftestPlanes, kSelftestMsmPlanes);
}

static void report(const struct selftest *test) {
  static const char *const names[] = {" multiply=", " add=", " ntt=", " msm="};
  static const char *const verdicts[] = {"not-run", "passed", "no-answer", "refused", "wrong"};
  console_text("selftest");
  for (unsigned part = 0; part < kSelftestParts; ++part) {
    console_text(names[part]);
    console_text(verdicts[test->verdicts[part]]);
  }
  console_text("\r\n");
}

void selftest_skip(struct selftest *test) {
  for (unsigned part = 0; part < kSelftestParts; ++part) { test->verdicts[part] = kSelftestNotRun; }
}

void selftest_run(struct selftest *test) {
  uint32_t capabilities = engine_read(ACCEL_REG_CAPABILITIES), word;
  selftest_skip(test);
  if (trap_try_read(ACCEL_SOC_CARD_MEMORY_BASE, &word)) {
    if (capabilities & ACCEL_CAPABILITIES_POINTWISE_MASK) { test->verdicts[kSelftestMultiply] = multiply(); }
    if (capabilities & ACCEL_CAPABILITIES_NTT_MASK) { test->verdicts[kSelftestNtt] = transform(); }
    if (capabilities & ACCEL_CAPABILITIES_MSM_MASK) {
      test->verdicts[kSelftestAdd] = add();
      test->verdicts[kSelftestMsm] = multiply_and_add();
    }
    /* An engine that does not come out of its reset has failed already. */
    (void)reset_engines();
  }
  report(test);
}

bool selftest_is_well(const struct selftest *test) {
  for (unsigned part = 0; part < kSelftestParts; ++part) {
    if (test->verdicts[part] > kSelftestPassed) { return false; }
  }
  return true;
}
