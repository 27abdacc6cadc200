// rv32_core against qemu-system-riscv32, instruction by instruction, on random programs: before each instruction program counter, x1 to x31,
// mscratch, mepc, mcause, mtvec, and the interrupt bits of mstatus are QEMU's. +count=N instructions on a bus that never waits, and N of another
// program on one that does, where our core, and not QEMU, is interrupted at random: a handler that restores what it changed must not be noticed.
#include <unistd.h>
#include <string_view>
#include "rv32.hpp"

using namespace rv32;

namespace {

constexpr uint32_t kBase = 0x80000000, kFinisher = 0x100000, kAcknowledge = 0x7fc, kHole = 0x07000000;
constexpr uint32_t kWindow = 28, kHandlerBytes = 16;   // x28 points to the middle of 4 KB; the handler has the lowest bytes

class Program {
 public:
  std::vector<uint32_t> code;

  Program(tb::Random& random, bool has_m, bool interrupts, uint64_t count) : random_(random), has_m_(has_m), interrupts_(interrupts) {
    prologue();
    /* Blocks lie in another order than they run. */
    std::vector<std::vector<uint32_t>> blocks;
    for (uint64_t made = 0; made < count + count / 8; made += blocks.back().size()) blocks.push_back(block());
    std::vector<std::size_t> order(blocks.size()), place(blocks.size() + 1);
    for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
    for (std::size_t i = order.size() - 1; i > 0; --i) {
      std::size_t reach = std::min<std::size_t>(i, 40);
      std::swap(order[i], order[i - random_.below(reach + 1)]);
    }
    std::size_t at = code.size() + 1;
    for (std::size_t i : order) { place[i] = at; at += blocks[i].size() + 2; }
    place.back() = at;
    code.push_back(jal(0, 4 * int32_t(place[0] - code.size())));
    for (std::size_t i : order) {
      code.insert(code.end(), blocks[i].begin(), blocks[i].end());
      int32_t offset = 4 * (int32_t(place[i + 1]) - int32_t(code.size()));
      /* Whether it is taken or not, the next block follows. */
      if (offset >= -4096 && offset < 4096) code.push_back(b_type(branch_funct3(), source(), source(), offset));
      else code.push_back(addi(destination(), source(), 0));
      code.push_back(jal(destination(), offset - 4));
    }
    load_immediate(code, 1, kFinisher);
    load_immediate(code, 2, 0x5555);
    code.push_back(sw(2, 1, 0));
    code.push_back(jal(0, 0));
    window_ = (uint32_t(code.size()) * 4 + 4095) & ~4095u;
    for (unsigned i = 0; i < 2; ++i) code[window_at_ + i] = 0;
    std::vector<uint32_t> pointer;
    load_immediate(pointer, kWindow, kBase + window_ + 2048);
    std::copy(pointer.begin(), pointer.end(), code.begin() + window_at_);
    code.resize((window_ + 4096) / 4);
    for (std::size_t i = window_ / 4; i < code.size(); ++i) code[i] = uint32_t(random_.next());
  }

 private:
  tb::Random& random_;
  bool has_m_, interrupts_;
  std::size_t window_at_ = 0;
  uint32_t window_ = 0;

  uint32_t source() { return uint32_t(random_.below(32)); }
  uint32_t destination() {
    uint32_t r = uint32_t(random_.below(32));
    return r == kWindow ? 0 : r;
  }
  uint32_t scratch() {
    for (;;) if (uint32_t r = destination(); r != 0) return r;
  }
  uint32_t branch_funct3() {
    static constexpr uint32_t kinds[] = {0, 1, 4, 5, 6, 7};
    return kinds[random_.below(6)];
  }
  int32_t immediate() { return random_.chance(20) ? int32_t(random_.below(5)) - 2 : int32_t(random_.below(4096)) - 2048; }

