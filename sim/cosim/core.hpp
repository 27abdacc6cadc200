/* What stands behind the link: the Verilated accel_core of a library, one clock cycle of its pins at a time. */
#pragma once
#include <dlfcn.h>

#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string>

#include "accel_sim.h"

namespace cosim {

class Core {
 public:
  virtual ~Core() = default;
  virtual void cycle(const accel_sim_host_pins& host, accel_sim_card_pins& card) = 0;
  /* As accel_sim_inject. */
  virtual int inject(const char* kind, uint64_t after, uint64_t first, uint64_t last) = 0;
  /* Faults of the memory that have struck. */
  virtual uint64_t faults_struck() = 0;
};

/* build/sim/libaccel_sim*.so; the options are accel_sim_create's. */
class LibraryCore : public Core {
 public:
  LibraryCore(const std::string& file, const std::string& options) {
    library_ = dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL);
    if (!library_) throw std::runtime_error(dlerror());
    symbol(create_, "accel_sim_create");
    symbol(destroy_, "accel_sim_destroy");
    symbol(cycle_, "accel_sim_cycle");
    symbol(inject_, "accel_sim_inject");
    symbol(get_statistics_, "accel_sim_get_statistics");
    char error[256];
    sim_ = create_(options.c_str(), error, sizeof error);
    if (!sim_) throw std::runtime_error(file + ": " + error);
  }
  LibraryCore(const LibraryCore&) = delete;
  LibraryCore& operator=(const LibraryCore&) = delete;
  ~LibraryCore() override {
    if (sim_) destroy_(sim_);
  }
  void cycle(const accel_sim_host_pins& host, accel_sim_card_pins& card) override { cycle_(sim_, &host, &card); }
  int inject(const char* kind, uint64_t after, uint64_t first, uint64_t last) override { return inject_(sim_, kind, after, first, last); }
  uint64_t faults_struck() override {
    accel_sim_statistics statistics;
    get_statistics_(sim_, &statistics);
    return statistics.errors_injected;
  }

 private:
  template <class Function> void symbol(Function*& function, const char* name) {
    void* found = dlsym(library_, name);
    if (!found) throw std::runtime_error(dlerror());
    function = reinterpret_cast<Function*>(found);
  }

  void* library_ = nullptr;  /* stays: Verilator's own threads of another handle may be in it */
  accel_sim* sim_ = nullptr;
  decltype(accel_sim_create)* create_ = nullptr;
  decltype(accel_sim_destroy)* destroy_ = nullptr;
  decltype(accel_sim_cycle)* cycle_ = nullptr;
  decltype(accel_sim_inject)* inject_ = nullptr;
  decltype(accel_sim_get_statistics)* get_statistics_ = nullptr;
};

/* The library NAME: build/sim/libaccel_sim_NAME.so, or libaccel_sim.so for "full"; in ACCEL_SIM_LIBRARY's folder, or in the one given. */
inline std::string library_file(const std::string& name, const std::string& folder) {
  const char* named = std::getenv("ACCEL_SIM_LIBRARY");
  return (named && *named ? std::string(named) : folder) + "/libaccel_sim" + (name == "full" ? "" : "_" + name) + ".so";
}

}  // namespace cosim
