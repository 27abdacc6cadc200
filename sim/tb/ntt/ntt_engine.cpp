// ntt_engine against the definition: a memory that answers in order after a latency, with random stalls on every stream; every size,
// forward and inverse, coset and not, on-chip limits that force several passes, commands back to back, and the share of cycles in which
// butterflies start.
// Arguments choose what is done, in this order:
// +vectors=FILE   the transforms that the C# reference computed
// +sizes=K        every size from 2^1 to 2^K, each way, on chip as far as it fits, stalls of a random strength per command
// +passes=K       100 +count random transforms up to 2^K with random on-chip limits, many in flight, resets in between
// +steady=K[/T],  the steady completion interval at 2^K over +count of them (16 up to 2^12), on-chip limit 2^T, memory without stalls;
//                 fails when the butterfly utilisation is below 0.90, or 0.85 with a limit
#include <bit>
#include <deque>
#include <fstream>
#include <sstream>
#include <vector>
#include "Vntt_engine_bench.h"
#include "curve.hpp"
#include "tb.hpp"

namespace {

using ref::U256;
constexpr const ref::Modulus& kField = curve::kScalar;
constexpr unsigned kLanes = PARAMETER_Lanes;

/* out[k] = sum of in[i] w^(ik) by recursion over even and odd i. */
void transform(std::vector<U256>& values, const U256& root) {
  std::size_t n = values.size();
  if (n == 1) return;
  std::vector<U256> even(n / 2), odd(n / 2);
  for (std::size_t i = 0; i < n / 2; ++i) { even[i] = values[2 * i]; odd[i] = values[2 * i + 1]; }
  U256 square = kField.mul(root, root);
  transform(even, square);
  transform(odd, square);
  U256 power = kField.to_montgomery(U256{1}), step = kField.to_montgomery(root);
  for (std::size_t k = 0; k < n / 2; ++k) {
    U256 t = kField.mul_montgomery(odd[k], power);
    values[k] = kField.add(even[k], t);
    values[k + n / 2] = kField.sub(even[k], t);
    power = kField.mul_montgomery(power, step);
  }
}

void scale(std::vector<U256>& values, const U256& factor) {
  U256 power{1};
  for (U256& value : values) { value = kField.mul(value, power); power = kField.mul(power, factor); }
}

std::vector<U256> expected_of(std::vector<U256> values, unsigned log_size, bool inverse, bool coset, const U256& shift) {
  U256 root = curve::kRoots[log_size];
  if (coset && !inverse) scale(values, shift);
  transform(values, inverse ? kField.inverse(root) : root);
  if (inverse) {
    U256 share = kField.inverse(U256{values.size()});
    for (U256& value : values) value = kField.mul(value, share);
  }
  if (coset && inverse) scale(values, shift);
  return values;
}

struct Command {
  unsigned log_size, tile;
  bool inverse, coset;
  U256 shift;
  uint64_t source, destination, scratch;
  std::vector<U256> expected;
};

struct Request { uint64_t address, left, length, at; };

class Rig {
 public:
  explicit Rig(tb::Bench<Vntt_engine_bench>& bench) : bench_(bench), dut_(*bench.dut) { idle(); }

  unsigned stall_percent = 0;
  unsigned latency = 100;
  std::vector<uint64_t> done_at;
  uint64_t shortest_burst = ~uint64_t{0};

  void reset() {
    idle();
    bench_.reset();
    reads_.clear(); writes_.clear(); acknowledgements_.clear(); waiting_.clear(); running_.clear();
  }

  Command make(unsigned log_size, bool inverse, bool coset, const U256& shift, unsigned tile, bool in_place) {
    Command command{log_size, tile, inverse, coset, shift, allocate(log_size), 0, 0, {}};
    command.destination = in_place ? command.source : allocate(log_size);
    command.scratch = allocate(log_size);
    std::vector<U256> values(std::size_t{1} << log_size);
    for (U256& value : values) value = bench_.random.corner_or_element(kField);
    for (std::size_t i = 0; i < values.size(); ++i) memory_[command.source / 32 + i] = values[i];
    command.expected = expected_of(values, log_size, inverse, coset, shift);
    return command;
  }
  Command make(bool inverse, bool coset, const U256& shift, unsigned tile, const std::vector<U256>& values, const std::vector<U256>& expected) {
    unsigned log_size = unsigned(std::countr_zero(values.size()));
    Command command{log_size, tile, inverse, coset, shift, allocate(log_size), allocate(log_size), allocate(log_size), expected};
    for (std::size_t i = 0; i < values.size(); ++i) memory_[command.source / 32 + i] = values[i];
    return command;
  }
  void submit(Command command) { waiting_.push_back(std::move(command)); }
  bool idle_now() const { return waiting_.empty() && running_.empty(); }

