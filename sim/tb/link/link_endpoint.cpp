// link_endpoint under a host that speaks the protocol: every request carried out once and in order, answers right, memory and registers as they
// should be, while
// bytes are flipped, lost, repeated and invented in both directions, sessions are given up, and the link is reset. On a clean link the data takes
// nine
// tenths of the cycles, both ways.
#include <map>
#include "Vlink_endpoint.h"
#include "axi_memory.hpp"
#include "host.hpp"

using namespace link_host;
using Bench = tb::Bench<Vlink_endpoint>;
constexpr uint64_t kMemoryBytes = 1 << 16, kHalf = kMemoryBytes / 2;
constexpr unsigned kPiece = PARAMETER_PayloadBytesMax - 8;

struct Expected { uint8_t channel; Bytes payload; bool is_watch; uint64_t cycles; };

struct Harness {
  Bench& bench;
  Vlink_endpoint& dut;
  tb::AxiMemory memory;
  Host host;
  std::vector<uint8_t> model;
  std::map<uint32_t, uint32_t> registers, registers_model;
  unsigned stall = 0, fault_per_million = 0, zeros = 0, zeros_max = 0;
  bool swallows = false;  /* what goes to the host is lost */
  uint64_t faults = 0, core_resets = 0, to_device = 0, to_host = 0;
  /* AXI4-Lite, one access each way under way. */
  bool aw_held = false, w_held = false, ar_held = false, was_in_core_reset = false;
  uint32_t aw = 0, w = 0, ar = 0;
  uint32_t last_written = 0;

  explicit Harness(Bench& b) : bench(b), dut(*b.dut), memory(kMemoryBytes, b.random, "link_endpoint"), host(b.random) {
    for (auto& byte : memory.bytes) byte = uint8_t(bench.random.next());
    model = memory.bytes;
    dut.rx_valid_i = dut.tx_ready_i = 0;
    dut.m_axil_bvalid_i = dut.m_axil_rvalid_i = 0;
    dut.m_axi_rvalid_i = dut.m_axi_bvalid_i = 0;
  }

  bool fault() { return fault_per_million && bench.random.below(1'000'000) < fault_per_million && ++faults; }

