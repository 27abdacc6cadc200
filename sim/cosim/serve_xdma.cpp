/* accel-sim serve --xdma DIR: a card behind what stands in for XDMA's character devices. In DIR lie
     user         the register space, shared memory. Registers have no side effects on read and doorbells only grow, so a register that the host
                  has changed is carried into the core when the server sees it, and what the core holds is copied back.
     h2c_N, c2h_N sockets, one connection each. A transfer is a header {u64 address, u32 bytes, u32 0}, behind it on h2c the data; its answer is
                  {u32 errno or 0, u32 bytes, u64 0}, behind it on c2h the data.
   All bytes go through the core's AXI4 port, in pieces, at the link's rate: transfers take cycles in which the engines go on. The two directions
   share the port and the rate. While a transfer's bytes are still on their way through a socket, the core's time stands still, so that a slow
   machine does not make the link look slow. With nothing to do the server sleeps; a trickle of cycles then keeps the core's clock moving, by which
   hosts tell a card that is idle from one that is gone. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <system_error>
#include <utility>
#include <vector>

#include "accel_regs.h"
#include "library_card.hpp"
#include "serve.hpp"

namespace serve {
namespace {

using Clock = std::chrono::steady_clock;
using Card = cosim::LibraryCard;
using std::chrono::microseconds;
using std::chrono::milliseconds;

constexpr uint32_t kRegisterBytes = 4096;
constexpr uint32_t kUserBytes = 2 * kRegisterBytes;
constexpr uint32_t kTransferBytesMax = 16 << 20;
constexpr std::size_t kPieceBytes = 16384;
constexpr uint64_t kSliceCycles = 256;
constexpr unsigned kCounterSlices = 64;           /* between two copies of all registers */
constexpr uint64_t kResetCycles = 4096;           /* that a soft reset is given before the host sees it under way */
constexpr uint64_t kLostCycles = 100'000'000;     /* that commands in the queue are waited for while no engine works */
constexpr uint64_t kTrickleCycles = 64;
constexpr milliseconds kStalledMax{200};          /* that time stands still for the bytes of one transfer */
constexpr milliseconds kTrickleEvery{5};

struct XdmaOptions {
  std::string folder;
  unsigned channels = 2;       /* each way */
  double bytes_per_cycle = 28; /* PCIe Gen3 x8 moves about 7 GB/s, the core runs at 250 MHz */
  bool statistics = false;

  explicit XdmaOptions(const std::vector<std::string>& arguments) {
    for (std::size_t i = 0; i < arguments.size(); ++i) {
      const std::string& name = arguments[i];
      bool valued = name == "--channels" || name == "--link-bytes-per-cycle";
      if (valued && i + 1 == arguments.size()) throw UsageError(name + " needs a value");
      if (name == "--channels") channels = unsigned(number(name, arguments[++i], 1, 4));
      else if (name == "--link-bytes-per-cycle") bytes_per_cycle = number(name, arguments[++i], 0.01, 64);
      else if (name == "--statistics") statistics = true;
      else if (folder.empty() && name.compare(0, 2, "--") != 0) folder = name;
      else throw UsageError("'" + name + "': --xdma has no such option; it needs one folder");
    }
    if (folder.empty()) throw UsageError("--xdma needs a folder");
  }

 private:
  static double number(const std::string& name, const std::string& value, double least, double most) {
    char* end = nullptr;
    double parsed = std::strtod(value.c_str(), &end);
    if (value.empty() || *end != 0 || !(parsed >= least && parsed <= most)) {
      char text[160];
      std::snprintf(text, sizeof text, "%s %s: expected a number from %g to %g", name.c_str(), value.c_str(), least, most);
      throw UsageError(text);
    }
    return parsed;
  }
};

[[noreturn]] void fail(const std::string& what) { throw std::system_error(errno, std::generic_category(), what); }

