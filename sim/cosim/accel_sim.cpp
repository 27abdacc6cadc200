/* accel_sim.h over the Verilated accel_core. Every access takes the cycles that the buses need; nothing reaches into the model. */
#include "accel_sim.h"

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <optional>
#include <string>

#include "Vaccel_core.h"
#include "accel_regs.h"
#include "memory.hpp"
#include "verilated.h"
#if VM_TRACE
#include "verilated_fst_c.h"
#endif

namespace {

constexpr uint64_t kBusDeadlineCycles = 200'000;  /* without progress of any kind on the port */
constexpr uint64_t kBurstBytes = 4096;            /* a burst never crosses this boundary */
constexpr uint64_t kPollCycles = 64;
constexpr unsigned kResetCycles = 16;

struct OptionError {
  std::string message;
};

struct Options {
  cosim::MemoryOptions memory;
  std::string trace;
  std::optional<int16_t> temperature_sixteenths;

  explicit Options(const std::string& text) {
    for (std::size_t at = 0; at < text.size();) {
      std::size_t end = std::min(text.find(',', at), text.size());
      set(text.substr(at, end - at));
      at = end + 1;
    }
  }

 private:
  void set(const std::string& item) {
    std::size_t equals = item.find('=');
    std::string key = item.substr(0, equals), value = equals == std::string::npos ? "" : item.substr(equals + 1);
    if (key == "latency") memory.latency = number(item, value, 1, 1'000'000);
    else if (key == "stalls") memory.stalls_percent = number(item, value, 0, 95);
    else if (key == "errors") memory.errors_ppm = number(item, value, 0, 1'000'000);
    else if (key == "flips") memory.flips_ppm = number(item, value, 0, 1'000'000);
    else if (key == "seed") memory.seed = number(item, value, 0, ~uint64_t{0});
    else if (key == "temperature") temperature_sixteenths = int16_t(16 * number(item, value, 0, 200));
    else if (key == "trace" && VM_TRACE && !value.empty()) trace = value;
    else if (key == "trace") throw OptionError{"'" + item + "': this library was built without tracing, or no file is named"};
    else throw OptionError{"there is no option '" + item + "'; there are latency, stalls, seed, errors, flips, temperature and trace"};
  }
  static uint64_t number(const std::string& item, const std::string& value, uint64_t least, uint64_t most) {
    char* end = nullptr;
    uint64_t parsed = std::strtoull(value.c_str(), &end, 0);
    if (value.empty() || *end != 0 || parsed < least || parsed > most) {
      throw OptionError{"'" + item + "': expected a number from " + std::to_string(least) + " to " + std::to_string(most)};
    }
    return parsed;
  }
};

}  // namespace

struct accel_sim {
 public:
  explicit accel_sim(const Options& options) {
    enter();
    context_->randReset(0);
#if VM_TRACE
    context_->traceEverOn(true);
#endif
    core_ = std::make_unique<Vaccel_core>(context_.get());
    set_temperature(options.temperature_sixteenths.has_value(), options.temperature_sixteenths.value_or(0));
#if VM_TRACE
    if (!options.trace.empty()) {
      trace_ = std::make_unique<VerilatedFstC>();
      core_->trace(trace_.get(), 99);
      trace_->open(options.trace.c_str());
    }
#endif
    /* The registers say how much memory there is; until then there is the least that an address can have. */
    memory_ = std::make_unique<cosim::MemoryModel>(options.memory, 16);
    reset();
    uint32_t log2 = 0;
    if (read_register(ACCEL_REG_MEMORY_LOG2, log2) != kAccelSimOk || log2 < 16 || log2 > 40) throw OptionError{"the core does not answer on its registers"};
    memory_ = std::make_unique<cosim::MemoryModel>(options.memory, log2);
    memory_log2_ = log2;
  }

  ~accel_sim() {
    enter();
    core_->final();
#if VM_TRACE
    if (trace_) trace_->close();
#endif
    core_.reset();
    Verilated::threadContextp(bystander());
  }

  /* Verilator finds a model's context through the calling thread, which may last have been in another model, or in one that is gone. */
  void enter() { Verilated::threadContextp(context_.get()); }

