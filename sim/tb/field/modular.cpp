// mod_add, mod_sub, mod_half and small_multiple: reduced results at the exported latencies, unmoved by disabled cycles. All pairs on tiny fields,
// corners and random pairs on wide ones.
#include <algorithm>
#include <deque>
#include "Vmodular_bench.h"
#include "curve.hpp"
#include "tb.hpp"

int main(int argc, char** argv) {
  tb::Bench<Vmodular_bench> bench(argc, argv, 20000);
  auto& dut = *bench.dut;
  const ref::Modulus& f = curve::kField;
  const bool exhaustive = f.width < 16;
  const uint64_t p = f.p.limb[0], total = exhaustive ? p * p : bench.count;
  struct Case { ref::U256 a, b; };
  std::deque<Case> history; /* newest first */
  bench.reset();
  const unsigned add_latency = dut.add_latency_o, multiple_latency = dut.multiple_latency_o;
  const unsigned longest = std::max(add_latency, multiple_latency);
  for (uint64_t moved = 0; moved < total + longest;) {
    Case next{bench.random.corner_or_element(f), bench.random.corner_or_element(f)};
    if (exhaustive) next = {ref::U256{moved / p % p}, ref::U256{moved % p}};
    tb::set(dut.a_i, next.a);
    tb::set(dut.b_i, next.b);
    dut.ce_i = !bench.random.chance(20);
    if (dut.ce_i) { history.push_front(next); ++moved; }
    bench.tick();
    bench.settle();
    if (history.size() >= add_latency) {
      const Case& then = history[add_latency - 1];
      bench.check_equal(tb::get(dut.sum_o), f.add(then.a, then.b), "a + b");
      bench.check_equal(tb::get(dut.difference_o), f.sub(then.a, then.b), "a - b");
      const ref::U256 half = tb::get(dut.half_o);
      bench.check(ref::compare(half, f.p) < 0, "a / 2 is not reduced");
      bench.check_equal(f.add(half, half), then.a, "2 * (a / 2)");
    }
    if (multiple_latency == 0) {
      bench.check_equal(tb::get(dut.multiple_o), f.mul(next.a, ref::U256{PARAMETER_Factor}), "factor * a");
    } else if (history.size() >= multiple_latency) {
      bench.check_equal(tb::get(dut.multiple_o), f.mul(history[multiple_latency - 1].a, ref::U256{PARAMETER_Factor}), "factor * a");
    }
    if (history.size() > longest) history.pop_back();
  }
  return bench.finish();
}
