// What a system on a chip finds at its pins and its AXI4-Lite port.
#pragma once
#include <array>
#include <cstdint>
#include <deque>
#include <vector>
#include "tb.hpp"

namespace soc {

/* An SPI slave, mode 0. Its answer to a byte is the byte before it, inverted; the first is answered 0xff. */
class SpiSlave {
 public:
  std::vector<uint8_t> received;    // since it was selected
  bool miso = true;

  void edge(bool select_n, bool clock, bool mosi) {
    if (select_n) { received.clear(); bits_ = 0; out_ = 0xff; }
    else if (clock && !clock_) {
      in_ = uint8_t(in_ << 1 | mosi);
      if (++bits_ % 8 == 0) received.push_back(in_);
    } else if (!clock && clock_) {
      out_ = bits_ % 8 == 0 ? uint8_t(~in_) : uint8_t(out_ << 1);
    }
    clock_ = clock;
    miso = out_ >> 7;
  }

 private:
  bool clock_ = false;
  unsigned bits_ = 0;
  uint8_t in_ = 0, out_ = 0xff;
};

/* An AXI4-Lite slave of 1024 words that makes every channel wait, and refuses what lies from refused_from on. */
class Registers {
 public:
  uint32_t refused_from = 0xc00;
  std::array<uint32_t, 1024> words{};
  unsigned stalls = 0;
  uint64_t reads = 0, writes = 0;

  void reset() { aw_ = w_ = b_ = ar_ = r_ = false; }
  /* Before settling. */
  template <class Dut> void drive(Dut& dut, tb::Random& random) {
    dut.m_axil_awready_i = !aw_ && !random.chance(stalls);
    dut.m_axil_wready_i = !w_ && !random.chance(stalls);
    dut.m_axil_arready_i = !ar_ && !random.chance(stalls);
    if (!b_) b_ = aw_ && w_ && !random.chance(stalls);
    dut.m_axil_bvalid_i = b_;
    dut.m_axil_bresp_i = b_ && address_ >= refused_from ? 2 : 0;
    if (!r_) r_ = ar_ && !random.chance(stalls);
    dut.m_axil_rvalid_i = r_;
    dut.m_axil_rresp_i = r_ && address_ >= refused_from ? 2 : 0;
    dut.m_axil_rdata_i = r_ ? words[address_ / 4 % 1024] : uint32_t(random.next());
  }
  /* After settling, before the edge. */
  template <class Dut> void edge(Dut& dut) {
    if (b_ && dut.m_axil_bready_o) {
      if (address_ < refused_from)
        for (unsigned i = 0; i < 4; ++i)
          if (strobe_ >> i & 1) words[address_ / 4] = (words[address_ / 4] & ~(0xffu << 8 * i)) | (data_ & 0xffu << 8 * i);
      aw_ = w_ = b_ = false;
      ++writes;
    }
    if (r_ && dut.m_axil_rready_o) { ar_ = r_ = false; ++reads; }
    if (dut.m_axil_awvalid_o && dut.m_axil_awready_i) { aw_ = true; address_ = dut.m_axil_awaddr_o; }
    if (dut.m_axil_wvalid_o && dut.m_axil_wready_i) { w_ = true; data_ = dut.m_axil_wdata_o; strobe_ = dut.m_axil_wstrb_o; }
    if (dut.m_axil_arvalid_o && dut.m_axil_arready_i) { ar_ = true; address_ = dut.m_axil_araddr_o; }
  }

 private:
  bool aw_ = false, w_ = false, b_ = false, ar_ = false, r_ = false;
  uint32_t address_ = 0, data_ = 0, strobe_ = 0;
};

}  // namespace soc
