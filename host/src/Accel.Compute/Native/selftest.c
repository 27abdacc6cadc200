/*
 * Runs two builds of the kernels side by side, the one for AVX-512 IFMA and the portable one, on the same random and edge inputs, and compares every
 * word that they write. Needs a processor, or an emulator, with AVX-512 IFMA. What is right is not asked here: C#'s tests hold the portable build to
 * that.
 * usage: ifma-selftest [ROUNDS [SEED]]; ends with 'N compared, N differ', and with status 1 if any do, 2 without AVX-512 IFMA.
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/platform/x86.h>
#include "ifma.h"

const struct accel_ifma* accel_ifma_portable(void);

enum { kWords = 4, kColumns = 8, kPairsMax = 40, kRowsMax = 256, kTwiddleWords = 5 * kRowsMax, kScratchBytes = 1 << 16 };

static const uint64_t kPrimes[2][kWords] = {
    {0x3c208c16d87cfd47, 0x97816a916871ca8d, 0xb85045b68181585d, 0x30644e72e131a029},
    {0x43e1f593f0000001, 0x2833e84879b97091, 0xb85045b68181585d, 0x30644e72e131a029},
};
static const uint64_t kEdges[][kWords] = {
    {0}, {1}, {2}, {16}, {~0ull}, {1ull << 52}, {(1ull << 52) - 1}, {~0ull, ~0ull, ~0ull, 0x0fffffffffffffff},
    {0, 0, 0, 1ull << 61}, {0, 0, 0x10000, 0},
};
enum { kEdgeCount = sizeof kEdges / sizeof kEdges[0] };

static uint64_t state;
static unsigned long compared, differing;

/* splitmix64 (Steele, Lea, Flood, OOPSLA 2014). */
static uint64_t next(void) {
  uint64_t z = state += 0x9e3779b97f4a7c15;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
  z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
  return z ^ (z >> 31);
}

/* A residue: random, or every fourth an edge, or p less a small number. */
static void fill(uint64_t* element, const uint64_t* prime) {
  uint64_t kind = next() % 8;
  if (kind == 0) {
    memcpy(element, kEdges[next() % kEdgeCount], sizeof kEdges[0]);
  } else if (kind == 1) {
    memcpy(element, prime, sizeof kEdges[0]);
    element[0] -= 1 + next() % 3;
  } else {
    for (int i = 0; i < kWords; ++i) { element[i] = next(); }
    element[kWords - 1] %= prime[kWords - 1];
  }
}

static void fill_all(uint64_t* elements, int count, const uint64_t* prime) {
  for (int i = 0; i < count; ++i) { fill(elements + i * kWords, prime); }
}

static void compare(const char* what, const void* a, const void* b, size_t words) {
  for (size_t i = 0; i < words; ++i) {
    ++compared;
    if (((const uint64_t*)a)[i] != ((const uint64_t*)b)[i] && differing++ < 10) { printf("%s differs in word %zu\n", what, i); }
  }
}

static void compare_chains(const struct accel_ifma* const* builds, bool base) {
  for (uint32_t operation = kAccelMultiply; operation <= kAccelSquare; ++operation) {
    uint64_t a[2][kColumns * kWords], b[kColumns * kWords], count = next() % 4;
    fill_all(a[0], kColumns, kPrimes[!base]);
    fill_all(b, kColumns, kPrimes[!base]);
    memcpy(a[1], a[0], sizeof a[0]);
    for (int i = 0; i < 2; ++i) { (base ? builds[i]->fq_chain : builds[i]->fr_chain)(operation, a[i], b, count); }
    compare("a chain of products", a[0], a[1], sizeof a[0] / sizeof a[0][0]);
  }
}

