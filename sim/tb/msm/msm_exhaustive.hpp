// Every sum of +terms terms on a tiny curve, that is, all scalars times all points, with stalls and, where the bench plays the adder, sums
// in any order. +bits: window bits run from 2 to that.
#pragma once
#include "msm_bench.hpp"

namespace msm {

template <class Model> int exhaustive(int argc, char** argv) {
  tb::Bench<Model> bench(argc, argv, 0, 1'000'000'000);
  const unsigned order = unsigned(curve::kScalar.p.limb[0]), terms = unsigned(bench.number("terms", 1));
  const unsigned bits_max = unsigned(bench.number("bits", 4));
  Group group;
  Engine<Model> engine(bench, group);
  bench.reset();
  std::vector<Base> bases;
  for (unsigned k = 0; k < order; ++k) {
    ref::Projective point = group.multiple(ref::U256{k});
    bases.push_back(k == 0 ? Base{} : Base{point.x, point.y});
  }
  /* multiple(k) has Z = 1 on a tiny curve, so its X and Y are affine. */
  uint64_t runs = 1;
  for (unsigned i = 0; i < 2 * terms; ++i) runs *= order;
  for (uint64_t run = 0; run < runs; ++run) {
    Chunk chunk;
    chunk.window_bits = 2 + unsigned(run % (bits_max - 1));
    uint64_t rest = run;
    unsigned expected = 0;
    for (unsigned i = 0; i < terms; ++i) {
      unsigned scalar = unsigned(rest % order); rest /= order;
      unsigned point = unsigned(rest % order); rest /= order;
      chunk.scalars.push_back(ref::U256{scalar});
      chunk.bases.push_back(bases[point]);
      expected = (expected + scalar * point) % order;
    }
    engine.world = {1, 1 + unsigned(bench.random.below(8)), bench.random.chance(50), unsigned(bench.random.below(3)) * 25, unsigned(bench.random.below(3)) * 25, unsigned(bench.random.below(3)) * 25};
    std::vector<ref::Projective> sums = engine.run({chunk});
    bench.check(sums.size() == windows(curve::kScalar.width, chunk.window_bits) * chunk.window_bits, "%zu sums with window bits %u", sums.size(), chunk.window_bits);
    int got = group.log(engine.horner(sums));
    bench.check(got == int(expected), "run %llu, window bits %u: %d·G instead of %u·G", (unsigned long long)run, chunk.window_bits, got, expected);
  }
  return bench.finish();
}

}  // namespace msm
