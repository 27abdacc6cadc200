/*
 * The pair adder and the NTT columns in eight lanes of 52-bit limbs. Elements have the scale 2^256 in memory, and a lane product divides by R =
 * 2^260, so it is a sixteenth of the elements' product: the adder's slope takes that up (see add_group), a transform's factors are multiplied by 16
 * beforehand.
 */
#include "ifma.h"
#include <stddef.h>
#include "field.h"

enum {
  kGroups = 2,                 /* groups of eight pairs in a block: two independent chains of products hide each other's latency */
  kBlock = kGroups * kLanes,   /* pairs in a block */
  kDegreeMax = 2,
  kPrefetchBlocks = 2,         /* far enough that a point arrives from memory in time */
  kTileRows = 64,              /* rows that a first-level cache holds */
  kFactorShift = 4,            /* R is 2^4 times the elements' scale */
  kCacheLine = 64,
};

/* Kept apart, so that each is compiled once and fills the registers alone. */
static __attribute__((noinline)) void fq_product(Field* result, const Field* a, const Field* b) { *result = product(&kFq, *a, *b); }

static __attribute__((noinline)) void fq_square(Field* result, const Field* a) { *result = normal(square_loose(&kFq, *a)); }

/* ab + cd. */
static __attribute__((noinline)) void fq_product_sum(Field* result, const Field* a, const Field* b, const Field* c, const Field* d) {
  *result = normal(product_sum_loose(&kFq, *a, *b, *c, *d));
}

/*
 * An element of Fq or Fq2 = Fq[u]/(u² + 1): one or two coefficients. Factors are normal and below 8p. A product is then below
 * 1.13p + 2·64p²/R = 2.7p, and a square below 1.13p + 8p·6p/R = 1.7p.
 */
typedef struct {
  Field part[kDegreeMax];
} Element;

INLINE void copy(uint32_t degree, Element* to, const Element* from) {
  for (uint32_t i = 0; i < degree * kLimbs; ++i) { to->part[i / kLimbs].limb[i % kLimbs] = from->part[i / kLimbs].limb[i % kLimbs]; }
}

INLINE void multiply(uint32_t degree, Element* result, const Element* a, const Element* b) {
  if (degree == 1) {
    fq_product(&result->part[0], &a->part[0], &b->part[0]);
    return;
  }
  /* Four products and two reductions; Karatsuba's three would pay for the fourth with its carries. */
  Field zero = {0}, minus = normal(difference(&kFq, zero, a->part[1], 8)), real;
  fq_product_sum(&real, &a->part[0], &b->part[0], &minus, &b->part[1]);
  fq_product_sum(&result->part[1], &a->part[0], &b->part[1], &a->part[1], &b->part[0]);
  result->part[0] = real;
}

/* Squares what is below 3p: (c0 + c1)(c0 − c1) + 2·c0·c1·u. */
INLINE void square(uint32_t degree, Element* result, const Element* a) {
  if (degree == 1) {
    fq_square(&result->part[0], &a->part[0]);
    return;
  }
  Field plus = normal(sum(a->part[0], a->part[1])), minus = normal(difference(&kFq, a->part[0], a->part[1], 3));
  Field twice = normal(sum(a->part[0], a->part[0]));
  fq_product(&result->part[1], &twice, &a->part[1]);
  fq_product(&result->part[0], &plus, &minus);
}

/* The scratch memory of a call: the chains' products, those of their folds, and then each group's denominators and the product of all before. */
struct adder_scratch {
  Element chain[kGroups];
  Element fold[4];
};

struct group_scratch {
  Element denominator;
  Element before;
};

static uint64_t adder_bytes(uint32_t pairs) {
  return sizeof(struct adder_scratch) + (uint64_t)(pairs + kBlock - 1) / kBlock * kGroups * sizeof(struct group_scratch);
}

