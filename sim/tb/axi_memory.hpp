// Device memory behind an AXI4 port for testbenches: latency, random stalls, answers of different IDs in any order, injected errors.
// It holds its master to the protocol: refused addresses and data do not change, bursts stay within 4 KB, wlast is where awlen says.
//
//   memory.drive();                 decides what the slave side offers in this cycle; copy its outputs to the model
//   bench.settle();                 then copy the model's outputs to memory.ar, aw, w and ready bits
//   memory.step();                  looks at the handshakes; then tick()
#pragma once
#include <cstring>
#include <deque>
#include <vector>
#include "tb.hpp"

namespace tb {

constexpr unsigned kBeatBytes = 64;

struct AxiMemory {
  struct Address { bool valid = false; uint64_t id = 0, address = 0; unsigned length = 0; bool operator==(const Address&) const = default; };
  struct Data { bool valid = false; uint8_t bytes[kBeatBytes] = {}; uint64_t strobes = 0; bool last = false; bool operator==(const Data&) const = default; };

  /* What the master drives. */
  Address ar, aw;
  Data w;
  bool r_ready = false, b_ready = false;
  /* What the memory drives. */
  bool ar_ready = false, aw_ready = false, w_ready = false;
  bool r_valid = false, r_last = false, b_valid = false;
  uint64_t r_id = 0, b_id = 0;
  unsigned r_resp = 0, b_resp = 0;
  uint8_t r_data[kBeatBytes] = {};

  std::vector<uint8_t> bytes;
  unsigned latency = 20, stall_percent = 0;
  /* Errors per 1,000 bursts; bursts that were answered with one. */
  unsigned read_errors_permille = 0, write_errors_permille = 0;
  uint64_t read_errors = 0, write_errors = 0, read_bursts = 0, write_bursts = 0, beats_outstanding_max = 0;
  /* Where a burst may go; default: anywhere in the memory. */
  uint64_t legal_from = 0;

  AxiMemory(std::size_t size, Random& random, const char* name) : bytes(size), random_(random), name_(name) {}

  void drive() {
    ar_ready = !stall();
    aw_ready = !stall();
    w_ready = !writes_.empty() && !stall();
    if (!r_valid && !reads_.empty() && !stall()) offer_read();
    if (!b_valid && !responses_.empty() && !stall()) offer_response();
  }

  void step() {
    ++now_;
    hold(ar, ar_before_, ar_refused_, ar_ready, "ar");
    hold(aw, aw_before_, aw_refused_, aw_ready, "aw");
    hold(w, w_before_, w_refused_, w_ready, "w");
    if (r_valid && r_ready) {
      r_valid = false;
      --beats_outstanding_;
      Read& read = reads_[read_offered_];
      if (r_last) reads_.erase(reads_.begin() + long(read_offered_)); else ++read.beat;
    }
    if (b_valid && b_ready) b_valid = false;
    if (ar.valid && ar_ready) {
      check_burst(ar, "read");
      reads_.push_back({ar, now_ + latency, 0, random_.below(1000) < read_errors_permille});
      read_errors += reads_.back().error;
      ++read_bursts;
      beats_outstanding_ += ar.length + 1;
      if (beats_outstanding_ > beats_outstanding_max) beats_outstanding_max = beats_outstanding_;
    }
    if (w.valid && w_ready) {
      Write& write = writes_.front();
      if (w.last != (write.beat == write.address.length)) die("wlast is at beat %u of %u", write.beat, write.address.length + 1);
      /* A refused write leaves noise where it would have written. */
      for (unsigned i = 0; i < kBeatBytes; ++i)
        if ((w.strobes >> i) & 1) bytes[write.address.address + uint64_t{write.beat} * kBeatBytes + i] = write.error ? uint8_t(random_.next()) : w.bytes[i];
      ++write.beat;
      if (w.last) {
        responses_.push_back({write.address.id, now_ + latency, write.error});
        writes_.pop_front();
      }
    }
    if (aw.valid && aw_ready) {
      check_burst(aw, "write");
      writes_.push_back({aw, 0, random_.below(1000) < write_errors_permille});
      write_errors += writes_.back().error;
      ++write_bursts;
    }
  }