  void prologue() {
    /* x30 and x31 are the handler's in an exception; an interrupt leaves everything as it was but mepc, mcause and mstatus.MPIE. */
    const uint32_t start = 11;
    code.push_back(jal(0, 4 * start));
    code.push_back(sw(31, kWindow, -2048));
    code.push_back(csrr(31, kMcause));
    code.push_back(b_type(4, 31, 0, 4 * 6));
    code.push_back(csrr(31, kMepc));
    code.push_back(addi(31, 31, 4));
    code.push_back(csrw(kMepc, 31));
    code.push_back(csrr(30, kMcause));
    code.push_back(kMret);
    code.push_back(sw(0, 0, kAcknowledge));
    code.push_back(load(2, 31, kWindow, -2048));
    code.push_back(kMret);
    code[0] = jal(0, 4 * int32_t(code.size()));
    window_at_ = code.size();
    code.resize(code.size() + 2);
    load_immediate(code, 1, kBase + 4);
    code.push_back(csrw(kMtvec, 1));
    code.push_back(csrw(kMscratch, 1));
    code.push_back(csrw(kMcause, 0));
    code.push_back(csrw(kMepc, 1));
    for (uint32_t r = 1; r < 32; ++r) if (r != kWindow) load_immediate(code, r, value());
    code.push_back(addi(1, 0, 1));
    code.push_back(r_type(0x13, 1, 1, 1, 11, 0));
    code.push_back(csrw(kMie, 1));
    code.push_back(i_type(0x73, 0, 6, 8, kMstatus));
  }

  uint32_t value() {
    static constexpr uint32_t corners[] = {0, 1, 2, 0xffffffff, 0xfffffffe, 0x80000000, 0x80000001, 0x7fffffff, 0xffff, 0x10000, 0x5555aaaa};
    return random_.chance(40) ? corners[random_.below(std::size(corners))] : random_.chance(30) ? uint32_t(random_.next()) >> random_.below(32)
        : uint32_t(random_.next());
  }

  /* Jumps lead to the start of a group, never between an address and its use. */
  struct Jump { std::size_t from, at, group; uint32_t (*encode)(uint32_t word, int32_t offset); };
  std::vector<Jump> jumps_;
  std::size_t group_ = 0;

  std::vector<uint32_t> block() {
    std::vector<uint32_t> out;
    std::vector<std::size_t> groups;
    jumps_.clear();
    const uint64_t count = 8 + random_.below(30);
    for (group_ = 0; group_ < count; ++group_) {
      groups.push_back(out.size());
      if (group_ + 4 < count) instruction(out);
      else out.push_back(arithmetic());
    }
    for (const Jump& jump : jumps_) out[jump.at] = jump.encode(out[jump.at], 4 * int32_t(groups[jump.group] - jump.from));
    return out;
  }

  void jump(std::vector<uint32_t>& out, uint32_t word, std::size_t from, uint32_t (*encode)(uint32_t, int32_t)) {
    jumps_.push_back({from, out.size(), group_ + 1 + random_.below(4), encode});
    out.push_back(word);
  }

  uint32_t arithmetic() {
    uint32_t funct3 = uint32_t(random_.below(8));
    if (has_m_ && random_.chance(15)) return r_type(0x33, destination(), funct3, source(), source(), 1);
    if (random_.chance(50)) return r_type(0x33, destination(), funct3, source(), source(), (funct3 == 0 || funct3 == 5) && random_.chance(50)
        ? 0x20 : 0);
    if (funct3 == 1 || funct3 == 5) return r_type(0x13, destination(), funct3, source(), uint32_t(random_.below(32)), funct3 == 5
        && random_.chance(50) ? 0x20 : 0);
    return i_type(0x13, destination(), funct3, source(), immediate());
  }

  void instruction(std::vector<uint32_t>& out) {
    uint64_t kind = random_.below(100);
    if (kind < 40) out.push_back(arithmetic());
    else if (kind < 46) load_immediate(out, scratch(), value());
    else if (kind < 50) out.push_back(u_type(random_.chance(50) ? 0x37 : 0x17, destination(), uint32_t(random_.below(1 << 20))));
    else if (kind < 65) access(out);
    else if (kind < 77) {
      jump(out, b_type(branch_funct3(), source(), source(), 0), out.size(),
           [](uint32_t word, int32_t offset) { return word | b_type(0, 0, 0, offset); });
    }
    else if (kind < 80) jump(out, jal(destination(), 0), out.size(), [](uint32_t word, int32_t offset) { return word | jal(0, offset); });
    else if (kind < 83) {
      uint32_t r = scratch();
      out.push_back(auipc(r, 0));
      jump(out, jalr(destination(), r, int32_t(random_.below(2))), out.size() - 1,
           [](uint32_t word, int32_t offset) { return word + (uint32_t(offset) << 20); });
    } else if (kind < 93) out.push_back(control());
    else if (kind < 95) out.push_back(random_.chance(50) ? kFence : kFenceI);
    else trap(out);
  }

