/* The bucket method (Bernstein et al., eprint 2012/549, section 4) over windows whose entries the host has sorted by bucket, the largest first.

   An entry is a base's index with the sign of digit times scalar in bit 31. ends[window * (buckets + 2) + b] is the number of entries in bucket b and
   above, so bucket b holds [ends[b + 1], ends[b]), and ends[buckets + 1] = 0. Entries are cut into segments of equal length, one for each work item,
   however long or short the buckets: a scalar that half of the bases share costs no more than any other.

   Of a segment's sums, that of a bucket that lies within it is final; that of a bucket that began before it is its head, and that of one that begins in
   it and goes on is its tail. A bucket that several segments share is the tail of its first and the heads of the others. */

#define SIGN_BIT 0x80000000u

static inline __global const uint *ends_of(__global const uint *ends, uint window, uint buckets) { return ends + (size_t)window * (buckets + 2); }

/* The bucket that holds the entry at position. */
static inline uint bucket_at(__global const uint *ends, uint buckets, uint position) {
  uint low = 1, high = buckets;
  while (low < high) {
    uint middle = (low + high + 1) >> 1;
    if (ends[middle] > position) low = middle;
    else high = middle - 1;
  }
  return low;
}

/* Work item (segment, window). sums: buckets of each window; heads and tails: segments of each window. */
__kernel void accumulate(
    __global const affine *bases, uint first_base, __global const uint *entries, uint entries_stride, __global const uint *all_ends, uint buckets,
    uint segment_length, uint segments, __global xyzz *sums, __global xyzz *heads, __global xyzz *tails) {
  uint segment = (uint)get_global_id(0), window = (uint)get_global_id(1);
  __global const uint *ends = ends_of(all_ends, window, buckets);
  uint from = segment * segment_length;
  if (segment >= segments || from >= ends[1]) return;
  uint to = min(from + segment_length, ends[1]);
  entries += (size_t)window * entries_stride;
  uint bucket = bucket_at(ends, buckets, from);
  uint at = from;
  while (at < to) {
    while (ends[bucket] <= at) bucket--;
    uint bucket_end = ends[bucket];
    uint stop = min(bucket_end, to);
    xyzz sum = point_infinity();
    for (; at < stop; at++) {
      uint entry = entries[at];
      affine base = bases[first_base + (entry & ~SIGN_BIT)];
      if (entry & SIGN_BIT) base.y = field_subtract(field_zero(), base.y);
      sum = point_add_affine(sum, base);
    }
    if (ends[bucket + 1] < from) heads[(size_t)window * segments + segment] = sum;
    else if (bucket_end > to) tails[(size_t)window * segments + segment] = sum;
    else sums[(size_t)window * buckets + bucket - 1] = sum;
  }
}

/* Work item (group, window): the sum of a group's heads where all belong to one bucket, so that a bucket of very many segments is merged in few steps. */
__kernel void merge_heads(
    __global const uint *all_ends, uint buckets, uint segment_length, uint segments, uint group_length, __global const xyzz *heads, uint groups,
    __global xyzz *group_sums) {
  uint group = (uint)get_global_id(0), window = (uint)get_global_id(1);
  if (group >= groups) return;
  __global const uint *ends = ends_of(all_ends, window, buckets);
  uint first = group * group_length, last = first + group_length - 1;
  uint from = first * segment_length;
  if (last >= segments || last * segment_length >= ends[1]) return;
  uint bucket = bucket_at(ends, buckets, from);
  if (ends[bucket + 1] >= from || ends[bucket] <= last * segment_length) return;
  heads += (size_t)window * segments;
  xyzz sum = heads[first];
  for (uint segment = first + 1; segment <= last; segment++) sum = point_add(sum, heads[segment]);
  group_sums[(size_t)window * groups + group] = sum;
}

/* Work item (bucket, window): the sum of a bucket that several segments share, and infinity for an empty one. */
__kernel void merge_buckets(
    __global const uint *all_ends, uint buckets, uint segment_length, uint segments, uint group_length, __global const xyzz *heads,
    __global const xyzz *tails, uint groups, __global const xyzz *group_sums, __global xyzz *sums) {
  uint index = (uint)get_global_id(0), window = (uint)get_global_id(1);
  if (index >= buckets) return;
  __global const uint *ends = ends_of(all_ends, window, buckets);
  uint low = ends[index + 2], high = ends[index + 1];
  sums += (size_t)window * buckets + index;
  if (low == high) {
    *sums = point_infinity();
    return;
  }
  uint segment = low / segment_length, last = (high - 1) / segment_length;
  if (segment == last) return;
  heads += (size_t)window * segments;
  group_sums += (size_t)window * groups;
  xyzz sum = tails[(size_t)window * segments + segment];
  for (segment++; segment <= last;) {
    if (segment % group_length == 0 && segment + group_length - 1 <= last) {
      sum = point_add(sum, group_sums[segment / group_length]);
      segment += group_length;
    } else {
      sum = point_add(sum, heads[segment]);
      segment++;
    }
  }
  *sums = sum;
}

/* Work item (block, window) of one level of the sum over i of i * P[i], where P is cut into blocks of fan_in:
   out_sums = the sum of the block's P, out_weighted = the sum of its W + 2^unit_log2 * the sum of (i - first) * P[i]; W is absent at level 0. */
__kernel void aggregate(
    __global const xyzz *sums, __global const xyzz *weighted, uint has_weighted, uint count, uint fan_in, uint unit_log2, __global xyzz *out_sums,
    __global xyzz *out_weighted) {
  uint block = (uint)get_global_id(0), window = (uint)get_global_id(1);
  uint blocks = (count + fan_in - 1) / fan_in;
  if (block >= blocks) return;
  sums += (size_t)window * count;
  weighted += has_weighted ? (size_t)window * count : 0;
  uint first = block * fan_in, end = min(first + fan_in, count);
  xyzz running = point_infinity(), total = point_infinity();
  for (uint i = end - 1; i > first; i--) {
    running = point_add(running, sums[i]);
    total = point_add(total, running);
  }
  running = point_add(running, sums[first]);
  for (uint i = 0; i < unit_log2; i++) total = point_double(total);
  if (has_weighted) {
    for (uint i = first; i < end; i++) total = point_add(total, weighted[i]);
  }
  size_t out = (size_t)window * blocks + block;
  out_sums[out] = running;
  out_weighted[out] = total;
}

/* Work item window: bucket b lies at index b - 1, so the sum over b of b * B[b] is that of the indices plus the plain one. */
__kernel void finish(__global const xyzz *sums, __global const xyzz *weighted, uint windows, __global xyzz *results) {
  uint window = (uint)get_global_id(0);
  if (window < windows) results[window] = point_reduce(point_add(sums[window], weighted[window]));
}
