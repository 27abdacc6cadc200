// link_endpoint under a host that speaks the protocol: every request carried out once and in order, answers right, memory and registers as they
// should be, while
// bytes are flipped, lost, repeated and invented in both directions, sessions are given up, and the link is reset. On a clean link of a byte a cycle the
// data takes nine tenths of the cycles, both ways.
#include "Vlink_endpoint.h"
#include "harness.hpp"

using namespace link_host;

struct Endpoint : Harness<Vlink_endpoint> {
  unsigned bytes_at_once = 1, fault_per_million = 0, zeros = 0, zeros_max = 0;
  bool swallows = false;  /* what goes to the host is lost */
  uint64_t faults = 0;

  explicit Endpoint(tb::Bench<Vlink_endpoint>& b) : Harness(b, PARAMETER_PayloadBytesMax) { dut.rx_count_i = dut.tx_ready_i = 0; }

  bool fault() { return fault_per_million && bench.random.below(1'000'000) < fault_per_million && ++faults; }

  void cycle() override {
    unsigned count = 0;
    uint8_t bytes[4] = {};
    for (unsigned wanted = bench.random.chance(stall) ? 0 : fault_per_million ? 1 + unsigned(bench.random.below(4)) : bytes_at_once; count < wanted; ++count) {
      uint8_t& byte = bytes[count];
      bool lost = false, is_there = true;
      if (fault()) switch (bench.random.below(3)) {
        case 0: lost = host.next(bench.cycles, byte); break;
        case 1: byte = uint8_t(bench.random.next()); break;
        default: is_there = host.next(bench.cycles, byte); byte ^= uint8_t(1 << bench.random.below(8)); break;
      } else is_there = host.next(bench.cycles, byte);
      if (lost || !is_there) break;
    }
    dut.rx_count_i = count;
    dut.rx_bytes_i = uint32_t(bench.random.next());
    std::memcpy(&dut.rx_bytes_i, bytes, count);
    dut.tx_ready_i = !bench.random.chance(stall);
    drive_buses();
    bench.settle();
    if (dut.tx_valid_o && dut.tx_ready_i) {
      for (unsigned i = 0; i < 4; ++i) {
        uint8_t back = uint8_t(dut.tx_word_o >> (8 * i));
        zeros = back == 0 ? zeros + 1 : 0;
        if (zeros > zeros_max) zeros_max = zeros;
        if (swallows) {}
        else if (fault()) switch (bench.random.below(3)) {
          case 0: break;
          case 1: host.take(bench.cycles, uint8_t(bench.random.next())); host.take(bench.cycles, back); break;
          default: host.take(bench.cycles, back ^ uint8_t(1 << bench.random.below(8))); break;
        } else host.take(bench.cycles, back);
      }
    }
    look_at_buses();
    bench.tick();
    after_edge();
  }
};

