/* A whole card: link_top wired pin for pin to a core, and the other end of the pins' wires; two clocks whose ratio is no integer.
   The core's clock stops while the core has nothing to do, and everything stops while nothing would change. */
#pragma once
#include <memory>
#include <utility>

#include "core.hpp"
#include "link_hardware.hpp"
#include "peers.hpp"

namespace cosim {

class Card {
 public:
  /* Periods of the two clocks in the same unit. */
  struct Clocks { uint64_t link, core; };

  Card(LinkFront front, std::unique_ptr<Peer> peer, std::unique_ptr<Core> core, Clocks clocks, uint64_t seed)
      : link_(make_link(front, seed)), peer_(std::move(peer)), core_(std::move(core)), clocks_(clocks) {
    reset();
  }

  Peer& peer() { return *peer_; }
  Core& core() { return *core_; }
  uint64_t link_cycles() const { return link_cycles_; }
  uint64_t core_cycles() const { return core_cycles_; }
  uint64_t core_cycles_stepped() const { return core_stepped_; }

  /* Pulls the reset pin for so many cycles of the link, and waits until both sides have come out of reset. */
  void reset(uint64_t link_cycles = kResetCycles) {
    link_->set_reset(true);
    step(link_cycles);
    link_->set_reset(false);
    step(kResetCycles);
    still_ = 0;
  }

  /* Nothing would change until a byte comes. */
  bool idle() const { return still_ > kStillCycles; }

  /* Runs until so many cycles of the link have gone by, or nothing is left to do; says how many did. */
  uint64_t run(uint64_t link_cycles) {
    uint64_t began = link_cycles_;
    if (!peer_->to_card.empty()) still_ = 0;
    while (link_cycles_ - began < link_cycles && !idle()) next_edge();
    return link_cycles_ - began;
  }
  void step(uint64_t link_cycles) {
    for (uint64_t last = link_cycles_ + link_cycles; link_cycles_ != last;) next_edge();
  }

 private:
  static constexpr uint64_t kStillCycles = 128, kResetCycles = 32;
  static constexpr unsigned kSettleCycles = 256;  /* of an idle core, for what is in its pipelines */

  void next_edge() {
    if (link_at_ <= core_at_) {
      link_at_ += clocks_.link;
      ++link_cycles_;
      peer_->edge(pins_);
      link_->link_edge(pins_);
      still_ = peer_->busy(pins_) ? 0 : still_ + 1;
    } else {
      core_at_ += clocks_.core;
      ++core_cycles_;
      core_cycle();
      if (link_->active() || core_left_ != 0) still_ = 0;
    }
  }

  void core_cycle() {
    link_->buses(host_);
    bool asked = host_.axil_awvalid || host_.axil_wvalid || host_.axil_arvalid || host_.awvalid || host_.wvalid || host_.arvalid || !host_.reset_n;
    if (asked) core_left_ = kSettleCycles;
    if (core_left_ != 0) {
      core_->cycle(host_, card_);
      ++core_stepped_;
      track();
      if (open_ != 0 || !card_.idle) core_left_ = kSettleCycles;
      else --core_left_;
    }
    link_->core_edge(card_);
  }

  /* Accesses that the core owes an answer to. */
  void track() {
    if (!host_.reset_n) open_ = 0;
    else {
      open_ += (host_.axil_awvalid && card_.axil_awready) + (host_.axil_arvalid && card_.axil_arready) + (host_.awvalid && card_.awready)
               + (host_.arvalid && card_.arready);
      open_ -= (card_.axil_bvalid && host_.axil_bready) + (card_.axil_rvalid && host_.axil_rready) + (card_.bvalid && host_.bready)
               + (card_.rvalid && host_.rready && card_.rlast);
    }
  }

  std::unique_ptr<LinkHardware> link_;
  std::unique_ptr<Peer> peer_;
  std::unique_ptr<Core> core_;
  Clocks clocks_;
  LinkPins pins_;
  accel_sim_host_pins host_{};
  accel_sim_card_pins card_{};
  uint64_t link_at_ = 0, core_at_ = 0, link_cycles_ = 0, core_cycles_ = 0, core_stepped_ = 0, still_ = 0;
  unsigned core_left_ = kSettleCycles;
  int open_ = 0;
};

}  // namespace cosim
