// uart_receiver takes bytes from lines that are too fast or too slow by some percent, drops bytes without a stop bit and start bits that are too
// short;
// uart_transmitter's bytes have exact bits, without a pause between them.
#include <deque>
#include <vector>
#include "Vuart_bench.h"
#include "tb.hpp"

constexpr double kBit = PARAMETER_ClocksPerBit;

int main(int argc, char** argv) {
  tb::Bench<Vuart_bench> bench(argc, argv, 500);
  auto& dut = *bench.dut;
  dut.line_i = 1;
  dut.send_valid_i = 0;
  bench.reset();
  std::deque<uint8_t> expected;
  uint64_t received = 0;
  auto tick = [&] {
    bench.tick();
    if (!dut.valid_o) return;
    bench.check(!expected.empty() && dut.byte_o == expected.front(), "a byte %02x that was not sent", dut.byte_o);
    expected.pop_front();
    ++received;
  };
  /* The line is asynchronous: an edge falls anywhere in a cycle. */
  double time = 0;
  uint64_t now = 0;
  auto hold = [&](bool level, double cycles) {
    time += cycles;
    dut.line_i = level;
    for (; double(now) < time; ++now) tick();
  };
  auto send = [&](uint8_t byte, double bit, bool stop) {
    hold(false, bit);
    for (int i = 0; i < 8; ++i) hold((byte >> i) & 1, bit);
    hold(stop, bit);
  };
  std::vector<double> errors{0};
  if (PARAMETER_ClocksPerBit >= 8) errors = {0, 0.02, -0.02};
  for (double error : errors)
    for (uint64_t i = 0; i < bench.count; ++i) {
      uint8_t byte = uint8_t(bench.random.next());
      if (bench.random.chance(10)) {
        /* A byte whose stop bit is missing, then a rest that is long enough for any start in it to be seen as such. */
        send(byte | 0x80, kBit * (1 + error), false);
        hold(true, 12 * kBit);
      } else if (bench.random.chance(10)) {
        hold(false, kBit / 4);
        hold(true, 2 * kBit);
      } else {
        expected.push_back(byte);
        send(byte, kBit * (1 + error), true);
        if (bench.random.chance(30)) hold(true, double(bench.random.below(1000)) / 100);
      }
    }
  hold(true, 20 * kBit);
  bench.check(expected.empty() && received > bench.count / 2, "%zu bytes are missing", expected.size());

  /* The line is looked at in every cycle. */
  std::vector<uint8_t> sent;
  std::vector<bool> line;
  for (uint64_t i = 0; i < bench.count;) {
    dut.send_valid_i = i < bench.count / 2 || bench.random.chance(5);
    dut.send_byte_i = uint8_t(bench.random.next());
    bench.settle();
    if (dut.send_valid_i && dut.send_ready_o) { sent.push_back(dut.send_byte_i); ++i; }
    bench.tick();
    line.push_back(dut.line_o);
  }
  dut.send_valid_i = 0;
  for (unsigned i = 0; i < 20 * PARAMETER_ClocksPerBit; ++i) { bench.tick(); line.push_back(dut.line_o); }
  std::size_t at = 0;
  for (std::size_t i = 0; i < sent.size(); ++i) {
    std::size_t rest = 0;
    while (at < line.size() && line[at]) { ++at; ++rest; }
    bench.check(rest == 0 || i == 0 || i >= bench.count / 2, "%zu idle cycles before byte %zu", rest, i);
    unsigned frame = unsigned(sent[i]) << 1 | 1u << 9;
    for (unsigned b = 0; b < 10 * PARAMETER_ClocksPerBit; ++b, ++at)
      bench.check(at < line.size() && line[at] == ((frame >> (b / PARAMETER_ClocksPerBit)) & 1), "byte %zu, cycle %u of its bits", i, b);
  }
  return bench.finish();
}
