// link_top over its real pins, with a core clock of any ratio: the data's part of what the pins can carry on a clean link; then every fault a path can
// have, in the bytes and on the pins: bits flipped, bytes lost, blocks repeated, exchanged, delayed and invented, the path cut in the middle of a chunk,
// the reset pin, with either clock at rest.
#include <string>
#include "Vlink_top.h"
#include "../../cosim/peers.hpp"
#include "harness.hpp"

using namespace link_host;

constexpr bool kUart = PARAMETER_Front == 0;
constexpr unsigned kBytes = PARAMETER_Front == 2 ? 4 : 1;
#ifndef PARAMETER_ClocksPerBit
#define PARAMETER_ClocksPerBit 8
#endif

/* One direction of a faulty path, in bytes. */
struct Wire {
  enum Fault { kFlip, kLose, kRepeat, kExchange, kDelay, kInvent, kFaults };
  std::deque<uint8_t> out;
  uint64_t struck[kFaults] = {};

  void feed(uint8_t byte, tb::Random& random, unsigned per_million) {
    if (per_million && random.below(1'000'000) < per_million) begin(Fault(random.below(kFaults)), byte, random);
    if (lose_) { --lose_; return; }
    if (hold_) { --hold_; held_.push_back(byte); return; }
    past_.push_back(byte);
    if (past_.size() > 64) past_.pop_front();
    out.push_back(byte);
    if (!held_.empty() && (behind_ == 0 || --behind_ == 0)) {
      out.insert(out.end(), held_.begin(), held_.end());
      held_.clear();
    }
  }
  bool delayed(uint64_t now) { if (delay_) { delayed_until_ = now + delay_; delay_ = 0; } return now < delayed_until_; }
  void clear() { out.clear(); held_.clear(); past_.clear(); lose_ = hold_ = 0; }

 private:
  void begin(Fault fault, uint8_t& byte, tb::Random& random) {
    ++struck[fault];
    uint64_t n = 1 + random.below(64);
    switch (fault) {
      case kFlip: byte ^= uint8_t(1u << random.below(8)); break;
      case kLose: lose_ = n; break;
      case kRepeat: for (uint64_t i = past_.size() - std::min<uint64_t>(n, past_.size()), end = past_.size(); i < end; ++i) out.push_back(past_[i]); break;
      case kExchange: hold_ = n; behind_ = 1 + random.below(64); break;
      case kDelay: delay_ = 1 + random.below(60'000); break;
      default: while (n-- > 0) out.push_back(uint8_t(random.next())); break;
    }
  }
  std::deque<uint8_t> held_, past_;
  uint64_t lose_ = 0, hold_ = 0, behind_ = 0, delay_ = 0, delayed_until_ = 0;
};

struct Pins : Harness<Vlink_top> {
  cosim::UartPeer uart{PARAMETER_ClocksPerBit};
  cosim::ChipPeer chip{kBytes};
  cosim::Peer& peer = kUart ? static_cast<cosim::Peer&>(uart) : chip;
  cosim::LinkPins pins;
  Wire in, out;
  unsigned byte_faults = 0, pin_faults = 0;  /* per million bytes, and per million cycles */
  uint64_t link_cycles = 0, pins_struck = 0, cuts = 0, cut_left = 0;
  uint64_t link_at = 0, core_at = 0, core_period;
  bool link_runs = true, core_runs = true;

  Pins(tb::Bench<Vlink_top>& b, uint64_t period) : Harness(b, PARAMETER_PayloadBytesMax), core_period(period) {
    dut.link_clk_i = dut.core_clk_i = 0;
    dut.uart_rx_i = dut.fifo_rxf_n_i = dut.fifo_txe_n_i = dut.rst_ni = 1;
    bench.settle();
  }

  /* One cycle of the link's clock, and those of the core's that begin before the next. */
  void cycle() override {
    move_bytes();
    ++link_cycles;
    link_at += 1000;
    if (link_runs) link_edge();
    for (; core_at < link_at; core_at += core_period) {
      if (!core_runs) continue;
      drive_buses();
      bench.settle();
      look_at_buses();
      bench.rise(dut.core_clk_i);
      after_edge();
    }
  }