  void cycle() {
    drive();
    bench_.settle();
    bool start = dut_.start_valid_i && dut_.start_ready_o;
    bool read_request = dut_.read_request_valid_o && dut_.read_request_ready_i, read_element = dut_.read_element_valid_i && dut_.read_element_ready_o;
    bool write_request = dut_.write_request_valid_o && dut_.write_request_ready_i;
    bool write_element = dut_.write_element_valid_o && dut_.write_element_ready_i;
    bool acknowledged = dut_.write_done_valid_i && dut_.write_done_ready_o, done = dut_.done_valid_o && dut_.done_ready_i;
    U256 asked_read{dut_.read_request_address_o, dut_.read_request_elements_o, 0, 0};
    U256 asked_write{dut_.write_request_address_o, dut_.write_request_elements_o, 0, 0};
    hold(dut_.read_request_valid_o, dut_.read_request_ready_i, asked_read, held_read_, "read request");
    hold(dut_.write_request_valid_o, dut_.write_request_ready_i, asked_write, held_write_, "write request");
    hold(dut_.write_element_valid_o, dut_.write_element_ready_i, tb::get(dut_.write_element_o), held_element_, "write element");
    hold(dut_.done_valid_o, dut_.done_ready_i, U256{uint64_t(dut_.done_butterflies_o)}, held_done_, "done");
    if (read_request)
      reads_.push_back({dut_.read_request_address_o / 32, dut_.read_request_elements_o, dut_.read_request_elements_o, bench_.cycles + latency});
    if (write_request) {
      writes_.push_back({dut_.write_request_address_o / 32, dut_.write_request_elements_o, dut_.write_request_elements_o, 0});
      if (dut_.write_request_elements_o < shortest_burst) shortest_burst = dut_.write_request_elements_o;
    }
    if (read_element) {
      Request& request = reads_.front();
      ++request.address;
      if (--request.left == 0) reads_.pop_front();
    }
    if (write_element) {
      bench_.check(!writes_.empty(), "an element for which no write was asked");
      Request& request = writes_.front();
      pending_.push_back({request.address++, tb::get(dut_.write_element_o)});
      bench_.check(ref::compare(pending_.back().second, kField.p) < 0, "an element that is not reduced");
      if (--request.left == 0) {
        acknowledgements_.push_back({bench_.cycles + latency, request.length});
        writes_.pop_front();
      }
    }
    /* Words land in memory only when they are acknowledged: whoever reads before has read too early. */
    if (acknowledged) {
      for (uint64_t words = acknowledgements_.front().second; words != 0; --words) {
        memory_[pending_.front().first] = pending_.front().second;
        pending_.pop_front();
      }
      acknowledgements_.pop_front();
    }
    if (start) { running_.push_back(std::move(waiting_.front())); waiting_.pop_front(); }
    if (done) finish(dut_.done_butterflies_o);
    bench_.tick();
    if (start) dut_.start_valid_i = 0;
    if (read_element) dut_.read_element_valid_i = 0;
    if (acknowledged) dut_.write_done_valid_i = 0;
    bench_.check(bench_.cycles - progress_ < 2'000'000 || idle_now(), "no command done for 2,000,000 cycles");
  }
  void drain() { progress_ = bench_.cycles; while (!idle_now()) cycle(); }

