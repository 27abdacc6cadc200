// pointwise: a*b - c on canonical values, corners among them, in order, refused results held still; one a cycle when nobody stalls.
#include <deque>
#include "Vpointwise_bench.h"
#include "curve.hpp"
#include "tb.hpp"

int main(int argc, char** argv) {
  tb::Bench<Vpointwise_bench> bench(argc, argv, 2000);
  auto& dut = *bench.dut;
  const auto& field = curve::kScalar;
  dut.valid_i = dut.ready_i = 0;
  bench.reset();
  for (unsigned stalls : {0u, 40u}) {
    std::deque<ref::U256> expected;
    uint64_t begin = bench.cycles, sent = 0, received = 0;
    bool refused = false;
    ref::U256 before;
    while (received < bench.count) {
      if (!dut.valid_i) {
        dut.valid_i = sent < bench.count && !bench.random.chance(stalls);
        if (dut.valid_i) {
          ref::U256 a = bench.random.corner_or_element(field), b = bench.random.corner_or_element(field), c = bench.random.corner_or_element(field);
          tb::set(dut.a_i, a); tb::set(dut.b_i, b); tb::set(dut.c_i, c);
          expected.push_back(field.sub(field.mul(a, b), c));
          ++sent;
        }
      }
      dut.ready_i = !bench.random.chance(stalls);
      bench.settle();
      if (refused) { bench.check(dut.valid_o, "a refused result vanished"); bench.check_equal(tb::get(dut.d_o), before, "a refused result"); }
      refused = dut.valid_o && !dut.ready_i;
      before = tb::get(dut.d_o);
      if (dut.valid_o && dut.ready_i) {
        bench.check(!expected.empty(), "a result of nothing");
        bench.check_equal(tb::get(dut.d_o), expected.front(), "a*b - c");
        expected.pop_front();
        ++received;
      }
      bool moved = dut.valid_i && dut.ready_o;
      bench.tick();
      if (moved) dut.valid_i = 0;
    }
    if (stalls == 0) bench.check(bench.cycles - begin < bench.count + 200, "%llu results took %llu cycles", (unsigned long long)bench.count, (unsigned long long)(bench.cycles - begin));
    dut.valid_i = 0;
  }
  return bench.finish();
}