  void move_bytes() {
    uint8_t byte;
    if (cut_left) {
      /* Whatever is on its way is gone, and whatever is sent meanwhile. */
      --cut_left;
      host.next(bench.cycles, byte);
      in.clear(); out.clear();
      peer.to_card.clear(); peer.from_card.clear();
      chip.unplugged = cut_left != 0;
      return;
    }
    while (in.out.size() < 16 && host.next(bench.cycles, byte)) in.feed(byte, bench.random, byte_faults);
    if (!in.delayed(bench.cycles)) while (peer.to_card.size() < 16 && !in.out.empty()) { peer.to_card.push_back(in.out.front()); in.out.pop_front(); }
    for (; !peer.from_card.empty(); peer.from_card.pop_front()) out.feed(peer.from_card.front(), bench.random, byte_faults);
    if (!out.delayed(bench.cycles)) for (; !out.out.empty(); out.out.pop_front()) host.take(bench.cycles, out.out.front());
  }

  void link_edge() {
    peer.edge(pins);
    bool strikes = pin_faults && bench.random.below(1'000'000) < pin_faults && ++pins_struck;
    dut.uart_rx_i = pins.uart_rx ^ (strikes && kUart);
    dut.fifo_rxf_n_i = pins.fifo_rxf_n;
    dut.fifo_txe_n_i = pins.fifo_txe_n;
    dut.fifo_data_i = pins.fifo_oe_n ? uint32_t(bench.random.next()) : pins.fifo_in ^ (strikes ? 1u << bench.random.below(8 * kBytes) : 0);
    dut.fifo_be_i = pins.fifo_in_be >> (strikes ? bench.random.below(kBytes) : 0);
    bench.rise(dut.link_clk_i);
    pins.uart_tx = dut.uart_tx_o ^ (pin_faults && kUart && bench.random.below(1'000'000) < pin_faults);
    pins.fifo_out = dut.fifo_data_o;
    pins.fifo_out_be = dut.fifo_be_o;
    pins.fifo_data_oe = dut.fifo_data_oe_o;
    pins.fifo_oe_n = dut.fifo_oe_n_o;
    pins.fifo_rd_n = dut.fifo_rd_n_o;
    pins.fifo_wr_n = dut.fifo_wr_n_o;
    bench.check(pins.fifo_wr_n || pins.fifo_data_oe, "a write without data");
  }

