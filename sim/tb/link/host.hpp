// The host's end of the link (host/docs/link.md) in a few lines, for benches: frames, a parser, go-back-N, with cycles for its time.
#pragma once
#include <cstring>
#include <deque>
#include <vector>
#include "tb.hpp"

namespace link_host {

using Bytes = std::vector<uint8_t>;

inline uint32_t crc(uint32_t state, const uint8_t* bytes, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) {
    state ^= bytes[i];
    for (int bit = 0; bit < 8; ++bit) state = (state >> 1) ^ ((state & 1) ? 0x82f63b78u : 0);
  }
  return state;
}
template <class T> void put(Bytes& bytes, T value) { for (std::size_t i = 0; i < sizeof(T); ++i) bytes.push_back(uint8_t(uint64_t(value) >> (8 * i))); }
template <class T> T get(const Bytes& bytes, std::size_t at) { T value = 0; std::memcpy(&value, &bytes[at], sizeof(T)); return value; }

enum Kind : uint8_t { kHello = 1, kWelcome, kData, kAck, kNak, kPoll, kReset };

struct Frame {
  uint8_t kind = 0, channel = 0;
  uint32_t session = 0;
  uint16_t sequence = 0, acknowledge = 0;
  Bytes payload;
};

inline Bytes encode(const Frame& f) {
  Bytes out{0xac, 0xce, 0x1f, 0x5b, f.kind, f.channel};
  put(out, uint16_t(f.payload.size()));
  put(out, f.session);
  put(out, f.sequence);
  put(out, f.acknowledge);
  uint32_t state = crc(~0u, &out[4], 12);
  put(out, ~state);
  out.insert(out.end(), f.payload.begin(), f.payload.end());
  if (!f.payload.empty()) put(out, ~crc(state, f.payload.data(), f.payload.size()));
  return out;
}

/* Finds frames as the description says. feed() is true when a byte completes one; good says whether its payload's check passed. */
class Parser {
 public:
  Frame frame;
  bool good = false;
  void reset() { held_.clear(); }
  bool feed(uint8_t byte) {
    static const uint8_t kSync[4] = {0xac, 0xce, 0x1f, 0x5b};
    if (held_.size() < 4) {
      if (byte == kSync[held_.size()]) held_.push_back(byte);
      else if (held_.clear(); byte == kSync[0]) held_.push_back(byte);
      return false;
    }
    held_.push_back(byte);
    if (held_.size() == 20) {
      state_ = crc(~0u, &held_[4], 12);
      length_ = get<uint16_t>(held_, 6);
      if (get<uint32_t>(held_, 16) != uint32_t(~state_) || length_ % 4) { held_.clear(); return false; }
      frame = {held_[4], held_[5], get<uint32_t>(held_, 8), get<uint16_t>(held_, 12), get<uint16_t>(held_, 14), {}};
      if (length_ == 0) { held_.clear(); return good = true; }
    }
    if (held_.size() < 24u + length_ || held_.size() <= 20) return false;
    frame.payload.assign(held_.begin() + 20, held_.end() - 4);
    good = get<uint32_t>(held_, held_.size() - 4) == uint32_t(~crc(state_, frame.payload.data(), frame.payload.size()));
    held_.clear();
    return true;
  }

 private:
  Bytes held_;
  uint32_t state_ = 0, length_ = 0;
};

struct Request { uint8_t channel; Bytes payload; };

/* What a host does: offers sessions, sends requests within the window, takes answers in order, polls when nothing moves. */
class Host {
 public:
  std::deque<Request> requests;              /* not yet given to a session */
  std::deque<Frame> answers;                 /* in order, of this session */
  bool open = false, resets = false;
  uint32_t number, device = 0, generation = 0;
  unsigned window = 0, payload_max = 0;
  uint64_t sessions = 0, polls = 0, naks = 0, lost = 0;
  uint64_t patience = 6000;

  explicit Host(tb::Random& random) : random_(random) { begin(); }

  void begin() {
    number = uint32_t(random_.next());
    open = false;
    out_.clear();
    hello_at_ = 0;
  }
  uint32_t tag() const { return number ^ device; }
  bool idle() const { return open && requests.empty() && unacknowledged_.empty(); }

