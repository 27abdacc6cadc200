/* accel-sim serve --usb -- COMMAND...: runs COMMAND with a USB device that only it sees (umockdev), whose chip's FIFO pins the link's RTL drives. */
#include <linux/usbdevice_fs.h>
#include <poll.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <umockdev.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <condition_variable>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <deque>
#include <mutex>
#include <optional>
#include <thread>

#include "card.hpp"
#include "serve.hpp"

namespace serve {
namespace {

constexpr const char* kNode = "/dev/bus/usb/001/002";
constexpr const char* kPath = "/sys/devices/pci0000:00/0000:00:14.0/usb1/1-1";
constexpr uint8_t kOutEndpoint = 0x02, kInEndpoint = 0x82;
constexpr const char* kStrings[] = {nullptr, "Accel", "Accel", "0001"};  /* manufacturer, product, serial number */

constexpr uint64_t kSliceCycles = 4096;         /* of the link, between two looks at the transfers */
constexpr std::size_t kBufferBytes = 1 << 16;   /* what the chip and its host controller hold, each way */
constexpr auto kReapWait = std::chrono::milliseconds(1);  /* a mocked file is always ready: without this libusb would ask without a pause */

/* The card and the thread that simulates it; bytes are exchanged under the lock. */
class SimulatedChip {
 public:
  SimulatedChip(const Options& options, cosim::LinkFront front, std::optional<uint64_t> unplug_after, unsigned away_ms)
      : unplug_after_(unplug_after), away_ms_(away_ms), path_(options.faults),
        card_(front, std::make_unique<cosim::ChipPeer>(front == cosim::LinkFront::kFt601 ? 4 : 1), options.make_core(),
              front == cosim::LinkFront::kFt601 ? cosim::Card::Clocks{18, 11} : cosim::Card::Clocks{10, 9}, options.seed),
        thread_([this] { simulate(); }) {}
  ~SimulatedChip() {
    {
      std::lock_guard guard(lock_);
      over_ = true;
    }
    changed_.notify_all();
    thread_.join();
  }

  /* From here on all under the lock. */
  std::mutex& lock() { return lock_; }
  std::condition_variable& changed() { return changed_; }
  cosim::Bytes to_card, from_card;
  bool is_away() const { return std::chrono::steady_clock::now() < back_at_; }
  /* Counts the times that the device was plugged in: what was opened before an unplugging stays dead. */
  uint64_t plugged() const { return plugged_; }
  std::size_t room() const { return kBufferBytes - std::min(kBufferBytes, to_card.size()); }
  void send(const uint8_t* bytes, std::size_t count) {
    to_card.insert(to_card.end(), bytes, bytes + count);
    sent_ += count;
    if (unplug_after_ && sent_ >= *unplug_after_) {
      unplug_after_.reset();
      unplug(away_ms_);
    }
    changed_.notify_all();
  }
  const cosim::FaultyPath& path() const { return path_; }
  cosim::Core& core() { return card_.core(); }

 private:
  void unplug(uint64_t away_ms) {
    ++plugged_;
    back_at_ = std::chrono::steady_clock::now() + std::chrono::milliseconds(away_ms);
    to_card.clear();
    from_card.clear();
    path_.empty();
  }
  void strike(cosim::FaultOptions::Kind fault) {
    if (fault == cosim::FaultOptions::kUnplug) unplug(path_.options().ms);
    else if (fault == cosim::FaultOptions::kReset) card_.reset();
    else (void)card_.core().inject("flip", 1, path_.options().first, path_.options().last);
  }

  void simulate() {
    cosim::Bytes& in = card_.peer().to_card;
    cosim::Bytes& out = card_.peer().from_card;
    std::unique_lock guard(lock_);
    while (!over_) {
      path_.carry(cosim::FaultyPath::kToCard, to_card, in);
      path_.carry(cosim::FaultyPath::kFromCard, out, from_card);
      if (auto fault = path_.event()) strike(*fault);
      if (is_away()) {
        in.clear();
        from_card.clear();
      }
      if (!from_card.empty()) changed_.notify_all();
      bool full = from_card.size() >= kBufferBytes;
      if ((card_.idle() && in.empty()) || full) {
        if (int held_ms = path_.wait_ms(); held_ms < 0) changed_.wait(guard);
        else changed_.wait_for(guard, std::chrono::milliseconds(held_ms));
        continue;
      }
      guard.unlock();
      card_.run(kSliceCycles);
      guard.lock();
    }
  }

