// What stands behind the link in its benches: a memory and registers on the buses, the host in front, and requests whose answers are known.
#pragma once
#include <map>
#include <string>
#include <utility>
#include "axi_memory.hpp"
#include "host.hpp"

namespace link_host {

constexpr uint64_t kMemoryBytes = 1 << 16, kHalf = kMemoryBytes / 2;

struct Expected { uint8_t channel; Bytes payload; bool is_watch = false; uint64_t cycles = 0; };
using Batch = std::vector<std::pair<Request, std::vector<Expected>>>;

/* A model with the m_axil_* and m_axi_* ports and core_rst_no of link_endpoint. cycle() is the bench's: it moves bytes between the host and the model,
   and calls drive_buses, settle, look_at_buses, the core's clock, and after_edge for every cycle of the core. */
template <class Model> struct Harness {
  tb::Bench<Model>& bench;
  Model& dut;
  tb::AxiMemory memory;
  Host host;
  const unsigned kPiece;
  std::vector<uint8_t> model;
  std::map<uint32_t, uint32_t> registers, registers_model;
  unsigned stall = 0;
  uint64_t core_resets = 0, deadline_cycles = 3'000'000, long_bytes = kMemoryBytes;
  /* AXI4-Lite, one access each way under way. */
  bool aw_held = false, w_held = false, ar_held = false, in_core_reset = false, was_in_core_reset = false;
  uint32_t aw = 0, w = 0, ar = 0;
  uint32_t last_written = 0;

  Harness(tb::Bench<Model>& b, unsigned payload_bytes_max)
      : bench(b), dut(*b.dut), memory(kMemoryBytes, b.random, "link"), host(b.random), kPiece(payload_bytes_max - 8) {
    for (auto& byte : memory.bytes) byte = uint8_t(bench.random.next());
    model = memory.bytes;
    dut.m_axil_bvalid_i = dut.m_axil_rvalid_i = 0;
    dut.m_axi_rvalid_i = dut.m_axi_bvalid_i = 0;
  }
  virtual ~Harness() = default;
  virtual void cycle() = 0;

  void drive_buses() {
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
  }

  void look_at_buses() {
    memory.ar = {}; memory.aw = {}; memory.w = {};
    in_core_reset = !dut.core_rst_no;
    if (in_core_reset) return;  /* the buses carry noise until the reset's first edge */
    if (dut.m_axi_arvalid_o) memory.ar = {true, 0, dut.m_axi_araddr_o, dut.m_axi_arlen_o};
    if (dut.m_axi_awvalid_o) memory.aw = {true, 0, dut.m_axi_awaddr_o, dut.m_axi_awlen_o};
    if (dut.m_axi_wvalid_o) { memory.w.valid = true; memory.w.strobes = dut.m_axi_wstrb_o; memory.w.last = dut.m_axi_wlast_o; tb::get_bytes(memory.w.bytes, dut.m_axi_wdata_o); }
    memory.r_ready = dut.m_axi_rready_o; memory.b_ready = dut.m_axi_bready_o;
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
  }

  void after_edge() {
    if (in_core_reset && !was_in_core_reset) ++core_resets;
    if (in_core_reset) { aw_held = w_held = ar_held = false; registers.clear(); memory.reset(); }
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
  void carry(const Batch& batch, const char* what) {
    std::size_t done = 0, part = 0;
    std::deque<Expected> watches;
    std::vector<bool> watched(batch.size());
    uint64_t session = ~0ull, deadline = bench.cycles + deadline_cycles;
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
    Batch all;
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
    else all.push_back({words(5, {0x104, registers_model[0x104] ^ 1, 50'000'000, 0}), {{5, status({0, registers_model[0x104]}), false, 50'000'000}}});
    carry(all, what);
    model = next;
    bench.check(memory.bytes == model, "%s: memory differs", what);
    bench.check(registers[0x100] == number + 1, "%s: the register holds %u", what, registers[0x100]);
  }

  /* A chunk of long_bytes, each way, without another request; says how many bytes it had. */
  uint64_t long_write() {
    Batch chunk;
    std::vector<uint8_t> next = model;
    for (uint64_t o = 0; o < long_bytes; o += kPiece) {
      uint64_t bytes = std::min<uint64_t>(kPiece, long_bytes - o);
      for (uint64_t i = 0; i < bytes; ++i) next[o + i] = uint8_t(bench.random.next());
      chunk.push_back({memory_write(o, &next[o], bytes, false), {}});
    }
    carry(chunk, "a long write");
    model = next;
    bench.check(memory.bytes == model, "a long write: memory differs");
    return long_bytes;
  }
  uint64_t long_read() {
    std::vector<Expected> parts;
    for (uint64_t o = 0; o < long_bytes; o += kPiece) {
      Bytes b = status({0});
      b.insert(b.end(), model.begin() + long(o), model.begin() + long(std::min<uint64_t>(long_bytes, o + kPiece)));
      parts.push_back({4, b});
    }
    carry({{words(4, {0, 0, uint32_t(long_bytes), 0}), parts}}, "a long read");
    return long_bytes;
  }
};

}  // namespace link_host
