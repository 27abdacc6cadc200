// ntt_lane: (a + b) h and (a - b) h w for all four kinds of butterfly, corners of the field among the operands, the clock enable at random.
#include <deque>
#include "Vntt_lane_bench.h"
#include "curve.hpp"
#include "tb.hpp"

int main(int argc, char** argv) {
  tb::Bench<Vntt_lane_bench> bench(argc, argv, 2000);
  auto& dut = *bench.dut;
  const ref::Modulus& field = curve::kScalar;
  ref::U256 half = field.inverse(ref::U256{2});
  struct Butterfly { ref::U256 upper, lower, twiddle; };
  std::deque<Butterfly> flying; /* oldest first, one an enabled cycle */
  dut.ce_i = 0;
  bench.reset();
  unsigned lag = dut.lag_o, latency = dut.latency_o;
  for (uint64_t done = 0; done < bench.count;) {
    dut.ce_i = bench.random.chance(70);
    ref::U256 a = bench.random.corner_or_element(field), b = bench.random.corner_or_element(field), w = bench.random.corner_or_element(field);
    bool negate = bench.random.chance(50), halve = bench.random.chance(50);
    tb::set(dut.a_i, a);
    tb::set(dut.b_i, b);
    dut.negate_i = negate;
    dut.halve_i = halve;
    /* The twiddle of the butterfly that entered lag enabled cycles ago; flying ends with the one before this cycle's. */
    if (flying.size() >= lag) tb::set(dut.twiddle_i, field.to_montgomery(flying[flying.size() - lag].twiddle));
    bench.settle();
    if (dut.ce_i) {
      if (flying.size() == latency) {
        bench.check_equal(tb::get(dut.upper_o), flying.front().upper, "upper");
        bench.check_equal(tb::get(dut.lower_o), flying.front().lower, "lower");
        flying.pop_front();
        ++done;
      }
      ref::U256 sum = field.add(a, b), difference = negate ? field.sub(b, a) : field.sub(a, b);
      if (halve) { sum = field.mul(sum, half); difference = field.mul(difference, half); }
      flying.push_back({sum, field.mul(difference, w), w});
    }
    bench.tick();
  }
  return bench.finish();
}