  std::mutex lock_;
  std::condition_variable changed_;
  bool over_ = false;
  uint64_t sent_ = 0, plugged_ = 1;
  std::optional<uint64_t> unplug_after_;
  unsigned away_ms_;
  cosim::FaultyPath path_;
  std::chrono::steady_clock::time_point back_at_{};
  cosim::Card card_;
  std::thread thread_;
};

/* A copy of the client's memory, whose changes umockdev writes back. */
struct Unref {
  void operator()(UMockdevIoctlData* data) const { umockdev_ioctl_data_unref(data); }
};
using Data = std::unique_ptr<UMockdevIoctlData, Unref>;

struct Transfer {
  UMockdevIoctlClient* client;  /* the open file that it belongs to */
  Data urb;
  std::vector<uint8_t> bytes;  /* of an OUT or control transfer */
  std::size_t moved = 0;
  int status = 0;

  usbdevfs_urb& header() const { return *reinterpret_cast<usbdevfs_urb*>(urb->data); }
};

/* usbfs for one device. Every call comes from umockdev's own thread; memory of the client is reached only inside of its calls. */
class UsbFiles {
 public:
  explicit UsbFiles(SimulatedChip& chip) : chip_(chip) {}

  void handle(UMockdevIoctlClient* client) {
    gulong request = umockdev_ioctl_client_get_request(client);
    UMockdevIoctlData* argument = umockdev_ioctl_client_get_arg(client);
    std::unique_lock guard(chip_.lock());
    bool is_reap = request == USBDEVFS_REAPURB || request == USBDEVFS_REAPURBNDELAY;
    if (is_gone(client) && !is_reap) return complete(client, -1, ENODEV);
    switch (request) {
      case USBDEVFS_GET_CAPABILITIES: {
        uint32_t capabilities = USBDEVFS_CAP_BULK_CONTINUATION | USBDEVFS_CAP_NO_PACKET_SIZE_LIM;
        umockdev_ioctl_data_update(resolve(argument, 0, sizeof capabilities).get(), 0, reinterpret_cast<guint8*>(&capabilities), sizeof capabilities);
        return complete(client, 0, 0);
      }
      case USBDEVFS_CLAIMINTERFACE:
      case USBDEVFS_RELEASEINTERFACE:
      case USBDEVFS_SETINTERFACE:
      case USBDEVFS_SETCONFIGURATION:
      case USBDEVFS_CLEAR_HALT:
      case USBDEVFS_RESETEP:
      case USBDEVFS_RESET: return complete(client, 0, 0);
      case USBDEVFS_GETDRIVER:
      case USBDEVFS_IOCTL: return complete(client, -1, ENODATA);  /* no kernel driver holds the interface */
      case USBDEVFS_SUBMITURB: return submit(client, argument);
      case USBDEVFS_DISCARDURB: return discard(client, argument);
      case USBDEVFS_REAPURB:
      case USBDEVFS_REAPURBNDELAY: return is_gone(client) ? reap_gone(client, argument) : reap(client, argument, guard);
      default:
        std::fprintf(stderr, "accel-sim: usbfs request 0x%lx is not mocked\n", request);
        return complete(client, -1, ENOTTY);
    }
  }

 private:
  /* Whether the device was unplugged since the client opened it. A client is an open file. */
  bool is_gone(UMockdevIoctlClient* client) {
    constexpr const char* kKey = "accel-plugged";
    auto opened = uint64_t(GPOINTER_TO_SIZE(g_object_get_data(G_OBJECT(client), kKey)));
    if (opened == 0) {
      opened = chip_.is_away() ? chip_.plugged() - 1 : chip_.plugged();
      g_object_set_data(G_OBJECT(client), kKey, GSIZE_TO_POINTER(opened));
      /* A closed file takes its transfers with it; this one may lie where that one did. */
      for (auto* queue : {&done_, &ins_, &outs_, &controls_}) std::erase_if(*queue, [&](const Transfer& t) { return t.client == client; });
    }
    return opened != chip_.plugged();
  }