  /* The next byte for the device, if there is one. */
  bool next(uint64_t now, uint8_t& byte) {
    if (out_.empty()) produce(now);
    if (out_.empty()) return false;
    byte = out_.front();
    out_.pop_front();
    return true;
  }
  void take(uint64_t now, uint8_t byte) {
    if (!parser_.feed(byte)) return;
    Frame& f = parser_.frame;
    if (!parser_.good) { if (open && f.session == tag()) nak_due_ = true; return; }
    if (f.kind == kWelcome && !open && f.session == number && f.payload.size() == 16) {
      device = get<uint32_t>(f.payload, 4);
      generation = get<uint32_t>(f.payload, 8);
      window = get<uint16_t>(f.payload, 12);
      payload_max = get<uint16_t>(f.payload, 14);
      open = confirmed_ = poll_due_ = true;
      confirmed_ = ack_due_ = nak_due_ = false;
      oldest_ = next_ = expected_ = 0;
      unacknowledged_.clear();
      answers.clear();
      moved_at_ = now;
      ++sessions;
    }
    if (!open || f.session != tag()) return;
    if (f.kind == kReset) { ++lost; begin(); return; }
    if (f.kind != kData && f.kind != kAck && f.kind != kNak) return;
    confirmed_ = true;
    unsigned done = uint16_t(f.acknowledge - oldest_);
    if (done && done <= unacknowledged_.size()) {
      unacknowledged_.erase(unacknowledged_.begin(), unacknowledged_.begin() + done);
      if (uint16_t(next_ - oldest_) < done) next_ = f.acknowledge;
      oldest_ = f.acknowledge;
      moved_at_ = now;
    }
    if (f.kind == kNak) { ++naks; gap_due_ = 20; next_ = oldest_; }
    if (f.kind == kData) {
      if (f.sequence == expected_) { ++expected_; answers.push_back(f); moved_at_ = now; nak_due_ = false; ack_due_ = true; }
      else if (uint16_t(f.sequence - expected_) < 0x8000) nak_due_ = true;
      else ack_due_ = true;
    }
  }
  bool waits = false;  /* answers are due: polls when nothing moves */

 private:
  void say(const Frame& f) { Bytes b = encode(f); out_.insert(out_.end(), b.begin(), b.end()); }
  void gap(unsigned bytes) { out_.insert(out_.end(), bytes, 0); }
  void produce(uint64_t now) {
    if (!open) {
      if (now < hello_at_) return;
      hello_at_ = now + patience;
      parser_.reset();
      gap(20 << (tries_++ % 7));
      Frame f{kHello, 0, number, 0, 0, {}};
      put(f.payload, uint32_t(1));
      put(f.payload, uint32_t(resets));
      say(f);
      return;
    }
    if ((waits || !unacknowledged_.empty()) && now > moved_at_ + patience) {
      moved_at_ = now;
      parser_.reset();
      gap(20 << (tries_++ % 7));
      next_ = oldest_;
      poll_due_ = true;
      ++polls;
    }
    if (gap_due_) { gap(gap_due_); gap_due_ = 0; }
    if (poll_due_) { poll_due_ = false; say({kPoll, 0, tag(), 0, expected_, {}}); return; }
    if (nak_due_) { nak_due_ = false; say({kNak, 0, tag(), 0, expected_, {}}); return; }
    if (!confirmed_) return;
    if (next_ == uint16_t(oldest_ + unacknowledged_.size()) && unacknowledged_.size() < window && !requests.empty()) {
      unacknowledged_.push_back(requests.front());
      requests.pop_front();
    }
    if (next_ != uint16_t(oldest_ + unacknowledged_.size())) {
      const Request& r = unacknowledged_[uint16_t(next_ - oldest_)];
      say({kData, r.channel, tag(), next_, expected_, r.payload});
      ++next_;
      ack_due_ = false;
    } else if (ack_due_) {
      ack_due_ = false;
      say({kAck, 0, tag(), 0, expected_, {}});
    }
  }

  tb::Random& random_;
  Parser parser_;
  std::deque<uint8_t> out_;
  std::deque<Request> unacknowledged_;
  uint16_t oldest_ = 0, next_ = 0, expected_ = 0;
  bool confirmed_ = false, poll_due_ = false, ack_due_ = false, nak_due_ = false;
  unsigned gap_due_ = 0, tries_ = 0;
  uint64_t hello_at_ = 0, moved_at_ = 0;
};

}  // namespace link_host
