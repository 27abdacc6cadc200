// msm_engine's cycles at full width with an ideal adder (II = 1, fixed latency), 512-bit memory beats and no stalls, held to the bars below.
// +count=1 runs the sizes up to 2^14, +count=2 those of 2^16 as well. +log-size=K +bits=c +scalars=0|1|2 +latency=L runs one shape and prints it.
#include "Vmsm_engine_top.h"
#include "msm_bench.hpp"

namespace {
enum Kind { kUniform, kWitness, kOnes };
constexpr const char* kNames[] = {"uniform", "witness (50 % zero, 30 % one, 20 % uniform)", "ones"};

/* Bars: accumulate cycles / (n·W) and cycles / n; 0 means none is set. */
struct Shape {
  unsigned log_size, bits;
  Kind kind;
  double accumulate_max, total_max;
};
constexpr Shape kQuick[] = {{12, 10, kUniform, 1.03, 0}, {14, 11, kUniform, 1.03, 30}, {12, 10, kOnes, 0.41, 0}, {12, 9, kWitness, 0.50, 0}};
constexpr Shape kLong[] = {{16, 13, kUniform, 1.0053, 24}, {16, 13, kWitness, 0.30, 8.5}, {16, 13, kOnes, 0.10, 3}};

using Bench = tb::Bench<Vmsm_engine_top>;

void measure(Bench& bench, msm::Engine<Vmsm_engine_top>& engine, const msm::Group& group, const std::vector<msm::Base>& points, const Shape& shape) {
  const unsigned windows = msm::windows(254, shape.bits), latency = engine.world.latency_min;
  const uint64_t count = uint64_t{1} << shape.log_size;
  msm::Chunk chunk;
  chunk.window_bits = shape.bits;
  ref::U256 expected;
  for (uint64_t i = 0; i < count; ++i) {
    unsigned die = unsigned(bench.random.below(100));
    bool zero = shape.kind == kWitness && die < 50, unit = shape.kind == kOnes || shape.kind == kWitness && die >= 50 && die < 80;
    ref::U256 scalar = zero ? ref::U256{} : unit ? ref::U256{1} : bench.random.element(curve::kScalar);
    unsigned k = 1 + unsigned(bench.random.below(points.size() - 1));
    chunk.scalars.push_back(scalar);
    chunk.bases.push_back(points[k]);
    expected = curve::kScalar.add(expected, curve::kScalar.mul(scalar, ref::U256{k}));
  }
  std::vector<ref::Projective> sums = engine.run({chunk});
  bench.check(sums.size() == windows * shape.bits, "%zu sums", sums.size());
  bench.check(group.same(engine.horner(sums), group.multiple(expected)), "the sum is wrong");

  const double n = double(count), bound = 1.05 * 2 * windows * double(1 << (shape.bits - 1)) + 14.0 * latency;
  const uint64_t accumulate = bench.dut->accumulate_cycles_o, aggregate = bench.dut->aggregate_cycles_o, adds = bench.dut->adds_o;
  const double ratio = double(accumulate) / n / windows, total = double(engine.cycles) / n;
  std::printf("2^%u %s, c %u, W %u, adder latency %u: accumulate %llu = %.4f per point and window; aggregate %llu (bound %.0f); total %llu = %.3f per point; %llu adds\n",
              shape.log_size, kNames[shape.kind], shape.bits, windows, latency, (unsigned long long)accumulate, ratio, (unsigned long long)aggregate, bound,
              (unsigned long long)engine.cycles, total, (unsigned long long)adds);
  bench.check(accumulate > 0 && adds > 0 && engine.cycles >= accumulate + aggregate, "the counters do not fit the run");
  bench.check(double(aggregate) <= bound, "aggregation took %llu cycles, more than %.0f", (unsigned long long)aggregate, bound);
  if (shape.accumulate_max != 0) bench.check(ratio <= shape.accumulate_max, "accumulation missed its bar of %.4f", shape.accumulate_max);
  if (shape.total_max != 0) bench.check(total <= shape.total_max, "the total missed its bar of %.1f", shape.total_max);
}
}  // namespace

int main(int argc, char** argv) {
  Bench bench(argc, argv, 1, 1'000'000'000);
  const unsigned latency = unsigned(bench.number("latency", 100));
  msm::Group group;
  msm::Engine<Vmsm_engine_top> engine(bench, group);
  bench.reset();
  engine.world = {latency, latency, true, 0, 0, 0, true};

  /* Points k·G for k = 1..512 on the curve, so that the expected sum is one multiplication. */
  std::vector<msm::Base> points(513);
  ref::Projective one = group.multiple(ref::U256{1}), running = one;
  for (unsigned k = 1; k < points.size(); ++k, running = msm::add_complete(running, one)) {
    ref::Affine affine = ref::to_affine(curve::kField, running);
    points[k] = {curve::kField.to_montgomery(affine.x), curve::kField.to_montgomery(affine.y)};
  }
  if (uint64_t log_size = bench.number("log-size", 0); log_size != 0) {
    measure(bench, engine, group, points, {unsigned(log_size), unsigned(bench.number("bits", 10)), Kind(bench.number("scalars", 0) % 3), 0, 0});
    return bench.finish();
  }
  for (const Shape& shape : kQuick) measure(bench, engine, group, points, shape);
  if (bench.count > 1) for (const Shape& shape : kLong) measure(bench, engine, group, points, shape);
  return bench.finish();
}