  static void complete(UMockdevIoctlClient* client, glong result, int error) { umockdev_ioctl_client_complete(client, result, error); }
  static Data resolve(UMockdevIoctlData* data, gsize offset, gsize length) {
    GError* error = nullptr;
    UMockdevIoctlData* resolved = umockdev_ioctl_data_resolve(data, offset, length, &error);
    if (!resolved) {
      std::fprintf(stderr, "accel-sim: %s\n", error->message);
      std::abort();
    }
    return Data(resolved);
  }

  void submit(UMockdevIoctlClient* client, UMockdevIoctlData* argument) {
    Transfer transfer{client, resolve(argument, 0, sizeof(usbdevfs_urb)), {}};
    const usbdevfs_urb& header = transfer.header();
    bool control = header.type == USBDEVFS_URB_TYPE_CONTROL;
    if (!control && (header.type != USBDEVFS_URB_TYPE_BULK || (header.endpoint != kOutEndpoint && header.endpoint != kInEndpoint))) {
      return complete(client, -1, ENOENT);
    }
    if (control || header.endpoint == kOutEndpoint) {
      Data buffer = resolve(transfer.urb.get(), offsetof(usbdevfs_urb, buffer), gsize(header.buffer_length));
      transfer.bytes.assign(buffer->data, buffer->data + header.buffer_length);
    }
    (control ? controls_ : header.endpoint == kInEndpoint ? ins_ : outs_).push_back(std::move(transfer));
    push_outs();
    complete(client, 0, 0);
  }

  /* A transfer that is taken back comes back as such, with what it has moved. */
  void discard(UMockdevIoctlClient* client, UMockdevIoctlData* argument) {
    gulong address = *reinterpret_cast<gulong*>(argument->data);
    for (auto* queue : {&ins_, &outs_, &controls_}) {
      for (auto it = queue->begin(); it != queue->end(); ++it) {
        if (it->client != client || it->urb->client_addr != address) continue;
        it->status = -ENOENT;
        done_.push_back(std::move(*it));
        queue->erase(it);
        return complete(client, 0, 0);
      }
    }
    complete(client, -1, EINVAL);
  }

  /* What has been sent is done as soon as there is room for all of it. */
  void push_outs() {
    while (!outs_.empty()) {
      Transfer& first = outs_.front();
      std::size_t count = std::min(chip_.room(), first.bytes.size() - first.moved);
      if (count) chip_.send(first.bytes.data() + first.moved, count);
      first.moved += count;
      if (first.moved != first.bytes.size()) return;
      done_.push_back(std::move(first));
      outs_.pop_front();
    }
  }

  void reap(UMockdevIoctlClient* client, UMockdevIoctlData* argument, std::unique_lock<std::mutex>& guard) {
    auto ready = [&] {
      push_outs();
      return has(done_, client) || has(controls_, client) || (has(ins_, client) && !chip_.from_card.empty());
    };
    if (!ready()) chip_.changed().wait_for(guard, kReapWait, ready);
    if (is_gone(client)) return reap_gone(client, argument);
    if (!ready()) return complete(client, -1, EAGAIN);
    Transfer transfer{};
    if (has(done_, client)) transfer = pop(done_, client);
    else if (has(controls_, client)) answer_control(transfer = pop(controls_, client));
    else fill(transfer = pop(ins_, client));
    give_back(client, argument, transfer);
  }

  /* As Linux does, transfers of a device that has gone come back one by one before the file itself is dead. */
  void reap_gone(UMockdevIoctlClient* client, UMockdevIoctlData* argument) {
    for (auto* queue : {&done_, &ins_, &outs_, &controls_}) {
      if (!has(*queue, client)) continue;
      Transfer transfer = pop(*queue, client);
      transfer.status = -ESHUTDOWN;
      return give_back(client, argument, transfer);
    }
    complete(client, -1, ENODEV);
  }