static void compare_adders(const struct accel_ifma* const* builds, uint32_t degree) {
  static uint64_t points[2 * kPairsMax * 4 * kWords], sums[2][kPairsMax * 4 * kWords];
  static _Alignas(64) uint64_t scratch[2][kScratchBytes / sizeof(uint64_t)];
  uint64_t product[2][2 * kWords] = {0}, inverse[2 * kWords];
  uint32_t exceptional[2][kPairsMax] = {0}, found[2], count = 1 + next() % kPairsMax, words = 2 * degree * kWords;
  struct accel_pair pairs[kPairsMax];
  fill_all(points, 2 * kPairsMax * 4, kPrimes[0]);
  memset(sums, 0, sizeof sums);
  for (uint32_t i = 0; i < count; ++i) {
    pairs[i].a = (uint64_t)(points + next() % (2 * kPairsMax) * words) | next() << 63;
    pairs[i].b = (uint64_t)(points + next() % (2 * kPairsMax) * words) | next() << 63;
  }
  fill_all(inverse, degree, kPrimes[0]);
  for (int i = 0; i < 2; ++i) {
    found[i] = (degree == 1 ? builds[i]->g1_forward : builds[i]->g2_forward)(pairs, count, scratch[i], product[i], exceptional[i]);
    (degree == 1 ? builds[i]->g1_backward : builds[i]->g2_backward)(pairs, count, scratch[i], inverse, sums[i]);
  }
  compare("a product of denominators", product[0], product[1], degree * kWords);
  differing += found[0] != found[1] || memcmp(exceptional[0], exceptional[1], sizeof exceptional[0]) != 0;
  compare("a sum of points", sums[0], sums[1], count * words);
}

static void compare_columns(const struct accel_ifma* const* builds) {
  static uint64_t source[kColumns * kRowsMax * kWords], target[2][kColumns * kRowsMax * kWords], scale[2][kRowsMax * kWords];
  static uint64_t roots[kRowsMax * kWords], twiddles[2][kTwiddleWords], factors[2][kColumns * kWords];
  static _Alignas(64) uint64_t workspace[kRowsMax * 5 * kColumns];
  uint64_t rows = 4ull << next() % 7;
  fill_all(source, (int)(kColumns * rows), kPrimes[1]);
  fill_all(roots, (int)rows, kPrimes[1]);
  fill_all(scale[0], (int)rows, kPrimes[1]);
  fill_all(scale[1], (int)rows, kPrimes[1]);
  fill_all(factors[0], kColumns, kPrimes[1]);
  fill_all(factors[1], kColumns, kPrimes[1]);
  uint64_t options = next();
  for (int i = 0; i < 2; ++i) {
    builds[i]->fr_twiddles(roots, rows, twiddles[i]);
    struct accel_columns job = {
        .source = source,
        .source_stride = kColumns,
        .rows = rows,
        .target = target[i],
        .entry_stride = options & 1 ? kColumns : 1,
        .column_stride = options & 1 ? 1 : rows,
        .row_scale = options & 2 ? scale[0] : NULL,
        .factors = options & 4 ? factors[0] : NULL,
        .ratios = options & 4 ? factors[1] : NULL,
        .entry_scale = options & 8 ? scale[1] : NULL,
        .twiddles = twiddles[i],
        .workspace = workspace,
    };
    builds[i]->fr_columns(&job);
  }
  compare("a twiddle", twiddles[0], twiddles[1], 5 * rows);
  compare("a column", target[0], target[1], kColumns * rows * kWords);
}

int main(int count, char** arguments) {
  long rounds = count > 1 ? atol(arguments[1]) : 100;
  state = count > 2 ? strtoull(arguments[2], NULL, 0) : 1;
  if (!CPU_FEATURE_ACTIVE(AVX512F) || !CPU_FEATURE_ACTIVE(AVX512_IFMA)) {
    fprintf(stderr, "ifma-selftest: this processor has no AVX-512 IFMA\n");
    return 2;
  }
  const struct accel_ifma* builds[2] = {accel_ifma(), accel_ifma_portable()};
  if (!builds[0]->is_vector || builds[1]->is_vector) {
    fprintf(stderr, "ifma-selftest: linked with the wrong builds\n");
    return 2;
  }
  for (long round = 0; round < rounds; ++round) {
    compare_chains(builds, true);
    compare_chains(builds, false);
    compare_adders(builds, 1);
    compare_adders(builds, 2);
    compare_columns(builds);
  }
  printf("%lu compared, %lu differ\n", compared, differing);
  return differing != 0;
}
