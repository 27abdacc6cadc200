// async_fifo under clocks of any ratio and phase: order and content kept under stalls on both sides, never a word too many or a place too few, and a
// word a cycle of the slower clock when nobody holds it up.
#include <deque>
#include "Vasync_fifo.h"
#include "tb.hpp"

int main(int argc, char** argv) {
  tb::Bench<Vasync_fifo> bench(argc, argv, 3000);
  auto& dut = *bench.dut;
  constexpr std::size_t kDepth = std::size_t{1} << PARAMETER_DepthLog2;
  constexpr uint64_t kMask = (uint64_t{1} << PARAMETER_Width) - 1;
  dut.write_clk_i = dut.read_clk_i = 0;
  std::deque<uint64_t> model;
  double write_at = 0, read_at = 0, write_period = 1, read_period = 1;
  bool read_ready = false;
  uint64_t sent = 0, received = 0, write_cycles = 0, read_cycles = 0, full = 0;

  auto write_edge = [&](unsigned percent, bool released) {
    dut.write_rst_ni = released;
    if (!dut.write_valid_i || !released) { dut.write_valid_i = released && bench.random.chance(percent); dut.write_data_i = bench.random.next() & kMask; }
    bench.settle();
    bool push = dut.write_valid_i && dut.write_ready_o;
    full += dut.write_valid_i && !push;
    if (push) { bench.check(model.size() < kDepth, "takes a word with %zu inside", model.size()); model.push_back(dut.write_data_i); ++sent; }
    bench.rise(dut.write_clk_i);
    if (push) dut.write_valid_i = 0;
    ++write_cycles;
  };
  auto read_edge = [&](unsigned percent, bool released) {
    dut.read_rst_ni = released;
    read_ready = released && bench.random.chance(percent);
    dut.read_ready_i = read_ready;
    bench.settle();
    if (released && dut.read_valid_o) {
      bench.check(!model.empty() && dut.read_data_o == model.front(), "shows a word that was not written");
      if (read_ready) { model.pop_front(); ++received; }
    }
    bench.rise(dut.read_clk_i);
    ++read_cycles;
  };
  auto run = [&](unsigned writes, unsigned reads, uint64_t words) {
    uint64_t last = received + words, deadline = bench.cycles + 400 * words;
    while (received < last) {
      bench.check(bench.cycles < deadline, "hangs with %zu words inside", model.size());
      if (write_at <= read_at) { write_edge(writes, true); write_at += write_period; }
      else { read_edge(reads, true); read_at += read_period; }
    }
  };
  /* Each side in reset for an edge at least, one of them longer, whatever was inside. */
  auto reset = [&] {
    for (uint64_t i = 1 + bench.random.below(4); i-- > 0;) write_edge(0, false);
    for (uint64_t i = 1 + bench.random.below(4); i-- > 0;) read_edge(0, false);
    model.clear();
    for (uint64_t i = bench.random.below(10); i-- > 0;) if (bench.random.chance(50)) write_edge(50, true);
  };

  dut.write_valid_i = dut.read_ready_i = 0;
  for (double ratio : {1.0, 0.37, 2.71, 0.05, 17.3, 1.0000001}) {
    write_period = 1;
    read_period = ratio;
    read_at = write_at + double(bench.random.below(1000)) / 1000;
    reset();
    run(100, 100, 20);
    uint64_t words = received, slow_began = ratio < 1 ? write_cycles : read_cycles;
    run(100, 100, bench.count);
    double share = double(received - words) / double((ratio < 1 ? write_cycles : read_cycles) - slow_began);
    if (PARAMETER_DepthLog2 >= 3) bench.check(share > 0.99, "%.3f words a cycle of the slower clock at a ratio of %.2f", share, ratio);
    run(30, 100, bench.count / 4);
    run(100, 30, bench.count / 4);
    run(50, 50, bench.count / 4);
  }
  bench.check(full > bench.count / 8, "full only %llu times", (unsigned long long)full);
  return bench.finish();
}
