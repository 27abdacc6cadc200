/* Transforms of 2^log2_size values by self-sorting passes (Stockham; see Van Loan, "Computational frameworks for the fast Fourier transform", 1.7).
   A pass of radix R = 2^radix_log2 takes x[base + i * n/R], i < R, for each base = p * stride + q with q < stride, the product of the radices before it,
   and writes y[q + stride * (R * p + k)] = w^(stride * p * k) * the sum over i of x[...] * w_R^(i * k), where w is the n-th root.
   A work-group does 2^columns_log2 neighbouring bases in local memory. Natural order in and out, from one buffer to another. */

#define SCALE_NONE 0
#define SCALE_CONSTANT 1
#define SCALE_POWERS 2

/* An entry of a geometric progression, kept as low[i mod 2^shift] * high[i / 2^shift]. */
static inline element progression(__global const element *low, __global const element *high, uint shift, uint i) {
  return field_multiply(low[i & ((1u << shift) - 1)], high[i >> shift]);
}

static inline element scaled(element value, uint mode, __global const element *low, __global const element *high, uint shift, uint i) {
  if (mode == SCALE_NONE) return value;
  return field_multiply(value, mode == SCALE_CONSTANT ? high[0] : progression(low, high, shift, i));
}

static inline uint bit_reverse(uint value, uint bits) {
  uint reversed = 0;
  for (uint i = 0; i < bits; i++) reversed |= ((value >> i) & 1) << (bits - 1 - i);
  return reversed;
}

/* roots: for each layer h = 1, 2, 4, ... the h powers of the 2h-th root, one layer after the other from index h.
   twiddle_low, twiddle_high: the powers of the n-th root. scale_*: what multiplies input i (scale_in) or output i (scale_out). */
__kernel void transform_pass(
    __global const element *source, __global element *target, uint log2_size, uint radix_log2, uint stride_log2, uint columns_log2,
    __global const element *roots, __global const element *twiddle_low, __global const element *twiddle_high, uint twiddle_shift, uint scale_in,
    uint scale_out, __global const element *scale_low, __global const element *scale_high, uint scale_shift, __local element *tile) {
  uint columns = 1u << columns_log2, radix = 1u << radix_log2, total = radix << columns_log2;
  uint gap_log2 = log2_size - radix_log2;
  uint first = (uint)get_group_id(0) << columns_log2;
  uint worker = (uint)get_local_id(0), workers = (uint)get_local_size(0);

  for (uint at = worker; at < total; at += workers) {
    uint index = ((at >> columns_log2) << gap_log2) + first + (at & (columns - 1));
    tile[at] = scaled(source[index], scale_in, scale_low, scale_high, scale_shift, index);
  }
  barrier(CLK_LOCAL_MEM_FENCE);

  /* Decimation in frequency: sums to the upper half, differences times a root to the lower, until blocks are single values in bit-reversed order. */
  uint half_log2 = radix_log2;
  if (radix_log2 & 1) {
    half_log2--;
    uint half_count = total >> 1, half_size = 1u << half_log2;
    for (uint at = worker; at < half_count; at += workers) {
      uint column = at & (columns - 1), j = at >> columns_log2;
      __local element *upper = tile + ((j << columns_log2) + column), *lower = upper + ((size_t)half_size << columns_log2);
      element a = *upper, b = *lower;
      *upper = field_add(a, b);
      *lower = field_multiply(field_subtract(a, b), roots[half_size + j]);
    }
    barrier(CLK_LOCAL_MEM_FENCE);
  }
  while (half_log2 > 0) {
    /* Two layers at once, on four values. */
    half_log2 -= 2;
    uint quarter = 1u << half_log2, quarter_count = total >> 2;
    size_t step = (size_t)quarter << columns_log2;
    for (uint at = worker; at < quarter_count; at += workers) {
      uint column = at & (columns - 1), butterfly = at >> columns_log2;
      uint j = butterfly & (quarter - 1);
      __local element *p = tile + (((((butterfly >> half_log2) << (half_log2 + 2)) + j) << columns_log2) + column);
      element a = p[0], b = p[step], c = p[2 * step], d = p[3 * step];
      element ac = field_add(a, c), bd = field_add(b, d);
      element a_c = field_multiply(field_subtract(a, c), roots[2 * quarter + j]);
      element b_d = field_multiply(field_subtract(b, d), roots[3 * quarter + j]);
      element root = roots[quarter + j];
      p[0] = field_add(ac, bd);
      p[step] = field_multiply(field_subtract(ac, bd), root);
      p[2 * step] = field_add(a_c, b_d);
      p[3 * step] = field_multiply(field_subtract(a_c, b_d), root);
    }
    barrier(CLK_LOCAL_MEM_FENCE);
  }

  bool is_last = stride_log2 + radix_log2 == log2_size;
  for (uint at = worker; at < total; at += workers) {
    uint column = at & (columns - 1), k = at >> columns_log2;
    uint base = first + column, q = base & ((1u << stride_log2) - 1), p = base >> stride_log2;
    element value = tile[(bit_reverse(k, radix_log2) << columns_log2) + column];
    if (!is_last && p != 0) value = field_multiply(value, progression(twiddle_low, twiddle_high, twiddle_shift, (p * k) << stride_log2));
    uint index = q + (((p << radix_log2) + k) << stride_log2);
    value = scaled(value, scale_out, scale_low, scale_high, scale_shift, index);
    target[index] = is_last ? field_reduce(value) : value;
  }
}

/* a <- a*b - c, canonical. */
__kernel void multiply_subtract(__global element *a, __global const element *b, __global const element *c, uint count) {
  uint i = (uint)get_global_id(0);
  if (i < count) a[i] = field_reduce(field_subtract(field_multiply(a[i], b[i]), c[i]));
}