  void cycle() {
    uint8_t byte = 0;
    dut.rx_valid_i = 0;
    if (!bench.random.chance(stall)) {
      if (fault()) switch (bench.random.below(3)) {
        case 0: host.next(bench.cycles, byte); break;                                                   /* lost */
        case 1: byte = uint8_t(bench.random.next()); dut.rx_valid_i = 1; break;                          /* invented */
        default: dut.rx_valid_i = host.next(bench.cycles, byte); byte ^= uint8_t(1 << bench.random.below(8)); break;
      } else dut.rx_valid_i = host.next(bench.cycles, byte);
    }
    dut.rx_byte_i = byte;
    to_device += dut.rx_valid_i;
    dut.tx_ready_i = !bench.random.chance(stall);

    memory.drive();
    dut.m_axi_arready_i = memory.ar_ready; dut.m_axi_awready_i = memory.aw_ready; dut.m_axi_wready_i = memory.w_ready;
    dut.m_axi_rvalid_i = memory.r_valid; dut.m_axi_rresp_i = memory.r_resp; dut.m_axi_rlast_i = memory.r_last;
    tb::set_bytes(dut.m_axi_rdata_i, memory.r_data);
    dut.m_axi_bvalid_i = memory.b_valid; dut.m_axi_bresp_i = memory.b_resp;
    dut.m_axil_awready_i = !aw_held && !bench.random.chance(stall);
    dut.m_axil_wready_i = !w_held && !bench.random.chance(stall);
    dut.m_axil_arready_i = !ar_held && !bench.random.chance(stall);
    dut.m_axil_bvalid_i = aw_held && w_held;
    dut.m_axil_bresp_i = aw >= 0xf00 ? 2 : 0;
    dut.m_axil_rvalid_i = ar_held;
    dut.m_axil_rdata_i = registers[ar];
    dut.m_axil_rresp_i = ar >= 0xf00 ? 2 : 0;
    bench.settle();
    memory.ar = {}; memory.aw = {}; memory.w = {};
    if (dut.m_axi_arvalid_o) memory.ar = {true, 0, dut.m_axi_araddr_o, dut.m_axi_arlen_o};
    if (dut.m_axi_awvalid_o) memory.aw = {true, 0, dut.m_axi_awaddr_o, dut.m_axi_awlen_o};
    if (dut.m_axi_wvalid_o) { memory.w.valid = true; memory.w.strobes = dut.m_axi_wstrb_o; memory.w.last = dut.m_axi_wlast_o; tb::get_bytes(memory.w.bytes, dut.m_axi_wdata_o); }
    memory.r_ready = dut.m_axi_rready_o; memory.b_ready = dut.m_axi_bready_o;

    if (dut.tx_valid_o && dut.tx_ready_i) {
      uint8_t back = dut.tx_byte_o;
      ++to_host;
      zeros = back == 0 ? zeros + 1 : 0;
      if (zeros > zeros_max) zeros_max = zeros;
      if (swallows) {}
      else if (fault()) switch (bench.random.below(3)) {
        case 0: break;
        case 1: host.take(bench.cycles, uint8_t(bench.random.next())); host.take(bench.cycles, back); break;
        default: host.take(bench.cycles, back ^ uint8_t(1 << bench.random.below(8))); break;
      } else host.take(bench.cycles, back);
    }
    bool in_core_reset = !dut.core_rst_no;
    if (aw_held && w_held) {
      if (aw < 0xf00) {
        /* Values only rise: in a session nothing is carried out twice, and across sessions nothing that was answered. */
        if (aw == 0x100) { bench.check(w >= last_written, "the write of %u came after that of %u", w, last_written); last_written = w; }
        registers[aw] = w;
      }
      aw_held = w_held = false;
    }
    if (ar_held) ar_held = false;
    if (dut.m_axil_awvalid_o && dut.m_axil_awready_i) { aw_held = true; aw = dut.m_axil_awaddr_o; }
    if (dut.m_axil_wvalid_o && dut.m_axil_wready_i) { w_held = true; w = dut.m_axil_wdata_o; bench.check(dut.m_axil_wstrb_o == 15, "strobes"); }
    if (dut.m_axil_arvalid_o && dut.m_axil_arready_i) { ar_held = true; ar = dut.m_axil_araddr_o; }
    memory.step();
    bench.tick();
    if (in_core_reset && !was_in_core_reset) ++core_resets;
    if (in_core_reset) { aw_held = w_held = ar_held = false; registers.clear(); }
    was_in_core_reset = in_core_reset;
  }

  Request memory_write(uint64_t address, const uint8_t* bytes, std::size_t count, bool respond) {
    Request r{uint8_t(3 | (respond ? 0x80 : 0)), {}};
    put(r.payload, address);
    r.payload.insert(r.payload.end(), bytes, bytes + count);
    return r;
  }
  Request words(uint8_t channel, std::initializer_list<uint32_t> values) {
    Request r{channel, {}};
    for (uint32_t value : values) put(r.payload, value);
    return r;
  }

