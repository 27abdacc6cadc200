// rv32_core where QEMU has no say: cycles of each kind of instruction, misaligned and refused accesses, interrupts, reset at any time. With
// +program=FILE it runs that image instead (+stalls=P percent on the bus), from 0x80000000 on, until it writes to 0x100000: 0x5555 passes,
// anything else names the case that failed.
#include <fstream>
#include <iterator>
#include "rv32.hpp"

using namespace rv32;

namespace {

constexpr uint32_t kBase = 0x80000000, kHandler = kBase + 0x400, kData = kBase + 0x800, kDone = 0x100000, kHole = 0x07000000;

class Directed {
 public:
  Directed(int argc, char** argv) : machine_(argc, argv, 30, kBase, 4 << 20), bench_(machine_.bench), dut_(*bench_.dut) {
    stalls_ = unsigned(bench_.number("stalls", 0));
    machine_.device = [this](bool write, uint32_t address, uint32_t& data) {
      if (!write || address != kDone) return false;
      done_ = true;
      word_ = data;
      return true;
    };
  }

  int main() {
    if (std::string file = bench_.text("program"); !file.empty()) return program(file);
    cycles();
    for (unsigned stalls : {0u, 50u}) {
      stalls_ = stalls;
      traps();
      interrupts();
      resets();
    }
    return bench_.finish();
  }

 private:
  Machine machine_;
  tb::Bench<Vrv32_core_bench>& bench_;
  Vrv32_core_bench& dut_;
  unsigned stalls_ = 0;
  bool done_ = false;
  uint32_t word_ = 0;

  int program(const std::string& file) {
    std::ifstream stream(file, std::ios::binary);
    std::vector<char> bytes{std::istreambuf_iterator<char>(stream), {}};
    if (bytes.empty() || bytes.size() > 4 * machine_.memory.size()) bench_.fail("%s: %zu bytes, where 1 to %zu fit", file.c_str(), bytes.size(),
        4 * machine_.memory.size());
    std::memcpy(machine_.memory.data(), bytes.data(), bytes.size());
    run({}, 2'000'000);
    bench_.check(word_ == 0x5555, "%s: case %u failed", file.c_str(), word_ >> 16);
    char summary[80];
    std::snprintf(summary, sizeof summary, "%llu instructions, %.2f cycles each", (unsigned long long)machine_.instructions,
                  double(bench_.cycles) / double(machine_.instructions));
    return bench_.finish(summary);
  }

  void place(uint32_t address, const std::vector<uint32_t>& code) {
    for (std::size_t i = 0; i < code.size(); ++i) machine_.word(address + 4 * uint32_t(i)) = code[i];
  }

  /* Runs code from the reset vector on until it says that it is done. */
  void run(const std::vector<uint32_t>& code, uint64_t cycles_max = 20'000) {
    place(kBase, code);
    done_ = false;
    machine_.stalls = stalls_;
    machine_.instructions = 0;
    machine_.reset();
    for (uint64_t i = 0; !done_; ++i) {
      if (i > cycles_max) bench_.fail("the program did not end; it is at %08x", dut_.pc_o);
      machine_.step();
    }
  }

  static std::vector<uint32_t> finished() {
    std::vector<uint32_t> code;
    load_immediate(code, 31, kDone);
    code.push_back(sw(30, 31, 0));
    code.push_back(jal(0, 0));
    return code;
  }
  static void append(std::vector<uint32_t>& code, const std::vector<uint32_t>& more) { code.insert(code.end(), more.begin(), more.end()); }