  void access(std::vector<uint32_t>& out) {
    uint32_t size = uint32_t(random_.below(3)), base = kWindow;
    int32_t offset = int32_t(kHandlerBytes + random_.below(4096 - kHandlerBytes)) - 2048;
    offset &= ~((1 << size) - 1);
    if (random_.chance(30)) {
      base = scratch();
      int32_t first = int32_t(random_.below(2048)) & ~3;
      if (offset < 0) first = -first;
      out.push_back(addi(base, kWindow, first));
      offset -= first;
    }
    if (random_.chance(50)) out.push_back(s_type(size, base, source(), offset));
    else out.push_back(load(size | (size < 2 && random_.chance(50) ? 4 : 0), destination(), base, offset));
  }

  uint32_t control() {
    uint32_t funct3 = 1 + uint32_t(random_.below(3)) + (random_.chance(50) ? 4 : 0);
    switch (random_.below(interrupts_ ? 4 : 6)) {
      case 0: case 1: return csr(funct3, destination(), kMscratch, source());
      case 2: return csr(random_.chance(50) ? 6 : 7, 0, kMstatus, 8);   // QEMU's MPP is 0 after MRET: it has no word of it to compare
      case 3: return csr(random_.chance(50) ? 2 : 3, destination(), random_.chance(30) ? kMisa : random_.chance(30) ? kMhartid : random_.chance(50)
          ? kMie : kMtvec, 0);
      case 4: return csr(funct3, destination(), kMcause, source());
      default: return csrr(destination(), kMepc);
    }
  }

  void trap(std::vector<uint32_t>& out) {
    uint32_t r = scratch(), random = uint32_t(random_.next());
    switch (random_.below(9)) {
      case 0: out.push_back(kEcall); return;
      case 1: out.push_back(kEbreak); return;
      case 2: out.push_back(jal(destination(), 2 + 4 * int32_t(random_.below(8)))); return;
      case 3: out.push_back(b_type(branch_funct3(), source(), source(), 6)); return;
      case 4: out.push_back(auipc(r, 0)); out.push_back(jalr(destination(), r, 10 + int32_t(random_.below(2)))); return;
      case 5: out.push_back(lui(r, kHole >> 12)); out.push_back(load(uint32_t(random_.below(3)), destination(), r,
          4 * int32_t(random_.below(512)))); return;
      case 6: out.push_back(lui(r, kHole >> 12)); out.push_back(s_type(uint32_t(random_.below(3)), r, source(),
          4 * int32_t(random_.below(512)))); return;
      default: out.push_back(illegal(random)); return;
    }
  }

