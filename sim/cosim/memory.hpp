/* Device memory behind the core's AXI4 master port: sparse pages, one beat a cycle each way, latency, random stalls, faults.
   Bursts of one ID are answered in order; with stalls, bursts of different IDs overtake each other. */
#pragma once
#include <array>
#include <cstdint>
#include <cstring>
#include <deque>
#include <memory>
#include <string>
#include <vector>

namespace cosim {

constexpr std::size_t kBeatBytes = 64;
using Beat = std::array<uint8_t, kBeatBytes>;

/* xorshift64*: Vigna, "An experimental exploration of Marsaglia's xorshift generators, scrambled". */
class Random {
 public:
  explicit Random(uint64_t seed) : state_(seed * 0x9e3779b97f4a7c15ull + 1) { next(); }
  uint64_t next() {
    state_ ^= state_ >> 12;
    state_ ^= state_ << 25;
    state_ ^= state_ >> 27;
    return state_ * 0x2545f4914f6cdd1dull;
  }
  bool chance(uint64_t numerator, uint64_t denominator) { return numerator != 0 && (next() >> 16) % denominator < numerator; }

 private:
  uint64_t state_;
};

/* 2^log2 bytes; a page comes up as noise when it is first touched. */
class SparseMemory {
 public:
  SparseMemory(unsigned log2, uint64_t seed) : size_(uint64_t{1} << log2), noise_(seed), pages_((size_ + kPageBytes - 1) / kPageBytes) {}
  bool contains(uint64_t address) const { return address < size_; }
  uint64_t used_bytes() const { return used_; }
  uint8_t* beat(uint64_t address) {
    auto& page = pages_[address / kPageBytes];
    if (!page) {
      page = std::make_unique<uint64_t[]>(kPageBytes / 8);
      for (std::size_t i = 0; i < kPageBytes / 8; ++i) page[i] = noise_.next();
      used_ += kPageBytes;
    }
    return reinterpret_cast<uint8_t*>(page.get()) + address % kPageBytes;
  }

 private:
  static constexpr uint64_t kPageBytes = 1 << 16;
  uint64_t size_;
  uint64_t used_ = 0;
  Random noise_;
  std::vector<std::unique_ptr<uint64_t[]>> pages_;
};

/* One fault on the after-th burst that begins in [first, last]. */
struct Fault {
  enum Kind { kReadError, kWriteError, kFlip, kLost, kKinds };
  uint64_t after = 0;
  uint64_t first = 0;
  uint64_t last = 0;
  bool strikes(uint64_t address) { return after != 0 && address >= first && address <= last && --after == 0; }
};

struct MemoryOptions {
  uint64_t latency = 100;
  uint64_t stalls_percent = 0;
  uint64_t errors_ppm = 0;
  uint64_t flips_ppm = 0;
  uint64_t seed = 1;
};

class MemoryModel {
 public:
  static constexpr uint8_t kOkay = 0, kSlvErr = 2, kDecErr = 3;
  struct ReadBeat { uint32_t id; uint8_t response; bool last; Beat data; };
  struct Response { uint32_t id; uint8_t response; };

  MemoryModel(const MemoryOptions& options, unsigned log2) : options_(options), random_(options.seed), memory_(log2, options.seed ^ 0x6d656d6f7279) {}

  std::array<Fault, Fault::kKinds> faults;
  uint64_t faults_struck = 0;
  uint64_t read_beats = 0;
  uint64_t write_beats = 0;
  uint64_t used_bytes() const { return memory_.used_bytes(); }

  /* Decides what the channels offer in the coming cycle. What was offered and not taken stays. */
  void begin_cycle(uint64_t now) {
    now_ = now;
    if (!read_offered_) pick_read();
    if (!response_offered_ && !responses_.empty() && responses_.front().when <= now_ && !stalled()) response_offered_ = true;
    ar_ready_ = reads_waiting_ < kBurstsMax && !stalled();
    aw_ready_ = writes_.size() < kBurstsMax && !stalled();
    w_ready_ = !writes_.empty() && !stalled();
  }

  bool ar_ready() const { return ar_ready_; }
  bool aw_ready() const { return aw_ready_; }
  bool w_ready() const { return w_ready_; }
  const ReadBeat* read_beat() const { return read_offered_ ? &beat_ : nullptr; }
  const Response* response() const { return response_offered_ ? &responses_.front().response : nullptr; }

