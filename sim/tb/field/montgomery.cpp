// montgomery_multiplier: a*b/R mod p, one a cycle, in order, at the exported latency, unmoved by disabled cycles. All pairs on tiny
// moduli, corners and random pairs on wide ones.
#include <deque>
#include "Vmontgomery_bench.h"
#include "curve.hpp"
#include "tb.hpp"

#ifndef PARAMETER_ScalarField
#define PARAMETER_ScalarField 0
#endif

int main(int argc, char** argv) {
  tb::Bench<Vmontgomery_bench> bench(argc, argv, 20000);
  auto& dut = *bench.dut;
  const ref::Modulus& f = PARAMETER_ScalarField ? curve::kScalar : curve::kField;
  const bool exhaustive = f.width < 16;
  const uint64_t p = f.p.limb[0], total = exhaustive ? p * p : bench.count;
  const unsigned stall_percent = unsigned(bench.number("stall", 20));
  struct Case { ref::U256 a, b; };
  std::deque<Case> flying;
  bench.reset();
  const unsigned latency = dut.latency_o;
  for (uint64_t sent = 0, received = 0; received < total;) {
    Case next{};
    if (exhaustive) next = {ref::U256{sent / p % p}, ref::U256{sent % p}};
    else next = {bench.random.corner_or_element(f), bench.random.corner_or_element(f)};
    tb::set(dut.a_i, next.a);
    tb::set(dut.b_i, next.b);
    dut.ce_i = !bench.random.chance(stall_percent);
    const bool moved = dut.ce_i;
    bench.tick();
    bench.settle();
    if (!moved) continue;
    ++sent;
    flying.push_back(next);
    if (flying.size() == latency) {
      bench.check_equal(tb::get(dut.product_o), f.mul_montgomery(flying.front().a, flying.front().b), "a*b/R");
      flying.pop_front();
      ++received;
    }
  }
  return bench.finish();
}
