/* Faults on the way between the card's pins and their host, drawn from a seed: serve --faults. */
#pragma once
#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <deque>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "memory.hpp"
#include "peers.hpp"

namespace cosim {

/* KIND[:count=N,within=BYTES,seed=N,ms=N,first=A,last=A]: N faults, at bytes drawn from the first so many that are carried, both ways together. */
struct FaultOptions {
  enum Kind { kFlip, kDrop, kDuplicate, kReorder, kGarbage, kDelay, kUnplug, kReset, kResult, kKinds };
  static constexpr const char* kNames[kKinds] = {"flip", "drop", "duplicate", "reorder", "garbage", "delay", "unplug", "reset", "result"};
  Kind kind = kFlip;
  uint64_t count = 1, within = 20'000, seed = 1;
  uint64_t ms = 1'000;                          /* delay: the longest; unplug: how long it is away */
  uint64_t first = 0x2000, last = ~uint64_t{0};  /* result: the range of memory that lies, once */

  static FaultOptions parse(const std::string& text) {
    FaultOptions options;
    std::size_t colon = text.find(':');
    auto name = std::find(std::begin(kNames), std::end(kNames), text.substr(0, colon));
    if (name == std::end(kNames)) throw std::invalid_argument("there is no fault '" + text.substr(0, colon) + "'; there are flip, drop, duplicate, reorder, garbage, delay, unplug, reset and result");
    options.kind = Kind(name - std::begin(kNames));
    for (std::size_t at = colon; at != std::string::npos;) {
      std::size_t end = text.find(',', at + 1);
      std::string word = text.substr(at + 1, end == std::string::npos ? end : end - at - 1);
      options.set(word.substr(0, word.find('=')), word);
      at = end;
    }
    return options;
  }

 private:
  void set(const std::string& key, const std::string& word) {
    const std::pair<const char*, uint64_t*> known[] = {{"count", &count}, {"within", &within}, {"seed", &seed}, {"ms", &ms}, {"first", &first}, {"last", &last}};
    for (auto [name, value] : known) {
      if (key != name || word.size() <= key.size() + 1) continue;
      char* end;
      *value = std::strtoull(word.c_str() + key.size() + 1, &end, 0);
      if (*end == 0) return;
    }
    throw std::invalid_argument("'" + word + "' is no option of a fault; count, within, seed, ms, first and last are, each with a number");
  }
};

/* Both directions of a path. What it can't do to bytes alone it asks of its owner: see event(). */
class FaultyPath {
 public:
  using Clock = std::chrono::steady_clock;
  enum Direction { kToCard, kFromCard };

  explicit FaultyPath(const std::optional<FaultOptions>& options) : options_(options.value_or(FaultOptions{})), random_(options_.seed) {
    for (uint64_t i = 0; options && i < options_.count; ++i) at_.push_back(random_.next() % std::max<uint64_t>(options_.within, 1));
    std::sort(at_.begin(), at_.end());
  }

  /* Moves a block, as it has come, to where it arrives: all of it, later, or changed. */
  void carry(Direction direction, Bytes& from, Bytes& to) {
    Way& way = ways_[direction];
    std::vector<uint8_t> block(from.begin(), from.end());
    from.clear();
    if (!block.empty()) {
      carried_ += block.size();
      if (struck_ < at_.size() && carried_ > at_[struck_]) strike(way, block);
      else if (!way.swapped.empty()) {
        block.insert(block.end(), way.swapped.begin(), way.swapped.end());
        way.swapped.clear();
        ++done_;
      }
      way.held.insert(way.held.end(), block.begin(), block.end());
    }
    if (Clock::now() < way.until) return;
    to.insert(to.end(), way.held.begin(), way.held.end());
    way.held.clear();
  }
  /* What the owner has to do to the card, once. */
  std::optional<FaultOptions::Kind> event() { return std::exchange(event_, std::nullopt); }
  const FaultOptions& options() const { return options_; }
  /* Milliseconds until something that is held arrives; -1 when nothing is. */
  int wait_ms() const {
    auto now = Clock::now();
    int least = -1;
    for (const Way& way : ways_) {
      if (way.held.empty()) continue;
      int ms = int(std::max<int64_t>(0, std::chrono::duration_cast<std::chrono::milliseconds>(way.until - now).count())) + 1;
      least = least < 0 ? ms : std::min(least, ms);
    }
    return least;
  }
  void empty() {
    for (Way& way : ways_) way = Way{};
  }
  /* Faults that have changed what arrived. A result that lies is counted by the core. */
  uint64_t done() const { return done_; }

 private:
  struct Way {
    std::vector<uint8_t> held, swapped;
    Clock::time_point until{};
  };

  uint64_t draw(uint64_t from, uint64_t to) { return from + random_.next() % (to - from); }

  void strike(Way& way, std::vector<uint8_t>& block) {
    constexpr uint64_t kPartMax = 600, kNoiseMax = 300;
    ++struck_;
    ++done_;
    uint64_t at = draw(0, block.size()), part = std::min<uint64_t>(block.size() - at, random_.chance(1, 2) ? 1 : draw(1, kPartMax));
    auto place = block.begin() + long(at);
    switch (options_.kind) {
      case FaultOptions::kFlip: block[at] ^= uint8_t(1u << draw(0, 8)); break;
      case FaultOptions::kDrop: block.erase(place, place + long(part)); break;
      case FaultOptions::kDuplicate: {
        std::vector<uint8_t> again(place, place + long(part));
        block.insert(place, again.begin(), again.end());
        break;
      }
      case FaultOptions::kReorder:
        /* It counts when another block has overtaken it. */
        --done_;
        way.swapped.swap(block);
        break;
      case FaultOptions::kGarbage: {
        static constexpr uint8_t kSync[] = {0xac, 0xce, 0x1f, 0x5b};
        std::vector<uint8_t> noise(draw(1, kNoiseMax));
        for (uint8_t& byte : noise) byte = uint8_t(random_.next() >> 32);
        if (noise.size() > 4 && random_.chance(1, 2)) std::copy(std::begin(kSync), std::end(kSync), noise.begin() + long(draw(0, noise.size() - 4)));
        block.insert(place, noise.begin(), noise.end());
        break;
      }
      case FaultOptions::kDelay: way.until = Clock::now() + std::chrono::milliseconds(draw(options_.ms / 8, options_.ms + 1)); break;
      case FaultOptions::kResult: --done_; event_ = options_.kind; break;
      default: event_ = options_.kind; break;
    }
  }

  FaultOptions options_;
  Random random_;
  std::vector<uint64_t> at_;
  std::size_t struck_ = 0;
  uint64_t carried_ = 0, done_ = 0;
  Way ways_[2];
  std::optional<FaultOptions::Kind> event_;
};

}  // namespace cosim
