/* The Verilated link_top, one model for each kind of pins, behind one face: its pins, its two clocks, and its buses as accel_sim_host_pins. */
#pragma once
#include <cstdint>
#include <cstring>
#include <memory>

#include "accel_sim.h"

class VerilatedContext;

namespace cosim {

enum class LinkFront { kUart, kFt245, kFt601 };

constexpr unsigned kUartClocksPerBit = 4;

/* A pin that the front does not have rests. */
struct LinkPins {
  bool uart_rx = true, uart_tx = true;
  bool fifo_rxf_n = true, fifo_txe_n = true;
  uint32_t fifo_in = 0, fifo_out = 0;
  uint8_t fifo_in_be = 0, fifo_out_be = 0;
  bool fifo_oe_n = true, fifo_rd_n = true, fifo_wr_n = true, fifo_data_oe = false;
};

class LinkHardware {
 public:
  virtual ~LinkHardware() = default;
  /* A rising edge of the link's clock: the inputs in pins count as they were before it, the outputs are those after it. */
  virtual void link_edge(LinkPins& pins) = 0;
  /* What the buses carry up to the next edge of the core's clock, and that edge with what the core has answered. */
  virtual void buses(accel_sim_host_pins& host) const = 0;
  virtual void core_edge(const accel_sim_card_pins& card) = 0;
  virtual bool active() const = 0;
  virtual void set_reset(bool asserted) = 0;
};

/* Powered up, in reset, with registers full of the seed's noise. */
std::unique_ptr<LinkHardware> make_link(LinkFront front, uint64_t seed);

}  // namespace cosim
