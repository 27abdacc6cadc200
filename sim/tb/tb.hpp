// What every testbench shares: arguments, a seeded generator that prints its seed, stalls, checks that count, a deadline.
//
//   int main(int argc, char** argv) {
//     tb::Bench<Vfifo> bench(argc, argv);
//     bench.reset();
//     ...
//     return bench.finish();
//   }
//
// Arguments: +seed=N, +count=N (how many random cases), +trace=FILE (FST, in traced builds), +coverage=FILE (in coverage builds).
#pragma once
#include <verilated.h>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <string>
#if VM_TRACE
#include <verilated_fst_c.h>
#endif
#if VM_COVERAGE
#include <verilated_cov.h>
#endif
#include "reference.hpp"

namespace tb {

/* xorshift64*: same numbers on every machine for a seed. */
class Random {
 public:
  explicit Random(uint64_t seed) : state_(seed * 0x9e3779b97f4a7c15ull + 0x2545f4914f6cdd1dull) {}
  uint64_t next() {
    state_ ^= state_ >> 12; state_ ^= state_ << 25; state_ ^= state_ >> 27;
    return state_ * 0x2545f4914f6cdd1dull;
  }
  uint64_t below(uint64_t bound) { return next() % bound; }
  bool chance(unsigned percent) { return below(100) < percent; }
  ref::U256 element(const ref::Modulus& m) {
    for (;;) {
      ref::U256 value = ref::shift_right(ref::U256{next(), next(), next(), next()}, 256 - m.width);
      if (ref::compare(value, m.p) < 0) return value;
    }
  }
  /* Like element, but every fourth is a corner: 0, 1, p-1, p-2, (p-1)/2. */
  ref::U256 corner_or_element(const ref::Modulus& m) {
    if (below(4) != 0) return element(m);
    ref::U256 value;
    switch (below(5)) {
      case 0: return ref::U256{};
      case 1: return ref::U256{1};
      case 2: ref::sub_borrow(value, m.p, ref::U256{1}); return value;
      case 3: ref::sub_borrow(value, m.p, ref::U256{2}); return value;
      default: return ref::shift_right(m.p, 1);
    }
  }
 private:
  uint64_t state_;
};

/* Copies between 256-bit integers and Verilator's wide signals (VlWide, or a scalar type when the signal has at most 64 bits). */
template <std::size_t Words> void set(VlWide<Words>& signal, const ref::U256& value) {
  for (std::size_t i = 0; i < Words; ++i) signal[i] = i < 8 ? uint32_t(value.limb[i / 2] >> (32 * (i % 2))) : 0;
}
template <class T> requires std::is_integral_v<T> void set(T& signal, const ref::U256& value) { signal = T(value.limb[0]); }
template <std::size_t Words> ref::U256 get(const VlWide<Words>& signal) {
  ref::U256 value;
  for (std::size_t i = 0; i < Words && i < 8; ++i) value.limb[i / 2] |= uint64_t{signal[i]} << (32 * (i % 2));
  return value;
}
template <class T> requires std::is_integral_v<T> ref::U256 get(const T& signal) { return ref::U256{uint64_t(signal)}; }

template <class Model> class Bench {
 public:
  uint64_t seed = 1;
  uint64_t count = 0;
  Random random{1};
  std::unique_ptr<VerilatedContext> context = std::make_unique<VerilatedContext>();
  std::unique_ptr<Model> dut;
  uint64_t cycles = 0;
  uint64_t checks = 0;

  /* count_default: random cases without +count. cycles_max: the run fails when it takes more. */
  Bench(int argc, char** argv, uint64_t count_default = 1000, uint64_t cycles_max = 100'000'000)
      : count(count_default), name_(argv[0]), cycles_max_(cycles_max) {
    context->commandArgs(argc, argv);
    seed = number("seed", 1);
    count = number("count", count_default);
    random = Random(seed);
    /* Whatever reset does not set starts as noise, as it may in hardware. */
    context->randReset(2);
    context->randSeed(int(seed & 0x7fffffff) | 1);
    const char* slash = std::strrchr(argv[0], '/');
    if (slash) name_ = slash + 1;
#if VM_TRACE
    context->traceEverOn(true);
#endif
    dut = std::make_unique<Model>(context.get());
#if VM_TRACE
    if (std::string file = text("trace"); !file.empty()) { trace_ = std::make_unique<VerilatedFstC>(); dut->trace(trace_.get(), 99); trace_->open(file.c_str()); }
#endif
    if constexpr (requires { dut->clk_i; }) dut->clk_i = 0;
  }

  uint64_t number(const char* key, uint64_t otherwise) {
    std::string value = text(key);
    return value.empty() ? otherwise : std::strtoull(value.c_str(), nullptr, 0);
  }
  std::string text(const char* key) {
    std::string match = context->commandArgsPlusMatch((std::string(key) + "=").c_str());
    return match.empty() ? match : match.substr(std::strlen(key) + 2);
  }

  /* Settles combinational outputs after the inputs have been driven, before the edge. */
  void settle() { dut->eval(); }
  /* One rising edge. Drive inputs, settle(), look at ready/valid, then tick(). */
  void tick() { rise(dut->clk_i); }
  /* One rising edge of one of several clocks. */
  void rise(CData& clock) {
    dut->eval();
    dump();
    clock = 1;
    context->timeInc(1);
    dut->eval();
    dump();
    clock = 0;
    context->timeInc(1);
    if (++cycles > cycles_max_) fail("ran into its deadline of %llu cycles", (unsigned long long)cycles_max_);
  }
  void reset(unsigned length = 4) {
    dut->rst_ni = 0;
    for (unsigned i = 0; i < length; ++i) tick();
    dut->rst_ni = 1;
  }

  template <class... Args> void check(bool holds, const char* format, Args... args) {
    ++checks;
    if (!holds) fail(format, args...);
  }
  void check_equal(const ref::U256& actual, const ref::U256& expected, const char* what) {
    ++checks;
    if (!(actual == expected)) fail("%s: got %s, expected %s", what, ref::hex(actual).c_str(), ref::hex(expected).c_str());
  }
  template <class... Args> [[noreturn]] void fail(const char* format, Args... args) {
    std::printf("FAIL %s seed %llu cycle %llu: ", name_.c_str(), (unsigned long long)seed, (unsigned long long)cycles);
    if constexpr (sizeof...(Args) == 0) std::fputs(format, stdout); else std::printf(format, args...);
    std::printf("\n");
    close();
    std::exit(1);
  }
  /* Prints the verdict and what was done; a bench that checked nothing has failed. */
  int finish(const std::string& summary = "") {
    if (checks == 0) fail("it checked nothing");
    dut->final();
    close();
    std::printf("PASS %s seed %llu: %s%s%llu checks, %llu cycles\n", name_.c_str(), (unsigned long long)seed, summary.c_str(), summary.empty() ? "" : "; ",
                (unsigned long long)checks, (unsigned long long)cycles);
    return 0;
  }

 private:
  std::string name_;
  uint64_t cycles_max_;
#if VM_TRACE
  std::unique_ptr<VerilatedFstC> trace_;
  void dump() { if (trace_) trace_->dump(context->time()); }
#else
  void dump() {}
#endif
  void close() {
#if VM_TRACE
    if (trace_) trace_->close();
#endif
#if VM_COVERAGE
    if (std::string file = text("coverage"); !file.empty()) context->coveragep()->write(file.c_str());
#endif
  }
};

}  // namespace tb
