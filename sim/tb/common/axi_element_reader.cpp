// axi_element_reader: every element of every request, in order, last on the last; credits never exceeded; halt drains; errors reported;
// one element a cycle from single-element requests and from long ones at the memory's latency.
#include <deque>
#include "Vaxi_element_reader.h"
#include "axi_memory.hpp"

using Bench = tb::Bench<Vaxi_element_reader>;
constexpr uint64_t kMemoryBytes = 1 << 20;

struct Harness {
  Bench& bench;
  Vaxi_element_reader& dut;
  tb::AxiMemory memory;
  struct Expected { uint64_t address; bool last; };
  std::deque<Expected> expected;
  uint64_t received = 0, errors = 0;
  bool check_data = true;

  explicit Harness(Bench& b) : bench(b), dut(*b.dut), memory(kMemoryBytes, b.random, "axi_element_reader") {
    for (auto& byte : memory.bytes) byte = uint8_t(bench.random.next());
    dut.request_valid_i = 0; dut.ready_i = 0; dut.halt_i = 0; dut.arready_i = 0; dut.rvalid_i = 0;
  }
  void request(uint64_t address, uint64_t elements) {
    dut.request_valid_i = 1;
    dut.request_addr_i = address;
    dut.request_elements_i = elements;
    for (uint64_t i = 0; i < elements; ++i) expected.push_back({address + 32 * i, i + 1 == elements});
  }
  /* One cycle; true when the request was taken. */
  bool cycle() {
    memory.drive();
    dut.arready_i = memory.ar_ready;
    dut.rvalid_i = memory.r_valid;
    dut.rlast_i = memory.r_last;
    dut.rresp_i = memory.r_resp;
    tb::set_bytes(dut.rdata_i, memory.r_data);
    bench.settle();
    memory.ar = {bool(dut.arvalid_o), 0, dut.araddr_o, dut.arlen_o};
    if (!memory.ar.valid) memory.ar = {};
    memory.r_ready = dut.rready_o;
    bench.check(dut.rready_o, "rready withheld");
    if (dut.valid_o && dut.ready_i) {
      bench.check(!expected.empty(), "an element nobody asked for");
      if (check_data) bench.check_equal(tb::get(dut.data_o), memory.element(expected.front().address), "element");
      bench.check(dut.last_o == expected.front().last, "last_o is %d at %llx", dut.last_o, (unsigned long long)expected.front().address);
      expected.pop_front();
      ++received;
    }
    errors += dut.error_o;
    bool taken = dut.request_valid_i && dut.request_ready_o;
    memory.step();
    bench.tick();
    if (taken) dut.request_valid_i = 0;
    return taken;
  }
};

int main(int argc, char** argv) {
  Bench bench(argc, argv, 300);
  auto& dut = *bench.dut;
  Harness h(bench);
  bench.reset();
  auto random_request = [&] {
    uint64_t elements = bench.random.chance(50) ? 1 + bench.random.below(4) : 1 + bench.random.below(120);
    h.request(32 * bench.random.below(kMemoryBytes / 32 - elements), elements);
  };

  for (unsigned stalls : {0u, 30u, 80u}) {
    h.memory.stall_percent = stalls;
    for (uint64_t sent = 0; sent < bench.count || !h.expected.empty();) {
      if (!dut.request_valid_i && sent < bench.count && !bench.random.chance(stalls)) { random_request(); ++sent; }
      dut.ready_i = !bench.random.chance(stalls);
      h.cycle();
    }
    bench.check(h.memory.beats_outstanding_max <= PARAMETER_Depth, "%llu beats outstanding", (unsigned long long)h.memory.beats_outstanding_max);
  }

  /* Throughput at latency 100 with nobody stalling. */
  h.memory.stall_percent = 0;
  h.memory.latency = 100;
  dut.ready_i = 1;
  auto throughput = [&](uint64_t elements, uint64_t requests, const char* what) {
    uint64_t begin = bench.cycles;
    for (uint64_t sent = 0; sent < requests || !h.expected.empty();) {
      if (!dut.request_valid_i && sent < requests) { h.request(32 * bench.random.below(kMemoryBytes / 32 - elements), elements); ++sent; }
      h.cycle();
    }
    uint64_t spent = bench.cycles - begin;
    bench.check(PARAMETER_Depth < 112 || spent <= elements * requests + 130, "%s: %llu elements took %llu cycles", what,
                (unsigned long long)(elements * requests), (unsigned long long)spent);
  };
  throughput(1, 1000, "single elements");
  throughput(1001, 1, "one long range");

  /* Halt: nothing starts any more, what is outstanding arrives, reset leaves nothing behind. */
  for (unsigned round = 0; round < 10; ++round) {
    h.memory.stall_percent = 30;
    h.memory.latency = unsigned(bench.random.below(60));
    for (unsigned i = 0; i < 60; ++i) {
      if (!dut.request_valid_i) random_request();
      dut.ready_i = bench.random.chance(50);
      h.cycle();
    }
    dut.halt_i = 1;
    dut.ready_i = 0;
    for (unsigned i = 0; !dut.drained_o || i < 3; ++i) { bench.check(i < 20000, "does not drain"); h.cycle(); bench.settle(); }
    uint64_t bursts = h.memory.read_bursts;
    for (unsigned i = 0; i < 20; ++i) h.cycle();
    bench.check(h.memory.read_bursts == bursts && h.memory.idle(), "a burst started under halt");
    dut.request_valid_i = 0;
    bench.reset(2);
    h.memory.master_was_reset();
    dut.halt_i = 0;
    h.expected.clear();
  }

  /* Errors are reported, once a beat, and the reader goes on. */
  h.memory.read_errors_permille = 100;
  h.check_data = false;
  h.errors = 0;
  dut.ready_i = 1;
  for (uint64_t sent = 0; sent < 200 || !h.expected.empty();) {
    if (!dut.request_valid_i && sent < 200) { h.request(64 * bench.random.below(kMemoryBytes / 64 - 1), 2); ++sent; }
    h.cycle();
  }
  h.cycle();
  bench.check(h.errors == h.memory.read_errors && h.errors > 0, "%llu errors reported, %llu made", (unsigned long long)h.errors, (unsigned long long)h.memory.read_errors);
  return bench.finish();
}
