// karatsuba_multiplier: exact products at the exported latency. All pairs up to 10 bits; above, random pairs and operands of few long
// runs of ones, whose carries travel furthest.
#include <deque>
#include "Vkaratsuba_bench.h"
#include "tb.hpp"

namespace {
struct Wide { uint32_t word[16]; };

Wide multiply(const ref::U256& a, const ref::U256& b) {
  Wide out{};
  for (int i = 0; i < 8; ++i) {
    uint64_t carry = 0;
    for (int j = 0; j < 8; ++j) {
      carry += uint64_t{uint32_t(a.limb[i / 2] >> (32 * (i % 2)))} * uint32_t(b.limb[j / 2] >> (32 * (j % 2))) + out.word[i + j];
      out.word[i + j] = uint32_t(carry);
      carry >>= 32;
    }
    out.word[i + 8] = uint32_t(carry);
  }
  return out;
}
template <std::size_t Words> uint32_t word_of(const VlWide<Words>& signal, unsigned i) { return i < Words ? signal[i] : 0; }
template <class T> requires std::is_integral_v<T> uint32_t word_of(const T& signal, unsigned i) {
  return i < 2 ? uint32_t(uint64_t{signal} >> (32 * i)) : 0;
}

ref::U256 operand(tb::Random& random, unsigned width) {
  ref::U256 value{random.next(), random.next(), random.next(), random.next()};
  if (random.chance(50)) {
    value = {};
    for (unsigned i = 0, run = 0, bit = unsigned(random.below(2)); i < width; ++i, --run) {
      if (run == 0) { run = 1 + unsigned(random.below(width)); bit ^= 1; }
      value.limb[i / 64] |= uint64_t{bit} << (i % 64);
    }
    return value;
  }
  return ref::shift_right(value, 256 - width);
}
}  // namespace

int main(int argc, char** argv) {
  tb::Bench<Vkaratsuba_bench> bench(argc, argv, 20000);
  auto& dut = *bench.dut;
  const unsigned width = PARAMETER_Width;
  const bool exhaustive = width <= 10;
  const uint64_t total = exhaustive ? uint64_t{1} << (2 * width) : bench.count;
  std::deque<std::pair<ref::U256, ref::U256>> flying;
  bench.reset();
  const unsigned latency = dut.latency_o;
  for (uint64_t sent = 0, received = 0; received < total;) {
    std::pair<ref::U256, ref::U256> next{operand(bench.random, width), operand(bench.random, width)};
    if (exhaustive) next = {ref::U256{(sent >> width) & ((1u << width) - 1)}, ref::U256{sent & ((1u << width) - 1)}};
    tb::set(dut.a_i, next.first);
    tb::set(dut.b_i, next.second);
    dut.ce_i = !bench.random.chance(10);
    const bool moved = dut.ce_i;
    bench.tick();
    bench.settle();
    if (!moved) continue;
    ++sent;
    flying.push_back(next);
    if (flying.size() < latency) continue;
    const auto [a, b] = flying.front();
    flying.pop_front();
    const Wide expected = multiply(a, b);
    bool equal = true;
    for (unsigned i = 0; i < 16; ++i) equal = equal && word_of(dut.product_o, i) == expected.word[i];
    ++bench.checks;
    if (!equal) bench.fail("%s * %s", ref::hex(a).c_str(), ref::hex(b).c_str());
    ++received;
  }
  return bench.finish();
}