int main(int argc, char** argv) {
  tb::Bench<Vlink_endpoint> bench(argc, argv, 10, 400'000'000);
  auto& dut = *bench.dut;
  Endpoint h(bench);
  h.memory.latency = 60;
  bench.reset();
  unsigned number = 0;
  std::string shares;

  for (uint64_t i = 0; i < bench.count; ++i) h.batch(number++, "clean");
  bench.check(h.host.sessions == 1 && h.host.polls == 0 && h.host.naks == 0, "%llu sessions, %llu polls, %llu naks on a clean link",
              (unsigned long long)h.host.sessions, (unsigned long long)h.host.polls, (unsigned long long)h.host.naks);
  bench.check(h.host.window == 1u << PARAMETER_WindowLog2 && h.host.payload_max == PARAMETER_PayloadBytesMax, "announced %u frames of %u bytes", h.host.window, h.host.payload_max);

  /* Bytes of data a cycle, with one byte and with four coming at once; four at once always may leave. */
  if (h.kPiece >= 320) {
    for (unsigned at_once : {1u, 4u}) {
      h.bytes_at_once = at_once;
      uint64_t began = bench.cycles;
      double in = double(h.long_write()) / double(bench.cycles - began);
      began = bench.cycles;
      double out = double(h.long_read()) / double(bench.cycles - began);
      bench.check(in >= (at_once == 1 ? 0.9 : 2.4) && out >= 2.4, "%.3f bytes of data a cycle to the device, %.3f to the host", in, out);
      shares += std::to_string(in).substr(0, 5) + " bytes of data a cycle to the device, " + std::to_string(out).substr(0, 5) + " to the host; ";
    }
    h.bytes_at_once = 1;
  }

  h.stall = 30;
  h.memory.stall_percent = 30;
  for (uint64_t i = 0; i < bench.count; ++i) h.batch(number++, "stalls");
  for (unsigned rate : {100u, 1000u}) {
    h.fault_per_million = rate;
    h.stall = rate == 100 ? 0 : 30;
    for (uint64_t i = 0; i < bench.count; ++i) h.batch(number++, "faults");
  }
  h.fault_per_million = 0;
  bench.check(h.faults > 20, "only %llu faults", (unsigned long long)h.faults);

  /* The last answers of a burst are lost, and nothing comes behind them: the poll brings them again, behind a gap. */
  h.stall = 0;
  for (uint64_t i = 0; i < bench.count; ++i) {
    uint64_t polls = h.host.polls;
    h.host.requests.push_back(h.words(1, {0x1000}));
    h.host.requests.push_back(h.words(1, {0x1000}));
    h.swallows = true;
    for (unsigned c = 0; c < 400; ++c) h.cycle();
    h.swallows = false;
    h.zeros_max = 0;
    for (unsigned c = 0; h.host.answers.size() < 2; ++c) { bench.check(c < 100000, "lost answers never come again"); h.cycle(); }
    bench.check(h.host.polls > polls && h.zeros_max >= 20, "%llu polls, a gap of %u bytes", (unsigned long long)(h.host.polls - polls), h.zeros_max);
    h.host.answers.clear();
  }

  /* The memory refuses a write and a read: the next answer says so, and the one after it does not. */
  h.memory.write_errors_permille = h.memory.read_errors_permille = 1000;
  uint8_t zeros[64] = {};
  h.carry({{h.memory_write(0, zeros, 64, false), {}}, {h.memory_write(64, zeros, 64, true), {{3, Endpoint::status({1})}}}}, "refused writes");
  h.memory.write_errors_permille = 0;
  h.carry({{h.memory_write(0, zeros, 64, true), {{3, Endpoint::status({0})}}}, {h.memory_write(64, zeros, 64, true), {{3, Endpoint::status({0})}}}}, "writes after refused ones");
  h.model = h.memory.bytes;
  h.host.requests.push_back(h.words(4, {0, 0, 128, 0}));
  for (unsigned c = 0; h.host.answers.size() < (128 + h.kPiece - 1) / h.kPiece; ++c) { bench.check(c < 10000, "a refused read is not answered"); h.cycle(); }
  bench.check(get<uint32_t>(h.host.answers.front().payload, 0) == 1, "a refused read has status %u", get<uint32_t>(h.host.answers.front().payload, 0));
  h.memory.read_errors_permille = 0;
  h.host.answers.clear();
  h.batch(number++, "after refusals");

  /* Sessions given up in the middle: the generation stays; those with the flag reset the core, once, and the generation changes. */
  for (uint64_t i = 0; i < 4 * bench.count; ++i) {
    uint32_t generation = h.host.generation;
    uint64_t resets = h.core_resets;
    for (uint64_t c = bench.random.below(3000); c-- > 0;) {
      if (h.host.requests.empty() && c % 400 == 0) h.host.requests.push_back(h.words(4, {0, 0, 8192, 0}));
      h.cycle();
    }
    h.host.requests.clear();
    h.host.resets = i % 2;
    h.host.begin();
    for (uint64_t c = 0; !h.host.open; ++c) { bench.check(c < 100000, "no session"); h.cycle(); }
    h.batch(number++, "a new session");
    bench.check((h.host.generation != generation) == bool(i % 2), "the generation was %x and is %x", generation, h.host.generation);
    bench.check(h.core_resets == resets + i % 2, "the core was reset %llu times", (unsigned long long)(h.core_resets - resets));
  }
  h.host.resets = false;

  /* The device is reset: frames of the old session are refused, and the host is told. */
  for (uint64_t i = 0; i < bench.count; ++i) {
    uint32_t device = h.host.device, generation = h.host.generation;
    uint64_t lost = h.host.lost;
    h.host.requests.push_back(h.words(1, {0x100}));
    for (uint64_t c = bench.random.below(100); c-- > 0;) h.cycle();
    dut.rst_ni = 0;
    for (int c = 0; c < 4; ++c) { dut.rx_count_i = 0; h.memory.ar = {}; h.memory.aw = {}; h.memory.w = {}; bench.tick(); }
    dut.rst_ni = 1;
    h.memory.reset();
    h.registers.clear();
    h.host.answers.clear();
    h.batch(number++, "after a reset");
    bench.check(h.host.device != device && h.host.generation != generation && h.host.lost == lost + 1, "the reset went unnoticed");
  }
  return bench.finish(shares + "polls " + std::to_string(h.host.polls) + ", naks " + std::to_string(h.host.naks) + ", faults " + std::to_string(h.faults));
}