  /* A master that was reset may drop what it offered. */
  void master_was_reset() { ar_refused_ = aw_refused_ = w_refused_ = false; }
  /* The memory is reset with it, and forgets what it owes. */
  void reset() {
    master_was_reset();
    reads_.clear();
    writes_.clear();
    responses_.clear();
    r_valid = b_valid = false;
    beats_outstanding_ = 0;
  }
  bool idle() const { return reads_.empty() && writes_.empty() && responses_.empty() && !b_valid; }

  ref::U256 element(uint64_t address) const { ref::U256 value; std::memcpy(value.limb.data(), &bytes[address], 32); return value; }
  void set_element(uint64_t address, const ref::U256& value) { std::memcpy(&bytes[address], value.limb.data(), 32); }

 private:
  struct Read { Address address; uint64_t due; unsigned beat; bool error; };
  struct Write { Address address; unsigned beat; bool error; };
  struct Response { uint64_t id, due; bool error; };

  bool stall() { return stall_percent != 0 && random_.chance(stall_percent); }

  /* The oldest due burst of a random ID among those due; without stalls simply the oldest. */
  void offer_read() {
    std::size_t chosen = reads_.size();
    for (std::size_t i = 0; i < reads_.size(); ++i) {
      if (reads_[i].due > now_) break;
      bool older = false;
      for (std::size_t j = 0; j < i; ++j) older |= reads_[j].address.id == reads_[i].address.id;
      if (older) continue;
      if (chosen == reads_.size() || (stall_percent != 0 && random_.chance(50))) chosen = i;
      if (stall_percent == 0) break;
    }
    if (chosen == reads_.size()) return;
    Read& read = reads_[chosen];
    read_offered_ = chosen;
    r_valid = true;
    r_id = read.address.id;
    r_last = read.beat == read.address.length;
    r_resp = read.error ? 2 : 0;
    std::memcpy(r_data, &bytes[read.address.address + uint64_t{read.beat} * kBeatBytes], kBeatBytes);
    if (read.error) for (auto& byte : r_data) byte = uint8_t(random_.next());
  }
  void offer_response() {
    if (responses_.front().due > now_) return;
    b_valid = true;
    b_id = responses_.front().id;
    b_resp = responses_.front().error ? 2 : 0;
    responses_.pop_front();
  }
  template <class Channel> void hold(const Channel& now, Channel& before, bool& refused, bool ready, const char* channel) {
    if (refused && !(now == before)) die("%s changed while it was refused", channel);
    refused = now.valid && !ready;
    before = now;
  }
  void check_burst(const Address& a, const char* kind) {
    uint64_t end = a.address + uint64_t{a.length + 1} * kBeatBytes;
    if (a.address % kBeatBytes != 0) die("%s burst at %llx is not aligned", kind, (unsigned long long)a.address);
    if (a.address >> 12 != (end - 1) >> 12) die("%s burst at %llx of %u beats crosses 4 KB", kind, (unsigned long long)a.address, a.length + 1);
    if (a.address < legal_from || end > bytes.size()) die("%s burst at %llx of %u beats is outside the memory", kind, (unsigned long long)a.address, a.length + 1);
  }
  template <class... Args> [[noreturn]] void die(const char* format, Args... args) {
    std::printf("FAIL %s: memory, cycle %llu: ", name_, (unsigned long long)now_);
    std::printf(format, args...);
    std::printf("\n");
    std::exit(1);
  }

  Random& random_;
  const char* name_;
  uint64_t now_ = 0, beats_outstanding_ = 0;
  std::deque<Read> reads_;
  std::deque<Write> writes_;
  std::deque<Response> responses_;
  std::size_t read_offered_ = 0;
  Address ar_before_, aw_before_;
  Data w_before_;
  bool ar_refused_ = false, aw_refused_ = false, w_refused_ = false;
};

/* 512-bit signals as bytes. */
inline void get_bytes(uint8_t (&out)[kBeatBytes], const VlWide<16>& signal) { std::memcpy(out, signal.data(), kBeatBytes); }
inline void set_bytes(VlWide<16>& signal, const uint8_t (&in)[kBeatBytes]) { std::memcpy(signal.data(), in, kBeatBytes); }

}  // namespace tb