  /* Illegal for both: QEMU's rv32 has bit manipulation, so that most of OP's free encodings are not. */
  uint32_t illegal(uint32_t random) {
    static constexpr uint32_t opcodes[] = {0x07, 0x0b, 0x27, 0x2b, 0x2f, 0x43, 0x47, 0x4b, 0x4f, 0x53, 0x57, 0x5b, 0x6b, 0x77, 0x7b, 0x1b, 0x3b,
        0x1f, 0x3f, 0x5f, 0x7f};
    switch (random_.below(9)) {
      case 0: return random & ~3u;
      case 1: return (random & ~0x707fu) | 0x63 | (2 + (random >> 12 & 1)) << 12;
      case 2: return (random & ~0x707fu) | 0x03 | (random_.chance(50) ? 3 : 6 + (random >> 12 & 1)) << 12;
      case 3: return (random & ~0x707fu) | 0x23 | (3 + random_.below(5)) << 12;
      case 4: return (random & ~0x707fu) | 0x67 | (1 + random_.below(7)) << 12;
      case 5: return csr(1, destination(), kMhartid, source());
      case 6: return csr(2, destination(), 0x5c0 + uint32_t(random_.below(16)), source());
      case 7: return random_.chance(50) ? 0u : 0xffffffffu;
      default: return (random & ~0x7fu) | opcodes[random_.below(std::size(opcodes))];
    }
  }
};

/* What QEMU knew before an instruction. */
struct State {
  uint32_t pc = 0, mstatus = 0, mtvec = 0, mepc = 0, mcause = 0, mtval = 0, mscratch = 0;
  std::array<uint32_t, 32> x{};
};

class Qemu {
 public:
  Qemu(const std::string& image, bool has_m) {
    std::string command = "exec timeout 300 qemu-system-riscv32 -M virt -bios none -display none -monitor none -serial none";
    command += " -cpu rv32,g=false,a=false,f=false,d=false,c=false,s=false,u=false,h=false,Zicsr=true,m=" + std::string(has_m ? "true" : "false");
    command += " -singlestep -d exec,cpu,nochain -device loader,file=" + image + ",addr=0x80000000 2>&1 </dev/null";
    pipe_ = popen(command.c_str(), "r");
  }
  ~Qemu() { if (pipe_) pclose(pipe_); }
  Qemu(const Qemu&) = delete;

  /* The next instruction's; false at the end. */
  bool next(State& state) {
    bool begun = false;
    for (;;) {
      if (!std::fgets(line_, sizeof line_, pipe_)) return false;
      char* text = line_;
      if (std::strncmp(text, " pc ", 4) == 0) { begun = true; state.pc = hex(text + 4); }
      else if (text[0] == ' ' && text[1] == 'x' && begun) {
        bool last = false;
        for (char* at = text; (at = std::strchr(at, 'x')) != nullptr;) {
          char* after;
          unsigned long number = std::strtoul(at + 1, &after, 10);
          after = std::strchr(after, ' ');
          state.x[number & 31] = hex(after);
          at = after + 1;
          while (*at == ' ') ++at;
          at += 8;
          last = number == 31;
        }
        if (last) return true;
      } else if (begun) {
        static constexpr std::pair<std::string_view, uint32_t State::*> fields[] = {{" mstatus ", &State::mstatus}, {" mtvec ", &State::mtvec},
            {" mepc ", &State::mepc},
          {" mcause ", &State::mcause}, {" mtval ", &State::mtval}, {" mscratch ", &State::mscratch}};
        for (auto& [name, field] : fields) if (std::strncmp(text, name.data(), name.size()) == 0) state.*field = hex(text + name.size());
      } else if (std::strncmp(text, "Trace", 5) != 0) said_ += text;
    }
  }
  const std::string& said() const { return said_; }