  static void give_back(UMockdevIoctlClient* client, UMockdevIoctlData* argument, Transfer& transfer) {
    usbdevfs_urb& header = transfer.header();
    int actual = int(transfer.moved);
    umockdev_ioctl_data_update(transfer.urb.get(), offsetof(usbdevfs_urb, status), reinterpret_cast<guint8*>(&transfer.status), sizeof header.status);
    umockdev_ioctl_data_update(transfer.urb.get(), offsetof(usbdevfs_urb, actual_length), reinterpret_cast<guint8*>(&actual), sizeof header.actual_length);
    Data reaped = resolve(argument, 0, sizeof(void*));
    umockdev_ioctl_data_set_ptr(reaped.get(), 0, transfer.urb.get());
    complete(client, 0, 0);
  }
  using Queue = std::deque<Transfer>;
  static Queue::iterator first(Queue& queue, UMockdevIoctlClient* client) {
    return std::find_if(queue.begin(), queue.end(), [&](const Transfer& t) { return t.client == client; });
  }
  static bool has(Queue& queue, UMockdevIoctlClient* client) { return first(queue, client) != queue.end(); }
  static Transfer pop(Queue& queue, UMockdevIoctlClient* client) {
    auto at = first(queue, client);
    Transfer transfer = std::move(*at);
    queue.erase(at);
    return transfer;
  }

  void fill(Transfer& transfer) {
    cosim::Bytes& bytes = chip_.from_card;
    transfer.moved = std::min(bytes.size(), std::size_t(transfer.header().buffer_length));
    std::vector<uint8_t> part(bytes.begin(), bytes.begin() + long(transfer.moved));
    bytes.erase(bytes.begin(), bytes.begin() + long(transfer.moved));
    umockdev_ioctl_data_update(resolve(transfer.urb.get(), offsetof(usbdevfs_urb, buffer), part.size()).get(), 0, part.data(), int(part.size()));
    chip_.changed().notify_all();
  }

  /* GET_DESCRIPTOR of a string (USB 2.0, 9.4.3); everything else stalls. */
  static void answer_control(Transfer& transfer) {
    const std::vector<uint8_t>& setup = transfer.bytes;
    std::vector<uint8_t> answer;
    if (setup.size() >= 8 && setup[0] == 0x80 && setup[1] == 6 && setup[3] == 3) {
      unsigned index = setup[2];
      if (index == 0) answer = {4, 3, 0x09, 0x04};
      else if (index < std::size(kStrings)) {
        answer = {0, 3};
        for (const char* at = kStrings[index]; *at; ++at) { answer.push_back(uint8_t(*at)); answer.push_back(0); }
        answer[0] = uint8_t(answer.size());
      }
    }
    if (answer.empty()) { transfer.status = -EPIPE; return; }
    transfer.moved = std::min(answer.size(), setup.size() - 8);
    if (transfer.moved == 0) return;
    Data buffer = resolve(transfer.urb.get(), offsetof(usbdevfs_urb, buffer), setup.size());
    umockdev_ioctl_data_update(buffer.get(), 8, answer.data(), int(transfer.moved));
  }