INLINE struct group_scratch* group_of(void* scratch, uint32_t block, int group) {
  return (struct group_scratch*)((struct adder_scratch*)scratch + 1) + (size_t)block * kGroups + group;
}

INLINE const uint64_t* address(uint64_t point) { return (const uint64_t*)(point & ~(1ull << 63)); }

/* Two points that never clash; they need not lie on a curve. */
static const uint64_t kPadding[2][2 * kDegreeMax * kWords] = {{1}, {2}};

/* The pairs of a block; past the last pair stand those of the padding. */
INLINE const struct accel_pair* block_pairs(const struct accel_pair* pairs, uint32_t count, uint32_t block, struct accel_pair* last) {
  uint32_t from = block * kBlock;
  if (from + kBlock <= count) { return pairs + from; }
  for (uint32_t i = 0; i < kBlock; ++i) {
    last[i] = from + i < count ? pairs[from + i] : (struct accel_pair){(uint64_t)kPadding[0], (uint64_t)kPadding[1]};
  }
  return last;
}

INLINE void prefetch_block(uint32_t degree, const struct accel_pair* pairs, uint32_t count, uint32_t block) {
  if ((uint64_t)(block + 1) * kBlock > count) { return; }
  for (uint32_t i = block * kBlock; i < (block + 1) * kBlock; ++i) {
    for (uint32_t line = 0; line < degree; ++line) {
      __builtin_prefetch((const char*)address(pairs[i].a) + line * kCacheLine);
      __builtin_prefetch((const char*)address(pairs[i].b) + line * kCacheLine);
    }
  }
}

struct rows {
  const uint64_t* a[kLanes];
  const uint64_t* b[kLanes];
};

INLINE struct rows rows_of(const struct accel_pair* group) {
  struct rows result;
  for (int lane = 0; lane < kLanes; ++lane) {
    result.a[lane] = address(group[lane].a);
    result.b[lane] = address(group[lane].b);
  }
  return result;
}

/* Coordinates, four words each, from an offset in words into each point. */
INLINE Words load_at(const uint64_t* const* rows, uint32_t offset) {
  const uint64_t* moved[kLanes];
  for (int lane = 0; lane < kLanes; ++lane) { moved[lane] = rows[lane] + offset; }
  return load_rows(moved);
}

INLINE void store_at(uint64_t* const* rows, uint32_t offset, Field value) {
  uint64_t* moved[kLanes];
  for (int lane = 0; lane < kLanes; ++lane) { moved[lane] = rows[lane] + offset; }
  store_rows(moved, to_words(value));
}

/* x_B − x_A + p, below 2p, or 1 in lanes where that may be zero, or a point infinity: these come back as bits. */
INLINE unsigned denominators(uint32_t degree, const struct accel_pair* group, Element* result) {
  struct rows rows = rows_of(group);
  unsigned exceptional = 0;
  for (uint32_t i = 0; i < degree; ++i) {
    Words a = load_at(rows.a, i * kWords), b = load_at(rows.b, i * kWords);
    if (i == 0) {
      exceptional = where_equal(a.word[0], b.word[0]) | where_equal(a.word[0], splat(0)) | where_equal(b.word[0], splat(0));
    }
    result->part[i] = normal(difference(&kFq, to_limbs(b, 0), to_limbs(a, 0), 1));
  }
  for (unsigned lanes = exceptional; lanes != 0; lanes &= lanes - 1) {
    for (uint32_t i = 0; i < degree * kLimbs; ++i) { result->part[i / kLimbs].limb[i % kLimbs][__builtin_ctz(lanes)] = i == 0; }
  }
  return exceptional;
}

