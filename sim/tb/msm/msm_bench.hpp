// What the benches of msm_engine share: the curve's points, an adder with any latency and order, memory that feeds scalars and bases,
// checks of the streams' rules, and the host's part of the sum.
#pragma once
#include <algorithm>
#include <deque>
#include <vector>
#include "curve.hpp"
#include "tb.hpp"

namespace msm {

constexpr bool kTiny = curve::kField.width <= 7;

/* Complete addition on y² = x³ + b of odd order, coordinates in Montgomery form (Renes, Costello, Batina, eprint 2015/1060, Algorithm 7). */
inline ref::Projective add_complete(const ref::Projective& p, const ref::Projective& q) {
  const ref::Modulus& f = curve::kField;
  auto times_b3 = [&](const ref::U256& a) {
    ref::U256 sum;
    for (unsigned i = 0; i < 3 * curve::kB; ++i) sum = f.add(sum, a);
    return sum;
  };
  auto mul = [&](const ref::U256& a, const ref::U256& b) { return f.mul_montgomery(a, b); };
  ref::U256 xx = mul(p.x, q.x), yy = mul(p.y, q.y), zz = mul(p.z, q.z);
  ref::U256 xy = f.sub(mul(f.add(p.x, p.y), f.add(q.x, q.y)), f.add(xx, yy));
  ref::U256 yz = f.sub(mul(f.add(p.y, p.z), f.add(q.y, q.z)), f.add(yy, zz));
  ref::U256 xz = f.sub(mul(f.add(p.x, p.z), f.add(q.x, q.z)), f.add(xx, zz));
  ref::U256 xxx = f.add(xx, f.add(xx, xx)), b3zz = times_b3(zz), b3xz = times_b3(xz);
  ref::U256 sum = f.add(yy, b3zz), difference = f.sub(yy, b3zz);
  return {f.sub(mul(xy, difference), mul(yz, b3xz)), f.add(mul(difference, sum), mul(b3xz, xxx)), f.add(mul(sum, yz), mul(xxx, xy))};
}

/* Points as multiples of a generator. On a tiny curve a point is known by its multiple, from a table of all (X, Y, Z). */
class Group {
 public:
  Group() {
    const ref::Modulus& f = curve::kField;
    if constexpr (kTiny) {
      unsigned p = unsigned(f.p.limb[0]), order = unsigned(curve::kScalar.p.limb[0]);
      ref::Affine generator;
      for (unsigned x = 0; x < p && generator.infinity; ++x)
        for (unsigned y = 0; y < p && generator.infinity; ++y)
          if ((y * y) % p == (x * x * x + curve::kB) % p) generator = {ref::U256{x}, ref::U256{y}, false};
      log_.assign(std::size_t{p} * p * p, -1);
      ref::Affine point;
      for (unsigned k = 0; k < order; ++k, point = ref::add(f, point, generator))
        for (unsigned z = 1; z < p; ++z) {
          ref::Projective form = ref::to_projective(f, point, ref::U256{z});
          forms_.push_back(form);
          log_[index(form)] = int(k);
        }
      if (!point.infinity) { std::printf("FAIL the curve's order is not %u\n", order); std::exit(1); }
    } else {
      ref::U256 two{2};
      generator_ = {f.to_montgomery(ref::U256{1}), f.to_montgomery(two), f.to_montgomery(ref::U256{1})};
    }
  }
  ref::Projective multiple(const ref::U256& k) const {
    if constexpr (kTiny) return forms_[std::size_t(k.limb[0]) * (curve::kField.p.limb[0] - 1)];
    ref::Projective sum{ref::U256{}, curve::kField.to_montgomery(ref::U256{1}), ref::U256{}};
    for (int i = 255; i >= 0; --i) { sum = add_complete(sum, sum); if (k.bit(unsigned(i))) sum = add_complete(sum, generator_); }
    return sum;
  }
  /* A sum in a random representative, as some adder may give it. */
  ref::Projective add(const ref::Projective& a, const ref::Projective& b, tb::Random& random) const {
    if constexpr (kTiny) {
      unsigned p = unsigned(curve::kField.p.limb[0]), order = unsigned(curve::kScalar.p.limb[0]);
      return forms_[std::size_t((log(a) + log(b)) % int(order)) * (p - 1) + random.below(p - 1)];
    }
    return add_complete(a, b);
  }
  bool same(const ref::Projective& a, const ref::Projective& b) const {
    if constexpr (kTiny) return log(a) == log(b);
    return ref::to_affine(curve::kField, a) == ref::to_affine(curve::kField, b);
  }
  /* -1: not a point. */
  int log(const ref::Projective& a) const {
    if (a.z.is_zero()) return 0;
    if (std::max({a.x.limb[0], a.y.limb[0], a.z.limb[0]}) >= curve::kField.p.limb[0]) return -1;
    return log_[index(a)];
  }

