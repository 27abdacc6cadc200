/*
 * The C ABI of libaccel_ifma.so: the two primitives of the CPU engine, eight lanes at a time, over BN254.
 *
 * Elements are four little-endian 64-bit words of x·2^256 mod p, canonical, as snarkjs keys store them; one of Fq2 is two of Fq, and an affine point
 * is x and then y. Nothing here allocates, keeps state or fails: lengths and pointers are the caller's promise.
 */
#ifndef ACCEL_IFMA_H
#define ACCEL_IFMA_H

#include <stdint.h>

/* Grows with every change of what is below. */
enum { kAccelIfmaVersion = 1 };

/* Two points to be added: addresses, with the sign in bit 63. */
struct accel_pair {
  uint64_t a;
  uint64_t b;
};

/* A transform of eight neighbouring columns; strides count elements. A pointer that is optional may be null. */
struct accel_columns {
  const uint64_t* source; /* row 0 of the first column */
  uint64_t source_stride; /* from row to row; columns are neighbours */
  uint64_t rows;          /* a power of two, 4 to 2^14 */
  uint64_t* target;
  uint64_t entry_stride;
  uint64_t column_stride;
  const uint64_t* row_scale;   /* optional: a factor for each row on the way in */
  const uint64_t* factors;     /* optional, with ratios: entry k of column i is multiplied by factor[i]·ratio[i]^k */
  const uint64_t* ratios;      /* eight each */
  const uint64_t* entry_scale; /* optional: a factor for each entry on the way out */
  const uint64_t* twiddles;    /* entry h + j is the power j of the root of order 2h, as fr_twiddles writes it */
  void* workspace;             /* 320 bytes a row, aligned to 64 */
};

/* The chains of products that can be run. */
enum { kAccelMultiply = 0, kAccelSquare = 1 };

/* Everything that the library does. */
struct accel_ifma {
  uint64_t version;
  /* 1 for the build that uses AVX-512 IFMA, 0 for the portable one, which exists to be tested. */
  uint64_t is_vector;

  /* Scratch memory for adding so many pairs, aligned to 64. */
  uint64_t (*adder_bytes)(uint32_t pairs);

  /*
   * First half of adding pairs of affine points: writes one element, the product of all denominators, which is never zero. Pairs whose x coordinates
   * begin with the same word, or one with zero, among them all with equal x or infinity, are left out of it: their numbers go to exceptional
   * (room for count), and how many they are is the result.
   */
  uint32_t (*g1_forward)(const struct accel_pair* pairs, uint32_t count, void* scratch, uint64_t* product, uint32_t* exceptional);
  uint32_t (*g2_forward)(const struct accel_pair* pairs, uint32_t count, void* scratch, uint64_t* product, uint32_t* exceptional);

  /*
   * Second half, with the same pairs and scratch: takes 64/product and writes the sums; those of exceptional pairs are unspecified. A sum may lie
   * where a point of its own pair does.
   */
  void (*g1_backward)(const struct accel_pair* pairs, uint32_t count, void* scratch, const uint64_t* inverse, uint64_t* sums);
  void (*g2_backward)(const struct accel_pair* pairs, uint32_t count, void* scratch, const uint64_t* inverse, uint64_t* sums);

  void (*fr_columns)(const struct accel_columns* job);

  /* Writes elements as limbs for the butterflies, five words each. */
  void (*fr_twiddles)(const uint64_t* elements, uint64_t count, uint64_t* limbs);

  /* a ← a·b/2^260, or a²/2^260, modulo p, so many times, in eight lanes; a and b are eight residues below p in four words each. */
  void (*fq_chain)(uint32_t operation, uint64_t* a, const uint64_t* b, uint64_t count);
  void (*fr_chain)(uint32_t operation, uint64_t* a, const uint64_t* b, uint64_t count);
};

/* The library's one export; the self-test links two builds, which it calls by other names. */
#ifndef ACCEL_IFMA
#define ACCEL_IFMA accel_ifma
#endif
__attribute__((visibility("default"))) const struct accel_ifma* ACCEL_IFMA(void);

#endif
