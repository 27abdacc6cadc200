// ntt_powers: random exponents of either base in order under stalls on both sides, tables refilled for any number of bits, full rate
// when nothing stalls.
#include <deque>
#include "Vntt_powers_bench.h"
#include "curve.hpp"
#include "tb.hpp"

int main(int argc, char** argv) {
  tb::Bench<Vntt_powers_bench> bench(argc, argv, 6);
  auto& dut = *bench.dut;
  auto& random = bench.random;
  const ref::Modulus& field = curve::kScalar;
  dut.fill_i = 0;
  dut.exponent_valid_i = 0;
  dut.power_ready_i = 0;
  bench.reset();
  ref::U256 base[2];
  unsigned bits[2] = {0, 0};
  for (uint64_t round = 0; round < bench.count; ++round) {
    for (unsigned set = 0; set < 2; ++set) {
      if (bits[set] != 0 && random.chance(50)) continue;
      base[set] = random.corner_or_element(field);
      bits[set] = round == 0 ? curve::kTwoAdicity : 1 + unsigned(random.below(curve::kTwoAdicity));
      dut.fill_i = 1;
      dut.fill_set_i = set;
      tb::set(dut.fill_base_i, field.to_montgomery(base[set]));
      dut.fill_bits_i = bits[set];
      bench.tick();
      dut.fill_i = 0;
      uint64_t started = bench.cycles;
      while (dut.filling_o) {
        bench.tick();
        bench.check(bench.cycles - started < 4000, "still filling after 4,000 cycles");
      }
    }
    unsigned stall = round % 3 == 0 ? 0 : round % 3 == 1 ? 30 : 70;
    std::deque<ref::U256> expected;
    uint64_t sent = 0, received = 0, total = 300, started = bench.cycles;
    while (received < total) {
      if (!dut.exponent_valid_i && sent < total && !(stall && random.chance(stall))) {
        unsigned set = unsigned(random.below(2));
        uint64_t exponent = random.next() & ((uint64_t{1} << bits[set]) - 1);
        dut.exponent_valid_i = 1;
        dut.set_i = set;
        dut.exponent_i = uint32_t(exponent);
        expected.push_back(field.to_montgomery(field.pow(base[set], ref::U256{exponent})));
        ++sent;
      }
      dut.power_ready_i = !(stall && random.chance(stall));
      bench.settle();
      bool taken = dut.exponent_valid_i && dut.exponent_ready_o, given = dut.power_valid_o && dut.power_ready_i;
      if (dut.power_valid_o) bench.check_equal(tb::get(dut.power_o), expected.front(), "power");
      if (given) { expected.pop_front(); ++received; }
      bench.tick();
      if (taken) dut.exponent_valid_i = 0;
    }
    bench.check(stall != 0 || bench.cycles - started < total + 100, "%llu powers took %llu cycles", (unsigned long long)total,
                (unsigned long long)(bench.cycles - started));
    dut.power_ready_i = 0;
  }
  return bench.finish();
}