 private:
  FILE* pipe_;
  char line_[512];
  std::string said_;
  static uint32_t hex(const char* text) { return uint32_t(std::strtoul(text, nullptr, 16)); }
};

struct Totals { uint64_t compared = 0, cycles = 0, exceptions = 0, interrupts = 0; };

/* A new program, on both. */
void run_program(Machine& machine, const char* name, unsigned stalls, bool interrupts, Totals& totals) {
  auto& bench = machine.bench;
  const bool has_m = PARAMETER_HasM;
  Program program(bench.random, has_m, interrupts, bench.count);
  if (program.code.size() > machine.memory.size()) bench.fail("%zu words of program are more than the memory has", program.code.size());
  std::copy(program.code.begin(), program.code.end(), machine.memory.begin());
  std::string image = std::string(name) + "-" + std::to_string(getpid()) + ".bin";
  FILE* file = std::fopen(image.c_str(), "wb");
  if (!file || std::fwrite(program.code.data(), 4, program.code.size(), file) != program.code.size()
      || std::fclose(file) != 0) bench.fail("%s cannot be written", image.c_str());
  machine.stalls = stalls;

  bool ended = false, line = false;
  machine.device = [&](bool write, uint32_t address, uint32_t& data) {
    if (write && address == kFinisher && data == 0x5555) return ended = true;
    if (write && address == kAcknowledge) { line = false; return true; }
    return false;
  };
  auto& dut = *bench.dut;
  Qemu qemu(image, has_m);
  State expected;
  do {
    if (!qemu.next(expected)) bench.fail("qemu-system-riscv32 ended before the program began: %s", qemu.said().c_str());
  } while (expected.pc != kBase);
  bool is_first = true, in_interrupt = false, is_clobbered = false;
  uint64_t compared = 0, interrupted = 0, exceptions = 0, began = 0;
  std::array<bool, 64> written{};
  auto compare = [&](const char* what, uint32_t slot, uint32_t value) {
    if (written[slot]) bench.check(machine.registers[slot] == value,
        "%s is %08x before the instruction at %08x, and %08x in QEMU, after %llu equal ones", what,
                                   machine.registers[slot], dut.pc_o, value, (unsigned long long)compared);
  };
  machine.observe = [&] {
    if (dut.execute_o && !in_interrupt) {
      if (!is_first && !qemu.next(expected)) bench.fail("QEMU ended before the instruction at %08x: %s", dut.pc_o, qemu.said().c_str());
      if (is_first) began = bench.cycles;
      is_first = false;
      bench.check(dut.pc_o == expected.pc, "at %08x, and QEMU at %08x, after %llu equal instructions", dut.pc_o, expected.pc,
          (unsigned long long)compared);
      for (uint32_t r = 1; r < 32; ++r) compare(("x" + std::to_string(r)).c_str(), r, expected.x[r]);
      compare("mtvec", 0x25, expected.mtvec);
      compare("mscratch", 0x28, expected.mscratch);
      if (!is_clobbered) {
        compare("mepc", 0x29, expected.mepc);
        compare("mcause", 0x2a, expected.mcause);
      }
      if (expected.pc == kBase + 4) {
        ++exceptions;
        /* Of other causes QEMU says more than 0, and of a misaligned jump where it is instead of where it leads. */
        if (expected.mcause >= 4 && expected.mcause <= 7) compare("mtval", 0x2b, expected.mtval);
      }
      const uint32_t bits = interrupts ? 0x08 : 0x88;
      bench.check((dut.mstatus_o & bits) == (expected.mstatus & bits), "mstatus is %08x at %08x, and %08x in QEMU", dut.mstatus_o, dut.pc_o,
          expected.mstatus);
      ++compared;
    }
    if (dut.interrupt_o) {
      in_interrupt = is_clobbered = true;
      ++interrupted;
    } else if (dut.return_o) in_interrupt = false;
    if (dut.write_o) {
      written[dut.write_address_o] = true;
      if (dut.write_address_o == 0x2a && !in_interrupt) is_clobbered = false;
    }
  };
  machine.reset();
  while (!ended) {
    if (interrupts && bench.random.chance(1)) line = true;
    dut.external_interrupt_i = line;
    machine.step();
  }
  unlink(image.c_str());
  bench.check(compared >= bench.count, "only %llu of %llu instructions ran", (unsigned long long)compared, (unsigned long long)bench.count);
  bench.check(exceptions * 100 >= compared, "only %llu exceptions", (unsigned long long)exceptions);
  bench.check(!interrupts || interrupted * 200 >= compared, "only %llu interrupts", (unsigned long long)interrupted);
  machine.observe = [] {};
  totals.compared += compared;
  totals.exceptions += exceptions;
  totals.interrupts += interrupted;
  if (stalls == 0) totals.cycles = (bench.cycles - began) * 1000 / compared;
}

}  // namespace

int main(int argc, char** argv) {
  Machine machine(argc, argv, 5000, kBase, 4 << 20, 40'000'000);
  Totals totals;
  run_program(machine, argv[0], 0, false, totals);
  run_program(machine, argv[0], 40, true, totals);
  char summary[160];
  std::snprintf(summary, sizeof summary, "%llu instructions as in QEMU, %.2f cycles each without stalls; %llu exceptions, %llu interrupts",
      (unsigned long long)totals.compared,
                double(totals.cycles) / 1000, (unsigned long long)totals.exceptions, (unsigned long long)totals.interrupts);
  return machine.bench.finish(summary);
}