  void reset() {
    memory_->reset();
    core_->s_axil_awvalid_i = core_->s_axil_wvalid_i = core_->s_axil_bready_i = core_->s_axil_arvalid_i = core_->s_axil_rready_i = 0;
    core_->s_axi_awvalid_i = core_->s_axi_wvalid_i = core_->s_axi_bready_i = core_->s_axi_arvalid_i = core_->s_axi_rready_i = 0;
    core_->s_axil_wstrb_i = 0xf;
    core_->s_axi_awid_i = core_->s_axi_arid_i = 0;
    core_->s_axi_wstrb_i = ~uint64_t{0};
    core_->rst_ni = 0;
    for (unsigned i = 0; i < kResetCycles; ++i) cycle();
    memory_->reset();
    core_->rst_ni = 1;
    for (unsigned i = 0; i < kResetCycles; ++i) cycle();
  }

  int read_register(uint32_t offset, uint32_t& value) {
    core_->s_axil_arvalid_i = 1;
    core_->s_axil_araddr_i = uint16_t(offset);
    core_->s_axil_rready_i = 1;
    for (uint64_t waited = 0; waited < kBusDeadlineCycles; ++waited) {
      cycle();
      if (seen_.axil_ar) core_->s_axil_arvalid_i = 0;
      if (seen_.axil_r) {
        core_->s_axil_rready_i = 0;
        value = seen_.axil_rdata;
        return seen_.axil_rresp == 0 ? kAccelSimOk : kAccelSimBusError;
      }
    }
    return kAccelSimTimeout;
  }

  int write_register(uint32_t offset, uint32_t value) {
    core_->s_axil_awvalid_i = core_->s_axil_wvalid_i = 1;
    core_->s_axil_awaddr_i = uint16_t(offset);
    core_->s_axil_wdata_i = value;
    core_->s_axil_bready_i = 1;
    for (uint64_t waited = 0; waited < kBusDeadlineCycles; ++waited) {
      cycle();
      if (seen_.axil_aw) core_->s_axil_awvalid_i = 0;
      if (seen_.axil_w) core_->s_axil_wvalid_i = 0;
      if (seen_.axil_b) {
        core_->s_axil_bready_i = 0;
        return seen_.axil_bresp == 0 ? kAccelSimOk : kAccelSimBusError;
      }
    }
    return kAccelSimTimeout;
  }

  /* Bursts follow each other without waiting for responses; data follows its address. */
  int write_memory(uint64_t address, const uint8_t* source, uint64_t bytes) {
    if (!is_range(address, bytes)) return kAccelSimBadArgument;
    uint64_t announced = 0, sent = 0, burst_end = 0, bursts_open = 0, idle = 0;
    std::deque<uint64_t> burst_ends;
    bool refused = false;
    core_->s_axi_bready_i = 1;
    while (announced < bytes || sent < bytes || bursts_open != 0) {
      uint64_t burst = burst_bytes(address + announced, bytes - announced);
      core_->s_axi_awvalid_i = announced < bytes;
      core_->s_axi_awaddr_i = address + announced;
      core_->s_axi_awlen_i = uint8_t(burst / cosim::kBeatBytes - 1);
      core_->s_axi_wvalid_i = sent < announced;
      if (sent < announced) {
        if (sent == burst_end) { burst_end = burst_ends.front(); burst_ends.pop_front(); }
        core_->s_axi_wlast_i = sent + cosim::kBeatBytes == burst_end;
        std::memcpy(&core_->s_axi_wdata_i, source + sent, cosim::kBeatBytes);
      }
      cycle();
      if (seen_.axi_aw) { announced += burst; burst_ends.push_back(announced); ++bursts_open; }
      if (seen_.axi_w) sent += cosim::kBeatBytes;
      if (seen_.axi_b) { --bursts_open; refused |= seen_.axi_bresp != 0; }
      idle = seen_.axi_aw || seen_.axi_w || seen_.axi_b ? 0 : idle + 1;
      if (idle > kBusDeadlineCycles) return kAccelSimTimeout;
    }
    core_->s_axi_awvalid_i = core_->s_axi_wvalid_i = core_->s_axi_bready_i = 0;
    return refused ? kAccelSimBusError : kAccelSimOk;
  }

