// point_adder: the sum of any two points, in every representative, is the curve's; tags come back with their sums in order; nothing is
// lost, made up or changed while either side stalls.
//   +mode=representatives  every representative of every point with every representative of every point (tiny curves)
//   +mode=points           every pair of points, count times, in random representatives (tiny curves)
//   +mode=random           EIP-196's vectors, then count random pairs, equal, opposite and infinite ones among them
//   +stall_in=N +stall_out=N   percentage of cycles in which the source or the sink stalls
#include <deque>
#include <fstream>
#include <sstream>
#include <vector>
#include "Vpoint_adder_bench.h"
#include "curve.hpp"
#include "tb.hpp"

namespace {

const ref::Modulus& kField = curve::kField;

struct Case {
  ref::Projective a, b;
  ref::Affine sum; /* coordinates in Montgomery form, so that a check needs no conversion */
};

ref::Affine montgomery(const ref::Affine& p) { return {kField.to_montgomery(p.x), kField.to_montgomery(p.y), p.infinity}; }

/* a*b/R; on a tiny field from a table, for the millions of pairs below. */
ref::U256 multiply(const ref::U256& a, const ref::U256& b) {
  if (kField.width > 8) return kField.mul_montgomery(a, b);
  static const std::vector<ref::U256> table = [] {
    const uint64_t p = kField.p.limb[0];
    std::vector<ref::U256> products;
    for (uint64_t i = 0; i < p * p; ++i) products.push_back(kField.mul_montgomery(ref::U256{i / p}, ref::U256{i % p}));
    return products;
  }();
  return table[a.limb[0] * kField.p.limb[0] + b.limb[0]];
}

/* The representative with Z = z of a point with coordinates in Montgomery form; infinity is (0 : z : 0). */
ref::Projective representative(const ref::Affine& p, const ref::U256& z) {
  if (p.infinity) return {ref::U256{}, z, ref::U256{}};
  return {multiply(p.x, z), multiply(p.y, z), z};
}

ref::U256 random_nonzero(tb::Random& random) {
  for (;;)
    if (ref::U256 value = random.element(kField); !value.is_zero()) return value;
}

class Source {
 public:
  virtual ~Source() = default;
  virtual bool next(Case& out) = 0;
};

/* All points of a tiny curve, infinity first, found by trying every (x, y); sums by the reference. */
struct Table {
  std::vector<ref::Affine> points;
  std::vector<std::vector<ref::Affine>> sums;
  Table() {
    points.push_back({});
    const uint64_t p = kField.p.limb[0];
    for (uint64_t x = 0; x < p; ++x)
      for (uint64_t y = 0; y < p; ++y)
        if (y * y % p == (x * x * x + curve::kB) % p) points.push_back({ref::U256{x}, ref::U256{y}, false});
    for (const auto& a : points) {
      sums.emplace_back();
      for (const auto& b : points) sums.back().push_back(montgomery(ref::add(kField, a, b)));
    }
    for (auto& point : points) point = montgomery(point);
  }
};

class AllPairs : public Source {
 public:
  AllPairs(tb::Random& random, bool every_representative, uint64_t rounds)
      : random_(random), every_(every_representative), z_count_(every_ ? kField.p.limb[0] - 1 : 1), rounds_(every_ ? 1 : rounds) {}
  std::size_t points() const { return table_.points.size(); }
  uint64_t total() const { return table_.points.size() * table_.points.size() * z_count_ * z_count_ * rounds_; }
  bool next(Case& out) override {
    uint64_t n = index_++;
    if (n >= total()) return false;
    const uint64_t za = n % z_count_; n /= z_count_;
    const uint64_t zb = n % z_count_; n /= z_count_;
    const std::size_t i = n % table_.points.size(); n /= table_.points.size();
    const std::size_t j = n % table_.points.size();
    out = {representative(table_.points[i], every_ ? ref::U256{za + 1} : random_nonzero(random_)),
           representative(table_.points[j], every_ ? ref::U256{zb + 1} : random_nonzero(random_)), table_.sums[i][j]};
    return true;
  }

 private:
  Table table_;
  tb::Random& random_;
  bool every_;
  uint64_t z_count_, rounds_, index_ = 0;
};

class Mixed : public Source {
 public:
  Mixed(tb::Random& random, const std::string& vectors, uint64_t count) : random_(random), left_(count) {
    std::ifstream file(vectors);
    for (std::string line; std::getline(file, line);) {
      if (line.empty() || line[0] == '#') continue;
      std::istringstream fields(line);
      ref::Affine points[3];
      for (auto& point : points) {
        std::string x, y;
        fields >> x >> y;
        point = {ref::parse_hex(x), ref::parse_hex(y), false};
        point.infinity = point.x.is_zero() && point.y.is_zero();
      }
      golden_.push_back({representative(montgomery(points[0]), random_nonzero(random_)),
                         representative(montgomery(points[1]), random_nonzero(random_)), montgomery(points[2])});
    }
    golden_count = golden_.size();
    ref::Affine point = ref::multiply(kField, {ref::U256{1}, ref::U256{2}, false}, random_.element(curve::kScalar)), step = point;
    for (int i = 0; i < 48; ++i) {
      pool_.push_back(point);
      point = ref::add(kField, point, step);
      if (i % 7 == 6) step = ref::negate(kField, ref::add(kField, step, point));
    }
  }
  bool next(Case& out) override {
    if (!golden_.empty()) { out = golden_.front(); golden_.pop_front(); return true; }
    if (left_ == 0) return false;
    --left_;
    ref::Affine a = pool_[random_.below(pool_.size())], b = pool_[random_.below(pool_.size())];
    switch (random_.below(12)) {
      case 0: b = a; break;
      case 1: b = ref::negate(kField, a); break;
      case 2: a = {}; break;
      case 3: b = {}; break;
      case 4: a = b = {}; break;
      default: break;
    }
    out = {representative(montgomery(a), random_nonzero(random_)), representative(montgomery(b), random_nonzero(random_)),
           montgomery(ref::add(kField, a, b))};
    return true;
  }
  std::size_t golden_count = 0;

