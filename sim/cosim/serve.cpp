/* accel-sim: the simulated card as a device of this machine. */
#include "serve.hpp"

#include <signal.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <random>

namespace serve {
namespace {

struct Way {
  const char* flag;
  int (*serve)(const Options& options);
  const char* help;
};

/* Flag, function, and what to say about it. */
constexpr Way kWays[] = {
    {"--pty", pty, "--pty LINK             on a pseudo terminal that LINK leads to, through the UART's RTL"},
    {"--usb", usb,
     "--usb [--fifo ft601|ft245] [--unplug-after BYTES [--away-ms MS]] -- COMMAND...\n"
     "                         as a USB device that COMMAND sees (umockdev), through the FIFO's RTL; its exit status is COMMAND's. 'ready' goes to\n"
     "                         standard error. The device vanishes once BYTES bytes have been sent to it, for MS ms (500)"},
    {"--xdma", xdma, "--xdma DIR             as the files of XDMA's driver in DIR: registers in shared memory, DMA over sockets\n"
                     "                           --channels N               DMA channels each way, 1 to 4 (2)\n"
                     "                           --link-bytes-per-cycle B   that the link moves in a cycle of the core, 0.01 to 64 (28: PCIe Gen3 x8 at 250 MHz)\n"
                     "                           --statistics               counters at the end, one line of JSON on standard error"},
};

std::string usage() {
  std::string text = "usage: accel-sim serve WAY [--library NAME] [--card OPTIONS] [--seed N]\n\nways:\n";
  for (const Way& way : kWays) text += std::string("  ") + way.help + "\n";
  return text +
         "\n"
         "  --library NAME   full (BN254), lanes1 or tiny79: build/sim/libaccel_sim_NAME.so, or in the folder ACCEL_SIM_LIBRARY\n"
         "  --card OPTIONS   latency=N,stalls=P,... as for --backend sim\n"
         "  --seed N         of the noise in which the link powers up; drawn at random if left out\n"
         "  --faults KIND[:count=N,within=BYTES,seed=N,ms=N,first=A,last=A]\n"
         "                   N faults (1) of --pty or --usb among the first BYTES bytes (20000) that are carried: flip, drop, duplicate, reorder, garbage,\n"
         "                   delay (at most MS ms), unplug (for MS ms), reset, or result (one bit of a read from memory in that range, once).\n"
         "                   At the end {\"faults\":N} on standard error: those that took effect\n"
         "\nPrints 'ready' and serves until SIGTERM, SIGINT, the end of a pipe on standard input, or the end of the parent.\n";
}

std::string program_folder() {
  char path[PATH_MAX];
  ssize_t length = readlink("/proc/self/exe", path, sizeof path - 1);
  if (length <= 0) return ".";
  std::string file(path, std::size_t(length));
  return file.substr(0, file.rfind('/'));
}

int run(int argc, char** argv) {
  if (argc < 3 || std::strcmp(argv[1], "serve") != 0) throw UsageError("");
  Options options;
  options.seed = std::random_device{}();
  const Way* chosen = nullptr;
  for (int i = 2; i < argc; ++i) {
    std::string argument = argv[i];
    auto value = [&]() -> std::string {
      if (++i == argc) throw UsageError(argument + " needs a value");
      return argv[i];
    };
    if (argument == "--") {
      options.arguments.insert(options.arguments.end(), argv + i, argv + argc);
      break;
    }
    if (argument == "--library") options.library = value();
    else if (argument == "--card") options.card = value();
    else if (argument == "--faults") options.faults = cosim::FaultOptions::parse(value());
    else if (argument == "--seed") options.seed = std::strtoull(value().c_str(), nullptr, 0);
    else {
      bool is_way = false;
      for (const Way& way : kWays) {
        if (argument != way.flag) continue;
        if (chosen) throw UsageError(std::string(chosen->flag) + " and " + way.flag + ": only one of them");
        chosen = &way;
        is_way = true;
      }
      if (!is_way) options.arguments.push_back(argument);
    }
  }
  if (!chosen) throw UsageError("no way of serving is named");
  return chosen->serve(options);
}

}  // namespace

std::string Options::library_file() const { return cosim::library_file(library, program_folder() + "/sim"); }

std::unique_ptr<cosim::LibraryCore> Options::make_core() const { return std::make_unique<cosim::LibraryCore>(library_file(), card); }

void Options::report(const cosim::FaultyPath& path, cosim::Core& core) const {
  if (!faults) return;
  uint64_t count = faults->kind == cosim::FaultOptions::kResult ? core.faults_struck() : path.done();
  std::fprintf(stderr, "{\"faults\":%llu}\n", static_cast<unsigned long long>(count));
}

Lifeline::Lifeline(bool watches_input) : parent_(getppid()) {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGTERM);
  sigaddset(&set, SIGINT);
  sigprocmask(SIG_BLOCK, &set, nullptr);
  signals_ = signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
  struct stat input;
  has_pipe_ = watches_input && fstat(STDIN_FILENO, &input) == 0 && (S_ISFIFO(input.st_mode) || S_ISSOCK(input.st_mode));
}

bool Lifeline::is_over() {
  std::vector<pollfd> none;
  wait(none, 0);
  return over_;
}

void Lifeline::wait(std::vector<pollfd>& files, int timeout_ms) {
  constexpr int kParentEveryMs = 1000;
  for (bool forever = timeout_ms < 0; !over_;) {
    files.push_back({signals_, POLLIN, 0});
    files.push_back({has_pipe_ ? STDIN_FILENO : -1, POLLIN, 0});
    int ready = poll(files.data(), files.size(), forever ? kParentEveryMs : std::min(timeout_ms, kParentEveryMs));
    bool piped = files.back().revents != 0;
    files.pop_back();
    bool signalled = files.back().revents != 0;
    files.pop_back();
    char discarded[256];
    ssize_t got = piped ? read(STDIN_FILENO, discarded, sizeof discarded) : 1;
    over_ = signalled || got == 0 || (got < 0 && errno != EINTR && errno != EAGAIN) || getppid() != parent_;
    if (ready != 0 || !forever) return;
  }
}

}  // namespace serve

int main(int argc, char** argv) {
  try {
    return serve::run(argc, argv);
  } catch (const serve::UsageError& wrong) {
    std::fprintf(stderr, "%s%s%s", wrong.what(), *wrong.what() ? "\n" : "", serve::usage().c_str());
    return 2;
  } catch (const std::exception& failed) {
    std::fprintf(stderr, "accel-sim: %s\n", failed.what());
    return 1;
  }
}
