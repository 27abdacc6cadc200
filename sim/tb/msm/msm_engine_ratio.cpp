// msm_engine's cycles at full width with an ideal adder (II = 1, fixed latency), 512-bit memory beats and no stalls, held to the bars.
// +scalars=0 uniform, 1 witness (50 % zero, 30 % one, 20 % uniform), 2 ones; +bits=c; +latency=L; bars in thousandths:
// +accumulate=A for accumulate cycles / (n·W), +total=T for cycles / n. Without a bar the figures are printed only.
#include "Vmsm_engine_top.h"
#include "msm_bench.hpp"

int main(int argc, char** argv) {
  tb::Bench<Vmsm_engine_top> bench(argc, argv, 1 << 12, 1'000'000'000);
  const unsigned bits = unsigned(bench.number("bits", 10)), latency = unsigned(bench.number("latency", 100)), kind = unsigned(bench.number("scalars", 0));
  const uint64_t accumulate_bar = bench.number("accumulate", 0), total_bar = bench.number("total", 0);
  const unsigned windows = msm::windows(254, bits);
  msm::Group group;
  msm::Engine<Vmsm_engine_top> engine(bench, group);
  bench.reset();
  engine.world = {latency, latency, true, 0, 0, 0, true};

  /* Points k·G for k = 1..512 on the curve; the sum is then one multiplication. */
  constexpr unsigned kPoints = 512;
  std::vector<msm::Base> points(kPoints + 1);
  ref::Projective one = group.multiple(ref::U256{1}), running = one;
  for (unsigned k = 1; k <= kPoints; ++k, running = msm::add_complete(running, one)) {
    ref::Affine affine = ref::to_affine(curve::kField, running);
    points[k] = {curve::kField.to_montgomery(affine.x), curve::kField.to_montgomery(affine.y)};
  }
  msm::Chunk chunk;
  chunk.window_bits = bits;
  ref::U256 expected;
  for (uint64_t i = 0; i < bench.count; ++i) {
    unsigned die = unsigned(bench.random.below(100));
    bool zero = kind == 1 && die < 50, unit = kind == 2 || kind == 1 && die >= 50 && die < 80;
    ref::U256 scalar = zero ? ref::U256{} : unit ? ref::U256{1} : bench.random.element(curve::kScalar);
    unsigned k = 1 + unsigned(bench.random.below(kPoints));
    chunk.scalars.push_back(scalar);
    chunk.bases.push_back(points[k]);
    expected = curve::kScalar.add(expected, curve::kScalar.mul(scalar, ref::U256{k}));
  }
  std::vector<ref::Projective> sums = engine.run({chunk});
  bench.check(sums.size() == windows * bits, "%zu sums", sums.size());
  bench.check(group.same(engine.horner(sums), group.multiple(expected)), "the sum is wrong");

  const double n = double(bench.count), bound = 1.05 * 2 * windows * double(1 << (bits - 1)) + 14.0 * latency;
  const uint64_t accumulate = bench.dut->accumulate_cycles_o, aggregate = bench.dut->aggregate_cycles_o, adds = bench.dut->adds_o;
  std::printf("n %llu, c %u, W %u, adder latency %u: accumulate %llu = %.4f per point and window, aggregate %llu (bound %.0f), total %llu = %.3f per point, "
              "%llu adds, starved %llu\n", (unsigned long long)bench.count, bits, windows, latency, (unsigned long long)accumulate, double(accumulate) / n / windows,
              (unsigned long long)aggregate, bound, (unsigned long long)engine.cycles, double(engine.cycles) / n, (unsigned long long)adds,
              (unsigned long long)bench.dut->starved_cycles_o);
  bench.check(double(aggregate) <= bound, "aggregation took %llu cycles, more than %.0f", (unsigned long long)aggregate, bound);
  if (accumulate_bar) bench.check(double(accumulate) / n / windows <= double(accumulate_bar) / 1000, "accumulation missed its bar");
  if (total_bar) bench.check(double(engine.cycles) / n <= double(total_bar) / 1000, "the total missed its bar");
  bench.check(engine.cycles >= accumulate + aggregate && accumulate > 0, "the counters do not fit the run");
  return bench.finish();
}