  /* Carries a batch out, beginning anew with what has no answer whenever the session is lost. */
  void carry(const std::vector<std::pair<Request, std::vector<Expected>>>& batch, const char* what) {
    std::size_t done = 0, part = 0;
    std::deque<Expected> watches;
    std::vector<bool> watched(batch.size());
    uint64_t session = ~0ull, deadline = bench.cycles + 3'000'000;
    auto is_watch = [&](std::size_t i) { return batch[i].first.channel == 5; };
    host.waits = true;
    for (;;) {
      while (done < batch.size() && (batch[done].second.empty() || is_watch(done))) ++done;
      bool watch_open = false;
      for (std::size_t i = 0; i < batch.size(); ++i) watch_open |= is_watch(i) && !watched[i];
      if (session == host.sessions && done == batch.size() && !watch_open && host.idle()) break;
      if (host.open && session != host.sessions) {
        session = host.sessions;
        part = 0;
        host.requests.clear();
        for (std::size_t i = 0; i < batch.size(); ++i) if (is_watch(i) ? !watched[i] : i >= done || batch[i].second.empty()) host.requests.push_back(batch[i].first);
      }
      cycle();
      bench.check(bench.cycles < deadline, "%s: hangs at request %zu of %zu", what, done, batch.size());
      if (host.open && session != host.sessions) continue;
      for (; !host.answers.empty(); host.answers.pop_front()) {
        Frame& f = host.answers.front();
        if (f.channel == 5) {
          std::size_t i = 0;
          while (i < batch.size() && !(is_watch(i) && !watched[i])) ++i;
          bench.check(i < batch.size(), "%s: a watch nobody set", what);
          watched[i] = true;
          const Expected& e = batch[i].second[0];
          uint64_t gone = f.payload.size() == 16 ? get<uint64_t>(f.payload, 8) : ~0ull;
          bench.check(gone <= e.cycles && (e.is_watch ? gone == e.cycles : gone < e.cycles), "%s: the watch ended after %llu cycles", what, (unsigned long long)gone);
          bench.check(Bytes(f.payload.begin(), f.payload.begin() + 8) == e.payload, "%s: the watch saw something else", what);
          continue;
        }
        while (done < batch.size() && (batch[done].second.empty() || is_watch(done))) ++done;
        bench.check(done < batch.size(), "%s: an answer too many on channel %u", what, f.channel);
        const Expected& e = batch[done].second[part];
        bench.check(f.channel == e.channel && f.payload == e.payload, "%s: request %zu, part %zu: wrong answer of %zu bytes on channel %u", what, done, part, f.payload.size(), f.channel);
        if (++part == batch[done].second.size()) { part = 0; ++done; }
      }
    }
    host.waits = false;
  }

  static Bytes status(std::initializer_list<uint32_t> values) { Bytes b; for (uint32_t v : values) put(b, v); return b; }

  /* Writes to one half of the memory and reads from the other, so that a request may be carried out again in another session. */
  void batch(unsigned number, const char* what) {
    std::vector<std::pair<Request, std::vector<Expected>>> all;
    uint64_t written = number % 2 ? kHalf : 0, read = kHalf - written;
    std::vector<uint8_t> next = model;
    uint64_t at = written;
    registers_model[0x100] = number + 1;
    all.push_back({words(2, {0x100, number + 1}), {{2, status({0})}}});
    for (unsigned i = 0; i < 16; ++i) {
      switch (bench.random.below(8)) {
        case 0: all.push_back({words(1, {0xf00}), {{1, status({1, registers[0xf00]})}}}); break;
        case 1: all.push_back({words(2, {0xf04, 1}), {{2, status({1})}}}); break;
        case 2: all.push_back({words(uint8_t(6 + bench.random.below(100)), {1, 2, 3}), {}}); all.back().second.push_back({all.back().first.channel, status({2})}); break;
        case 3: all.push_back({words(1, {0x1000}), {{1, status({2})}}}); break;
        case 4: {
          uint64_t length = 64 * (1 + bench.random.below(3 * kPiece / 64)), from = read + 64 * bench.random.below((kHalf - length) / 64);
          Request r = words(4, {uint32_t(from), 0, uint32_t(length), 0});
          std::vector<Expected> parts;
          for (uint64_t o = 0; o < length; o += kPiece) {
            Bytes b = status({0});
            b.insert(b.end(), model.begin() + long(from + o), model.begin() + long(from + std::min<uint64_t>(length, o + kPiece)));
            parts.push_back({4, b});
          }
          all.push_back({r, parts});
          break;
        }
        default: {
          uint64_t length = 64 * bench.random.below(kPiece / 64 + 1);
          if (at + length > written + kHalf) break;
          for (uint64_t o = 0; o < length; ++o) next[at + o] = uint8_t(bench.random.next());
          bool respond = bench.random.chance(50);
          all.push_back({memory_write(at, &next[at], length, respond), {}});
          if (respond) all.back().second.push_back({3, status({0})});
          at += length;
        }
      }
    }
    /* One watch at a time. */
    if (bench.random.chance(50)) all.push_back({words(5, {0x104, registers_model[0x104], 500, 0}), {{5, status({0, registers_model[0x104]}), true, 500}}});
    else all.push_back({words(5, {0x104, registers_model[0x104] ^ 1, 50000, 0}), {{5, status({0, registers_model[0x104]}), false, 50000}}});
    carry(all, what);
    model = next;
    bench.check(memory.bytes == model, "%s: memory differs", what);
    bench.check(registers[0x100] == number + 1, "%s: the register holds %u", what, registers[0x100]);
  }
};

