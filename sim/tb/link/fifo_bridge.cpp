// fifo_bridge against a model of the chip: every transfer once and in order in both directions, the bus never driven by both, neither side kept
// waiting for ever, and bursts that fill the bus.
#include <deque>
#include "Vfifo_bridge.h"
#include "tb.hpp"

constexpr uint32_t kMask = PARAMETER_Bytes == 4 ? ~0u : 0xffu;
constexpr unsigned kEnables = PARAMETER_Bytes == 4 ? 15 : 1;

int main(int argc, char** argv) {
  tb::Bench<Vfifo_bridge> bench(argc, argv, 20000);
  auto& dut = *bench.dut;
  struct Transfer { uint32_t data; unsigned enables; };
  std::deque<Transfer> from_host;
  uint64_t received = 0, sent = 0;
  bool chip_drove = false;
  dut.rxf_n_i = dut.txe_n_i = 1;
  dut.tx_valid_i = dut.rx_ready_i = 0;
  bench.reset();
  auto word = [&] { return uint32_t(bench.random.next()) & kMask; };
  /* rx, tx: percent of cycles in which the chip has a transfer and takes one; more: percent in which the link has one; taken: in which it takes one. */
  auto run = [&](unsigned rx, unsigned tx, unsigned more, unsigned taken, uint64_t cycles) {
    for (uint64_t i = 0; i < cycles; ++i) {
      while (from_host.size() < 4) from_host.push_back({word(), kEnables >> bench.random.below(PARAMETER_Bytes)});
      dut.rx_ready_i = bench.random.chance(taken);
      if (!dut.tx_valid_i && bench.random.chance(more)) { dut.tx_valid_i = 1; dut.tx_data_i = word(); }
      bench.settle();
      bool oe_n = dut.oe_n_o, rd_n = dut.rd_n_o, wr_n = dut.wr_n_o;
      /* The chip's pins come late in the cycle: nothing may follow them to a pin. */
      dut.rxf_n_i = !bench.random.chance(rx);
      dut.txe_n_i = !bench.random.chance(tx);
      dut.data_i = dut.oe_n_o ? word() : from_host.front().data;
      dut.be_i = dut.oe_n_o ? bench.random.next() & kEnables : from_host.front().enables;
      bench.settle();
      bench.check(oe_n == dut.oe_n_o && rd_n == dut.rd_n_o && wr_n == dut.wr_n_o, "a pin follows a pin within a cycle");
      bench.check(!(dut.data_oe_o && !dut.oe_n_o), "both sides drive the bus");
      bench.check(!(dut.data_oe_o && chip_drove), "the bus is driven in the cycle after the chip");
      bench.check(dut.rd_n_o || (!dut.oe_n_o && chip_drove), "a read before the bus was turned over");
      bench.check(dut.wr_n_o || (dut.data_oe_o && dut.be_o == kEnables), "a write without data");
      chip_drove = !dut.oe_n_o;
      bool reads = !dut.rd_n_o && !dut.rxf_n_i, writes = !dut.wr_n_o && !dut.txe_n_i;
      bench.check(dut.rx_valid_o == reads && (!reads || (dut.rx_ready_i && dut.rx_data_o == from_host.front().data && dut.rx_be_o == from_host.front().enables)),
                  "a transfer is lost or invented on its way in");
      bench.check((dut.tx_valid_i && dut.tx_ready_o) == writes && (!writes || dut.data_o == dut.tx_data_i), "a transfer is lost or invented on its way out");
      if (reads) { from_host.pop_front(); ++received; }
      bench.tick();
      if (writes) { dut.tx_valid_i = 0; ++sent; }
    }
  };
  /* Shares of the cycles, at least; a burst may straddle the end of the measurement. */
  auto expect = [&](unsigned rx, unsigned tx, unsigned more, unsigned taken, double received_min, double sent_min, const char* what) {
    uint64_t r = received, s = sent;
    run(rx, tx, more, taken, bench.count);
    double in = double(received - r) / double(bench.count), out = double(sent - s) / double(bench.count);
    bench.check(in >= received_min && out >= sent_min, "%s: %.3f of the cycles in, %.3f out", what, in, out);
  };
  expect(100, 100, 0, 100, 0.99, 0, "only in");
  expect(0, 100, 100, 100, 0, 0.99, "only out");
  expect(100, 100, 100, 100, 0.45, 0.45, "both ways");
  expect(50, 50, 50, 50, 0.02, 0.05, "pauses on all sides");
  expect(100, 0, 100, 100, 0.9, 0, "a chip that takes nothing");
  expect(100, 100, 100, 0, 0, 0.45, "a link that takes nothing");
  return bench.finish();
}
