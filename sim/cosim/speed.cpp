/* Prints how fast a library simulates: idle, and with the engines at work. usage: speed LIBRARY */
#include <dlfcn.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <vector>

#include "accel_regs.h"
#include "accel_sim.h"

namespace {

constexpr uint64_t kIdleCycles = 3'000'000;
constexpr uint64_t kDeadlineCycles = 50'000'000;
constexpr uint64_t kRing = 0, kCompletions = 4096, kSource = 1 << 20, kBases = 2 << 20, kScratch = 4 << 20, kSums = 8 << 20;
constexpr uint32_t kScalars = 1024;

[[noreturn]] void fail(const char* what) {
  std::printf("FAIL %s\n", what);
  std::exit(1);
}
void require(bool holds, const char* what) {
  if (!holds) fail(what);
}

template <class Function> Function* symbol(void* library, const char* name) {
  void* found = dlsym(library, name);
  require(found != nullptr, name);
  return reinterpret_cast<Function*>(found);
}

void put(std::vector<uint8_t>& descriptor, unsigned byte, unsigned bytes, uint64_t value) { std::memcpy(descriptor.data() + byte, &value, bytes); }

}  // namespace

int main(int argc, char** argv) {
  require(argc == 2, "usage: speed LIBRARY");
  void* library = dlopen(argv[1], RTLD_NOW | RTLD_LOCAL);
  if (!library) fail(dlerror());
  auto* create = symbol<decltype(accel_sim_create)>(library, "accel_sim_create");
  auto* destroy = symbol<decltype(accel_sim_destroy)>(library, "accel_sim_destroy");
  auto* read_register = symbol<decltype(accel_sim_read_register)>(library, "accel_sim_read_register");
  auto* write_register = symbol<decltype(accel_sim_write_register)>(library, "accel_sim_write_register");
  auto* write_memory = symbol<decltype(accel_sim_write_memory)>(library, "accel_sim_write_memory");
  auto* run = symbol<decltype(accel_sim_run)>(library, "accel_sim_run");
  char error[256];
  accel_sim* sim = create("", error, sizeof error);
  if (!sim) fail(error);

  auto seconds_of = [&](uint32_t offset, uint32_t seen, uint64_t cycles_max, uint64_t& cycles) {
    /* Processor time, so that the figure is the simulator's own on a machine that has other work. */
    std::clock_t started = std::clock();
    require(run(sim, offset, seen, cycles_max, &cycles) == kAccelSimOk, "run");
    return double(std::clock() - started) / CLOCKS_PER_SEC;
  };
  uint64_t idle_cycles = 0;
  double idle_seconds = seconds_of(ACCEL_REG_COMPLETION_TAIL, 0, kIdleCycles, idle_cycles);

  uint32_t capabilities = 0;
  require(read_register(sim, ACCEL_REG_CAPABILITIES, &capabilities) == kAccelSimOk, "capabilities");
  bool msm = (capabilities & ACCEL_CAPABILITIES_MSM_MASK) != 0;
  /* Any numbers below the modulus keep an engine as busy as points and scalars do; one byte each is below every modulus. */
  std::vector<uint8_t> operands(kScalars * 64);
  uint32_t noise = 1;
  for (std::size_t i = 0; i < operands.size(); i += 32) operands[i] = uint8_t((noise = noise * 1664525u + 1013904223u) >> 26);
  require(write_memory(sim, kBases, operands.data(), operands.size()) == kAccelSimOk, "bases");
  uint32_t scalar_bits = 0;
  require(read_register(sim, ACCEL_REG_WIDTHS, &scalar_bits) == kAccelSimOk, "widths");
  scalar_bits >>= ACCEL_WIDTHS_SCALAR_SHIFT;
  for (std::size_t i = 0; i < operands.size(); ++i) {
    noise = noise * 1664525u + 1013904223u;
    operands[i] = i % 32 < (scalar_bits - 2) / 8 || (i % 32 == 0) ? uint8_t((noise >> 16) & (scalar_bits < 8 ? 0x3f : 0xff)) : 0;
  }
  require(write_memory(sim, kSource, operands.data(), operands.size()) == kAccelSimOk, "scalars");
  std::vector<uint8_t> descriptor(64);
  put(descriptor, 0, 1, msm ? ACCEL_OPCODE_MSM : ACCEL_OPCODE_NTT);
  put(descriptor, 1, 1, msm ? ACCEL_FLAG_FIRST | ACCEL_FLAG_LAST : 0);
  put(descriptor, 4, 4, msm ? kScalars : 10);
  put(descriptor, 8, 8, kSource);
  put(descriptor, 16, 8, msm ? kBases : kScratch);
  put(descriptor, 24, 8, kSums);
  if (msm) put(descriptor, 32, 1, scalar_bits < 8 ? 3 : 8);
  require(write_memory(sim, kRing, descriptor.data(), descriptor.size()) == kAccelSimOk, "descriptor");
  const uint32_t writes[][2] = {{ACCEL_REG_QUEUE_BASE_LO, uint32_t(kRing)}, {ACCEL_REG_QUEUE_LOG2, 4}, {ACCEL_REG_COMPLETION_BASE_LO, uint32_t(kCompletions)},
                                {ACCEL_REG_COMPLETION_LOG2, 4}, {ACCEL_REG_CONTROL, ACCEL_CONTROL_ENABLE_MASK}, {ACCEL_REG_QUEUE_TAIL, 1}};
  for (const auto& [offset, value] : writes) require(write_register(sim, offset, value) == kAccelSimOk, "register");
  uint64_t busy_cycles = 0;
  double busy_seconds = seconds_of(ACCEL_REG_COMPLETION_TAIL, 0, kDeadlineCycles, busy_cycles);
  uint32_t wrong = 0;
  require(read_register(sim, ACCEL_REG_ERROR_COUNT, &wrong) == kAccelSimOk && wrong == 0, "the command ended with an error");
  std::printf("idle %.0f cycles/s, busy (%s) %.0f cycles/s\n", double(idle_cycles) / idle_seconds, msm ? "MSM of 1024" : "NTT of 1024", double(busy_cycles) / busy_seconds);
  destroy(sim);
  return 0;
}