/* Lane l takes lane l ^ distance. */
INLINE Element swapped(uint32_t degree, const Element* a, int distance) {
  Element result;
  for (uint32_t i = 0; i < degree; ++i) {
    for (int j = 0; j < kLimbs; ++j) {
      Lanes v = a->part[i].limb[j];
      result.part[i].limb[j] = distance == 4   ? __builtin_shufflevector(v, v, 4, 5, 6, 7, 0, 1, 2, 3)
                               : distance == 2 ? __builtin_shufflevector(v, v, 2, 3, 0, 1, 6, 7, 4, 5)
                                               : __builtin_shufflevector(v, v, 1, 0, 3, 2, 5, 4, 7, 6);
    }
  }
  return result;
}

INLINE uint32_t forward(uint32_t degree, const struct accel_pair* pairs, uint32_t count, void* memory, uint64_t* result, uint32_t* exceptional) {
  struct adder_scratch* scratch = memory;
  uint32_t found = 0;
  for (int group = 0; group < kGroups; ++group) {
    Element one = {0};
    one.part[0].limb[0] = splat(1);
    copy(degree, &scratch->chain[group], &one);
  }
  for (uint32_t block = 0; block * kBlock < count; ++block) {
    struct accel_pair last[kBlock];
    const struct accel_pair* from = block_pairs(pairs, count, block, last);
    prefetch_block(degree, pairs, count, block + kPrefetchBlocks);
    for (int group = 0; group < kGroups; ++group) {
      struct group_scratch* own = group_of(scratch, block, group);
      unsigned lanes = denominators(degree, from + group * kLanes, &own->denominator);
      for (; __builtin_expect(lanes != 0, 0); lanes &= lanes - 1) {
        exceptional[found++] = block * kBlock + (uint32_t)(group * kLanes + __builtin_ctz(lanes));
      }
      copy(degree, &own->before, &scratch->chain[group]);
    }
    for (int group = 0; group < kGroups; ++group) {
      multiply(degree, &scratch->chain[group], &scratch->chain[group], &group_of(scratch, block, group)->denominator);
    }
  }
  multiply(degree, &scratch->fold[0], &scratch->chain[0], &scratch->chain[1]);
  for (int i = 0; i < 3; ++i) {
    Element other = swapped(degree, &scratch->fold[i], 4 >> i);
    multiply(degree, &scratch->fold[i + 1], &scratch->fold[i], &other);
  }
  for (uint32_t i = 0; i < degree; ++i) {
    Words all = to_words(canonical(&kFq, scratch->fold[3].part[i]));
    for (int word = 0; word < kWords; ++word) { result[i * kWords + word] = all.word[word][0]; }
  }
  return found;
}

/*
 * The sums of one group, given the inverse of the product of its denominators and all before it in its chain, which becomes that of those before.
 * With inverses I·P/R = 2^258 for products P, the slope comes out as s = λ·2^258: its square over R is λ²·2^256, and 4·s·(x₁ − x₃)/R is
 * λ·(x₁ − x₃) times their scale.
 */
