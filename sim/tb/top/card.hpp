// accel_core as a card: its pins, the memory behind it, a host on its AXI4 slave port, and registers by name.
#pragma once
#include "Vaccel_core.h"
#include "axi_memory.hpp"
#include "../../firmware/include/accel_regs.h"

namespace tb {

class Card {
 public:
  Bench<Vaccel_core>& bench;
  Vaccel_core& dut;
  AxiMemory memory;
  /* The host's own accesses, in a range of memory that commands leave alone. */
  bool host_busy = false;
  uint64_t host_from = 0, host_bytes = 0, host_bursts = 0;

  Card(Bench<Vaccel_core>& b, std::size_t bytes) : bench(b), dut(*b.dut), memory(bytes, b.random, "accel_core") {
    for (auto& byte : memory.bytes) byte = uint8_t(bench.random.next());
    dut.s_axil_awvalid_i = dut.s_axil_wvalid_i = dut.s_axil_bready_i = dut.s_axil_arvalid_i = dut.s_axil_rready_i = 0;
    dut.s_axi_awvalid_i = dut.s_axi_wvalid_i = dut.s_axi_bready_i = dut.s_axi_arvalid_i = dut.s_axi_rready_i = 0;
    dut.m_axi_awready_i = dut.m_axi_wready_i = dut.m_axi_bvalid_i = dut.m_axi_arready_i = dut.m_axi_rvalid_i = 0;
  }

  void cycle() {
    memory.drive();
    dut.m_axi_arready_i = memory.ar_ready;
    dut.m_axi_awready_i = memory.aw_ready;
    dut.m_axi_wready_i = memory.w_ready;
    dut.m_axi_rvalid_i = memory.r_valid;
    if (memory.r_valid) { dut.m_axi_rid_i = memory.r_id; dut.m_axi_rlast_i = memory.r_last; dut.m_axi_rresp_i = memory.r_resp; set_bytes(dut.m_axi_rdata_i, memory.r_data); }
    dut.m_axi_bvalid_i = memory.b_valid;
    if (memory.b_valid) { dut.m_axi_bid_i = memory.b_id; dut.m_axi_bresp_i = memory.b_resp; }
    drive_host();
    bench.settle();
    memory.ar = {};
    if (dut.m_axi_arvalid_o) memory.ar = {true, dut.m_axi_arid_o, dut.m_axi_araddr_o, dut.m_axi_arlen_o};
    memory.aw = {};
    if (dut.m_axi_awvalid_o) memory.aw = {true, dut.m_axi_awid_o, dut.m_axi_awaddr_o, dut.m_axi_awlen_o};
    memory.w = {};
    if (dut.m_axi_wvalid_o) {
      memory.w.valid = true; memory.w.strobes = dut.m_axi_wstrb_o; memory.w.last = dut.m_axi_wlast_o;
      get_bytes(memory.w.bytes, dut.m_axi_wdata_o);
      for (unsigned i = 0; i < kBeatBytes; ++i) if (!((memory.w.strobes >> i) & 1)) memory.w.bytes[i] = 0;
    }
    memory.r_ready = dut.m_axi_rready_o;
    memory.b_ready = dut.m_axi_bready_o;
    step_host();
    memory.step();
    bench.tick();
  }
  void run(uint64_t cycles) { while (cycles-- > 0) cycle(); }

  /* One AXI4-Lite access; the response is checked unless the caller wants it. */
  void write(uint32_t offset, uint32_t value, unsigned* response = nullptr, unsigned strobes = 15) {
    bool address_first = bench.random.chance(50);
    bool address_sent = false, data_sent = false;
    for (unsigned waited = 0;; ++waited) {
      bench.check(waited < 1000, "no answer to a write of register %x", offset);
      dut.s_axil_awaddr_i = offset; dut.s_axil_wdata_i = value; dut.s_axil_wstrb_i = strobes;
      dut.s_axil_awvalid_i = !address_sent && (address_first || data_sent || waited > 3);
      dut.s_axil_wvalid_i = !data_sent && (!address_first || address_sent || waited > 3);
      dut.s_axil_bready_i = waited > 2;
      bench.settle();
      bool address = dut.s_axil_awvalid_i && dut.s_axil_awready_o, data = dut.s_axil_wvalid_i && dut.s_axil_wready_o;
      bool answered = dut.s_axil_bvalid_o && dut.s_axil_bready_i;
      unsigned resp = dut.s_axil_bresp_o;
      cycle();
      address_sent |= address;
      data_sent |= data;
      if (answered) {
        dut.s_axil_awvalid_i = dut.s_axil_wvalid_i = dut.s_axil_bready_i = 0;
        if (response) *response = resp; else bench.check(resp == 0, "register %x: write answered %u", offset, resp);
        return;
      }
    }
  }
  uint32_t read(uint32_t offset, unsigned* response = nullptr) {
    bool sent = false;
    for (unsigned waited = 0;; ++waited) {
      bench.check(waited < 1000, "no answer to a read of register %x", offset);
      dut.s_axil_araddr_i = offset;
      dut.s_axil_arvalid_i = !sent;
      dut.s_axil_rready_i = bench.random.chance(60);
      bench.settle();
      bool taken = dut.s_axil_arvalid_i && dut.s_axil_arready_o, answered = dut.s_axil_rvalid_o && dut.s_axil_rready_i;
      uint32_t value = dut.s_axil_rdata_o;
      unsigned resp = dut.s_axil_rresp_o;
      cycle();
      sent |= taken;
      if (answered) {
        dut.s_axil_arvalid_i = dut.s_axil_rready_i = 0;
        if (response) *response = resp; else bench.check(resp == 0, "register %x: read answered %u", offset, resp);
        return value;
      }
    }
  }