class File {
 public:
  explicit File(int descriptor = -1) : descriptor_(descriptor) {}
  ~File() { reset(); }
  File(File&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
  File& operator=(File&& other) noexcept {
    if (this != &other) reset(std::exchange(other.descriptor_, -1));
    return *this;
  }
  int get() const { return descriptor_; }
  explicit operator bool() const { return descriptor_ >= 0; }
  void reset(int descriptor = -1) {
    if (descriptor_ >= 0) close(descriptor_);
    descriptor_ = descriptor;
  }

 private:
  int descriptor_;
};

/* Second page of `user`: what the stand-in counts. The host reads it to say how well it overlaps transfers and work. */
struct Activity {
  uint32_t magic = 0x4b4e4c41; /* "ALNK" */
  uint32_t version = 1;
  uint64_t cycles = 0;
  uint64_t link_cycles = 0;
  uint64_t engine_cycles = 0;
  uint64_t both_cycles = 0;
  uint64_t bytes_to_card = 0;
  uint64_t bytes_from_card = 0;
  double bytes_per_cycle = 0;
};

class UserSpace {
 public:
  explicit UserSpace(const std::string& path) : path_(path), file_(open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666)) {
    if (!file_) fail(path);
    if (flock(file_.get(), LOCK_EX | LOCK_NB) != 0) throw std::runtime_error(path + " belongs to another server that runs");
    if (ftruncate(file_.get(), 0) != 0 || ftruncate(file_.get(), kUserBytes) != 0) fail(path);
    void* mapped = mmap(nullptr, kUserBytes, PROT_READ | PROT_WRITE, MAP_SHARED, file_.get(), 0);
    if (mapped == MAP_FAILED) fail(path);
    base_ = static_cast<uint8_t*>(mapped);
  }
  /* A card that is gone reads as all ones. */
  ~UserSpace() {
    std::memset(base_, 0xff, kUserBytes);
    munmap(base_, kUserBytes);
    unlink(path_.c_str());
  }
  uint32_t* word(uint32_t offset) { return reinterpret_cast<uint32_t*>(base_ + offset); }
  uint64_t* pair(uint32_t offset) { return reinterpret_cast<uint64_t*>(base_ + offset); }
  Activity* activity() { return reinterpret_cast<Activity*>(base_ + kRegisterBytes); }

 private:
  std::string path_;
  File file_;
  uint8_t* base_ = nullptr;
};

/* The shared copy of the registers and what it was last known to hold. */
class Registers {
 public:
  Registers(Card& card, UserSpace& space) : card_(card), space_(space), last_(kRegisterBytes / 4) {
    for (uint32_t offset = 0; offset < kRegisterBytes; offset += 4) {
      uint32_t value = 0;
      if (!card.try_read(offset, value)) continue;
      (offset < ACCEL_REG_CYCLES_LO ? plain_ : counters_).push_back(offset);
      __atomic_store_n(space.word(offset), last(offset) = value, __ATOMIC_RELEASE);
    }
    std::erase_if(counters_, [](uint32_t offset) { return offset % 8 != 0; });
  }

  /* Carries what the host has written into the core; whether there was anything. The host's stores become visible in its order, so what is
     loaded here later is at least as new: doorbells, then control, then the rest; it is written in the other order. */
  bool take_host_writes() {
    std::vector<Write> doorbells, control, rest;
    look(ACCEL_REG_QUEUE_TAIL, doorbells);
    look(ACCEL_REG_COMPLETION_HEAD, doorbells);
    look(ACCEL_REG_CONTROL, control);
    for (uint32_t offset : plain_) {
      if (offset != ACCEL_REG_QUEUE_TAIL && offset != ACCEL_REG_COMPLETION_HEAD && offset != ACCEL_REG_CONTROL) look(offset, rest);
    }
    for (const Write& write : rest) carry(write);
    /* The host waits for the end of a reset, so a doorbell beside one was rung before it. */
    bool reset = !control.empty() && (control.front().value & ACCEL_CONTROL_SOFT_RESET_MASK) != 0;
    if (!reset) for (const Write& write : control) carry(write);
    for (const Write& write : doorbells) carry(write);
    if (reset) soft_reset(control.front());
    return !rest.empty() || !control.empty() || !doorbells.empty();
  }