  /* From an instruction's execution to the next one's, as the head of rv32_core.sv has it. */
  void cycles() {
    struct Kind { const char* name; uint32_t word; unsigned cycles; };
    const Kind kinds[] = {
        {"ADD", r_type(0x33, 5, 0, 6, 7, 0), 2}, {"SRAI", r_type(0x13, 5, 5, 6, 3, 0x20), 2}, {"LUI", lui(5, 1), 2}, {"AUIPC", auipc(5, 1), 2},
        {"BNE, not taken", b_type(1, 6, 6, 8), 2}, {"BEQ, taken", b_type(0, 6, 6, 4), 3}, {"JAL", jal(5, 4), 3}, {"LW", load(2, 5, 2, 0), 3},
        {"SB", s_type(0, 2, 6, 1), 3},
        {"FENCE", kFence, 2}, {"WFI", kWfi, 2}, {"CSRRW", csr(1, 5, kMscratch, 6), 5}, {"MUL", r_type(0x33, 5, 0, 6, 7, 1), 35},
        {"MULHU", r_type(0x33, 5, 3, 6, 7, 1), 35},
        {"DIV", r_type(0x33, 5, 4, 6, 7, 1), 37}, {"REMU", r_type(0x33, 5, 7, 6, 7, 1), 37}, {"ECALL", kEcall, 7}, {"MRET", kMret, 4}};
    for (const Kind& kind : kinds) {
      std::vector<uint32_t> code;
      load_immediate(code, 1, kHandler);
      code.push_back(csrw(kMtvec, 1));
      load_immediate(code, 2, kData);
      load_immediate(code, 6, 0x12345678);
      load_immediate(code, 7, 0x9abcdef0);
      uint32_t at = kBase + 4 * uint32_t(code.size()) + 12;
      load_immediate(code, 3, at + 4);
      code.push_back(csrw(kMepc, 3));
      code.push_back(kind.word);
      append(code, finished());
      place(kHandler, finished());
      uint64_t from = 0, to = 0;
      machine_.observe = [&] {
        if (from != 0 && to == 0 && dut_.execute_o) to = bench_.cycles;
        if (dut_.execute_o && dut_.pc_o == at) from = bench_.cycles;
      };
      run(code);
      bench_.check(to - from == kind.cycles, "%s takes %llu cycles, and not %u", kind.name, (unsigned long long)(to - from), kind.cycles);
    }
    machine_.observe = [] {};
  }

  /* The handler ends the program: cause, value and place stay in the control registers. */
  void check_trap(const char* what, std::vector<uint32_t> code, uint32_t cause, uint32_t value, uint32_t pc) {
    std::vector<uint32_t> all;
    load_immediate(all, 1, kHandler);
    all.push_back(csrw(kMtvec, 1));
    append(all, code);
    place(kHandler, finished());
    run(all);
    bench_.check(machine_.csr(kMcause) == cause, "%s: mcause is %08x", what, machine_.csr(kMcause));
    bench_.check(machine_.csr(kMtval) == value, "%s: mtval is %08x, and not %08x", what, machine_.csr(kMtval), value);
    bench_.check(machine_.csr(kMepc) == pc, "%s: mepc is %08x, and not %08x", what, machine_.csr(kMepc), pc);
    bench_.check((dut_.mstatus_o & 8) == 0, "%s: interrupts stay enabled in the handler", what);
  }

  void traps() {
    for (uint64_t i = 0; i < bench_.count; ++i) {
      uint32_t value = uint32_t(bench_.random.next()), address = kData + uint32_t(bench_.random.below(64)), odd;
      std::vector<uint32_t> pointer;
      load_immediate(pointer, 2, address & ~3u);
      const uint32_t at = kBase + 4 * (3 + 2);
      auto with = [&](uint32_t word) { auto code = pointer; code.push_back(word); return code; };
      place(kData, {value, value});
      for (odd = 1; odd < 4; ++odd) {
        check_trap("LW", with(load(2, 5, 2, int32_t(odd))), 4, (address & ~3u) + odd, at);
        check_trap("SW", with(s_type(2, 2, 6, int32_t(odd))), 6, (address & ~3u) + odd, at);
      }
      for (odd = 1; odd < 4; odd += 2) {
        check_trap("LHU", with(load(5, 5, 2, int32_t(odd))), 4, (address & ~3u) + odd, at);
        check_trap("SH", with(s_type(1, 2, 6, int32_t(odd))), 6, (address & ~3u) + odd, at);
      }
      check_trap("JALR, misaligned", with(jalr(5, 2, 2 + int32_t(bench_.random.below(2)))), 0, (address & ~3u) + 2, at);
      check_trap("JAL, misaligned", with(jal(5, 18)), 0, at + 18, at);
      check_trap("BEQ, misaligned", with(b_type(0, 0, 0, -6)), 0, at - 6, at);
      load_immediate(pointer = {}, 2, kHole);
      check_trap("LB, refused", with(load(0, 5, 2, int32_t(odd))), 5, kHole + odd, at);
      check_trap("SB, refused", with(s_type(0, 2, 6, int32_t(odd))), 7, kHole + odd, at);
      check_trap("fetch, refused", with(jalr(5, 2, 0)), 1, 0, kHole);
      bench_.check(machine_.registers[5] == at + 4, "JALR's link is %08x", machine_.registers[5]);
      check_trap("EBREAK", with(kEbreak), 3, 0, at);
      check_trap("ECALL", with(kEcall), 11, 0, at);
      check_trap("write to mhartid", with(csr(1, 5, kMhartid, 6)), 2, 0, at);
    }
  }

