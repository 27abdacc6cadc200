// Around rv32_core_bench: instructions as words, a memory that makes its bus wait, and the registers as the core has written them.
#pragma once
#include <algorithm>
#include <array>
#include <functional>
#include <vector>
#include "Vrv32_core_bench.h"
#include "tb.hpp"

namespace rv32 {

enum Csr : uint32_t { kMstatus = 0x300, kMisa = 0x301, kMie = 0x304, kMtvec = 0x305, kMscratch = 0x340, kMepc = 0x341, kMcause = 0x342,
    kMtval = 0x343, kMip = 0x344,
                      kMcycle = 0xb00, kMcycleh = 0xb80, kMhartid = 0xf14 };

/* The formats of volume I, figure 2.3. */
constexpr uint32_t r_type(uint32_t opcode, uint32_t rd, uint32_t funct3, uint32_t rs1, uint32_t rs2, uint32_t funct7) {
  return opcode | rd << 7 | funct3 << 12 | rs1 << 15 | rs2 << 20 | funct7 << 25;
}
constexpr uint32_t i_type(uint32_t opcode, uint32_t rd, uint32_t funct3, uint32_t rs1, int32_t immediate) {
  return opcode | rd << 7 | funct3 << 12 | rs1 << 15 | uint32_t(immediate) << 20;
}
constexpr uint32_t s_type(uint32_t funct3, uint32_t rs1, uint32_t rs2, int32_t immediate) {
  uint32_t u = uint32_t(immediate);
  return 0x23 | (u & 31) << 7 | funct3 << 12 | rs1 << 15 | rs2 << 20 | (u >> 5 & 127) << 25;
}
constexpr uint32_t b_type(uint32_t funct3, uint32_t rs1, uint32_t rs2, int32_t offset) {
  uint32_t u = uint32_t(offset);
  return 0x63 | (u >> 11 & 1) << 7 | (u >> 1 & 15) << 8 | funct3 << 12 | rs1 << 15 | rs2 << 20 | (u >> 5 & 63) << 25 | (u >> 12 & 1) << 31;
}
constexpr uint32_t u_type(uint32_t opcode, uint32_t rd, uint32_t upper) { return opcode | rd << 7 | upper << 12; }
constexpr uint32_t lui(uint32_t rd, uint32_t upper) { return u_type(0x37, rd, upper); }
constexpr uint32_t auipc(uint32_t rd, uint32_t upper) { return u_type(0x17, rd, upper); }
constexpr uint32_t jal(uint32_t rd, int32_t offset) {
  uint32_t u = uint32_t(offset);
  return 0x6f | rd << 7 | (u >> 12 & 255) << 12 | (u >> 11 & 1) << 20 | (u >> 1 & 1023) << 21 | (u >> 20 & 1) << 31;
}
constexpr uint32_t jalr(uint32_t rd, uint32_t rs1, int32_t immediate) { return i_type(0x67, rd, 0, rs1, immediate); }
constexpr uint32_t addi(uint32_t rd, uint32_t rs1, int32_t immediate) { return i_type(0x13, rd, 0, rs1, immediate); }
constexpr uint32_t load(uint32_t funct3, uint32_t rd, uint32_t rs1, int32_t immediate) { return i_type(0x03, rd, funct3, rs1, immediate); }
constexpr uint32_t sw(uint32_t rs2, uint32_t rs1, int32_t immediate) { return s_type(2, rs1, rs2, immediate); }
constexpr uint32_t csr(uint32_t funct3, uint32_t rd, uint32_t address, uint32_t rs1) { return i_type(0x73, rd, funct3, rs1, int32_t(address)); }
constexpr uint32_t csrw(uint32_t address, uint32_t rs1) { return csr(1, 0, address, rs1); }
constexpr uint32_t csrr(uint32_t rd, uint32_t address) { return csr(2, rd, address, 0); }
constexpr uint32_t kEcall = 0x73, kEbreak = 0x00100073, kMret = 0x30200073, kWfi = 0x10500073, kFence = 0x0ff0000f, kFenceI = 0x100f;

/* lui and addi, always both. */
inline void load_immediate(std::vector<uint32_t>& code, uint32_t rd, uint32_t value) {
  code.push_back(lui(rd, (value + 0x800) >> 12));
  code.push_back(addi(rd, rd, int32_t(value << 20) >> 20));
}

/* The core on a memory of size_bytes from base on. Elsewhere device() may take an access, or else it is refused. stalls: chance in percent that a
 * cycle passes before a request is taken, and before it is answered. */
class Machine {
 public:
  tb::Bench<Vrv32_core_bench> bench;
  std::vector<uint32_t> memory;
  std::array<uint32_t, 64> registers{};
  unsigned stalls = 0;
  uint64_t instructions = 0;
  std::function<void()> observe = [] {};     // in every cycle, before its writes to registers
  std::function<bool(bool write, uint32_t address, uint32_t& data)> device = [](bool, uint32_t, uint32_t&) { return false; };