INLINE void add_group(uint32_t degree, const struct accel_pair* group, struct group_scratch* own, Element* inverse, uint64_t* const* targets) {
  struct rows rows = rows_of(group);
  const Lanes low = *(const UnalignedLanes*)group, high = *(const UnalignedLanes*)(group + kLanes / 2);
  const Lanes sign_a = __builtin_shufflevector(low, high, 0, 2, 4, 6, 8, 10, 12, 14);
  const Lanes sign_b = __builtin_shufflevector(low, high, 1, 3, 5, 7, 9, 11, 13, 15);
  const uint32_t y_offset = degree * kWords;
  Element slope, rise, x1, x2, y1, x3, run;
  multiply(degree, &slope, inverse, &own->before);
  multiply(degree, inverse, inverse, &own->denominator);
  for (uint32_t i = 0; i < degree; ++i) {
    x1.part[i] = to_limbs(load_at(rows.a, i * kWords), 0);
    x2.part[i] = to_limbs(load_at(rows.b, i * kWords), 0);
    y1.part[i] = negated(to_limbs(load_at(rows.a, y_offset + i * kWords), 0), sign_a);
    Field y2 = negated(to_limbs(load_at(rows.b, y_offset + i * kWords), 0), sign_b);
    /* Both lie in (−p, p): the difference in (0, 4p). */
    rise.part[i] = normal(difference(&kFq, y2, y1.part[i], 2));
  }
  multiply(degree, &slope, &slope, &rise);
  square(degree, &x3, &slope);
  for (uint32_t i = 0; i < degree; ++i) {
    /* In (p, 5p), as canonical asks. */
    x3.part[i] = canonical(&kFq, difference(&kFq, x3.part[i], sum(x1.part[i], x2.part[i]), 3));
    store_at(targets, i * kWords, x3.part[i]);
    run.part[i] = difference(&kFq, x1.part[i], x3.part[i], 1);
    for (int j = 0; j < kLimbs; ++j) { run.part[i].limb[j] <<= 2; }
    run.part[i] = normal(run.part[i]);
  }
  multiply(degree, &run, &slope, &run);
  for (uint32_t i = 0; i < degree; ++i) {
    /* Again above p: y1 is below p. */
    store_at(targets, y_offset + i * kWords, canonical(&kFq, difference(&kFq, run.part[i], y1.part[i], 2)));
  }
}

INLINE void backward(uint32_t degree, const struct accel_pair* pairs, uint32_t count, void* memory, const uint64_t* inverse, uint64_t* sums) {
  struct adder_scratch* scratch = memory;
  const uint32_t point_words = 2 * degree * kWords;
  Element all;
  for (uint32_t i = 0; i < degree; ++i) { all.part[i] = splat_element(inverse + i * kWords, 0); }
  for (int i = 2; i >= 0; --i) {
    Element other = swapped(degree, &scratch->fold[i], 4 >> i);
    multiply(degree, &all, &all, &other);
  }
  Element first;
  copy(degree, &first, &scratch->chain[0]);
  multiply(degree, &scratch->chain[0], &all, &scratch->chain[1]);
  multiply(degree, &scratch->chain[1], &all, &first);
  uint64_t spare[kBlock * 2 * kDegreeMax * kWords];
  for (uint32_t block = (count + kBlock - 1) / kBlock; block-- > 0;) {
    struct accel_pair last[kBlock];
    const struct accel_pair* from = block_pairs(pairs, count, block, last);
    if (block >= kPrefetchBlocks) { prefetch_block(degree, pairs, count, block - kPrefetchBlocks); }
    for (int group = 0; group < kGroups; ++group) {
      uint64_t* targets[kLanes];
      for (int lane = 0; lane < kLanes; ++lane) {
        uint32_t index = block * kBlock + (uint32_t)(group * kLanes + lane);
        targets[lane] = index < count ? sums + (size_t)index * point_words : spare + (size_t)(index % kBlock) * point_words;
      }
      add_group(degree, from + group * kLanes, group_of(scratch, block, group), &scratch->chain[group], targets);
    }
  }
}

static uint32_t g1_forward(const struct accel_pair* pairs, uint32_t count, void* scratch, uint64_t* product, uint32_t* exceptional) {
  return forward(1, pairs, count, scratch, product, exceptional);
}

static uint32_t g2_forward(const struct accel_pair* pairs, uint32_t count, void* scratch, uint64_t* product, uint32_t* exceptional) {
  return forward(2, pairs, count, scratch, product, exceptional);
}

static void g1_backward(const struct accel_pair* pairs, uint32_t count, void* scratch, const uint64_t* inverse, uint64_t* sums) {
  backward(1, pairs, count, scratch, inverse, sums);
}

static void g2_backward(const struct accel_pair* pairs, uint32_t count, void* scratch, const uint64_t* inverse, uint64_t* sums) {
  backward(2, pairs, count, scratch, inverse, sums);
}