int main(int argc, char** argv) {
  Bench bench(argc, argv, 10, 400'000'000);
  auto& dut = *bench.dut;
  Harness h(bench);
  h.memory.latency = 60;
  bench.reset();
  unsigned number = 0;
  std::string shares;

  for (uint64_t i = 0; i < bench.count; ++i) h.batch(number++, "clean");
  bench.check(h.host.sessions == 1 && h.host.polls == 0 && h.host.naks == 0, "%llu sessions, %llu polls, %llu naks on a clean link",
              (unsigned long long)h.host.sessions, (unsigned long long)h.host.polls, (unsigned long long)h.host.naks);
  bench.check(h.host.window == 1u << PARAMETER_WindowLog2 && h.host.payload_max == PARAMETER_PayloadBytesMax, "announced %u frames of %u bytes", h.host.window, h.host.payload_max);

  /* The data's part of the cycles: a chunk each way. */
  if (kPiece >= 320) {
    std::vector<std::pair<Request, std::vector<Expected>>> chunk;
    std::vector<uint8_t> next = h.model;
    for (uint64_t o = 0; o + kPiece <= kMemoryBytes; o += kPiece) {
      for (uint64_t i = 0; i < kPiece; ++i) next[o + i] = uint8_t(bench.random.next());
      chunk.push_back({h.memory_write(o, &next[o], kPiece, false), {}});
    }
    uint64_t bytes = chunk.size() * kPiece, began = bench.cycles;
    h.carry(chunk, "a long write");
    double share = double(bytes) / double(bench.cycles - began);
    bench.check(share >= 0.9, "the data took %.3f of the cycles to the device", share);
    shares = "data " + std::to_string(share).substr(0, 5) + " of the cycles to the device";
    h.model = next;
    bench.check(h.memory.bytes == h.model, "a long write: memory differs");
    bytes = bytes / 64 * 64;
    Request r = h.words(4, {0, 0, uint32_t(bytes), 0});
    std::vector<Expected> parts;
    for (uint64_t o = 0; o < bytes; o += kPiece) {
      Bytes b = Harness::status({0});
      b.insert(b.end(), h.model.begin() + long(o), h.model.begin() + long(std::min<uint64_t>(bytes, o + kPiece)));
      parts.push_back({4, b});
    }
    began = bench.cycles;
    h.carry({{r, parts}}, "a long read");
    share = double(bytes) / double(bench.cycles - began);
    bench.check(share >= 0.9, "the data took %.3f of the cycles to the host", share);
    shares += ", " + std::to_string(share).substr(0, 5) + " to the host; ";
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
  h.carry({{h.memory_write(0, zeros, 64, false), {}}, {h.memory_write(64, zeros, 64, true), {{3, Harness::status({1})}}}}, "refused writes");
  h.memory.write_errors_permille = 0;
  h.carry({{h.memory_write(0, zeros, 64, true), {{3, Harness::status({0})}}}, {h.memory_write(64, zeros, 64, true), {{3, Harness::status({0})}}}}, "writes after refused ones");
  h.model = h.memory.bytes;
  h.host.requests.push_back(h.words(4, {0, 0, 128, 0}));
  for (unsigned c = 0; h.host.answers.size() < (128 + kPiece - 1) / kPiece; ++c) { bench.check(c < 10000, "a refused read is not answered"); h.cycle(); }
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
    for (int c = 0; c < 4; ++c) { dut.rx_valid_i = 0; h.memory.ar = {}; h.memory.aw = {}; h.memory.w = {}; bench.tick(); }
    dut.rst_ni = 1;
    h.memory.master_was_reset();
    h.registers.clear();
    h.host.answers.clear();
    h.batch(number++, "after a reset");
    bench.check(h.host.device != device && h.host.generation != generation && h.host.lost == lost + 1, "the reset went unnoticed");
  }
  return bench.finish(shares + "polls " + std::to_string(h.host.polls) + ", naks " + std::to_string(h.host.naks) + ", faults " + std::to_string(h.faults));
}
