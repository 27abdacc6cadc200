// crc32c: the check value of the standard, and any sequence of words against the checksum of their bytes, with clears in between.
#include "Vcrc32c.h"
#include "tb.hpp"

static uint32_t reference(uint32_t state, const uint8_t* bytes, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) {
    state ^= bytes[i];
    for (int bit = 0; bit < 8; ++bit) state = (state >> 1) ^ ((state & 1) ? 0x82f63b78u : 0);
  }
  return state;
}

int main(int argc, char** argv) {
  tb::Bench<Vcrc32c> bench(argc, argv, 2000);
  auto& dut = *bench.dut;
  constexpr unsigned kBytes = PARAMETER_DataBits / 8;
  auto drive = [&](const uint8_t* bytes) { std::memcpy(&dut.data_i, bytes, kBytes); };
  if (kBytes == 1 || kBytes == 9) {
    const char* digits = "123456789";
    for (unsigned i = 0; i < 9 / kBytes; ++i) {
      drive(reinterpret_cast<const uint8_t*>(digits) + i * kBytes);
      dut.add_i = 1;
      dut.clear_i = i == 0;
      bench.tick();
    }
    bench.check(dut.crc_o == 0xe3069283u, "'123456789' gives %08x", dut.crc_o);
    bench.check(~reference(~0u, reinterpret_cast<const uint8_t*>(digits), 9) == 0xe3069283u, "the reference is wrong");
  }
  dut.add_i = 0;
  dut.clear_i = 1;
  bench.tick();
  bench.check(dut.crc_o == 0, "no bytes give %08x", dut.crc_o);
  uint32_t state = ~0u;
  for (uint64_t i = 0; i < bench.count; ++i) {
    uint8_t bytes[kBytes];
    for (auto& byte : bytes) byte = uint8_t(bench.random.next());
    drive(bytes);
    dut.add_i = bench.random.chance(70);
    dut.clear_i = bench.random.chance(10);
    if (dut.clear_i) state = ~0u;
    if (dut.add_i) state = reference(state, bytes, kBytes);
    bench.tick();
    bench.check(dut.crc_o == ~state, "after %llu words: %08x, expected %08x", (unsigned long long)i + 1, dut.crc_o, ~state);
  }
  return bench.finish();
}