/*
 * Transforms decimate in time. Values stay normal and are never reduced on the way: they begin below 2.2r, the first two layers take them below 12r,
 * and each of the at most twelve others adds less than 3r: below 48r at the end, where limbs hold 84r. A butterfly's product is below 1.13r + 48r·r/R
 * = 1.7r.
 */
INLINE void butterfly(Field* u, Field* v, Field turned, uint64_t multiple) {
  Field zero = {0};
  Field even = normal(sum(*u, turned));
  *v = normal(sum(*u, difference(&kFr, zero, turned, multiple)));
  *u = even;
}

static __attribute__((noinline)) void fr_butterfly(Field* u, Field* v, const uint64_t* twiddle) {
  butterfly(u, v, product_loose(&kFr, *v, splat_limbs(twiddle)), 2);
}

/* Layers from one distance to another, within [from, to) of the values. */
static void layers(Field* values, uint64_t from, uint64_t to, uint64_t half, uint64_t half_end, const uint64_t* twiddles) {
  for (; half < half_end; half *= 2) {
    const uint64_t* roots = twiddles + half * kLimbs;
    for (uint64_t start = from; start < to; start += 2 * half) {
      for (uint64_t j = 0; j < half; ++j) { fr_butterfly(&values[start + j], &values[start + j + half], roots + j * kLimbs); }
    }
  }
}

INLINE Field load_row(const struct accel_columns* job, uint64_t row) {
  const uint64_t* rows[kLanes];
  for (int lane = 0; lane < kLanes; ++lane) { rows[lane] = job->source + (row * job->source_stride + (uint64_t)lane) * kWords; }
  Field value = to_limbs(load_rows(rows), 0);
  /* The factor is below 16r, the product below 1.13r + 16r·r/R. */
  return job->row_scale == NULL ? value : product(&kFr, value, splat_element(job->row_scale + row * kWords, kFactorShift));
}

INLINE void prefetch_row(const struct accel_columns* job, uint64_t row) {
  const char* first = (const char*)(job->source + row * job->source_stride * kWords);
  for (int line = 0; line < kLanes / 2; ++line) { __builtin_prefetch(first + line * kCacheLine); }
}

/* Four neighbouring values of the bit-reversed order, through the first two layers; only one of their four twiddles is not 1. */
INLINE void first_layers(const struct accel_columns* job, Field* values, uint64_t at, int shift) {
  uint64_t row = __builtin_bitreverse64(at) >> shift, quarter = job->rows / 4;
  uint64_t ahead = at + 8 < job->rows ? __builtin_bitreverse64(at + 8) >> shift : row;
  for (uint64_t i = 0; i < 4; ++i) { prefetch_row(job, ahead + i * quarter); }
  Field v[4];
  for (uint64_t i = 0; i < 4; ++i) { v[i] = load_row(job, row + (i % 2 * 2 + i / 2) * quarter); }
  butterfly(&v[0], &v[1], v[1], 3);
  butterfly(&v[2], &v[3], v[3], 3);
  butterfly(&v[0], &v[2], v[2], 6);
  butterfly(&v[1], &v[3], product_loose(&kFr, v[3], splat_limbs(job->twiddles + 3 * kLimbs)), 2);
  for (int i = 0; i < 4; ++i) { values[at + i] = v[i]; }
}

static void write_entries(const struct accel_columns* job, const Field* values) {
  const uint64_t *factors[kLanes], *ratios[kLanes];
  Field factor, ratio;
  int progresses = job->factors != NULL;
  if (progresses) {
    for (int lane = 0; lane < kLanes; ++lane) {
      factors[lane] = job->factors + lane * kWords;
      ratios[lane] = job->ratios + lane * kWords;
    }
    factor = to_limbs(load_rows(factors), kFactorShift);
    ratio = to_limbs(load_rows(ratios), kFactorShift);
  }
  for (uint64_t k = 0; k < job->rows; ++k) {
    Field value = values[k];
    if (progresses) {
      /* Factors are below 16r, so that the product is below 1.13r + 48r·16r/R = 10.3r. */
      value = product(&kFr, value, factor);
      factor = product(&kFr, factor, ratio);
    }
    if (job->entry_scale != NULL) { value = product_loose(&kFr, value, splat_element(job->entry_scale + k * kWords, kFactorShift)); }
    uint64_t* rows[kLanes];
    for (int lane = 0; lane < kLanes; ++lane) { rows[lane] = job->target + (k * job->entry_stride + (uint64_t)lane * job->column_stride) * kWords; }
    store_rows(rows, to_words(canonical(&kFr, value)));
  }
}