  SimulatedChip& chip_;
  Queue ins_, outs_, controls_, done_;
};

/* umockdev hands requests to an object of a class of its own. */
struct Handler {
  UMockdevIoctlBase parent;
  UsbFiles* files;
};
struct HandlerClass {
  UMockdevIoctlBaseClass parent;
};
GType handler_get_type();
G_DEFINE_TYPE(Handler, handler, UMOCKDEV_TYPE_IOCTL_BASE)
gboolean handle_ioctl(UMockdevIoctlBase* base, UMockdevIoctlClient* client) {
  reinterpret_cast<Handler*>(base)->files->handle(client);
  return TRUE;
}
void handler_init(Handler*) {}
void handler_class_init(HandlerClass* klass) { reinterpret_cast<UMockdevIoctlBaseClass*>(klass)->handle_ioctl = handle_ioctl; }

/* Device 1d50:6130, vendor-specific; umockdev wants capital digits; one interface with a bulk endpoint each way; bus speed 480 Mbit/s. */
std::string description() {
  const char* descriptors =
      "1201000200000040501D3061000101020301"
      "090220000101008032" "0904000002FF000000" "07050202000200" "07058202000200";
  return std::string("P: ") + (kPath + 4) + "\nN: bus/usb/001/002=" + descriptors + "\nE: DEVNAME=" + kNode +
         "\nE: DEVTYPE=usb_device\nE: SUBSYSTEM=usb\nE: PRODUCT=1d50/6130/100\nE: BUSNUM=001\nE: DEVNUM=002\nE: MAJOR=189\nE: MINOR=1\n"
         "A: busnum=1\\n\nA: devnum=2\\n\nA: speed=480\\n\nA: bConfigurationValue=1\\n\nA: idVendor=1d50\\n\nA: idProduct=6130\\n\n"
         "A: manufacturer=" + kStrings[1] + "\\n\nA: product=" + kStrings[2] + "\\n\nA: serial=" + kStrings[3] + "\\n\nH: descriptors=" + descriptors + "\n";
}

pid_t start(const std::vector<std::string>& command) {
  pid_t child = fork();
  if (child != 0) return child;
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  const char* before = std::getenv("LD_PRELOAD");
  setenv("LD_PRELOAD", (std::string("libumockdev-preload.so.0") + (before && *before ? std::string(":") + before : "")).c_str(), 1);
  /* .NET's diagnostics socket hangs under umockdev. */
  setenv("DOTNET_EnableDiagnostics", "0", 1);
  std::vector<char*> arguments;
  for (const std::string& word : command) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  execvp(arguments[0], arguments.data());
  std::fprintf(stderr, "accel-sim: %s: %s\n", arguments[0], std::strerror(errno));
  _exit(127);
}

}  // namespace

int usb(const Options& options) {
  std::vector<std::string> command;
  cosim::LinkFront front = cosim::LinkFront::kFt601;
  std::optional<uint64_t> unplug_after;
  unsigned away_ms = 500;
  for (std::size_t i = 0; i < options.arguments.size(); ++i) {
    const std::string& argument = options.arguments[i];
    if (argument == "--") {
      command.assign(options.arguments.begin() + long(i) + 1, options.arguments.end());
      break;
    }
    if (i + 1 == options.arguments.size()) throw UsageError("'" + argument + "' is unknown, or needs a value");
    const std::string& value = options.arguments[++i];
    if (argument == "--fifo" && value == "ft245") front = cosim::LinkFront::kFt245;
    else if (argument == "--fifo" && value == "ft601") front = cosim::LinkFront::kFt601;
    else if (argument == "--unplug-after") unplug_after = std::strtoull(value.c_str(), nullptr, 0);
    else if (argument == "--away-ms") away_ms = unsigned(std::strtoul(value.c_str(), nullptr, 0));
    else throw UsageError("'" + argument + " " + value + "' is unknown");
  }
  if (command.empty()) throw UsageError("--usb needs a command behind --");

  Lifeline lifeline(false);
  SimulatedChip chip(options, front, unplug_after, away_ms);
  UsbFiles files(chip);
  UMockdevTestbed* testbed = umockdev_testbed_new();
  GError* error = nullptr;
  auto* handler = static_cast<Handler*>(g_object_new(handler_get_type(), nullptr));
  handler->files = &files;
  if (!umockdev_testbed_add_from_string(testbed, description().c_str(), &error) ||
      !umockdev_testbed_attach_ioctl(testbed, kNode, reinterpret_cast<UMockdevIoctlBase*>(handler), &error)) {
    throw std::runtime_error(error->message);
  }
  std::fputs("ready\n", stderr);
  pid_t child = start(command);
  if (child < 0) throw std::runtime_error(std::strerror(errno));
  int child_file = int(syscall(SYS_pidfd_open, child, 0));
  std::vector<pollfd> ends(1);
  do {
    ends[0] = {child_file, POLLIN, 0};
    lifeline.wait(ends, -1);
  } while (!lifeline.is_over() && ends[0].revents == 0);
  if (ends[0].revents == 0) kill(child, SIGTERM);
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) {}
  close(child_file);
  umockdev_testbed_detach_ioctl(testbed, kNode, &error);
  g_object_unref(testbed);
  g_object_unref(handler);
  {
    std::lock_guard guard(chip.lock());
    options.report(chip.path(), chip.core());
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

}  // namespace serve