 private:
  /* A burst at a time: writes known bytes, or reads and compares. */
  enum class Host { kIdle, kWriteAddress, kWriteData, kWriteResponse, kReadAddress, kReadData };
  Host host_ = Host::kIdle;
  uint64_t host_address_ = 0;
  unsigned host_beats_ = 0, host_beat_ = 0, host_id_ = 0;
  std::vector<uint8_t> host_data_;

  void drive_host() {
    if (host_ == Host::kIdle) {
      dut.s_axi_awvalid_i = dut.s_axi_wvalid_i = dut.s_axi_bready_i = dut.s_axi_arvalid_i = dut.s_axi_rready_i = 0;
      if (!host_busy || !bench.random.chance(20)) return;
      host_beats_ = 1 + unsigned(bench.random.below(32));
      host_address_ = host_from + 4096 * bench.random.below(host_bytes / 4096) + 64 * bench.random.below(64 - host_beats_ + 1);
      host_id_ = unsigned(bench.random.below(16));
      host_beat_ = 0;
      if (bench.random.chance(50)) {
        host_ = Host::kWriteAddress;
        host_data_.resize(host_beats_ * kBeatBytes);
        for (auto& byte : host_data_) byte = uint8_t(bench.random.next());
        dut.s_axi_awid_i = host_id_; dut.s_axi_awaddr_i = host_address_; dut.s_axi_awlen_i = host_beats_ - 1;
      } else {
        host_ = Host::kReadAddress;
        dut.s_axi_arid_i = host_id_; dut.s_axi_araddr_i = host_address_; dut.s_axi_arlen_i = host_beats_ - 1;
      }
    }
    dut.s_axi_awvalid_i = host_ == Host::kWriteAddress;
    dut.s_axi_arvalid_i = host_ == Host::kReadAddress;
    dut.s_axi_wvalid_i = host_ == Host::kWriteData;
    if (host_ == Host::kWriteData) {
      dut.s_axi_wstrb_i = ~uint64_t{0};
      dut.s_axi_wlast_i = host_beat_ + 1 == host_beats_;
      std::memcpy(dut.s_axi_wdata_i.data(), &host_data_[host_beat_ * kBeatBytes], kBeatBytes);
    }
    dut.s_axi_bready_i = 1;
    dut.s_axi_rready_i = 1;
  }
  /* Looks at the handshakes before the edge; the pins change in the next drive_host. */
  void step_host() {
    switch (host_) {
      case Host::kIdle: break;
      case Host::kWriteAddress: if (dut.s_axi_awready_o) host_ = Host::kWriteData; break;
      case Host::kWriteData:
        if (dut.s_axi_wvalid_i && dut.s_axi_wready_o && ++host_beat_ == host_beats_) host_ = Host::kWriteResponse;
        break;
      case Host::kWriteResponse:
        if (dut.s_axi_bvalid_o) {
          bench.check(dut.s_axi_bid_o == host_id_, "host's write answered with ID %u", dut.s_axi_bid_o);
          if (dut.s_axi_bresp_o == 0)
            bench.check(std::memcmp(&memory.bytes[host_address_], host_data_.data(), host_data_.size()) == 0, "host's write is not in memory");
          ++host_bursts;
          host_ = Host::kIdle;
        }
        break;
      case Host::kReadAddress: if (dut.s_axi_arready_o) host_ = Host::kReadData; break;
      case Host::kReadData:
        if (dut.s_axi_rvalid_o) {
          bench.check(dut.s_axi_rid_o == host_id_, "host's read answered with ID %u", dut.s_axi_rid_o);
          if (dut.s_axi_rresp_o == 0)
            bench.check(std::memcmp(&memory.bytes[host_address_ + host_beat_ * kBeatBytes], dut.s_axi_rdata_o.data(), kBeatBytes) == 0, "host read wrong bytes");
          ++host_beat_;
          bench.check(bool(dut.s_axi_rlast_o) == (host_beat_ == host_beats_), "host's read: last at beat %u of %u", host_beat_, host_beats_);
          if (host_beat_ == host_beats_) { ++host_bursts; host_ = Host::kIdle; }
        }
        break;
    }
  }
};

}  // namespace tb