 private:
  void idle() {
    dut_.start_valid_i = 0; dut_.read_request_ready_i = 0; dut_.read_element_valid_i = 0; dut_.write_request_ready_i = 0;
    dut_.write_element_ready_i = 0; dut_.write_done_valid_i = 0; dut_.done_ready_i = 0;
    held_read_ = held_write_ = held_element_ = held_done_ = {};
    pending_.clear();
    progress_ = bench_.cycles;
  }
  uint64_t allocate(unsigned log_size) {
    uint64_t address = next_;
    next_ += ((uint64_t{32} << log_size) + 63) / 64 * 64;
    if (memory_.size() < next_ / 32) memory_.resize(next_ / 32);
    return address;
  }
  void finish(uint64_t butterflies) {
    bench_.check(!running_.empty(), "done without a command");
    Command command = std::move(running_.front());
    running_.pop_front();
    uint64_t ought = (uint64_t{1} << (command.log_size - 1)) * command.log_size;
    bench_.check(butterflies == ought, "%llu butterflies for 2^%u", (unsigned long long)butterflies, command.log_size);
    for (std::size_t k = 0; k < command.expected.size(); ++k) {
      ++bench_.checks;
      if (!(memory_[command.destination / 32 + k] == command.expected[k]))
        bench_.fail("2^%u inverse %d coset %d tile %u: element %zu is %s, expected %s", command.log_size, command.inverse, command.coset,
                    command.tile, k, ref::hex(memory_[command.destination / 32 + k]).c_str(), ref::hex(command.expected[k]).c_str());
    }
    done_at.push_back(bench_.cycles);
    progress_ = bench_.cycles;
    if (running_.empty() && waiting_.empty()) next_ = 64;
  }
  struct Held { bool refused = false; U256 beat; };
  void hold(bool valid, bool ready, const U256& beat, Held& held, const char* what) {
    if (held.refused) bench_.check(valid && beat == held.beat, "a refused %s changed", what);
    held = {valid && !ready, beat};
  }
  bool stalled() { return stall_percent != 0 && bench_.random.chance(stall_percent); }
  void drive() {
    if (!dut_.start_valid_i && !waiting_.empty() && !stalled()) {
      const Command& command = waiting_.front();
      dut_.start_valid_i = 1;
      dut_.start_log2_size_i = command.log_size;
      dut_.start_inverse_i = command.inverse;
      dut_.start_coset_i = command.coset;
      tb::set(dut_.start_shift_i, kField.to_montgomery(command.shift));
      dut_.start_source_i = command.source;
      dut_.start_destination_i = command.destination;
      dut_.start_scratch_i = command.scratch;
      dut_.start_tile_log2_max_i = command.tile;
    }
    dut_.read_request_ready_i = reads_.size() < 64 && !stalled();
    dut_.write_request_ready_i = writes_.size() < 16 && !stalled();
    dut_.write_element_ready_i = !writes_.empty() && !stalled();
    dut_.done_ready_i = !stalled();
    if (!dut_.read_element_valid_i && !reads_.empty() && bench_.cycles >= reads_.front().at && !stalled()) {
      dut_.read_element_valid_i = 1;
      tb::set(dut_.read_element_i, memory_.at(reads_.front().address));
    }
    if (!dut_.write_done_valid_i && !acknowledgements_.empty() && bench_.cycles >= acknowledgements_.front().first && !stalled())
      dut_.write_done_valid_i = 1;
  }

  tb::Bench<Vntt_engine_bench>& bench_;
  Vntt_engine_bench& dut_;
  std::vector<U256> memory_ = std::vector<U256>(2);
  uint64_t next_ = 64, progress_ = 0;
  std::deque<Request> reads_, writes_;
  std::deque<std::pair<uint64_t, uint64_t>> acknowledgements_; /* when, and how many words land */
  std::deque<std::pair<uint64_t, U256>> pending_;
  std::deque<Command> waiting_, running_;
  Held held_read_, held_write_, held_element_, held_done_;
};

unsigned random_stall(tb::Random& random) {
  static constexpr unsigned kStalls[] = {0, 0, 10, 50, 80};
  return kStalls[random.below(5)];
}

}  // namespace

