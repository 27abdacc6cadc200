// montgomery_multiplier: a*b/R mod p, one a cycle, in order, at the exported latency, unmoved by disabled cycles. All pairs on tiny
// moduli; on wide ones the golden vectors of sim/vectors/field.txt, then corners and random pairs.
#include <deque>
#include <fstream>
#include <sstream>
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
  struct Case { ref::U256 a, b, product; };
  std::deque<Case> golden, flying;
  if (!exhaustive) {
    std::ifstream file("sim/vectors/field.txt");
    for (std::string line; std::getline(file, line);) {
      std::istringstream fields(line);
      std::string field, a, b, product;
      fields >> field >> a >> b >> product;
      if (field == (PARAMETER_ScalarField ? "fr" : "fq")) golden.push_back({ref::parse_hex(a), ref::parse_hex(b), ref::parse_hex(product)});
    }
    bench.check(!golden.empty(), "sim/vectors/field.txt holds no vectors for this field");
  }
  const uint64_t p = f.p.limb[0], total = exhaustive ? p * p : bench.count + golden.size();
  const unsigned stall_percent = unsigned(bench.number("stall", 20));
  bench.reset();
  const unsigned latency = dut.latency_o;
  for (uint64_t sent = 0, received = 0; received < total;) {
    Case next{};
    if (sent < golden.size()) {
      next = golden[sent];
    } else {
      if (exhaustive) next = {ref::U256{sent / p % p}, ref::U256{sent % p}, {}};
      else next = {bench.random.corner_or_element(f), bench.random.corner_or_element(f), {}};
      next.product = f.mul_montgomery(next.a, next.b);
    }
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
      bench.check_equal(tb::get(dut.product_o), flying.front().product, "a*b/R");
      flying.pop_front();
      ++received;
    }
  }
  return bench.finish();
}
