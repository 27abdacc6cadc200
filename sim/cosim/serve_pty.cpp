/* accel-sim serve --pty LINK: the UART's line ends in a pseudo terminal. */
#include <fcntl.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "card.hpp"
#include "serve.hpp"

namespace serve {
namespace {

constexpr uint64_t kSliceCycles = 20'000;       /* of the link, between two looks at the terminal */
constexpr std::size_t kBufferBytes = 1 << 14;   /* what waits on either side of the line */
constexpr int kHungUpMs = 20;                   /* between two looks for somebody who opens the terminal */
constexpr cosim::Card::Clocks kClocks{2, 5};    /* a byte takes 40 cycles of the link and 16 of the core */

[[noreturn]] void fail(const std::string& what) { throw std::runtime_error(what + ": " + std::strerror(errno)); }

/* A raw pseudo terminal, and the symbolic link to it for as long as this lives. */
class Terminal {
 public:
  explicit Terminal(const std::string& link) : link_(link) { open(); }
  Terminal(const Terminal&) = delete;
  Terminal& operator=(const Terminal&) = delete;
  ~Terminal() { hang_up(); }

  void open() {
    master_ = posix_openpt(O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
    if (master_ < 0 || grantpt(master_) != 0 || unlockpt(master_) != 0) fail("a pseudo terminal");
    const char* slave = ptsname(master_);
    termios settings;
    if (!slave || tcgetattr(master_, &settings) != 0) fail("a pseudo terminal");
    cfmakeraw(&settings);
    if (tcsetattr(master_, TCSANOW, &settings) != 0) fail(slave);
    /* One that an earlier service left behind is replaced; a file is not. */
    char old[8];
    if (readlink(link_.c_str(), old, sizeof old) >= 0) unlink(link_.c_str());
    if (symlink(slave, link_.c_str()) != 0) fail(link_);
    target_ = slave;
  }
  void hang_up() {
    if (master_ < 0) return;
    /* Not if somebody else has taken the name. */
    char now[256];
    ssize_t length = readlink(link_.c_str(), now, sizeof now);
    if (length > 0 && std::string(now, std::size_t(length)) == target_) unlink(link_.c_str());
    close(master_);
    master_ = -1;
  }

  int file() const { return master_; }
  bool is_hung_up() const { return hung_up_; }

  void read(cosim::Bytes& bytes) {
    uint8_t buffer[4096];
    while (bytes.size() < kBufferBytes) {
      ssize_t count = ::read(master_, buffer, sizeof buffer);
      /* EIO: nobody has the terminal open. */
      hung_up_ = count < 0 && errno == EIO;
      if (count <= 0) return;
      bytes.insert(bytes.end(), buffer, buffer + count);
    }
  }
  /* What nobody listens to is lost, as on a cable's open end. */
  void write(cosim::Bytes& bytes) {
    uint8_t buffer[4096];
    while (!bytes.empty()) {
      std::size_t count = std::min(bytes.size(), sizeof buffer);
      std::copy(bytes.begin(), bytes.begin() + long(count), buffer);
      ssize_t written = hung_up_ ? ssize_t(count) : ::write(master_, buffer, count);
      if (written <= 0) return;
      bytes.erase(bytes.begin(), bytes.begin() + written);
    }
  }

 private:
  std::string link_, target_;
  int master_ = -1;
  bool hung_up_ = false;
};

}  // namespace

int pty(const Options& options) {
  if (options.arguments.size() != 1) throw UsageError("--pty needs the name of one link");
  Lifeline lifeline;
  cosim::Card card(cosim::LinkFront::kUart, std::make_unique<cosim::UartPeer>(cosim::kUartClocksPerBit), options.make_core(), kClocks, options.seed);
  Terminal terminal(options.arguments[0]);
  std::puts("ready");
  std::fflush(stdout);
  cosim::FaultyPath path(options.faults);
  cosim::Bytes& in = card.peer().to_card;
  cosim::Bytes arrived, out;
  std::vector<pollfd> files(1);
  while (!lifeline.is_over()) {
    terminal.read(arrived);
    path.carry(cosim::FaultyPath::kToCard, arrived, in);
    if (out.size() < kBufferBytes) card.run(kSliceCycles);
    path.carry(cosim::FaultyPath::kFromCard, card.peer().from_card, out);
    if (auto fault = path.event()) {
      if (*fault == cosim::FaultOptions::kReset) card.reset();
      else if (*fault == cosim::FaultOptions::kResult) (void)card.core().inject("flip", 1, path.options().first, path.options().last);
      else {
        terminal.hang_up();
        for (cosim::Bytes* bytes : {&in, &out, &card.peer().from_card}) bytes->clear();
        path.empty();
        std::vector<pollfd> none;
        for (auto back = cosim::FaultyPath::Clock::now() + std::chrono::milliseconds(path.options().ms); cosim::FaultyPath::Clock::now() < back && !lifeline.is_over();)
          lifeline.wait(none, kHungUpMs);
        terminal.open();
      }
    }
    terminal.write(out);
    bool stuck = out.size() >= kBufferBytes;
    if ((card.idle() && in.empty()) || stuck) {
      files[0] = {terminal.is_hung_up() ? -1 : terminal.file(), short(stuck || !out.empty() ? POLLIN | POLLOUT : POLLIN), 0};
      lifeline.wait(files, terminal.is_hung_up() ? kHungUpMs : path.wait_ms());
    }
  }
  options.report(path, card.core());
  return 0;
}

}  // namespace serve