static void fr_columns(const struct accel_columns* job) {
  Field* values = job->workspace;
  uint64_t tile = job->rows < kTileRows ? job->rows : kTileRows;
  int shift = 64 - __builtin_ctzll(job->rows);
  for (uint64_t from = 0; from < job->rows; from += tile) {
    for (uint64_t at = from; at < from + tile; at += 4) { first_layers(job, values, at, shift); }
    layers(values, from, from + tile, 4, tile, job->twiddles);
  }
  layers(values, 0, job->rows, tile < 4 ? 4 : tile, job->rows, job->twiddles);
  write_entries(job, values);
}

static void fr_twiddles(const uint64_t* elements, uint64_t count, uint64_t* limbs) {
  /* 2^264 mod r: the product with x·2^256 over R is x·2^260. */
  static const uint64_t kScale[kLimbs] = {0x31f8c9ffffab6, 0xac31329faef6e, 0x9e2a3495d7570, 0xe357276f48b70, 0x00d791464ef86};
  for (uint64_t from = 0; from < count; from += kLanes) {
    uint64_t width = count - from < kLanes ? count - from : kLanes;
    const uint64_t* rows[kLanes];
    for (uint64_t lane = 0; lane < kLanes; ++lane) { rows[lane] = elements + (from + (lane < width ? lane : 0)) * kWords; }
    Field value = canonical(&kFr, product_loose(&kFr, to_limbs(load_rows(rows), 0), splat_limbs(kScale)));
    for (uint64_t i = 0; i < width * kLimbs; ++i) { limbs[from * kLimbs + i] = value.limb[i % kLimbs][i / kLimbs]; }
  }
}

INLINE void chain(const struct modulus* modulus, uint32_t operation, uint64_t* a, const uint64_t* b, uint64_t count) {
  uint64_t* rows[kLanes];
  const uint64_t* factors[kLanes];
  for (int lane = 0; lane < kLanes; ++lane) {
    rows[lane] = a + lane * kWords;
    factors[lane] = b + lane * kWords;
  }
  Field value = to_limbs(load_rows((const uint64_t* const*)rows), 0), factor = to_limbs(load_rows(factors), 0);
  for (uint64_t i = 0; i < count; ++i) {
    value = operation == kAccelSquare ? normal(square_loose(modulus, value)) : product(modulus, value, factor);
  }
  store_rows(rows, to_words(canonical(modulus, value)));
}

static void fq_chain(uint32_t operation, uint64_t* a, const uint64_t* b, uint64_t count) { chain(&kFq, operation, a, b, count); }

static void fr_chain(uint32_t operation, uint64_t* a, const uint64_t* b, uint64_t count) { chain(&kFr, operation, a, b, count); }

const struct accel_ifma* ACCEL_IFMA(void) {
  static const struct accel_ifma kTable = {
      .version = kAccelIfmaVersion,
#ifdef __AVX512IFMA__
      .is_vector = 1,
#endif
      .adder_bytes = adder_bytes,
      .g1_forward = g1_forward,
      .g2_forward = g2_forward,
      .g1_backward = g1_backward,
      .g2_backward = g2_backward,
      .fr_columns = fr_columns,
      .fr_twiddles = fr_twiddles,
      .fq_chain = fq_chain,
      .fr_chain = fr_chain,
  };
  return &kTable;
}