  /* What a host that waits looks at; the tail of the completions last, when all else of them is there. */
  void copy_hot() {
    for (uint32_t offset : {ACCEL_REG_ERROR, ACCEL_REG_ERROR_COUNT, ACCEL_REG_QUEUE_HEAD, ACCEL_REG_STATUS}) copy(offset);
    copy_pair(ACCEL_REG_CYCLES_LO);
    copy(ACCEL_REG_COMPLETION_TAIL);
  }
  void copy_all() {
    for (uint32_t offset : counters_) copy_pair(offset);
    for (uint32_t offset : plain_) {
      if (offset != ACCEL_REG_COMPLETION_TAIL && offset != ACCEL_REG_CONTROL) copy(offset);
    }
    copy(ACCEL_REG_COMPLETION_TAIL);
    copy(ACCEL_REG_CONTROL);
  }

  uint32_t completion_tail() const { return last_[ACCEL_REG_COMPLETION_TAIL / 4]; }
  bool has_commands() const { return last_[ACCEL_REG_QUEUE_TAIL / 4] != completion_tail(); }
  bool is_busy() const { return (last_[ACCEL_REG_STATUS / 4] & (kBusy | ACCEL_STATUS_RESETTING_MASK)) != 0; }

 private:
  static constexpr uint32_t kBusy =
      ACCEL_STATUS_COMMAND_BUSY_MASK | ACCEL_STATUS_MSM_BUSY_MASK | ACCEL_STATUS_NTT_BUSY_MASK | ACCEL_STATUS_POINTWISE_BUSY_MASK | ACCEL_STATUS_COMPLETION_BUSY_MASK;
  struct Write { uint32_t offset, value; };

  uint32_t& last(uint32_t offset) { return last_[offset / 4]; }

  void look(uint32_t offset, std::vector<Write>& writes) {
    uint32_t value = __atomic_load_n(space_.word(offset), __ATOMIC_ACQUIRE);
    if (value != last(offset)) writes.push_back({offset, value});
  }

  /* A write that the core refuses is lost, as on a bus. */
  void carry(const Write& write) {
    (void)card_.try_write(write.offset, write.value);
    last(write.offset) = write.value;
    copy(write.offset);
  }

  void soft_reset(const Write& write) {
    (void)card_.try_write(write.offset, write.value);
    for (uint64_t ran = 0; ran < kResetCycles && (card_.read(ACCEL_REG_STATUS) & ACCEL_STATUS_RESETTING_MASK) != 0; ran += kSliceCycles) {
      card_.run(ACCEL_REG_STATUS, card_.read(ACCEL_REG_STATUS), kSliceCycles);
    }
    /* Control comes last: when it reads as 0 again, all else is what the reset left. */
    last(write.offset) = write.value;
    copy_all();
  }

  void copy(uint32_t offset) {
    uint32_t value = card_.read(offset), expected = last(offset);
    if (value == expected) return;
    last(offset) = value;
    /* If the host has written meanwhile, its value stays and is seen as a write. */
    __atomic_compare_exchange_n(space_.word(offset), &expected, value, false, __ATOMIC_ACQ_REL, __ATOMIC_RELAXED);
  }

  void copy_pair(uint32_t offset) {
    uint32_t high = card_.read(offset + 4), low = 0, again = high;
    do {
      high = again;
      low = card_.read(offset);
      again = card_.read(offset + 4);
    } while (high != again);
    __atomic_store_n(space_.pair(offset), uint64_t{high} << 32 | low, __ATOMIC_RELEASE);
  }

  Card& card_;
  UserSpace& space_;
  std::vector<uint32_t> plain_, counters_;
  std::vector<uint32_t> last_;
};

