/* The Verilated link_top, one model for each kind of pins, behind one face: its pins, its two clocks, and its buses as accel_sim_host_pins. */
#pragma once
#include <cstdint>
#include <cstring>
#include <memory>

#include "accel_sim.h"
#include "peers.hpp"

class VerilatedContext;

namespace cosim {

enum class LinkFront { kUart, kFt245, kFt601 };

constexpr unsigned kUartClocksPerBit = 4;

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
