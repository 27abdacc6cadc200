// msm_engine on random multiplications of zero to a few hundred terms over one to four chunks: every window size, all zero scalars, equal points,
// opposite points, infinities, few distinct scalars (many visits to few cells), illegal starts, discarded multiplications, resets in the middle.
// Counters are held to what the bench saw.
#include "Vmsm_engine_top.h"
#include "msm_bench.hpp"

namespace {
constexpr unsigned kPool = 64;

struct Case {
  std::vector<msm::Chunk> chunks;
  ref::U256 expected; /* multiple of the generator */
  uint64_t terms = 0;
};
}  // namespace

int main(int argc, char** argv) {
  tb::Bench<Vmsm_engine_top> bench(argc, argv, 100, 1'000'000'000);
  const unsigned bits_max = unsigned(bench.number("bits", 6)), terms_max = unsigned(bench.number("terms", 300)), cells = 1u << bench.number("cells", 7);
  const unsigned scalar_width = curve::kScalar.width;
  const ref::U256 order = curve::kScalar.p;
  auto& dut = *bench.dut;
  msm::Group group;
  msm::Engine<Vmsm_engine_top> engine(bench, group);
  bench.reset();

  auto legal = [&](unsigned bits) { return bits >= 2 && bits <= bits_max && (uint64_t{msm::windows(scalar_width, bits)} << (bits - 1)) <= cells; };
  std::vector<unsigned> legal_bits;
  for (unsigned bits = 2; bits <= bits_max; ++bits) if (legal(bits)) legal_bits.push_back(bits);
  bench.check(!legal_bits.empty(), "no window size fits");

  /* Pool: infinity, then k·G and -k·G side by side. */
  std::vector<msm::Base> pool(1);
  std::vector<ref::U256> multiples(1);
  ref::Projective one = group.multiple(ref::U256{1}), running = one;
  unsigned distinct = unsigned(std::min<uint64_t>(kPool, (order.limb[0] - 1) / 2));
  for (unsigned k = 1; k <= distinct; ++k, running = group.add(running, one, bench.random)) {
    ref::Affine affine = ref::to_affine(curve::kField, running);
    msm::Base base{curve::kField.to_montgomery(affine.x), curve::kField.to_montgomery(affine.y)};
    pool.push_back(base);
    multiples.push_back(ref::U256{k});
    pool.push_back({base.x, curve::kField.neg(base.y)});
    multiples.push_back(curve::kScalar.neg(ref::U256{k}));
  }

  auto make = [&](unsigned bits, bool last) {
    Case result;
    unsigned chunks = 1 + unsigned(bench.random.below(4)), style = unsigned(bench.random.below(8));
    unsigned most = 1 + unsigned(bench.random.below(terms_max));
    std::size_t fixed = 1 + bench.random.below(pool.size() - 1);
    ref::U256 fixed_scalar = bench.random.corner_or_element(curve::kScalar);
    for (unsigned c = 0; c < chunks; ++c) {
      msm::Chunk chunk;
      chunk.first = c == 0;
      chunk.last = last && c + 1 == chunks;
      chunk.window_bits = bits;
      unsigned terms = bench.random.chance(15) ? 0 : unsigned(bench.random.below(most + 1));
      for (unsigned i = 0; i < terms; ++i) {
        std::size_t point = bench.random.chance(10) ? 0 : 1 + bench.random.below(pool.size() - 1);
        ref::U256 scalar = bench.random.corner_or_element(curve::kScalar);
        if (style == 0) scalar = ref::U256{};
        if (style == 1 || style == 2) scalar = fixed_scalar;
        if (style == 2 || style == 3) point = fixed;
        if (style == 4) { scalar = fixed_scalar; point = fixed % 2 == i % 2 ? fixed : fixed % 2 == 1 ? fixed + 1 : fixed - 1; } /* P, -P, P, … */
        if (style == 5) scalar = bench.random.chance(50) ? ref::U256{} : bench.random.chance(60) ? ref::U256{1} : scalar;
        chunk.scalars.push_back(scalar);
        chunk.bases.push_back(pool[point]);
        result.expected = curve::kScalar.add(result.expected, curve::kScalar.mul(scalar, multiples[point]));
      }
      result.terms += terms;
      result.chunks.push_back(chunk);
    }
    return result;
  };
  /* Offers a start that must be taken and have no effect. */
  auto refuse = [&](bool first, unsigned bits) {
    uint64_t before = engine.chunks_done;
    dut.start_valid_i = 1;
    dut.start_first_i = first;
    dut.start_last_i = bench.random.chance(50);
    dut.start_count_i = uint32_t(bench.random.below(10));
    dut.start_window_bits_i = uint8_t(bits);
    for (unsigned i = 0;; ++i) {
      bench.settle();
      bench.check(i < 100'000, "an illegal start was never taken");
      if (dut.start_ready_o) break;
      engine.idle(1);
    }
    bench.check(dut.start_illegal_o, "a start with first %u, window bits %u, open %u was not refused", unsigned(first), bits, unsigned(dut.open_o));
    engine.idle(1);
    dut.start_valid_i = 0;
    bench.settle();
    bench.check(!dut.busy_o && engine.chunks_done == before, "an illegal start had an effect");
  };
  auto refuse_some = [&](bool open, unsigned open_bits) {
    if (!bench.random.chance(30)) return;
    unsigned bits = unsigned(bench.random.below(256));
    if (!legal(bits)) refuse(bench.random.chance(50), bits);
    unsigned fitting = legal_bits[bench.random.below(legal_bits.size())];
    if (!open || fitting != open_bits) refuse(false, fitting);
  };

  uint64_t discards = 0, resets = 0;
  for (uint64_t run = 0; run < bench.count; ++run) {
    unsigned latency = 1 + unsigned(bench.random.below(bench.random.chance(30) ? 200 : 20));
    engine.world = {bench.random.chance(50) ? latency : 1, latency, bench.random.chance(50), unsigned(bench.random.below(4)) * 20,
                    unsigned(bench.random.below(4)) * 20, unsigned(bench.random.below(4)) * 20, false};
    unsigned bits = legal_bits[run % legal_bits.size()];
    refuse_some(false, 0);
    if (bench.random.chance(20)) { /* one that is never finished: FIRST discards it, or a reset does */
      unsigned other = legal_bits[bench.random.below(legal_bits.size())];
      engine.run(make(other, false).chunks);
      refuse_some(true, other);
      if (bench.random.chance(50)) {
        engine.idle(unsigned(bench.random.below(100)));
        bench.reset(1 + unsigned(bench.random.below(3)));
        engine.forget_pairs();
        ++resets;
      } else {
        ++discards;
      }
    }
    bench.settle();
    bool over_open = dut.open_o; /* then sums of the discarded one are still added during the run */
    Case multiplication = make(bits, true);
    engine.chunks_done = 0;
    uint64_t added_before = engine.added;
    std::vector<ref::Projective> sums = engine.run(multiplication.chunks);
    unsigned windows = msm::windows(scalar_width, bits);
    bench.check(sums.size() == windows * bits, "%zu sums with window bits %u", sums.size(), bits);
    bench.check(engine.chunks_done == multiplication.chunks.size(), "%llu chunks done", (unsigned long long)engine.chunks_done);
    ref::Projective total = engine.horner(sums);
    bench.check(group.same(total, group.multiple(multiplication.expected)), "run %llu: %llu terms in %zu chunks, window bits %u: wrong sum", (unsigned long long)run,
                (unsigned long long)multiplication.terms, multiplication.chunks.size(), bits);
    bench.settle();
    bench.check(!dut.open_o && !dut.busy_o, "open or busy after the last sum");
    bench.check(dut.accumulate_cycles_o + dut.aggregate_cycles_o <= engine.cycles, "the counters say more cycles than there were");
    bench.check((dut.accumulate_cycles_o == 0) == (multiplication.terms == 0), "%llu accumulate cycles", (unsigned long long)dut.accumulate_cycles_o);
    bench.check(dut.accumulate_cycles_o >= multiplication.terms, "more than one scalar a cycle");
    if (multiplication.terms == 0) for (const ref::Projective& sum : sums) bench.check(sum.z.is_zero(), "an empty sum is not infinity");
    if (!over_open) bench.check_equal(ref::U256{dut.adds_o}, ref::U256{engine.added - added_before}, "adds_o");
  }
  bench.check(bench.count < 40 || (discards > 0 && resets > 0), "no discard or no reset among the runs");
  return bench.finish();
}