 private:
  tb::Random& random_;
  uint64_t left_;
  std::deque<Case> golden_;
  std::vector<ref::Affine> pool_;
};

}  // namespace

int main(int argc, char** argv) {
  tb::Bench<Vpoint_adder_bench> bench(argc, argv, 2000);
  auto& dut = *bench.dut;
  const std::string mode = bench.text("mode");
  const unsigned stall_in = unsigned(bench.number("stall_in", 0)), stall_out = unsigned(bench.number("stall_out", 0));
  std::unique_ptr<Source> source;
  if (mode == "random") {
    auto mixed = std::make_unique<Mixed>(bench.random, "sim/vectors/g1_add.txt", bench.count);
    bench.check(mixed->golden_count > 0, "sim/vectors/g1_add.txt holds no vectors");
    source = std::move(mixed);
  } else {
    auto pairs = std::make_unique<AllPairs>(bench.random, mode == "representatives", bench.count);
    bench.check(pairs->points() == curve::kScalar.p.limb[0], "found %zu points on a curve of %llu", pairs->points(),
                (unsigned long long)curve::kScalar.p.limb[0]);
    source = std::move(pairs);
  }

  struct Expected { ref::Affine sum; uint32_t tag; uint64_t moved; };
  std::deque<Expected> flying;
  dut.in_valid_i = 0;
  dut.out_ready_i = 0;
  bench.reset();
  const unsigned latency = dut.latency_o;
  uint64_t sent = 0, received = 0, moved = 0;
  Case next{};
  bool more = source->next(next), refused = false;
  struct { ref::U256 x, y, z; uint32_t tag; } held{};
  while (more || !flying.empty()) {
    if (!dut.in_valid_i && more && !bench.random.chance(stall_in)) {
      dut.in_valid_i = 1;
      dut.in_tag_i = uint32_t(bench.random.next()) & 0xffffff;
      tb::set(dut.a_x_i, next.a.x);
      tb::set(dut.a_y_i, next.a.y);
      tb::set(dut.a_z_i, next.a.z);
      tb::set(dut.b_x_i, next.b.x);
      tb::set(dut.b_y_i, next.b.y);
      tb::set(dut.b_z_i, next.b.z);
    }
    dut.out_ready_i = !bench.random.chance(stall_out);
    bench.settle();
    bench.check(dut.in_ready_o == (dut.out_ready_i || !dut.out_valid_o), "in_ready_o %d though the last stage %s", dut.in_ready_o,
                dut.out_valid_o ? "is refused" : "is free");
    const bool push = dut.in_valid_i && dut.in_ready_o, pop = dut.out_valid_o && dut.out_ready_i;
    if (dut.out_valid_o) {
      bench.check(!flying.empty(), "a sum that nobody asked for");
      const ref::U256 x = tb::get(dut.sum_x_o), y = tb::get(dut.sum_y_o), z = tb::get(dut.sum_z_o);
      if (refused) bench.check(held.x == x && held.y == y && held.z == z && held.tag == dut.out_tag_o, "a refused sum changed");
      const Expected& expected = flying.front();
      if (!refused) {
        bench.check(dut.out_tag_o == expected.tag, "tag %06x, expected %06x", unsigned(dut.out_tag_o), expected.tag);
        bench.check(moved - expected.moved == latency, "left after %llu moves of %u", (unsigned long long)(moved - expected.moved), latency);
        bench.check(dut.out_is_infinity_o == expected.sum.infinity && z.is_zero() == expected.sum.infinity, "infinity %d with Z %s, expected %d",
                    dut.out_is_infinity_o, ref::hex(z).c_str(), expected.sum.infinity);
        for (const auto& coordinate : {x, y, z}) bench.check(ref::compare(coordinate, kField.p) < 0, "a coordinate is not reduced");
        if (expected.sum.infinity) {
          bench.check(x.is_zero() && !y.is_zero(), "infinity is not (0 : Y : 0)");
        } else {
          bench.check_equal(x, multiply(expected.sum.x, z), "X = x Z");
          bench.check_equal(y, multiply(expected.sum.y, z), "Y = y Z");
        }
      }
      held = {x, y, z, uint32_t(dut.out_tag_o)};
    }
    refused = dut.out_valid_o && !pop;
    if (push) { flying.push_back({next.sum, uint32_t(dut.in_tag_i), moved}); ++sent; }
    if (pop) { flying.pop_front(); ++received; }
    if (dut.in_ready_o) ++moved;
    bench.tick();
    if (push) { dut.in_valid_i = 0; more = source->next(next); }
  }
  bench.settle();
  bench.check(!dut.out_valid_o && sent == received, "%llu pairs, %llu sums", (unsigned long long)sent, (unsigned long long)received);
  return bench.finish();
}
