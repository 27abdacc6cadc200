/* A build of the simulated card, loaded at run time and driven by the accesses of accel_sim.h. */
#pragma once
#include <dlfcn.h>

#include <stdexcept>
#include <string>

#include "accel_sim.h"

namespace cosim {

class LibraryCard {
 public:
  /* build/sim/libaccel_sim*.so; the options are accel_sim_create's. */
  LibraryCard(const std::string& file, const std::string& options) {
    library_ = dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL);
    if (!library_) throw std::runtime_error(std::string(dlerror()) + "; `make sim-libraries` builds it");
    symbol(abi_, "accel_sim_abi");
    if (abi_() != ACCEL_SIM_ABI) throw std::runtime_error(file + " has interface version " + std::to_string(abi_()) + ", not " + std::to_string(ACCEL_SIM_ABI) + ": run `make sim`");
    symbol(create_, "accel_sim_create");
    symbol(destroy_, "accel_sim_destroy");
    symbol(read_register_, "accel_sim_read_register");
    symbol(write_register_, "accel_sim_write_register");
    symbol(write_memory_, "accel_sim_write_memory");
    symbol(read_memory_, "accel_sim_read_memory");
    symbol(run_, "accel_sim_run");
    symbol(get_statistics_, "accel_sim_get_statistics");
    char error[256] = "";
    sim_ = create_(options.c_str(), error, sizeof error);
    if (!sim_) throw std::runtime_error(file + ": " + error);
  }
  ~LibraryCard() { destroy_(sim_); }
  LibraryCard(const LibraryCard&) = delete;
  LibraryCard& operator=(const LibraryCard&) = delete;

  /* Whether the bus took the access. */
  bool try_read(uint32_t offset, uint32_t& value) { return read_register_(sim_, offset, &value) == kAccelSimOk; }
  bool try_write(uint32_t offset, uint32_t value) { return write_register_(sim_, offset, value) == kAccelSimOk; }
  uint32_t read(uint32_t offset) {
    uint32_t value = 0;
    if (!try_read(offset, value)) throw std::runtime_error("the core does not answer on register " + std::to_string(offset));
    return value;
  }
  int write_memory(uint64_t address, const void* source, std::size_t bytes) { return write_memory_(sim_, address, source, bytes); }
  int read_memory(uint64_t address, void* destination, std::size_t bytes) { return read_memory_(sim_, address, destination, bytes); }
  /* Runs until the register differs from seen, at most for so many cycles. */
  void run(uint32_t offset, uint32_t seen, uint64_t cycles_max) {
    uint64_t cycles = 0;
    if (run_(sim_, offset, seen, cycles_max, &cycles) != kAccelSimOk) throw std::runtime_error("the core does not answer on its registers");
  }
  accel_sim_statistics statistics() const {
    accel_sim_statistics statistics;
    get_statistics_(sim_, &statistics);
    return statistics;
  }

 private:
  template <class Function> void symbol(Function*& function, const char* name) {
    void* found = dlsym(library_, name);
    if (!found) throw std::runtime_error(dlerror());
    function = reinterpret_cast<Function*>(found);
  }

  void* library_ = nullptr;
  accel_sim* sim_ = nullptr;
  decltype(accel_sim_abi)* abi_ = nullptr;
  decltype(accel_sim_create)* create_ = nullptr;
  decltype(accel_sim_destroy)* destroy_ = nullptr;
  decltype(accel_sim_read_register)* read_register_ = nullptr;
  decltype(accel_sim_write_register)* write_register_ = nullptr;
  decltype(accel_sim_write_memory)* write_memory_ = nullptr;
  decltype(accel_sim_read_memory)* read_memory_ = nullptr;
  decltype(accel_sim_run)* run_ = nullptr;
  decltype(accel_sim_get_statistics)* get_statistics_ = nullptr;
};

}  // namespace cosim