  int read_memory(uint64_t address, uint8_t* destination, uint64_t bytes) {
    if (!is_range(address, bytes)) return kAccelSimBadArgument;
    uint64_t asked = 0, received = 0, idle = 0;
    bool refused = false;
    core_->s_axi_rready_i = 1;
    while (received < bytes) {
      uint64_t burst = burst_bytes(address + asked, bytes - asked);
      core_->s_axi_arvalid_i = asked < bytes;
      core_->s_axi_araddr_i = address + asked;
      core_->s_axi_arlen_i = uint8_t(burst / cosim::kBeatBytes - 1);
      cycle();
      if (seen_.axi_ar) asked += burst;
      if (seen_.axi_r) {
        std::memcpy(destination + received, seen_.axi_rdata.data(), cosim::kBeatBytes);
        received += cosim::kBeatBytes;
        refused |= seen_.axi_rresp != 0;
      }
      idle = seen_.axi_ar || seen_.axi_r ? 0 : idle + 1;
      if (idle > kBusDeadlineCycles) return kAccelSimTimeout;
    }
    core_->s_axi_arvalid_i = core_->s_axi_rready_i = 0;
    return refused ? kAccelSimBusError : kAccelSimOk;
  }

  int run(uint32_t offset, uint32_t seen, uint64_t cycles_max, uint64_t& ran) {
    auto started = std::chrono::steady_clock::now();
    uint64_t first = cycles_;
    int status = kAccelSimOk;
    for (bool interrupt = false;; interrupt = core_->irq_o) {
      uint32_t value = seen;
      status = read_register(offset, value);
      if (status != kAccelSimOk || value != seen || cycles_ - first >= cycles_max) break;
      /* A rising interrupt ends the pause between two polls. */
      uint64_t pause = std::min(kPollCycles, cycles_max - (cycles_ - first));
      for (uint64_t i = 0; i < pause && (interrupt || !core_->irq_o); ++i) cycle();
    }
    ran = cycles_ - first;
    run_cycles_ += ran;
    nanoseconds_ += uint64_t(std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::steady_clock::now() - started).count());
    return status;
  }

  void set_temperature(bool valid, int16_t sixteenths) {
    core_->temperature_valid_i = valid;
    core_->temperature_i = uint16_t(sixteenths);
  }

  void cycle(const accel_sim_host_pins& host, accel_sim_card_pins& card) {
    Vaccel_core& core = *core_;
    core.rst_ni = host.reset_n;
    core.s_axil_awvalid_i = host.axil_awvalid;
    core.s_axil_awaddr_i = host.axil_awaddr;
    core.s_axil_wvalid_i = host.axil_wvalid;
    core.s_axil_wdata_i = host.axil_wdata;
    core.s_axil_wstrb_i = host.axil_wstrb;
    core.s_axil_bready_i = host.axil_bready;
    core.s_axil_arvalid_i = host.axil_arvalid;
    core.s_axil_araddr_i = host.axil_araddr;
    core.s_axil_rready_i = host.axil_rready;
    core.s_axi_awvalid_i = host.awvalid;
    core.s_axi_awaddr_i = host.awaddr;
    core.s_axi_awlen_i = host.awlen;
    core.s_axi_wvalid_i = host.wvalid;
    if (host.wvalid) std::memcpy(&core.s_axi_wdata_i, host.wdata, cosim::kBeatBytes);
    core.s_axi_wstrb_i = host.wstrb;
    core.s_axi_wlast_i = host.wlast;
    core.s_axi_bready_i = host.bready;
    core.s_axi_arvalid_i = host.arvalid;
    core.s_axi_araddr_i = host.araddr;
    core.s_axi_arlen_i = host.arlen;
    core.s_axi_rready_i = host.rready;
    if (!host.reset_n) memory_->reset();
    cycle(&card);
  }

  int inject(const std::string& kind, uint64_t after, uint64_t first, uint64_t last) {
    static constexpr const char* kNames[cosim::Fault::kKinds] = {"read-error", "write-error", "flip", "lost"};
    for (unsigned i = 0; i < cosim::Fault::kKinds; ++i) {
      if (kind == kNames[i]) {
        memory_->faults[i] = {after, first, last};
        return kAccelSimOk;
      }
    }
    return kAccelSimBadArgument;
  }

  accel_sim_statistics statistics() const {
    return {cycles_, busy_cycles_, nanoseconds_, run_cycles_, memory_->read_beats, memory_->write_beats, memory_->faults_struck, memory_->used_bytes()};
  }

 private:
  /* Transfers of the host's ports in the last cycle. */
  struct Seen {
    bool axil_aw, axil_w, axil_b, axil_ar, axil_r, axi_aw, axi_w, axi_b, axi_ar, axi_r;
    uint8_t axil_bresp, axil_rresp, axi_bresp, axi_rresp;
    uint32_t axil_rdata;
    cosim::Beat axi_rdata;
  };

  bool is_range(uint64_t address, uint64_t bytes) const {
    uint64_t size = uint64_t{1} << memory_log2_;
    return address % cosim::kBeatBytes == 0 && bytes % cosim::kBeatBytes == 0 && address <= size && bytes <= size - address;
  }

  static VerilatedContext* bystander() {
    static VerilatedContext* context = new VerilatedContext;
    return context;
  }

  static uint64_t burst_bytes(uint64_t address, uint64_t left) { return std::min(left, kBurstBytes - address % kBurstBytes); }

  void cycle(accel_sim_card_pins* card = nullptr) {
    Vaccel_core& core = *core_;
    cosim::MemoryModel& memory = *memory_;
    memory.begin_cycle(cycles_);
    core.m_axi_arready_i = memory.ar_ready();
    core.m_axi_awready_i = memory.aw_ready();
    core.m_axi_wready_i = memory.w_ready();
    const auto* beat = memory.read_beat();
    core.m_axi_rvalid_i = beat != nullptr;
    if (beat) {
      core.m_axi_rid_i = uint8_t(beat->id);
      core.m_axi_rresp_i = beat->response;
      core.m_axi_rlast_i = beat->last;
      std::memcpy(&core.m_axi_rdata_i, beat->data.data(), cosim::kBeatBytes);
    }
    const auto* response = memory.response();
    core.m_axi_bvalid_i = response != nullptr;
    if (response) {
      core.m_axi_bid_i = uint8_t(response->id);
      core.m_axi_bresp_i = response->response;
    }
    core.eval();
    if (card) show(*card);
    else observe();
    if (core.rst_ni) {
      if (core.m_axi_arvalid_o && core.m_axi_arready_i) memory.take_ar(core.m_axi_arid_o, core.m_axi_araddr_o, core.m_axi_arlen_o + 1u);
      /* Data before address: the queue of write bursts then holds what was announced in earlier cycles, as w_ready promised. */
      if (core.m_axi_wvalid_o && core.m_axi_wready_i) memory.take_w(reinterpret_cast<const uint8_t*>(&core.m_axi_wdata_o), core.m_axi_wstrb_o);
      if (core.m_axi_awvalid_o && core.m_axi_awready_i) memory.take_aw(core.m_axi_awid_o, core.m_axi_awaddr_o, core.m_axi_awlen_o + 1u);
      if (beat && core.m_axi_rready_o) memory.take_r();
      if (response && core.m_axi_bready_o) memory.take_b();
    }
    busy_cycles_ += !core.idle_o;
    dump();
    core.clk_i = 1;
    context_->timeInc(1);
    core.eval();
    dump();
    core.clk_i = 0;
    context_->timeInc(1);
    ++cycles_;
  }

  void show(accel_sim_card_pins& card) const {
    const Vaccel_core& core = *core_;
    card.axil_awready = core.s_axil_awready_o;
    card.axil_wready = core.s_axil_wready_o;
    card.axil_bvalid = core.s_axil_bvalid_o;
    card.axil_bresp = core.s_axil_bresp_o;
    card.axil_arready = core.s_axil_arready_o;
    card.axil_rvalid = core.s_axil_rvalid_o;
    card.axil_rresp = core.s_axil_rresp_o;
    card.axil_rdata = core.s_axil_rdata_o;
    card.awready = core.s_axi_awready_o;
    card.wready = core.s_axi_wready_o;
    card.bvalid = core.s_axi_bvalid_o;
    card.bresp = core.s_axi_bresp_o;
    card.arready = core.s_axi_arready_o;
    card.rvalid = core.s_axi_rvalid_o;
    card.rresp = core.s_axi_rresp_o;
    card.rlast = core.s_axi_rlast_o;
    if (card.rvalid) std::memcpy(card.rdata, &core.s_axi_rdata_o, cosim::kBeatBytes);
    card.irq = core.irq_o;
    card.idle = core.idle_o;
  }

  void observe() {
    const Vaccel_core& core = *core_;
    seen_.axil_aw = core.s_axil_awvalid_i && core.s_axil_awready_o;
    seen_.axil_w = core.s_axil_wvalid_i && core.s_axil_wready_o;
    seen_.axil_ar = core.s_axil_arvalid_i && core.s_axil_arready_o;
    if ((seen_.axil_b = core.s_axil_bvalid_o && core.s_axil_bready_i)) seen_.axil_bresp = core.s_axil_bresp_o;
    if ((seen_.axil_r = core.s_axil_rvalid_o && core.s_axil_rready_i)) {
      seen_.axil_rdata = core.s_axil_rdata_o;
      seen_.axil_rresp = core.s_axil_rresp_o;
    }
    seen_.axi_aw = core.s_axi_awvalid_i && core.s_axi_awready_o;
    seen_.axi_w = core.s_axi_wvalid_i && core.s_axi_wready_o;
    seen_.axi_ar = core.s_axi_arvalid_i && core.s_axi_arready_o;
    if ((seen_.axi_b = core.s_axi_bvalid_o && core.s_axi_bready_i)) seen_.axi_bresp = core.s_axi_bresp_o;
    if ((seen_.axi_r = core.s_axi_rvalid_o && core.s_axi_rready_i)) {
      std::memcpy(seen_.axi_rdata.data(), &core.s_axi_rdata_o, cosim::kBeatBytes);
      seen_.axi_rresp = core.s_axi_rresp_o;
    }
  }