int main(int argc, char** argv) {
  tb::Bench<Vntt_engine_bench> bench(argc, argv, 16, 2'000'000'000);
  auto& random = bench.random;
  Rig rig(bench);
  rig.reset();
  unsigned tile_max = std::min<unsigned>(PARAMETER_TileLog2Max, curve::kTwoAdicity);
  U256 g[2] = {random.element(kField), random.element(kField)};
  for (U256& shift : g)
    if (shift.is_zero()) shift = U256{1};

  if (std::string file = bench.text("vectors"); !file.empty()) {
    std::ifstream vectors(file);
    bench.check(vectors.good(), "cannot read %s", file.c_str());
    for (std::string line; std::getline(vectors, line);) {
      if (line.empty() || line[0] == '#') continue;
      std::stringstream fields(line);
      unsigned log_size;
      std::string direction, number;
      fields >> log_size >> direction >> number;
      U256 shift = kField.from_montgomery(ref::parse_hex(number));
      std::vector<U256> values[2];
      for (auto& side : values)
        for (std::size_t i = 0; i < std::size_t{1} << log_size; ++i) { fields >> number; side.push_back(ref::parse_hex(number)); }
      bench.check(!fields.fail(), "a line with too few values");
      for (unsigned tile : {31u, 2u, 1u}) rig.submit(rig.make(direction == "inverse", !shift.is_zero(), shift, tile, values[0], values[1]));
      rig.drain();
    }
  }
  if (unsigned largest = std::min<unsigned>(unsigned(bench.number("sizes", 0)), curve::kTwoAdicity); largest != 0) {
    for (unsigned log_size = 1; log_size <= largest; ++log_size) {
      for (unsigned kind = 0; kind < 4; ++kind) {
        if (log_size > 13 && kind != log_size % 4) continue; /* the larger ones take turns */
        rig.stall_percent = log_size > 13 ? 10 : random_stall(random);
        rig.submit(rig.make(log_size, kind & 1, kind & 2, g[random.below(2)], 31, random.chance(50)));
        rig.drain();
      }
    }
  }
  if (unsigned largest = std::min<unsigned>(unsigned(bench.number("passes", 0)), curve::kTwoAdicity); largest != 0) {
    for (uint64_t done = 0; done < 100 * bench.count;) {
      rig.stall_percent = random_stall(random);
      rig.latency = unsigned(random.below(150));
      unsigned batch = 1 + unsigned(random.below(12));
      for (unsigned i = 0; i < batch; ++i)
        rig.submit(rig.make(1 + unsigned(random.below(largest)), random.chance(50), random.chance(40), g[random.below(2)],
                            unsigned(random.below(largest + 2)), random.chance(50)));
      done += batch;
      if (random.chance(10)) {
        for (uint64_t cycles = random.below(8000); cycles != 0 && !rig.idle_now(); --cycles) rig.cycle();
        rig.reset();
      } else {
        rig.drain();
      }
    }
  }
  rig.stall_percent = 0;
  rig.latency = 100;
  std::stringstream shapes(bench.text("steady"));
  for (std::string shape; std::getline(shapes, shape, ',');) {
    bool limited = shape.find('/') != std::string::npos;
    unsigned log_size = unsigned(std::stoul(shape)), tile = limited ? unsigned(std::stoul(shape.substr(shape.find('/') + 1))) : 31;
    uint64_t transforms = log_size <= 12 ? 16 : bench.count;
    Command command = rig.make(log_size, false, false, U256{1}, tile, false);
    uint64_t stalls = bench.dut->stall_cycles_o, butterflies = bench.dut->butterflies_o;
    rig.done_at.clear();
    rig.shortest_burst = ~uint64_t{0};
    for (uint64_t i = 0; i <= transforms; ++i) rig.submit(command);
    rig.drain();
    uint64_t cycles = rig.done_at.back() - rig.done_at.front();
    uint64_t each = (bench.dut->butterflies_o - butterflies) / (transforms + 1);
    double share = double(transforms) * double(each) / (double(kLanes) * double(cycles));
    std::printf("steady 2^%u, on-chip limit 2^%u, lanes %u: %.1f cycles a transform, butterfly utilisation %.4f, "
                "shortest burst %llu, %llu stall cycles\n", log_size, std::min(tile, tile_max), kLanes, double(cycles) / double(transforms), share, (unsigned long long)rig.shortest_burst,
                (unsigned long long)(bench.dut->stall_cycles_o - stalls));
    bench.check(each == (uint64_t{1} << (log_size - 1)) * log_size, "%llu butterflies a transform", (unsigned long long)each);
    bench.check(share >= (limited ? 0.85 : 0.90), "utilisation %.4f is below the bar", share);
    bench.check(!limited || rig.shortest_burst >= 4, "bursts of %llu elements", (unsigned long long)rig.shortest_burst);
  }
  return bench.finish();
}
