#include "link_hardware.hpp"

#include "Vlink_ft245.h"
#include "Vlink_ft601.h"
#include "Vlink_uart.h"
#include "verilated.h"

namespace cosim {
namespace {

template <class Model> class Hardware : public LinkHardware {
 public:
  explicit Hardware(uint64_t seed) {
    /* Numbers of sessions come from a counter that no reset touches: it must not start alike in two cards. */
    context_->randReset(2);
    context_->randSeed(int((seed * 0x9e3779b97f4a7c15ull) >> 33) | 1);
    model_ = std::make_unique<Model>(context_.get());
    model_->uart_rx_i = model_->fifo_rxf_n_i = model_->fifo_txe_n_i = 1;
    model_->link_clk_i = model_->core_clk_i = 0;
    set_card({});
    /* The reset is asynchronous: it needs its edge. */
    model_->rst_ni = 1;
    model_->eval();
    model_->rst_ni = 0;
    model_->eval();
  }
  ~Hardware() override {
    Verilated::threadContextp(context_.get());
    model_->final();
  }

  void link_edge(LinkPins& pins) override {
    Model& m = *model_;
    m.uart_rx_i = pins.uart_rx;
    m.fifo_rxf_n_i = pins.fifo_rxf_n;
    m.fifo_txe_n_i = pins.fifo_txe_n;
    m.fifo_data_i = pins.fifo_in;
    m.fifo_be_i = pins.fifo_in_be;
    rise(m.link_clk_i);
    pins.uart_tx = m.uart_tx_o;
    pins.fifo_out = m.fifo_data_o;
    pins.fifo_out_be = m.fifo_be_o;
    pins.fifo_data_oe = m.fifo_data_oe_o;
    pins.fifo_oe_n = m.fifo_oe_n_o;
    pins.fifo_rd_n = m.fifo_rd_n_o;
    pins.fifo_wr_n = m.fifo_wr_n_o;
  }

  void buses(accel_sim_host_pins& host) const override {
    const Model& m = *model_;
    host.reset_n = m.core_rst_no;
    host.axil_awvalid = m.m_axil_awvalid_o;
    host.axil_awaddr = m.m_axil_awaddr_o;
    host.axil_wvalid = m.m_axil_wvalid_o;
    host.axil_wdata = m.m_axil_wdata_o;
    host.axil_wstrb = m.m_axil_wstrb_o;
    host.axil_bready = m.m_axil_bready_o;
    host.axil_arvalid = m.m_axil_arvalid_o;
    host.axil_araddr = m.m_axil_araddr_o;
    host.axil_rready = m.m_axil_rready_o;
    host.awvalid = m.m_axi_awvalid_o;
    host.awaddr = m.m_axi_awaddr_o;
    host.awlen = m.m_axi_awlen_o;
    host.wvalid = m.m_axi_wvalid_o;
    if (host.wvalid) std::memcpy(host.wdata, &m.m_axi_wdata_o, sizeof host.wdata);
    host.wstrb = m.m_axi_wstrb_o;
    host.wlast = m.m_axi_wlast_o;
    host.bready = m.m_axi_bready_o;
    host.arvalid = m.m_axi_arvalid_o;
    host.araddr = m.m_axi_araddr_o;
    host.arlen = m.m_axi_arlen_o;
    host.rready = m.m_axi_rready_o;
  }

  void core_edge(const accel_sim_card_pins& card) override {
    set_card(card);
    rise(model_->core_clk_i);
  }

  bool active() const override { return model_->active_o; }
  void set_reset(bool asserted) override { model_->rst_ni = !asserted; }

 private:
  void set_card(const accel_sim_card_pins& card) {
    Model& m = *model_;
    m.m_axil_awready_i = card.axil_awready;
    m.m_axil_wready_i = card.axil_wready;
    m.m_axil_bvalid_i = card.axil_bvalid;
    m.m_axil_bresp_i = card.axil_bresp;
    m.m_axil_arready_i = card.axil_arready;
    m.m_axil_rvalid_i = card.axil_rvalid;
    m.m_axil_rdata_i = card.axil_rdata;
    m.m_axil_rresp_i = card.axil_rresp;
    m.m_axi_awready_i = card.awready;
    m.m_axi_wready_i = card.wready;
    m.m_axi_bvalid_i = card.bvalid;
    m.m_axi_bresp_i = card.bresp;
    m.m_axi_arready_i = card.arready;
    m.m_axi_rvalid_i = card.rvalid;
    if (card.rvalid) std::memcpy(&m.m_axi_rdata_i, card.rdata, sizeof card.rdata);
    m.m_axi_rresp_i = card.rresp;
    m.m_axi_rlast_i = card.rlast;
  }

  /* The clock that is high falls together with the rise of the other one, which costs no evaluation of its own. */
  void rise(uint8_t& clock) {
    Model& m = *model_;
    /* Verilator finds a model's context through the thread. */
    Verilated::threadContextp(context_.get());
    if (clock) {
      clock = 0;
      m.eval();
    }
    m.link_clk_i = m.core_clk_i = 0;
    clock = 1;
    m.eval();
  }

  std::unique_ptr<VerilatedContext> context_ = std::make_unique<VerilatedContext>();
  std::unique_ptr<Model> model_;
};

}  // namespace

std::unique_ptr<LinkHardware> make_link(LinkFront front, uint64_t seed) {
  switch (front) {
    case LinkFront::kUart: return std::make_unique<Hardware<Vlink_uart>>(seed);
    case LinkFront::kFt245: return std::make_unique<Hardware<Vlink_ft245>>(seed);
    default: return std::make_unique<Hardware<Vlink_ft601>>(seed);
  }
}

}  // namespace cosim