#if VM_TRACE
  void dump() { if (trace_) trace_->dump(context_->time()); }
#else
  void dump() {}
#endif

  std::unique_ptr<VerilatedContext> context_ = std::make_unique<VerilatedContext>();
  std::unique_ptr<Vaccel_core> core_;
  std::unique_ptr<cosim::MemoryModel> memory_;
#if VM_TRACE
  std::unique_ptr<VerilatedFstC> trace_;
#endif
  unsigned memory_log2_ = 16;
  Seen seen_{};
  uint64_t cycles_ = 0;
  uint64_t busy_cycles_ = 0;
  uint64_t run_cycles_ = 0;
  uint64_t nanoseconds_ = 0;
};

extern "C" {

uint32_t accel_sim_abi(void) { return ACCEL_SIM_ABI; }

accel_sim* accel_sim_create(const char* options, char* error, size_t error_bytes) {
  try {
    return new accel_sim(Options(options));
  } catch (const OptionError& wrong) {
    std::snprintf(error, error_bytes, "%s", wrong.message.c_str());
    return nullptr;
  }
}

void accel_sim_destroy(accel_sim* sim) { delete sim; }
void accel_sim_reset(accel_sim* sim) {
  sim->enter();
  sim->reset();
}
int accel_sim_read_register(accel_sim* sim, uint32_t offset, uint32_t* value) {
  sim->enter();
  return sim->read_register(offset, *value);
}
int accel_sim_write_register(accel_sim* sim, uint32_t offset, uint32_t value) {
  sim->enter();
  return sim->write_register(offset, value);
}
int accel_sim_write_memory(accel_sim* sim, uint64_t address, const void* source, size_t bytes) {
  sim->enter();
  return sim->write_memory(address, static_cast<const uint8_t*>(source), bytes);
}
int accel_sim_read_memory(accel_sim* sim, uint64_t address, void* destination, size_t bytes) {
  sim->enter();
  return sim->read_memory(address, static_cast<uint8_t*>(destination), bytes);
}
int accel_sim_run(accel_sim* sim, uint32_t offset, uint32_t seen, uint64_t cycles_max, uint64_t* cycles) {
  sim->enter();
  return sim->run(offset, seen, cycles_max, *cycles);
}
int accel_sim_inject(accel_sim* sim, const char* kind, uint64_t after, uint64_t first, uint64_t last) { return sim->inject(kind, after, first, last); }
void accel_sim_set_temperature(accel_sim* sim, int valid, int16_t sixteenths) {
  sim->enter();
  sim->set_temperature(valid != 0, sixteenths);
}
void accel_sim_cycle(accel_sim* sim, const accel_sim_host_pins* host, accel_sim_card_pins* card) {
  sim->enter();
  sim->cycle(*host, *card);
}
void accel_sim_get_statistics(accel_sim* sim, accel_sim_statistics* statistics) { *statistics = sim->statistics(); }

}  /* extern "C" */