  Machine(int argc, char** argv, uint64_t count_default, uint32_t base, uint32_t size_bytes, uint64_t cycles_max = 200'000'000)
      : bench(argc, argv, count_default, cycles_max), memory(size_bytes / 4), base_(base) {
    bench.dut->timer_interrupt_i = bench.dut->external_interrupt_i = 0;
    bench.dut->bus_ready_i = bench.dut->response_valid_i = 0;
  }

  void reset() {
    pending_ = was_refused_ = false;
    bench.dut->response_valid_i = 0;
    bench.reset();
  }

  /* One cycle. */
  void step() {
    auto& dut = *bench.dut;
    bool answers = pending_ && !bench.random.chance(stalls);
    dut.response_valid_i = answers;
    dut.response_error_i = answers ? error_ : bench.random.chance(50);
    dut.response_data_i = answers && !write_ && !error_ ? data_ : uint32_t(bench.random.next());
    if (answers) pending_ = false;
    dut.bus_ready_i = !pending_ && !bench.random.chance(stalls);
    bench.settle();
    if (was_refused_) {
      bench.check(dut.bus_valid_o && dut.bus_write_o == refused_.write && dut.bus_address_o == refused_.address && dut.bus_strobe_o == refused_.strobe
                      && (!dut.bus_write_o || dut.bus_data_o == refused_.data), "a refused request changed");
    }
    was_refused_ = dut.bus_valid_o && !dut.bus_ready_i;
    /* A read's lanes and data mean nothing, but the core keeps them still as well. */
    refused_ = {bool(dut.bus_write_o), dut.bus_address_o, dut.bus_strobe_o, dut.bus_data_o};
    if (dut.bus_valid_o) bench.check(dut.bus_address_o % 4 == 0, "a request for %08x", dut.bus_address_o);
    if (dut.bus_valid_o && dut.bus_ready_i) access();
    observe();
    if (dut.write_o) registers[dut.write_address_o] = dut.write_data_o;
    if (dut.execute_o) ++instructions;
    bench.tick();
  }

  uint32_t& word(uint32_t address) {
    if (address < base_ || address - base_ >= 4 * memory.size()) bench.fail("the bench looks at %08x, where there is no memory", address);
    return memory[(address - base_) / 4];
  }
  uint32_t csr(uint32_t address) const { return registers[0x20 | (address >> 6 & 1) << 3 | (address & 7)]; }

 private:
  struct Request { bool write; uint32_t address, strobe, data; };
  uint32_t base_, data_ = 0;
  bool pending_ = false, write_ = false, error_ = false, was_refused_ = false;
  Request refused_{};

  void access() {
    auto& dut = *bench.dut;
    bench.check(!pending_, "two requests under way");
    pending_ = true;
    write_ = dut.bus_write_o;
    uint32_t address = dut.bus_address_o, mask = 0;
    for (unsigned i = 0; i < 4; ++i) if (dut.bus_strobe_o >> i & 1) mask |= 0xffu << (8 * i);
    data_ = dut.bus_data_o;
    if (address >= base_ && address - base_ < 4 * memory.size()) {
      error_ = false;
      uint32_t& at = word(address);
      if (write_) at = (at & ~mask) | (data_ & mask);
      else data_ = at;
    } else error_ = !device(write_, address, data_);
  }
};

}  // namespace rv32
