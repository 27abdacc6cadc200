/* accel_link_sim.h over a whole card. */
#include "accel_link_sim.h"

#include <dlfcn.h>

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <exception>
#include <string>

#include "card.hpp"

namespace {

constexpr std::size_t kBufferBytes = 65'536;
constexpr uint64_t kSliceCycles = 1024;

struct Front {
  const char* name;
  cosim::LinkFront front;
  cosim::Card::Clocks clocks;
};
/* Periods: the core's clock need only be fast enough for the link (hdl/link/README.md). */
constexpr Front kFronts[] = {
    {"uart", cosim::LinkFront::kUart, {2, 5}}, {"ft245", cosim::LinkFront::kFt245, {10, 9}}, {"ft601", cosim::LinkFront::kFt601, {18, 11}}};

std::string own_folder() {
  Dl_info info;
  std::string file = dladdr(reinterpret_cast<void*>(&accel_link_sim_abi), &info) && info.dli_fname ? info.dli_fname : "./";
  std::size_t slash = file.rfind('/');
  return slash == std::string::npos ? "." : file.substr(0, slash);
}

std::unique_ptr<cosim::Peer> make_peer(cosim::LinkFront front) {
  if (front == cosim::LinkFront::kUart) return std::make_unique<cosim::UartPeer>(cosim::kUartClocksPerBit);
  auto chip = std::make_unique<cosim::ChipPeer>(front == cosim::LinkFront::kFt601 ? 4 : 1);
  chip->room = kBufferBytes;
  return chip;
}

}  // namespace

struct accel_link_sim {
  accel_link_sim(const Front& front, const std::string& core, const std::string& options, uint64_t seed)
      : card(front.front, make_peer(front.front), std::make_unique<cosim::LibraryCore>(cosim::library_file(core, own_folder()), options), front.clocks, seed),
        chip(dynamic_cast<cosim::ChipPeer*>(&card.peer())) {}

  uint64_t step(uint64_t cycles) {
    uint64_t ran = 0;
    for (uint64_t slice = 1; slice != 0 && ran < cycles; ran += slice) {
      slice = card.run(std::min(kSliceCycles, cycles - ran));
      settle();
    }
    return ran;
  }
  /* What the pins have carried since the last look. */
  void settle() {
    cosim::Bytes& out = card.peer().from_card;
    if (out.size() > waiting) sent += out.size() - waiting;
    if (unplugged) out.clear();
    if (out.size() > kBufferBytes) out.resize(kBufferBytes);
    waiting = out.size();
  }

  cosim::Card card;
  cosim::ChipPeer* chip;
  bool unplugged = false;
  uint64_t pushed = 0, sent = 0;
  std::size_t waiting = 0;
};

extern "C" {

uint32_t accel_link_sim_abi(void) { return ACCEL_LINK_SIM_ABI; }

accel_link_sim* accel_link_sim_create(const char* front, const char* core, const char* options, uint64_t seed, char* error, size_t error_bytes) {
  const Front* chosen = std::find_if(std::begin(kFronts), std::end(kFronts), [&](const Front& f) { return std::strcmp(f.name, front) == 0; });
  try {
    if (chosen == std::end(kFronts)) throw std::invalid_argument(std::string("there is no link '") + front + "'; there are uart, ft245 and ft601");
    return new accel_link_sim(*chosen, core, options, seed);
  } catch (const std::exception& failed) {
    std::snprintf(error, error_bytes, "%s", failed.what());
    return nullptr;
  }
}

void accel_link_sim_destroy(accel_link_sim* sim) { delete sim; }

size_t accel_link_sim_push(accel_link_sim* sim, const void* bytes, size_t count) {
  cosim::Bytes& in = sim->card.peer().to_card;
  const uint8_t* from = static_cast<const uint8_t*>(bytes);
  count = std::min(count, kBufferBytes - std::min(kBufferBytes, in.size()));
  sim->pushed += count;
  if (!sim->unplugged) in.insert(in.end(), from, from + count);
  return count;
}

size_t accel_link_sim_take(accel_link_sim* sim, void* bytes, size_t count) {
  cosim::Bytes& out = sim->card.peer().from_card;
  count = std::min(count, out.size());
  std::copy(out.begin(), out.begin() + long(count), static_cast<uint8_t*>(bytes));
  out.erase(out.begin(), out.begin() + long(count));
  sim->waiting = out.size();
  return count;
}

uint64_t accel_link_sim_step(accel_link_sim* sim, uint64_t link_cycles) { return sim->step(link_cycles); }

void accel_link_sim_reset(accel_link_sim* sim, uint64_t link_cycles) {
  sim->card.reset(link_cycles);
  sim->settle();
}

void accel_link_sim_unplug(accel_link_sim* sim, int unplugged) {
  sim->unplugged = unplugged != 0;
  sim->card.peer().to_card.clear();
  sim->card.peer().from_card.clear();
  sim->waiting = 0;
  if (sim->chip) sim->chip->unplugged = sim->unplugged;
}

int accel_link_sim_inject(accel_link_sim* sim, const char* kind, uint64_t after, uint64_t first, uint64_t last) {
  return sim->card.core().inject(kind, after, first, last);
}

void accel_link_sim_get_statistics(accel_link_sim* sim, accel_link_sim_statistics* statistics) {
  *statistics = {sim->card.link_cycles(), sim->card.core_cycles(), sim->card.core_cycles_stepped(), sim->pushed, sim->sent, sim->card.core().faults_struck()};
}

}  /* extern "C" */