  void take_ar(uint32_t id, uint64_t address, unsigned beats) {
    Burst burst{id, address, beats, now_ + options_.latency, kOkay, kNoFlip};
    if (!memory_.contains(address + (beats - 1) * kBeatBytes)) burst.response = kDecErr;
    if (faults[Fault::kReadError].strikes(address) || random_.chance(options_.errors_ppm, 1'000'000)) { burst.response = kSlvErr; ++faults_struck; }
    if (faults[Fault::kFlip].strikes(address) || random_.chance(options_.flips_ppm, 1'000'000)) {
      burst.flip = random_.next() % (beats * kBeatBytes * 8);
      ++faults_struck;
    }
    if (faults[Fault::kLost].strikes(address)) { burst.when = kNever; ++faults_struck; }
    if (id >= reads_.size()) reads_.resize(id + 1);
    if (reads_[id].empty()) active_.push_back(id);
    reads_[id].push_back(burst);
    ++reads_waiting_;
  }
  void take_aw(uint32_t id, uint64_t address, unsigned beats) {
    Burst burst{id, address, beats, 0, kOkay, kNoFlip};
    if (!memory_.contains(address + (beats - 1) * kBeatBytes)) burst.response = kDecErr;
    if (faults[Fault::kWriteError].strikes(address) || random_.chance(options_.errors_ppm, 1'000'000)) { burst.response = kSlvErr; ++faults_struck; }
    writes_.push_back(burst);
  }
  void take_w(const uint8_t* data, uint64_t strobe) {
    Burst& burst = writes_.front();
    ++write_beats;
    /* A refused burst leaves no trace in memory. */
    if (burst.response == kOkay) {
      uint8_t* target = memory_.beat(burst.address);
      if (strobe == ~uint64_t{0}) std::memcpy(target, data, kBeatBytes);
      else for (unsigned i = 0; i < kBeatBytes; ++i) if ((strobe >> i) & 1) target[i] = data[i];
    }
    burst.address += kBeatBytes;
    if (--burst.beats == 0) {
      responses_.push_back({now_ + options_.latency, {burst.id, burst.response}});
      writes_.pop_front();
    }
  }
  void take_r() {
    read_offered_ = false;
    ++read_beats;
  }
  void take_b() {
    response_offered_ = false;
    responses_.pop_front();
  }

  /* The reset line: bursts in flight are dropped, contents stay. */
  void reset() {
    reads_.clear();
    active_.clear();
    writes_.clear();
    responses_.clear();
    reads_waiting_ = 0;
    read_offered_ = response_offered_ = false;
  }

 private:
  static constexpr std::size_t kBurstsMax = 64;
  static constexpr uint64_t kNever = ~uint64_t{0};
  static constexpr uint64_t kNoFlip = ~uint64_t{0};
  struct Burst { uint32_t id; uint64_t address; unsigned beats; uint64_t when; uint8_t response; uint64_t flip; };
  struct TimedResponse { uint64_t when; Response response; };

  bool stalled() { return random_.chance(options_.stalls_percent, 100); }

  /* The oldest burst that may be answered; with stalls, any ID's oldest. */
  void pick_read() {
    if (active_.empty() || stalled()) return;
    std::size_t start = options_.stalls_percent == 0 ? 0 : random_.next() % active_.size();
    for (std::size_t i = 0; i < active_.size(); ++i) {
      std::size_t place = (start + i) % active_.size();
      uint32_t id = active_[place];
      Burst& burst = reads_[id].front();
      if (burst.when > now_) continue;
      beat_.id = id;
      beat_.response = burst.response;
      beat_.last = burst.beats == 1;
      if (burst.response == kOkay) std::memcpy(beat_.data.data(), memory_.beat(burst.address), kBeatBytes);
      else beat_.data.fill(0xee);
      if (burst.flip < kBeatBytes * 8) beat_.data[burst.flip / 8] ^= uint8_t(1u << (burst.flip % 8));
      burst.flip = burst.flip == kNoFlip || burst.flip < kBeatBytes * 8 ? kNoFlip : burst.flip - kBeatBytes * 8;
      burst.address += kBeatBytes;
      read_offered_ = true;
      if (--burst.beats == 0) {
        reads_[id].pop_front();
        --reads_waiting_;
        active_.erase(active_.begin() + std::ptrdiff_t(place));
        if (!reads_[id].empty()) active_.push_back(id);
      }
      return;
    }
  }

  MemoryOptions options_;
  Random random_;
  SparseMemory memory_;
  uint64_t now_ = 0;
  std::vector<std::deque<Burst>> reads_;
  std::vector<uint32_t> active_;
  std::size_t reads_waiting_ = 0;
  std::deque<Burst> writes_;
  std::deque<TimedResponse> responses_;
  ReadBeat beat_{};
  bool read_offered_ = false;
  bool response_offered_ = false;
  bool ar_ready_ = false;
  bool aw_ready_ = false;
  bool w_ready_ = false;
};

}  // namespace cosim
