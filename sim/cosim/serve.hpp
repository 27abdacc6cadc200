/* What the ways of serving share: how they are told to end, and which card they serve. */
#pragma once
#include <poll.h>

#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "core.hpp"
#include "faults.hpp"

namespace serve {

/* A wrong command line: exit status 2. */
struct UsageError : std::runtime_error { using std::runtime_error::runtime_error; };

struct Options {
  std::string library = "full";
  std::string card;    /* options of accel_sim_create */
  uint64_t seed = 0;   /* of the link's noise at power-up */
  std::optional<cosim::FaultOptions> faults;  /* --pty and --usb */
  std::vector<std::string> arguments;  /* of the way of serving, without the options above */

  std::string library_file() const;
  std::unique_ptr<cosim::LibraryCore> make_core() const;
  /* One line of JSON on standard error, where faults were asked for. */
  void report(const cosim::FaultyPath& path, cosim::Core& core) const;
};

/* SIGTERM, SIGINT, the end of standard input if that is a pipe, and the parent's death end the service. */
class Lifeline {
 public:
  /* watches_input: standard input is this program's own, not that of a command it runs. */
  explicit Lifeline(bool watches_input = true);
  bool is_over();
  /* Waits for one of the files, or for the end. A negative timeout waits for ever. */
  void wait(std::vector<pollfd>& files, int timeout_ms);

 private:
  int signals_ = -1;
  int parent_;
  bool has_pipe_;
  bool over_ = false;
};

int pty(const Options& options);
int usb(const Options& options);
int xdma(const Options& options);

}  // namespace serve