  void pull_reset(bool link_clock, bool core_clock, uint64_t cycles) {
    dut.rst_ni = 0;
    bench.settle();  /* however short, and without a clock */
    link_runs = link_clock;
    core_runs = core_clock;
    for (uint64_t i = 0; i < cycles; ++i) cycle();
    dut.rst_ni = 1;
    for (uint64_t i = bench.random.below(4); i-- > 0;) cycle();
    link_runs = core_runs = true;
    memory.reset();
    registers.clear();
  }
};

int main(int argc, char** argv) {
  tb::Bench<Vlink_top> bench(argc, argv, 4, 2'000'000'000);
  Pins h(bench, bench.number("core_period", 1000));
  h.memory.latency = 60;
  if (kUart) h.long_bytes = 1 << 14;
  /* A window's frames on the wire, and as long again; in edges of either clock. */
  h.host.patience = (kUart ? 10 * PARAMETER_ClocksPerBit : 4) * (uint64_t{PARAMETER_PayloadBytesMax} + 32) * 10 + 20'000;
  h.deadline_cycles = 400 * h.host.patience;
  h.pull_reset(true, true, 10);
  unsigned number = 0;

  for (uint64_t i = 0; i < bench.count; ++i) h.batch(number++, "clean");
  std::string shares;
  if (h.kPiece >= 320) {
    /* Of a UART, the data bits that its framing leaves: 8 of 10. Of a FIFO, every cycle of its bus. */
    double capacity = kUart ? 1.0 / (10 * PARAMETER_ClocksPerBit) : kBytes;
    uint64_t began = h.link_cycles;
    double in = double(h.long_write()) / double(h.link_cycles - began) / capacity;
    began = h.link_cycles;
    double out = double(h.long_read()) / double(h.link_cycles - began) / capacity;
    bench.check(in >= 0.9 && out >= 0.9, "the data took %.3f of the pins' cycles to the device, %.3f to the host", in, out);
    shares = "data " + std::to_string(in).substr(0, 5) + " of the pins' " + (kUart ? "data bits" : "cycles") + " to the device, " + std::to_string(out).substr(0, 5) + " to the host; ";
  }
  bench.check(h.host.sessions == 1 && h.host.polls == 0 && h.host.naks == 0, "%llu sessions, %llu polls, %llu naks on a clean link",
              (unsigned long long)h.host.sessions, (unsigned long long)h.host.polls, (unsigned long long)h.host.naks);

  /* The chip holds the device up. */
  h.chip.room = 8;
  h.batch(number++, "a full chip");
  h.chip.room = ~std::size_t{0};

  for (unsigned rate : {100u, 1000u}) {
    h.byte_faults = rate;
    for (uint64_t i = 0; i < 2 * bench.count; ++i) h.batch(number++, "faulty bytes");
  }
  h.byte_faults = 0;
  h.pin_faults = kUart ? 100 : 1000 * kBytes;
  for (uint64_t i = 0; i < bench.count; ++i) h.batch(number++, "faulty pins");
  h.pin_faults = 0;
  bench.check(h.pins_struck > 2, "only %llu faults on the pins", (unsigned long long)h.pins_struck);

  /* Cut while chunks are on their way both ways. */
  for (uint64_t i = 0; i < 4 * bench.count; ++i) {
    h.host.requests.push_back(h.words(4, {0, 0, 4096, 0}));
    for (uint64_t c = bench.random.below(8000); c-- > 0;) h.cycle();
    h.host.requests.clear();
    h.cut_left = 1 + bench.random.below(20'000);
    ++h.cuts;
    if (bench.random.chance(50)) h.host.begin();
    else while (h.cut_left) h.cycle();
    if (h.host.open) h.host.begin();
    h.host.answers.clear();
    h.batch(number++, "after a cut");
  }

  /* The reset pin, in the middle of anything, for any time, with either clock at rest. */
  for (uint64_t i = 0; i < 4 * bench.count; ++i) {
    uint32_t generation = h.host.generation;
    h.host.requests.push_back(h.words(4, {0, 0, 4096, 0}));
    for (uint64_t c = bench.random.below(8000); c-- > 0;) h.cycle();
    h.host.requests.clear();
    h.pull_reset(i % 4 != 1, i % 4 != 2, 1 + bench.random.below(20));
    h.host.begin();
    h.host.answers.clear();
    h.batch(number++, "after a reset");
    bench.check(h.host.generation != generation, "the reset went unnoticed");
  }

  /* Nothing is left to do: the clocks may stop. */
  h.host.waits = false;
  for (unsigned i = 0; i < 64 + 20 * PARAMETER_ClocksPerBit; ++i) h.cycle();
  for (unsigned i = 0; i < 64; ++i) { h.cycle(); bench.check(!h.dut.active_o, "active with nothing to do"); }

  uint64_t faults = 0;
  for (unsigned f = 0; f < Wire::kFaults; ++f) faults += h.in.struck[f] + h.out.struck[f];
  bench.check(faults > 4, "only %llu faults", (unsigned long long)faults);
  return bench.finish(shares + "byte faults " + std::to_string(faults) + ", pin faults " + std::to_string(h.pins_struck) + ", cuts " + std::to_string(h.cuts)
                      + ", polls " + std::to_string(h.host.polls) + ", naks " + std::to_string(h.host.naks));
}