/* One DMA engine: a socket that takes one client and one transfer at a time. */
class Channel {
 public:
  Channel(const std::string& path, bool to_card) : path_(path), to_card_(to_card), listener_(socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (path.size() >= sizeof address.sun_path) throw std::runtime_error(path + ": a socket's path has at most " + std::to_string(sizeof address.sun_path - 1) + " bytes");
    std::memcpy(address.sun_path, path.c_str(), path.size());
    unlink(path.c_str());
    if (!listener_ || bind(listener_.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) != 0 || listen(listener_.get(), 4) != 0) fail(path);
  }
  ~Channel() {
    if (listener_) unlink(path_.c_str());
  }
  Channel(Channel&&) = default;

  bool has_client() const { return bool(client_); }
  bool to_card() const { return to_card_; }

  /* What poll waits for. */
  pollfd interest() const {
    if (!client_) return {listener_.get(), POLLIN, 0};
    return {client_.get(), short(state_ == State::kReply ? POLLOUT : POLLIN), 0};
  }

  /* Moves what the socket takes and gives. */
  void service() {
    if (!client_) client_.reset(accept4(listener_.get(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
    if (client_ && state_ == State::kHeader) receive_header();
    if (client_ && state_ == State::kCarry && to_card_) receive(data_.data(), received_, header_.bytes);
    if (client_ && state_ == State::kCarry) finish_if_done();
    if (client_ && state_ == State::kReply) send_reply();
  }

  std::size_t next_piece() const {
    if (state_ != State::kCarry || carried_ == header_.bytes) return 0;
    std::size_t piece = std::min<std::size_t>(kPieceBytes, header_.bytes - carried_);
    return !to_card_ || received_ >= carried_ + piece ? piece : 0;
  }

  void carry(Card& card, std::size_t piece) {
    uint64_t address = header_.address + carried_;
    int status = to_card_ ? card.write_memory(address, &data_[carried_], piece) : card.read_memory(address, &data_[sizeof reply_ + carried_], piece);
    carried_ += piece;
    if (status != kAccelSimOk) {
      reply_.error = status == kAccelSimBadArgument ? EINVAL : status == kAccelSimTimeout ? ETIMEDOUT : EIO;
      carried_ = header_.bytes;
    }
  }

  /* A transfer that the socket holds up, but not for long. */
  bool is_waiting(Clock::time_point now) const {
    bool waits = state_ == State::kReply || (state_ == State::kCarry && to_card_ && received_ < header_.bytes);
    return waits && now - moved_ < kStalledMax;
  }

 private:
  enum class State { kHeader, kCarry, kReply };
  struct Header { uint64_t address; uint32_t bytes, zero; };
  struct Reply { uint32_t error, bytes; uint64_t zero; };
  static_assert(sizeof(Header) == 16 && sizeof(Reply) == 16);

  void disconnect() {
    client_.reset();
    begin();
  }
  void begin() {
    state_ = State::kHeader;
    received_ = carried_ = sent_ = 0;
    reply_ = {};
  }

  void receive(void* buffer, std::size_t& have, std::size_t wanted) {
    while (client_ && have < wanted) {
      ssize_t count = recv(client_.get(), static_cast<uint8_t*>(buffer) + have, wanted - have, 0);
      if (count > 0) { have += std::size_t(count); moved_ = Clock::now(); }
      else if (count < 0 && (errno == EAGAIN || errno == EINTR)) return;
      else disconnect();
    }
  }

  void receive_header() {
    receive(&header_, received_, sizeof header_);
    if (!client_ || received_ < sizeof header_) return;
    if (header_.bytes == 0 || header_.bytes > kTransferBytesMax || header_.zero != 0) {
      std::fprintf(stderr, "accel-sim: %s: a header asks for %u bytes at 0x%llx with a last word of %u: 1 to %u bytes and 0 are legal; the client is dropped\n",
                   path_.c_str(), header_.bytes, static_cast<unsigned long long>(header_.address), header_.zero, kTransferBytesMax);
      disconnect();
      return;
    }
    state_ = State::kCarry;
    received_ = 0;
    data_.resize(sizeof reply_ + header_.bytes);
  }

  void finish_if_done() {
    if (carried_ < header_.bytes || (to_card_ && received_ < header_.bytes)) return;
    reply_.bytes = reply_.error == 0 ? header_.bytes : 0;
    std::memcpy(data_.data(), &reply_, sizeof reply_);
    state_ = State::kReply;
  }

  void send_reply() {
    std::size_t size = sizeof reply_ + (to_card_ ? 0 : reply_.bytes);
    while (sent_ < size) {
      ssize_t count = send(client_.get(), data_.data() + sent_, size - sent_, MSG_NOSIGNAL);
      if (count > 0) { sent_ += std::size_t(count); moved_ = Clock::now(); }
      else if (count < 0 && (errno == EAGAIN || errno == EINTR)) return;
      else return disconnect();
    }
    begin();
  }

  std::string path_;
  bool to_card_;
  File listener_, client_;
  State state_ = State::kHeader;
  Header header_{};
  Reply reply_{};
  std::vector<uint8_t> data_;
  std::size_t received_ = 0, carried_ = 0, sent_ = 0;
  Clock::time_point moved_{};
};

class XdmaServer {
 public:
  XdmaServer(const XdmaOptions& options, const std::string& library, const std::string& card_options)
      : options_(options), card_(library, card_options), space_(folder(options.folder) + "/user"), registers_(card_, space_) {
    channels_.reserve(2 * options.channels);
    for (unsigned i = 0; i < options.channels; ++i) {
      channels_.emplace_back(options.folder + "/h2c_" + std::to_string(i), true);
      channels_.emplace_back(options.folder + "/c2h_" + std::to_string(i), false);
    }
    activity_.bytes_per_cycle = options.bytes_per_cycle;
    publish();
  }

  void run() {
    while (!lifeline_.is_over()) step();
    publish();
    if (options_.statistics) {
      std::fprintf(stderr, "{\"cycles\":%llu,\"link_cycles\":%llu,\"engine_cycles\":%llu,\"both_cycles\":%llu,\"bytes_to_card\":%llu,\"bytes_from_card\":%llu,\"bytes_per_cycle\":%g}\n",
                   ull(activity_.cycles), ull(activity_.link_cycles), ull(activity_.engine_cycles), ull(activity_.both_cycles), ull(activity_.bytes_to_card),
                   ull(activity_.bytes_from_card), activity_.bytes_per_cycle);
    }
  }

 private:
  static unsigned long long ull(uint64_t value) { return value; }

  static const std::string& folder(const std::string& path) {
    if (mkdir(path.c_str(), 0777) != 0 && errno != EEXIST) fail(path);
    return path;
  }

  void step() {
    for (Channel& channel : channels_) channel.service();
    /* After the sockets: a doorbell that was rung before a chunk was sent is heard before it. */
    take_host_writes();
    if (Channel* channel = next_ready()) transfer(*channel);
    else if (auto now = Clock::now(); std::any_of(channels_.begin(), channels_.end(), [&](const Channel& c) { return c.is_waiting(now); })) sleep(milliseconds(1));
    else if (has_work()) work();
    else rest();
  }

  void take_host_writes() {
    if (!registers_.take_host_writes()) return;
    idle_cycles_ = 0;
    worked_at_ = Clock::now();
    registers_.copy_hot();
  }

  Channel* next_ready() {
    for (std::size_t i = 0; i < channels_.size(); ++i) {
      Channel& channel = channels_[(turn_ + i) % channels_.size()];
      if (channel.next_piece() != 0) {
        turn_ = (turn_ + i + 1) % channels_.size();
        return &channel;
      }
    }
    return nullptr;
  }

  /* One piece, and the rest of the time that the link takes for it. */
  void transfer(Channel& channel) {
    std::size_t piece = channel.next_piece();
    accel_sim_statistics before = card_.statistics();
    channel.carry(card_, piece);
    link_debt_ += double(piece) / options_.bytes_per_cycle;
    link_debt_ -= double(card_.statistics().cycles - before.cycles);
    while (link_debt_ >= 1) {
      uint64_t started = card_.statistics().cycles;
      card_.run(ACCEL_REG_COMPLETION_TAIL, registers_.completion_tail(), std::min(kSliceCycles, uint64_t(link_debt_)));
      registers_.copy_hot();
      take_host_writes();
      link_debt_ -= double(card_.statistics().cycles - started);
    }
    link_debt_ = std::max(link_debt_, -1.0);
    registers_.copy_hot();
    accel_sim_statistics after = card_.statistics();
    activity_.link_cycles += after.cycles - before.cycles;
    activity_.both_cycles += after.busy_cycles - before.busy_cycles;
    (channel.to_card() ? activity_.bytes_to_card : activity_.bytes_from_card) += piece;
    idle_cycles_ = 0;
    worked_at_ = Clock::now();
    publish();
  }

  bool has_work() const {
    bool host = std::any_of(channels_.begin(), channels_.end(), [](const Channel& channel) { return channel.has_client(); });
    return registers_.is_busy() || (host && registers_.has_commands() && idle_cycles_ < kLostCycles);
  }

  void work() {
    uint32_t tail = registers_.completion_tail();
    uint64_t before = card_.statistics().cycles;
    card_.run(ACCEL_REG_COMPLETION_TAIL, tail, kSliceCycles);
    registers_.copy_hot();
    idle_cycles_ = registers_.is_busy() ? 0 : idle_cycles_ + card_.statistics().cycles - before;
    if (registers_.completion_tail() != tail || ++slices_ % kCounterSlices == 0) {
      registers_.copy_all();
      publish();
    }
    worked_at_ = Clock::now();
  }

  /* Short naps after work, so that a host that goes on is answered soon, and long ones later. */
  void rest() {
    auto now = Clock::now();
    auto idle = now - worked_at_;
    sleep(idle < milliseconds(20) ? microseconds(100) : idle < milliseconds(1000) ? microseconds(1000) : microseconds(kTrickleEvery));
    if (now - trickled_at_ >= kTrickleEvery) {
      trickled_at_ = now;
      card_.run(ACCEL_REG_COMPLETION_TAIL, registers_.completion_tail(), kTrickleCycles);
      registers_.copy_all();
      publish();
    }
  }

  void sleep(microseconds time) {
    std::vector<pollfd> interests;
    for (const Channel& channel : channels_) interests.push_back(channel.interest());
    timespec limit{0, std::chrono::nanoseconds(time).count()};
    (void)ppoll(interests.data(), interests.size(), &limit, nullptr);
  }

  void publish() {
    accel_sim_statistics statistics = card_.statistics();
    activity_.cycles = statistics.cycles;
    activity_.engine_cycles = statistics.busy_cycles;
    std::memcpy(space_.activity(), &activity_, sizeof activity_);
  }

  const XdmaOptions options_;
  Lifeline lifeline_;
  Card card_;
  UserSpace space_;
  Registers registers_;
  std::vector<Channel> channels_;
  Activity activity_;
  std::size_t turn_ = 0;
  unsigned slices_ = 0;
  uint64_t idle_cycles_ = 0;
  double link_debt_ = 0;
  Clock::time_point worked_at_ = Clock::now(), trickled_at_ = Clock::now();
};

}  // namespace

int xdma(const Options& options) {
  XdmaServer server(XdmaOptions(options.arguments), options.library_file(), options.card);
  std::puts("ready");
  std::fflush(stdout);
  server.run();
  return 0;
}

}  // namespace serve