 private:
  std::size_t index(const ref::Projective& a) const { return (a.x.limb[0] * curve::kField.p.limb[0] + a.y.limb[0]) * curve::kField.p.limb[0] + a.z.limb[0]; }
  std::vector<int> log_;
  std::vector<ref::Projective> forms_; /* multiple-major, by Z from 1 */
  ref::Projective generator_;
};

struct Base {
  ref::U256 x, y; /* Montgomery; both zero = infinity */
};

struct Chunk {
  bool first = true, last = true;
  unsigned window_bits = 2;
  std::vector<ref::U256> scalars;
  std::vector<Base> bases;
};

/* How the world around the engine behaves. */
struct World {
  unsigned latency_min = 1, latency_max = 1; /* of the adder */
  bool ordered = true;                       /* sums leave in order */
  unsigned adder_stall = 0, feed_stall = 0, sum_stall = 0; /* percent */
  bool shared_beats = false; /* scalars (2 a beat) and bases (1 a beat) share one beat a cycle */
};

template <class Model> class Engine {
  static constexpr bool kPlaysAdder = requires(Model& model) { model.pair_valid_o; }; /* else the adder is the real one */

 public:
  Engine(tb::Bench<Model>& bench, const Group& group) : bench_(bench), dut_(*bench.dut), group_(group) {
    dut_.start_valid_i = dut_.scalar_valid_i = dut_.base_valid_i = dut_.sum_ready_i = 0;
  }
  World world;
  uint64_t chunks_done = 0, added = 0;
  uint64_t cycles = 0; /* of the last run, from its start to its end */

  /* Runs chunks up to the one with `last` (or until all are consumed when none has it) and gives the sums of a finished multiplication. */
  std::vector<ref::Projective> run(const std::vector<Chunk>& chunks) {
    std::size_t started = 0, fed = 0, scalar = 0, base = 0;
    uint64_t scalars_fetched = 0, bases_fetched = 0;
    bool done = false, finishes = !chunks.empty() && chunks.back().last;
    std::vector<ref::Projective> sums;
    uint64_t began = bench_.cycles, deadline = bench_.cycles + 20000;
    for (const Chunk& chunk : chunks) deadline += chunk.scalars.size() * 4000 + ((256ull / chunk.window_bits + 1) << chunk.window_bits) * 100;
    scalar_offered_ = base_offered_ = false;
    while (!(finishes ? done : fed == chunks.size())) {
      if (!dut_.start_valid_i && started < chunks.size()) {
        const Chunk& chunk = chunks[started];
        dut_.start_valid_i = 1;
        dut_.start_first_i = chunk.first;
        dut_.start_last_i = chunk.last;
        dut_.start_count_i = uint32_t(chunk.scalars.size());
        dut_.start_window_bits_i = uint8_t(chunk.window_bits);
      }
      /* Memory delivers what the chunk being fed needs. */
      bool have = started > fed;
      const Chunk* chunk = have ? &chunks[fed] : nullptr;
      if (have && world.shared_beats) {
        constexpr uint64_t kAhead = 64;
        uint64_t left_s = chunk->scalars.size() - scalars_fetched, left_b = chunk->bases.size() - bases_fetched;
        bool scalars_next = left_s && scalars_fetched < scalar + kAhead && (scalars_fetched <= bases_fetched || !left_b || bases_fetched >= base + kAhead);
        if (scalars_next) scalars_fetched += std::min<uint64_t>(2, left_s);
        else if (left_b && bases_fetched < base + kAhead) ++bases_fetched;
      } else if (have) {
        scalars_fetched = bases_fetched = chunk->scalars.size();
      }
      if (!scalar_offered_ && have && scalar < scalars_fetched && !bench_.random.chance(world.feed_stall)) {
        scalar_offered_ = true;
        tb::set(dut_.scalar_i, chunk->scalars[scalar]);
      }
      if (!base_offered_ && have && base < bases_fetched && !bench_.random.chance(world.feed_stall)) {
        base_offered_ = true;
        tb::set(dut_.base_x_i, chunk->bases[base].x);
        tb::set(dut_.base_y_i, chunk->bases[base].y);
      }
      dut_.scalar_valid_i = scalar_offered_;
      dut_.base_valid_i = base_offered_;
      dut_.sum_ready_i = !bench_.random.chance(world.sum_stall);
      drive_adder();
      bench_.settle();

      bool start = dut_.start_valid_i && dut_.start_ready_o;
      if (start) bench_.check(!dut_.start_illegal_o, "a legal start was refused: window bits %u, first %u", chunks[started].window_bits, unsigned(chunks[started].first));
      bool scalar_taken = scalar_offered_ && dut_.scalar_ready_o, base_taken = base_offered_ && dut_.base_ready_o;
      check_adder();
      bool sum = dut_.sum_valid_o && dut_.sum_ready_i;
      ref::Projective value{tb::get(dut_.sum_x_o), tb::get(dut_.sum_y_o), tb::get(dut_.sum_z_o)};
      if (sum_refused_) bench_.check(dut_.sum_valid_o && value.x == sum_.x && value.y == sum_.y && value.z == sum_.z, "a refused sum changed");
      sum_refused_ = dut_.sum_valid_o && !dut_.sum_ready_i;
      sum_ = value;
      if (sum) sums.push_back(value);
      bool chunk_done = dut_.chunk_done_o;
      if (chunk_done) {
        ++chunks_done;
        bench_.check(have && scalar == chunk->scalars.size() && base == chunk->bases.size(), "a chunk was done with %zu scalars and %zu bases consumed", scalar, base);
      }
      done = dut_.done_o;
      if (done) bench_.check(sum && in_flight_.empty(), "done before the last sum");
      bench_.tick();
      ++now_;
      if (start) { dut_.start_valid_i = 0; ++started; }
      if (scalar_taken) { scalar_offered_ = false; ++scalar; }
      if (base_taken) { base_offered_ = false; ++base; }
      if (chunk_done) { ++fed; scalar = base = 0; scalars_fetched = bases_fetched = 0; }
      if (bench_.cycles > deadline) bench_.fail("the engine hangs: chunk %zu of %zu, scalar %zu, base %zu, %zu pairs in the adder", fed, chunks.size(), scalar, base, in_flight_.size());
    }
    dut_.scalar_valid_i = dut_.base_valid_i = 0;
    cycles = bench_.cycles - began;
    return sums;
  }

  /* Lets the engine and the adder go on without anything offered. */
  void idle(unsigned length) {
    for (unsigned i = 0; i < length; ++i) { drive_adder(); bench_.settle(); check_adder(); bench_.tick(); ++now_; }
  }
  /* The host's part: Σ_w 2^(c·w) Σ_j 2^j·S[w·c + j]. */
  ref::Projective horner(const std::vector<ref::Projective>& sums) {
    ref::Projective total{ref::U256{}, curve::kField.to_montgomery(ref::U256{1}), ref::U256{}};
    for (std::size_t i = sums.size(); i-- > 0;) total = group_.add(group_.add(total, total, bench_.random), sums[i], bench_.random);
    return total;
  }
  void forget_pairs() { in_flight_.clear(); pair_refused_ = sum_refused_ = scalar_offered_ = base_offered_ = false; added_offered_ = false; dut_.start_valid_i = 0; }

 private:
  struct Pair {
    uint64_t ready;
    uint32_t tag;
    ref::Projective sum;
  };

  void drive_adder() {
    if constexpr (kPlaysAdder) {
      dut_.pair_ready_i = !bench_.random.chance(world.adder_stall);
      if (!added_offered_ && !in_flight_.empty() && !bench_.random.chance(world.adder_stall)) {
        std::size_t choice = world.ordered ? 0 : bench_.random.below(in_flight_.size());
        if (in_flight_[choice].ready <= now_) {
          Pair pair = in_flight_[choice];
          in_flight_.erase(in_flight_.begin() + std::ptrdiff_t(choice));
          added_offered_ = true;
          dut_.added_tag_i = pair.tag;
          tb::set(dut_.added_x_i, pair.sum.x);
          tb::set(dut_.added_y_i, pair.sum.y);
          tb::set(dut_.added_z_i, pair.sum.z);
          dut_.added_is_infinity_i = pair.sum.z.is_zero();
        }
      }
      dut_.added_valid_i = added_offered_;
    }
  }

  void check_adder() {
    if constexpr (kPlaysAdder) {
      if (dut_.pair_valid_o || pair_refused_) {
        Pair pair{now_ + world.latency_min + (world.latency_max > world.latency_min ? bench_.random.below(world.latency_max - world.latency_min + 1) : 0), uint32_t(dut_.pair_tag_o), {}};
        ref::Projective a{tb::get(dut_.pair_a_x_o), tb::get(dut_.pair_a_y_o), tb::get(dut_.pair_a_z_o)};
        ref::Projective b{tb::get(dut_.pair_b_x_o), tb::get(dut_.pair_b_y_o), tb::get(dut_.pair_b_z_o)};
        if (pair_refused_) bench_.check(dut_.pair_valid_o && pair.tag == refused_tag_ && a.x == refused_.x && a.y == refused_.y && a.z == refused_.z, "a refused pair changed");
        pair_refused_ = !dut_.pair_ready_i;
        refused_tag_ = pair.tag;
        refused_ = a;
        if (dut_.pair_ready_i) {
          bench_.check(!a.z.is_zero() && !b.z.is_zero(), "infinity was sent to the adder");
          if constexpr (kTiny) bench_.check(group_.log(a) >= 0 && group_.log(b) >= 0, "what was sent to the adder is not a point of the curve");
          pair.sum = group_.add(a, b, bench_.random);
          in_flight_.push_back(pair);
          ++added;
        }
      }
      if (added_offered_ && dut_.added_ready_o) added_offered_ = false;
    }
  }

  tb::Bench<Model>& bench_;
  Model& dut_;
  const Group& group_;
  std::deque<Pair> in_flight_;
  uint64_t now_ = 0;
  bool pair_refused_ = false, sum_refused_ = false, scalar_offered_ = false, base_offered_ = false, added_offered_ = false;
  uint32_t refused_tag_ = 0;
  ref::Projective refused_, sum_;
};

inline unsigned windows(unsigned scalar_width, unsigned window_bits) { return scalar_width / window_bits + 1; }

}  // namespace msm
