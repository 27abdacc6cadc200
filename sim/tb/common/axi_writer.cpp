// axi_writer: memory holds exactly what was written and nothing around it changed; done in order and only after the acknowledgement;
// halt drains; errors reported with their request; one element a cycle, also as single-element requests.
#include <deque>
#include "Vaxi_writer.h"
#include "axi_memory.hpp"

using Bench = tb::Bench<Vaxi_writer>;
constexpr uint64_t kMemoryBytes = 1 << 18;

struct Harness {
  Bench& bench;
  Vaxi_writer& dut;
  tb::AxiMemory memory;
  std::vector<uint8_t> model;
  struct Range { uint64_t address, elements; };
  std::deque<Range> unfinished;       /* taken or offered, not done */
  std::deque<ref::U256> data;         /* elements still to be sent */
  uint64_t done = 0, errors = 0;
  unsigned source_stall_percent = 0;

  explicit Harness(Bench& b) : bench(b), dut(*b.dut), memory(kMemoryBytes, b.random, "axi_writer") {
    for (auto& byte : memory.bytes) byte = uint8_t(bench.random.next());
    model = memory.bytes;
    dut.request_valid_i = 0; dut.valid_i = 0; dut.halt_i = 0; dut.awready_i = 0; dut.wready_i = 0; dut.bvalid_i = 0;
  }
  void request(uint64_t address, uint64_t elements) {
    dut.request_valid_i = 1;
    dut.request_addr_i = address;
    dut.request_elements_i = elements;
    unfinished.push_back({address, elements});
    for (uint64_t i = 0; i < elements; ++i) {
      ref::U256 value{bench.random.next(), bench.random.next(), bench.random.next(), bench.random.next()};
      data.push_back(value);
      std::memcpy(&model[address + 32 * i], value.limb.data(), 32);
    }
  }
  void random_request() {
    uint64_t elements = bench.random.chance(50) ? 1 + bench.random.below(4) : 1 + bench.random.below(120);
    /* Ranges under way do not overlap, so that the order of their writes does not matter. */
    for (;;) {
      uint64_t address = 32 * bench.random.below(kMemoryBytes / 32 - elements);
      bool clear = true;
      for (auto& r : unfinished) clear &= address + 32 * elements <= r.address || r.address + 32 * r.elements <= address;
      if (clear) { request(address, elements); return; }
    }
  }
  void cycle() {
    if (!dut.valid_i && !data.empty() && !(source_stall_percent && bench.random.chance(source_stall_percent))) { dut.valid_i = 1; tb::set(dut.data_i, data.front()); }
    memory.drive();
    dut.awready_i = memory.aw_ready;
    dut.wready_i = memory.w_ready;
    dut.bvalid_i = memory.b_valid;
    dut.bresp_i = memory.b_resp;
    bench.settle();
    memory.aw = {};
    if (dut.awvalid_o) memory.aw = {true, 0, dut.awaddr_o, dut.awlen_o};
    memory.w = {};
    if (dut.wvalid_o) {
      memory.w.valid = true; memory.w.strobes = dut.wstrb_o; memory.w.last = dut.wlast_o;
      tb::get_bytes(memory.w.bytes, dut.wdata_o);
      /* Bytes that are not written mean nothing. */
      for (unsigned i = 0; i < tb::kBeatBytes; ++i) if (!((dut.wstrb_o >> i) & 1)) memory.w.bytes[i] = 0;
    }
    memory.b_ready = dut.bready_o;
    if (dut.done_o) {
      bench.check(!unfinished.empty(), "done without a request");
      auto range = unfinished.front();
      unfinished.pop_front();
      ++done;
      if (memory.write_errors == 0)
        bench.check(std::memcmp(&memory.bytes[range.address], &model[range.address], 32 * range.elements) == 0, "wrong bytes at %llx when done", (unsigned long long)range.address);
    }
    errors += dut.error_o;
    bool taken = dut.request_valid_i && dut.request_ready_o, sent = dut.valid_i && dut.ready_o;
    memory.step();
    bench.tick();
    if (taken) dut.request_valid_i = 0;
    if (sent) { data.pop_front(); dut.valid_i = 0; }
  }
  void finish() {
    for (unsigned i = 0; !unfinished.empty(); ++i) { bench.check(i < 100000, "%zu requests never done", unfinished.size()); cycle(); }
    bench.settle();
    bench.check(dut.drained_o && memory.idle(), "not drained when all is done");
  }
};

int main(int argc, char** argv) {
  Bench bench(argc, argv, 300);
  auto& dut = *bench.dut;
  Harness h(bench);
  bench.reset();
  for (unsigned stalls : {0u, 30u, 80u}) {
    h.memory.stall_percent = h.source_stall_percent = stalls;
    for (uint64_t sent = 0; sent < bench.count;) {
      if (!dut.request_valid_i && !bench.random.chance(stalls)) { h.random_request(); ++sent; }
      h.cycle();
    }
    h.finish();
    bench.check(h.memory.bytes == h.model, "something changed outside the ranges");
  }

  h.memory.stall_percent = h.source_stall_percent = 0;
  h.memory.latency = 100;
  auto throughput = [&](uint64_t elements, uint64_t requests, const char* what) {
    uint64_t begin = bench.cycles, address = 0;
    for (uint64_t sent = 0; sent < requests; h.cycle())
      if (!dut.request_valid_i) { h.request(address, elements); address += 32 * elements; ++sent; }
    h.finish();
    uint64_t spent = bench.cycles - begin;
    bench.check(PARAMETER_BurstsMax < 112 || spent <= elements * requests + 140, "%s: %llu elements took %llu cycles", what,
                (unsigned long long)(elements * requests), (unsigned long long)spent);
  };
  throughput(1, 1000, "single elements");
  throughput(1001, 1, "one long range");

  for (unsigned round = 0; round < 10; ++round) {
    h.memory.stall_percent = 30;
    h.memory.latency = unsigned(bench.random.below(60));
    for (unsigned i = 0; i < 80; ++i) {
      if (!dut.request_valid_i) h.random_request();
      h.cycle();
    }
    dut.halt_i = 1;
    bench.settle();
    for (unsigned i = 0; !dut.drained_o || i < 3; ++i) { bench.check(i < 20000, "does not drain"); h.cycle(); bench.settle(); }
    uint64_t bursts = h.memory.write_bursts;
    for (unsigned i = 0; i < 20; ++i) h.cycle();
    bench.check(h.memory.write_bursts == bursts && h.memory.idle(), "a burst started under halt");
    dut.request_valid_i = 0;
    dut.valid_i = 0;
    bench.reset(2);
    h.memory.master_was_reset();
    dut.halt_i = 0;
    h.unfinished.clear();
    h.data.clear();
  }

  /* One burst a request: every refused burst is one error. */
  h.memory.write_errors_permille = 100;
  h.errors = h.done = 0;
  for (uint64_t sent = 0; sent < 200; h.cycle())
    if (!dut.request_valid_i) { h.request(1024 * bench.random.below(kMemoryBytes / 1024), 1 + bench.random.below(32)); ++sent; }
  h.finish();
  bench.check(h.done == 200 && h.errors == h.memory.write_errors && h.errors > 0, "%llu done, %llu errors reported, %llu made",
              (unsigned long long)h.done, (unsigned long long)h.errors, (unsigned long long)h.memory.write_errors);
  return bench.finish();
}
