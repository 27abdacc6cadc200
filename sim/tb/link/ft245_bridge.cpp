// ft245_bridge against a model of the chip: every byte once and in order in both directions, the bus never driven by both, neither side kept waiting
// for ever,
// and bursts that fill the bus.
#include <deque>
#include "Vft245_bridge.h"
#include "tb.hpp"

int main(int argc, char** argv) {
  tb::Bench<Vft245_bridge> bench(argc, argv, 20000);
  auto& dut = *bench.dut;
  std::deque<uint8_t> from_host, to_host, sending;
  uint64_t received = 0, sent = 0;
  bool chip_drove = false;
  dut.rxf_n_i = dut.txe_n_i = 1;
  dut.tx_valid_i = 0;
  bench.reset();
  /* busy: percent of cycles in which the chip can take and has bytes; more: percent in which the link has a byte. */
  auto run = [&](unsigned rx, unsigned tx, unsigned more, uint64_t cycles) {
    for (uint64_t i = 0; i < cycles; ++i) {
      while (from_host.size() < 4) from_host.push_back(uint8_t(bench.random.next()));
      dut.rxf_n_i = !bench.random.chance(rx);
      dut.txe_n_i = !bench.random.chance(tx);
      if (!dut.tx_valid_i && bench.random.chance(more)) { dut.tx_valid_i = 1; dut.tx_byte_i = uint8_t(bench.random.next()); }
      /* The chip drives the bus while its outputs are enabled. */
      bench.settle();
      dut.data_i = dut.oe_n_o ? uint8_t(bench.random.next()) : from_host.front();
      bench.settle();
      bench.check(!(dut.data_oe_o && !dut.oe_n_o), "both sides drive the bus");
      bench.check(!(dut.data_oe_o && chip_drove), "the bus is driven in the cycle after the chip");
      bench.check(dut.rd_n_o || (!dut.oe_n_o && chip_drove), "a read before the bus was turned over");
      bench.check(dut.wr_n_o || dut.data_oe_o, "a write without data");
      chip_drove = !dut.oe_n_o;
      bool reads = !dut.rd_n_o && !dut.rxf_n_i, writes = !dut.wr_n_o && !dut.txe_n_i;
      bench.check(dut.rx_valid_o == reads && (!reads || dut.rx_byte_o == from_host.front()), "a byte is lost or invented on its way in");
      bench.check((dut.tx_valid_i && dut.tx_ready_o) == writes && (!writes || dut.data_o == dut.tx_byte_i), "a byte is lost or invented on its way out");
      if (reads) { from_host.pop_front(); ++received; }
      bench.tick();
      if (writes) { dut.tx_valid_i = 0; ++sent; }
    }
  };
  /* Shares of the cycles, at least; a burst may straddle the end of the measurement. */
  auto expect = [&](unsigned rx, unsigned tx, unsigned more, double received_min, double sent_min, const char* what) {
    uint64_t r = received, s = sent;
    run(rx, tx, more, bench.count);
    double in = double(received - r) / double(bench.count), out = double(sent - s) / double(bench.count);
    bench.check(in >= received_min && out >= sent_min, "%s: %.3f of the cycles in, %.3f out", what, in, out);
  };
  expect(100, 100, 0, 0.99, 0, "only in");
  expect(0, 100, 100, 0, 0.99, "only out");
  expect(100, 100, 100, 0.45, 0.45, "both ways");
  expect(50, 50, 50, 0.05, 0.05, "pauses on all sides");
  expect(100, 0, 100, 0.9, 0, "a chip that takes nothing");
  return bench.finish();
}