  void interrupts() {
    /* A counter that the handler leaves alone; what it saw goes to x10 to x12. */
    for (uint64_t i = 0; i < bench_.count; ++i) {
      const bool timer = bench_.random.chance(50), external = !timer || bench_.random.chance(50);
      uint32_t enabled = (timer ? 0x80u : 0) | (external ? 0x800u : 0);
      std::vector<uint32_t> code;
      load_immediate(code, 1, kHandler);
      code.push_back(csrw(kMtvec, 1));
      load_immediate(code, 2, enabled);
      code.push_back(csrw(kMie, 2));
      code.push_back(csr(6, 0, kMstatus, 8));
      const uint32_t loop = kBase + 4 * uint32_t(code.size());
      const std::vector<uint32_t> body{addi(5, 5, 1), r_type(0x33, 6, 0, 5, 5, 1), sw(5, 2, -0x80), kWfi, csr(1, 7, kMscratch, 5), jal(0, -20)};
      append(code, body);
      /* sw of the body is refused, where no memory is: the loop has a window of its own. */
      code[code.size() - 4] = kFence;
      std::vector<uint32_t> handler{csrr(10, kMcause), csrr(11, kMip), csrr(12, kMstatus), csrr(13, kMepc)};
      append(handler, finished());
      place(kHandler, handler);
      place(kBase, code);
      machine_.stalls = stalls_;
      dut_.timer_interrupt_i = dut_.external_interrupt_i = 0;
      done_ = false;
      machine_.reset();
      for (uint64_t c = 100 + bench_.random.below(400); c > 0; --c) machine_.step();
      bench_.check(!done_, "an interrupt came from nowhere");
      dut_.timer_interrupt_i = !timer;
      dut_.external_interrupt_i = !external;
      for (unsigned c = 0; c < 200; ++c) machine_.step();
      bench_.check(!done_, "an interrupt that is not enabled was taken");
      dut_.timer_interrupt_i = dut_.timer_interrupt_i | timer;
      dut_.external_interrupt_i = dut_.external_interrupt_i | external;
      const uint32_t pending = (dut_.timer_interrupt_i ? 0x80u : 0) | (dut_.external_interrupt_i ? 0x800u : 0);
      for (unsigned c = 0; !done_; ++c) {
        if (c > 2000) bench_.fail("an interrupt was not taken");
        machine_.step();
      }
      bench_.check(machine_.registers[10] == 0x80000000 + (external ? 11u : 7u), "mcause is %08x", machine_.registers[10]);
      bench_.check(machine_.registers[11] == pending, "mip is %08x, and not %08x", machine_.registers[11], pending);
      bench_.check(machine_.registers[12] == 0x1880, "mstatus in the handler is %08x", machine_.registers[12]);
      bench_.check(machine_.registers[13] >= loop && machine_.registers[13] < loop + 24, "mepc is %08x", machine_.registers[13]);
      dut_.timer_interrupt_i = dut_.external_interrupt_i = 0;
    }
  }

  /* A reset in the middle of anything starts over, with x0 at 0 and interrupts off. */
  void resets() {
    std::vector<uint32_t> code{addi(5, 0, 100), r_type(0x33, 6, 4, 5, 5, 1), addi(0, 5, 1), csrr(30, kMie), r_type(0x33, 30, 6, 30, 0, 0),
                               addi(7, 0, -1), csrw(kMie, 7), kEcall};
    std::vector<uint32_t> all;
    load_immediate(all, 1, kHandler);
    all.push_back(csrw(kMtvec, 1));
    append(all, code);
    place(kHandler, finished());
    for (uint64_t i = 0; i < bench_.count; ++i) {
      place(kBase, all);
      machine_.stalls = stalls_;
      machine_.reset();
      for (uint64_t c = bench_.random.below(150); c > 0; --c) machine_.step();
      run(all);
      bench_.check(word_ == 0, "mie or x0 is %08x after a reset", word_);
      bench_.check(machine_.registers[6] == 1, "100 / 100 is %u after a reset", machine_.registers[6]);
    }
  }
};

}  // namespace

int main(int argc, char** argv) { return Directed(argc, argv).main(); }
