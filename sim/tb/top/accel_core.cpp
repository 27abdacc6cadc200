// accel_core end to end: random commands of every kind, valid and malformed, many in flight, the host at work on its own port meanwhile;
// every completion has the status, the result and the checksums that the model expects, and nothing else in memory changes.
// Then the same with memory errors (a command either fails or is right, and the core goes on) and with soft resets at random moments
// (afterwards nothing is left: registers at their reset values, no access outstanding, the next commands work).
// Every command is answered or reported within kDeadline cycles of its issue, or was discarded by a reset or a fault that the host saw:
// the books must balance, and a run whose mix of kinds, refusals, resets and errors is too thin fails. An engine left out of the core
// (MsmEnable or NttEnable 0) must be refused with NOT_PRESENT.
// +count=N commands without stalls, N with, N with errors, N/8 resets: at least 3 N are answered.
#include <map>
#include "card.hpp"
#include "curve.hpp"

namespace {

using ref::U256;
using Bench = tb::Bench<Vaccel_core>;
const ref::Modulus& kField = curve::kField;
const ref::Modulus& kScalar = curve::kScalar;
constexpr bool kTiny = curve::kScalar.width < 16;
const ref::Affine kGenerator{U256{1}, U256{2}, false};
static_assert(curve::kB == 3);

constexpr uint64_t kMemoryBytes = 1 << PARAMETER_MemoryLog2;
constexpr uint64_t kQueueBase = 0x1000, kCompletionBase = 0x2000;
constexpr unsigned kQueueLog2 = 4, kCompletionLog2 = 3;
constexpr uint64_t kHostFrom = 0x10000, kHostBytes = 0x10000;
/* A slot holds a command's operands at 0, 0x1000 and 0x3000 and its result at 0x2000: up to 2 (width + window bits) sums of 128 bytes. */
constexpr uint64_t kSlotsFrom = 0x40000, kSlotBytes = curve::kScalar.width > 64 ? 0xb000 : 0x4000;
constexpr unsigned kSlots = 24;
static_assert(kSlotsFrom + kSlots * kSlotBytes <= kMemoryBytes);
static_assert(0x2000 + 128 * (curve::kScalar.width + PARAMETER_MsmWindowBitsMax) <= kSlotBytes);
constexpr unsigned kNttLog2Max = curve::kTwoAdicity < 6 ? curve::kTwoAdicity : 6;
constexpr uint64_t kDeadline = 100000;
constexpr unsigned kWindowBitsMax = PARAMETER_MsmWindowBitsMax;
#ifdef PARAMETER_MsmEnable
constexpr bool kMsm = PARAMETER_MsmEnable;
#else
constexpr bool kMsm = true;
#endif
#ifdef PARAMETER_NttEnable
constexpr bool kNtt = PARAMETER_NttEnable;
#else
constexpr bool kNtt = true;
#endif


uint32_t crc32c(const uint8_t* bytes, std::size_t count) {
  uint32_t state = ~0u;
  for (std::size_t i = 0; i < count; ++i) {
    state ^= bytes[i];
    for (int bit = 0; bit < 8; ++bit) state = (state >> 1) ^ ((state & 1) ? 0x82f63b78u : 0);
  }
  return ~state;
}

struct Command {
  accel_descriptor descriptor{};
  uint8_t status = 0;
  unsigned slot = 0;
  uint64_t issued = 0;
  std::vector<uint8_t> before;                 /* the slot when the command was issued */
  std::vector<U256> elements;                  /* expected at the destination: NTT, POINTWISE */
  U256 log;                                    /* MSM with LAST: of the sum to the generator */
  uint64_t destination_from = 0, destination_bytes = 0, scratch_from = 0, scratch_bytes = 0;  /* inside the slot */
  uint32_t scalar_crc = 0, base_crc = 0;
};

class Test {
 public:
  explicit Test(Bench& b) : bench(b), card(b, kMemoryBytes) {
    /* (1, 2) lies on y^2 = x^3 + 3 over every field, and generates these curves' groups of prime order. All its multiples where they are
       few, else small ones of either sign and random ones. */
    ref::Affine point;
    for (uint64_t i = 0; i < (kTiny ? kScalar.p.limb[0] : 24); ++i, point = ref::add(kField, point, kGenerator)) {
      bases.push_back({point, U256{i}});
      if (!kTiny && i > 0) bases.push_back({ref::negate(kField, point), kScalar.neg(U256{i})});
    }
    for (unsigned i = 0; !kTiny && i < 24; ++i) {
      U256 log = bench.random.element(kScalar);
      bases.push_back({ref::multiply(kField, kGenerator, log), log});
    }
    for (auto& [base, log] : bases) logs[ref::hex(base.x) + ref::hex(base.y)] = log;
    for (unsigned slot = 0; slot < kSlots; ++slot) free_slots.push_back(slot);
  }

  Bench& bench;
  tb::Card card;
  std::map<uint16_t, Command> running;
  std::vector<unsigned> free_slots;
  std::vector<std::pair<ref::Affine, U256>> bases;  /* points and their logarithms */
  std::map<std::string, U256> logs;
  uint32_t tail = 0, consumed = 0, tile = 0;
  uint16_t next_tag = 0;
  bool exact = true;                           /* no errors injected: every status is known */
  bool open = false;
  unsigned open_bits = 0;
  U256 open_log;                               /* of the open sum to the generator */
  /* What became of the commands: issued = completed + discarded, completed = right + refused + memory_errors. */
  uint64_t issued = 0, completed = 0, memory_errors = 0, resets = 0, lost_to_resets = 0, faults = 0, lost_to_faults = 0, slowest = 0;
  uint64_t right[4] = {}, refused[256] = {}, sums = 0;  /* by opcode; by status; MSMs with LAST */
  uint64_t refusals() const { uint64_t all = 0; for (uint64_t n : refused) all += n; return all; }
  /* A reset or a fault ends the commands under way. */
  void discard(uint64_t& counter) { counter += running.size(); running.clear(); }

  void start() {
    tail = consumed = 0;
    open = false;
    discard(lost_to_resets);
    free_slots.clear();
    for (unsigned slot = 0; slot < kSlots; ++slot) free_slots.push_back(slot);
    card.write(ACCEL_REG_QUEUE_BASE_LO, kQueueBase);
    card.write(ACCEL_REG_QUEUE_LOG2, kQueueLog2);
    card.write(ACCEL_REG_COMPLETION_BASE_LO, kCompletionBase);
    card.write(ACCEL_REG_COMPLETION_LOG2, kCompletionLog2);
    tile = 1 + unsigned(bench.random.below(6));
    card.write(ACCEL_REG_NTT_TILE_LOG2, tile);
    card.write(ACCEL_REG_CONTROL, ACCEL_CONTROL_ENABLE_MASK);
    tile = std::min<unsigned>(tile, PARAMETER_NttTileLog2Max);
  }

  unsigned windows(unsigned bits) const { return kScalar.width / bits + 1; }
  bool fits(unsigned bits) const { return bits >= 2 && bits <= kWindowBitsMax && (uint64_t{windows(bits)} << (bits - 1)) <= (uint64_t{1} << PARAMETER_MsmCellsLog2); }

  /* The rules of hdl/README.md, in the order of the codes; MSM sequences apart. */
  uint8_t check(const accel_descriptor& d) const {
    uint64_t c_address;
    std::memcpy(&c_address, d.argument, 8);
    bool argument_zero = true, beyond_byte = false, beyond_address = false;
    U256 shift;
    std::memcpy(shift.limb.data(), d.argument, 32);
    for (int i = 0; i < 32; ++i) { if (d.argument[i]) { argument_zero = false; if (i >= 1) beyond_byte = true; if (i >= 8) beyond_address = true; } }
    bool last = d.flags & ACCEL_FLAG_LAST, coset = d.flags & ACCEL_FLAG_COSET;
    uint8_t legal = ACCEL_FLAG_FENCE;
    if ((d.opcode == ACCEL_OPCODE_MSM && !kMsm) || (d.opcode == ACCEL_OPCODE_NTT && !kNtt)) return ACCEL_STATUS_NOT_PRESENT;
    auto inside = [](uint64_t address, unsigned __int128 bytes) { return (unsigned __int128)address + bytes <= kMemoryBytes; };
    auto overlap = [](uint64_t a, uint64_t b, uint64_t bytes) { return (a < b ? b - a : a - b) < bytes; };
    auto aligned = [](uint64_t a) { return a % 64 == 0; };
    switch (d.opcode) {
      case ACCEL_OPCODE_NOP:
        if (d.flags & ~legal) return ACCEL_STATUS_BAD_FLAGS;
        return d.count || d.source0 || d.source1 || d.destination || !argument_zero ? ACCEL_STATUS_BAD_RESERVED : ACCEL_STATUS_OK;
      case ACCEL_OPCODE_MSM: {
        if (d.flags & ~(legal | ACCEL_FLAG_FIRST | ACCEL_FLAG_LAST)) return ACCEL_STATUS_BAD_FLAGS;
        if (beyond_byte || (!last && d.destination)) return ACCEL_STATUS_BAD_RESERVED;
        if (!fits(d.argument[0])) return ACCEL_STATUS_BAD_WINDOW;
        if (!aligned(d.source0) || !aligned(d.source1) || !aligned(d.destination)) return ACCEL_STATUS_BAD_ALIGNMENT;
        uint64_t sums = last ? uint64_t{windows(d.argument[0])} * d.argument[0] * 128 : 0;
        return inside(d.source0, uint64_t{d.count} * 32) && inside(d.source1, uint64_t{d.count} * 64) && inside(d.destination, sums)
            ? ACCEL_STATUS_OK : ACCEL_STATUS_BAD_ADDRESS;
      }
      case ACCEL_OPCODE_NTT: {
        if (d.flags & ~(legal | ACCEL_FLAG_INVERSE | ACCEL_FLAG_COSET)) return ACCEL_STATUS_BAD_FLAGS;
        if (!coset && !argument_zero) return ACCEL_STATUS_BAD_RESERVED;
        if (d.count < 1 || d.count > curve::kTwoAdicity) return ACCEL_STATUS_BAD_SIZE;
        if (!aligned(d.source0) || !aligned(d.source1) || !aligned(d.destination)) return ACCEL_STATUS_BAD_ALIGNMENT;
        uint64_t bytes = uint64_t{32} << d.count;
        bool scratch = d.count > tile;
        if (!inside(d.source0, bytes) || !inside(d.destination, bytes) || !inside(d.source1, scratch ? bytes : 0)) return ACCEL_STATUS_BAD_ADDRESS;
        if (scratch && (overlap(d.source1, d.source0, bytes) || overlap(d.source1, d.destination, bytes))) return ACCEL_STATUS_BAD_OVERLAP;
        return compare(shift, kScalar.p) >= 0 ? ACCEL_STATUS_BAD_ARGUMENT : ACCEL_STATUS_OK;
      }
      case ACCEL_OPCODE_POINTWISE: {
        if (d.flags & ~legal) return ACCEL_STATUS_BAD_FLAGS;
        if (beyond_address) return ACCEL_STATUS_BAD_RESERVED;
        if (!aligned(d.source0) || !aligned(d.source1) || !aligned(d.destination) || !aligned(c_address)) return ACCEL_STATUS_BAD_ALIGNMENT;
        uint64_t bytes = uint64_t{d.count} * 32;
        for (uint64_t address : {d.source0, d.source1, d.destination, c_address}) if (!inside(address, bytes)) return ACCEL_STATUS_BAD_ADDRESS;
        for (uint64_t address : {d.source0, d.source1, c_address})
          if (address != d.destination && overlap(address, d.destination, bytes)) return ACCEL_STATUS_BAD_OVERLAP;
        return ACCEL_STATUS_OK;
      }
      default: return ACCEL_STATUS_BAD_OPCODE;
    }
  }

  void put(uint64_t address, const U256& value) { card.memory.set_element(address, value); }

  /* A valid command on a slot of its own. */
  Command make(unsigned slot) {
    Command c;
    auto& d = c.descriptor;
    uint64_t base = kSlotsFrom + slot * kSlotBytes;
    c.slot = slot;
    d.flags = bench.random.chance(15) ? ACCEL_FLAG_FENCE : 0;
    unsigned kind = unsigned(bench.random.below(10));
    if (kind == 0) {
      d.opcode = ACCEL_OPCODE_NOP;
    } else if (kind <= 4) {
      d.opcode = ACCEL_OPCODE_MSM;
      d.count = bench.random.chance(15) ? 0 : uint32_t(bench.random.below(60));
      d.source0 = base; d.source1 = base + 0x1000;
      if (!open || bench.random.chance(15)) d.flags |= bench.random.chance(90) ? ACCEL_FLAG_FIRST : 0;
      if (bench.random.chance(40)) { d.flags |= ACCEL_FLAG_LAST; d.destination = base + 0x2000; }
      do d.argument[0] = 2 + uint8_t(bench.random.below(kWindowBitsMax - 1)); while (!fits(d.argument[0]));
      if (open && !(d.flags & ACCEL_FLAG_FIRST) && bench.random.chance(90)) d.argument[0] = uint8_t(open_bits);
      for (unsigned i = 0; i < d.count; ++i) {
        const ref::Affine& point = bases[bench.random.below(bases.size())].first;
        put(d.source0 + 32 * i, bench.random.corner_or_element(kScalar));
        put(d.source1 + 64 * i, point.infinity ? U256{} : kField.to_montgomery(point.x));
        put(d.source1 + 64 * i + 32, point.infinity ? U256{} : kField.to_montgomery(point.y));
      }
    } else if (kind <= 7) {
      d.opcode = ACCEL_OPCODE_NTT;
      d.count = 1 + uint32_t(bench.random.below(kNttLog2Max));
      d.flags |= bench.random.chance(50) ? ACCEL_FLAG_INVERSE : 0;
      U256 shift;
      do shift = bench.random.element(kScalar); while (shift.is_zero());
      if (bench.random.chance(50)) { d.flags |= ACCEL_FLAG_COSET; std::memcpy(d.argument, shift.limb.data(), 32); }
      d.source0 = base; d.source1 = base + 0x1000; d.destination = bench.random.chance(30) ? base : base + 0x2000;
      for (unsigned i = 0; i < 1u << d.count; ++i) put(base + 32 * i, bench.random.corner_or_element(kScalar));
    } else {
      d.opcode = ACCEL_OPCODE_POINTWISE;
      d.count = bench.random.chance(10) ? 0 : uint32_t(bench.random.below(100));
      uint64_t third = base + 0x3000;
      d.source0 = base; d.source1 = bench.random.chance(10) ? base : base + 0x1000;
      d.destination = bench.random.chance(30) ? base : base + 0x2000;
      std::memcpy(d.argument, &third, 8);
      for (unsigned i = 0; i < d.count; ++i) for (uint64_t from : {uint64_t{0}, uint64_t{0x1000}, uint64_t{0x3000}}) put(base + from + 32 * i, bench.random.corner_or_element(kScalar));
    }
    return c;
  }

  void break_it(Command& c) {
    auto& d = c.descriptor;
    switch (bench.random.below(11)) {
      case 0: d.opcode = uint8_t(bench.random.next()); break;
      case 1: d.flags ^= uint8_t(1 << bench.random.below(8)); break;
      case 2: d.argument[bench.random.below(32)] ^= uint8_t(1 << bench.random.below(8)); break;
      case 3: d.count = uint32_t(bench.random.next()) >> bench.random.below(32); break;
      case 4: d.source0 ^= uint64_t{1} << bench.random.below(64); break;
      case 5: d.source1 ^= uint64_t{1} << bench.random.below(64); break;
      case 6: d.destination ^= uint64_t{1} << bench.random.below(64); break;
      case 7: d.destination = d.source0 + 64; break;
      case 8: d.source1 = d.destination + 64; break;
      case 9: d.argument[0] = uint8_t(bench.random.next()); break;
      default: std::memcpy(d.argument, kScalar.p.limb.data(), 32); break;
    }
  }

  /* What a valid command will have done. */
  void predict(Command& c) {
    auto& d = c.descriptor;
    auto& memory = card.memory;
    if (c.status != ACCEL_STATUS_OK) return;
    if (d.opcode == ACCEL_OPCODE_MSM) {
      bool first = d.flags & ACCEL_FLAG_FIRST, last = d.flags & ACCEL_FLAG_LAST;
      if (!first && (!open || d.argument[0] != open_bits)) { c.status = ACCEL_STATUS_BAD_SEQUENCE; return; }
      if (first) open_log = U256{};
      open = !last;
      open_bits = d.argument[0];
      for (unsigned i = 0; i < d.count; ++i) {
        U256 x = memory.element(d.source1 + 64 * i), y = memory.element(d.source1 + 64 * i + 32);
        if (x.is_zero() && y.is_zero()) continue;
        const U256& log = logs.at(ref::hex(kField.from_montgomery(x)) + ref::hex(kField.from_montgomery(y)));
        open_log = kScalar.add(open_log, kScalar.mul(log, memory.element(d.source0 + 32 * i)));
      }
      c.scalar_crc = crc32c(&memory.bytes[d.source0], 32 * d.count);
      c.base_crc = crc32c(&memory.bytes[d.source1], 64 * d.count);
      if (last) { c.log = open_log; c.destination_from = 0x2000; c.destination_bytes = uint64_t{windows(open_bits)} * open_bits * 128; }
    } else if (d.opcode == ACCEL_OPCODE_NTT) {
      uint64_t n = uint64_t{1} << d.count;
      U256 root = curve::kRoots[d.count], shift;
      std::memcpy(shift.limb.data(), d.argument, 32);
      shift = kScalar.from_montgomery(shift);
      bool inverse = d.flags & ACCEL_FLAG_INVERSE, coset = d.flags & ACCEL_FLAG_COSET;
      if (inverse) root = kScalar.inverse(root);
      std::vector<U256> roots{U256{1}}, shifts{U256{1}};
      for (uint64_t i = 1; i < n; ++i) { roots.push_back(kScalar.mul(roots.back(), root)); shifts.push_back(kScalar.mul(shifts.back(), shift)); }
      U256 share = kScalar.inverse(U256{n});
      for (uint64_t k = 0; k < n; ++k) {
        U256 sum;
        for (uint64_t i = 0; i < n; ++i) {
          U256 term = kScalar.mul(memory.element(d.source0 + 32 * i), roots[i * k % n]);
          if (coset && !inverse) term = kScalar.mul(term, shifts[i]);
          sum = kScalar.add(sum, term);
        }
        if (inverse) sum = kScalar.mul(sum, share);
        if (coset && inverse) sum = kScalar.mul(sum, shifts[k]);
        c.elements.push_back(sum);
      }
      c.destination_from = d.destination - (kSlotsFrom + c.slot * kSlotBytes);
      c.destination_bytes = 32 * n;
      if (d.count > tile) { c.scratch_from = 0x1000; c.scratch_bytes = 32 * n; }
    } else if (d.opcode == ACCEL_OPCODE_POINTWISE) {
      uint64_t third;
      std::memcpy(&third, d.argument, 8);
      for (unsigned i = 0; i < d.count; ++i)
        c.elements.push_back(kScalar.sub(kScalar.mul(memory.element(d.source0 + 32 * i), memory.element(d.source1 + 32 * i)), memory.element(third + 32 * i)));
      c.destination_from = d.destination - (kSlotsFrom + c.slot * kSlotBytes);
      c.destination_bytes = 32 * d.count;
    }
  }

  static bool present(unsigned opcode) { return opcode == ACCEL_OPCODE_MSM ? kMsm : opcode == ACCEL_OPCODE_NTT ? kNtt : true; }

  void issue() {
    unsigned slot = free_slots.back();
    free_slots.pop_back();
    Command c = make(slot);
    c.status = check(c.descriptor);
    bench.check(c.status == (present(c.descriptor.opcode) ? ACCEL_STATUS_OK : ACCEL_STATUS_NOT_PRESENT), "the bench made a bad command");
    if (bench.random.chance(15)) {
      Command broken = c;
      break_it(broken);
      broken.status = check(broken.descriptor);
      if (broken.status != ACCEL_STATUS_OK) c = broken;
    }
    c.descriptor.tag = next_tag++;
    predict(c);
    c.issued = bench.cycles;
    uint64_t base = kSlotsFrom + slot * kSlotBytes;
    c.before.assign(card.memory.bytes.begin() + long(base), card.memory.bytes.begin() + long(base + kSlotBytes));
    std::memcpy(&card.memory.bytes[kQueueBase + 64 * (tail % (1 << kQueueLog2))], &c.descriptor, 64);
    ++tail;
    ++issued;
    running[c.descriptor.tag] = c;
  }

  /* Takes the completions that the core says are there. False when the core has faulted. */
  bool collect() {
    uint32_t there = card.read(ACCEL_REG_COMPLETION_TAIL);
    bench.check(there - consumed <= 1u << kCompletionLog2, "the completion ring is overrun");
    for (; consumed != there; ++consumed) {
      accel_completion entry;
      std::memcpy(&entry, &card.memory.bytes[kCompletionBase + 64 * (consumed % (1 << kCompletionLog2))], 64);
      bench.check(entry.sequence == consumed, "completion %u has number %u", consumed, entry.sequence);
      auto found = running.find(entry.tag);
      bench.check(found != running.end(), "completion of tag %u, which does not run", entry.tag);
      slowest = std::max(slowest, bench.cycles - found->second.issued);
      judge(found->second, entry);
      free_slots.push_back(found->second.slot);
      running.erase(found);
      ++completed;
    }
    card.write(ACCEL_REG_COMPLETION_HEAD, consumed);
    for (auto& [tag, c] : running) bench.check(bench.cycles - c.issued < kDeadline, "tag %u (opcode %u) missed its deadline", tag, c.descriptor.opcode);
    return exact || !(card.read(ACCEL_REG_STATUS) & ACCEL_STATUS_FAULT_MASK);
  }

  void judge(const Command& c, const accel_completion& entry) {
    auto& d = c.descriptor;
    uint64_t base = kSlotsFrom + c.slot * kSlotBytes;
    auto& memory = card.memory;
    bench.check(entry.opcode == d.opcode, "tag %u: opcode %u in the completion of %u", d.tag, entry.opcode, d.opcode);
    bool memory_error = entry.status == ACCEL_STATUS_READ_ERROR || entry.status == ACCEL_STATUS_WRITE_ERROR;
    if (!exact && c.status == ACCEL_STATUS_OK && (memory_error || (entry.status == ACCEL_STATUS_BAD_SEQUENCE && d.opcode == ACCEL_OPCODE_MSM))) {
      ++memory_errors;
      return;
    }
    bench.check(entry.status == c.status || (!exact && d.opcode == ACCEL_OPCODE_MSM && c.status == ACCEL_STATUS_BAD_SEQUENCE && memory_error),
                "tag %u (opcode %u flags %02x count %u): status %u, expected %u", d.tag, d.opcode, d.flags, d.count, entry.status, c.status);
    if (entry.status != c.status) { ++memory_errors; return; }
    refused[c.status] += c.status != ACCEL_STATUS_OK;
    for (uint64_t i = 0; i < kSlotBytes; ++i) {
      bool may = (i >= c.destination_from && i < c.destination_from + c.destination_bytes) || (i >= c.scratch_from && i < c.scratch_from + c.scratch_bytes);
      if (!may && memory.bytes[base + i] != c.before[i]) bench.fail("tag %u (opcode %u status %u) changed byte %llx of its slot", d.tag, d.opcode, entry.status, (unsigned long long)i);
    }
    if (c.status != ACCEL_STATUS_OK) { bench.check(entry.operations == 0, "a refused command counts operations"); return; }
    ++right[d.opcode];
    bench.check(entry.cycles < kDeadline && entry.timestamp >= entry.cycles && entry.stall_cycles <= entry.cycles, "tag %u: cycles %llu, stalls %llu, at %llu", d.tag,
                (unsigned long long)entry.cycles, (unsigned long long)entry.stall_cycles, (unsigned long long)entry.timestamp);
    for (std::size_t i = 0; i < c.elements.size(); ++i) bench.check_equal(memory.element(base + c.destination_from + 32 * i), c.elements[i], d.opcode == ACCEL_OPCODE_NTT ? "transform" : "pointwise");
    if (d.opcode == ACCEL_OPCODE_NTT) bench.check(entry.operations == (uint64_t{d.count} << d.count) / 2, "%llu butterflies", (unsigned long long)entry.operations);
    if (d.opcode != ACCEL_OPCODE_MSM) return;
    bench.check(entry.scalar_crc == c.scalar_crc && entry.base_crc == c.base_crc, "tag %u: checksums %08x %08x, expected %08x %08x", d.tag, entry.scalar_crc, entry.base_crc, c.scalar_crc, c.base_crc);
    if (!(d.flags & ACCEL_FLAG_LAST)) return;
    ++sums;
    unsigned bits = d.argument[0];
    ref::Affine total;
    for (unsigned plane = windows(bits) * bits; plane-- > 0;) {
      uint64_t at = base + c.destination_from + uint64_t{plane} * 128;
      total = ref::add(kField, total, total);
      total = ref::add(kField, total, ref::to_affine(kField, {memory.element(at), memory.element(at + 32), memory.element(at + 64)}));
      bench.check_equal(memory.element(at + 96), U256{}, "end of a sum");
    }
    bench.check(total == (kTiny ? bases[c.log.limb[0]].first : ref::multiply(kField, kGenerator, c.log)), "tag %u: the sum is wrong", d.tag);
  }

  /* count commands, several in flight; false when the core faulted. */
  bool commands(uint64_t count) {
    for (uint64_t made = 0; made < count || !running.empty();) {
      uint32_t head = card.read(ACCEL_REG_QUEUE_HEAD);
      unsigned burst = unsigned(bench.random.below(6));
      for (; burst > 0 && made < count && !free_slots.empty() && tail - head < (1u << kQueueLog2); --burst, ++made) issue();
      card.write(ACCEL_REG_QUEUE_TAIL, tail);
      card.run(bench.random.below(300));
      if (!collect()) return false;
    }
    return true;
  }

  void soft_reset() {
    ++resets;
    card.write(ACCEL_REG_CONTROL, ACCEL_CONTROL_SOFT_RESET_MASK);
    for (unsigned waited = 0; card.read(ACCEL_REG_STATUS) & ACCEL_STATUS_RESETTING_MASK; ++waited) bench.check(waited < 20000, "a soft reset does not end");
    bench.settle();
    bench.check(dut_idle() && !dut_irq(), "not idle after a soft reset");
    for (uint32_t offset : {ACCEL_REG_CONTROL, ACCEL_REG_STATUS, ACCEL_REG_ERROR, ACCEL_REG_ERROR_COUNT, ACCEL_REG_QUEUE_BASE_LO, ACCEL_REG_QUEUE_LOG2, ACCEL_REG_QUEUE_TAIL,
                            ACCEL_REG_QUEUE_HEAD, ACCEL_REG_COMPLETION_BASE_LO, ACCEL_REG_COMPLETION_LOG2, ACCEL_REG_COMPLETION_TAIL, ACCEL_REG_COMPLETION_HEAD,
                            ACCEL_REG_MSM_BUSY_CYCLES_LO, ACCEL_REG_NTT_BUSY_CYCLES_LO, ACCEL_REG_POINTWISE_BUSY_CYCLES_LO})
      bench.check(card.read(offset) == 0, "register %x is %x after a soft reset", offset, card.read(offset));
    bench.check(card.read(ACCEL_REG_NTT_TILE_LOG2) == 0xff, "NTT_TILE_LOG2 after a soft reset");
    if (!card.host_busy) bench.check(card.memory.idle(), "an access is outstanding after a soft reset");
  }
  bool dut_idle() const { return card.dut.idle_o; }
  bool dut_irq() const { return card.dut.irq_o; }
};

void registers(Test& test) {
  auto& bench = test.bench;
  auto& card = test.card;
  bench.check(card.read(ACCEL_REG_ID) == ACCEL_ID, "ID");
  bench.check(card.read(ACCEL_REG_VERSION) == (ACCEL_VERSION_MAJOR << 16 | ACCEL_VERSION_MINOR), "VERSION");
  bench.check(card.read(ACCEL_REG_CAPABILITIES) == (4u | kNtt << 1 | kMsm), "CAPABILITIES");
  bench.check(card.read(ACCEL_REG_CURVE_ID) == curve::kCurveId, "CURVE_ID");
  bench.check(card.read(ACCEL_REG_WIDTHS) == (kScalar.width << 16 | kField.width), "WIDTHS");
  bench.check(card.read(ACCEL_REG_MONTGOMERY) == (kScalar.r_bits << 16 | kField.r_bits), "MONTGOMERY");
  bench.check(card.read(ACCEL_REG_MSM_LIMITS) == (kWindowBitsMax << 16 | 2 << 8 | PARAMETER_MsmCellsLog2), "MSM_LIMITS");
  bench.check(card.read(ACCEL_REG_MSM_ADDER_LATENCY) > 0, "MSM_ADDER_LATENCY");
  bench.check(card.read(ACCEL_REG_NTT_LIMITS) == (curve::kTwoAdicity << 16 | PARAMETER_NttTileLog2Max << 8 | PARAMETER_NttLanes), "NTT_LIMITS");
  bench.check(card.read(ACCEL_REG_MEMORY_LOG2) == PARAMETER_MemoryLog2, "MEMORY_LOG2");
  bench.check(card.read(ACCEL_REG_RING_LOG2_MAX) == ACCEL_RING_LOG2_MAX, "RING_LOG2_MAX");
  unsigned response = 0;
  for (uint32_t offset : {0x02cu, 0x03cu, 0x054u, 0x0b4u, 0x148u, 0xffcu, 0x001u}) {
    card.read(offset, &response);
    bench.check(response == 2, "offset %x is answered %u", offset, response);
    card.write(offset, 1, &response);
    bench.check(response == 2, "write of offset %x is answered %u", offset, response);
  }
  for (int degrees : {-40, 0, 25, 125}) {
    card.dut.temperature_valid_i = degrees != 0;
    card.dut.temperature_i = uint16_t(degrees * 16);
    uint32_t shown = card.read(ACCEL_REG_TEMPERATURE);
    bench.check(int16_t(shown & ACCEL_TEMPERATURE_SIXTEENTHS_MASK) == degrees * 16 && bool(shown & ACCEL_TEMPERATURE_VALID_MASK) == (degrees != 0), "TEMPERATURE is %x", shown);
  }
  for (uint32_t offset : {ACCEL_REG_ID, ACCEL_REG_STATUS, ACCEL_REG_TEMPERATURE, ACCEL_REG_QUEUE_HEAD, ACCEL_REG_CYCLES_LO}) {
    card.write(offset, 1, &response);
    bench.check(response == 2, "write of read-only %x is answered %u", offset, response);
  }
  for (uint32_t offset : {ACCEL_REG_QUEUE_BASE_LO, ACCEL_REG_QUEUE_BASE_HI, ACCEL_REG_QUEUE_LOG2, ACCEL_REG_QUEUE_TAIL, ACCEL_REG_COMPLETION_BASE_LO,
                          ACCEL_REG_COMPLETION_BASE_HI, ACCEL_REG_COMPLETION_LOG2, ACCEL_REG_COMPLETION_HEAD, ACCEL_REG_NTT_TILE_LOG2}) {
    uint32_t value = uint32_t(bench.random.next());
    card.write(offset, value);
    bench.check(card.read(offset) == value, "register %x does not hold %x", offset, value);
    unsigned strobes = unsigned(bench.random.below(16));
    uint32_t other = uint32_t(bench.random.next()), mask = 0;
    for (int i = 0; i < 4; ++i) if ((strobes >> i) & 1) mask |= 0xffu << (8 * i);
    card.write(offset, other, nullptr, strobes);
    bench.check(card.read(offset) == ((value & ~mask) | (other & mask)), "register %x with strobes %x", offset, strobes);
  }
  uint32_t before = card.read(ACCEL_REG_CYCLES_LO);
  bench.check(card.read(ACCEL_REG_CYCLES_LO) > before && card.read(ACCEL_REG_CYCLES_HI) == 0, "CYCLES does not run");
}

/* Rings that are wrong stop the core with a fault that only a reset clears. */
void ring_faults(Test& test) {
  auto& bench = test.bench;
  auto& card = test.card;
  struct Case { uint32_t offset, value; uint8_t status; };
  for (Case c : {Case{ACCEL_REG_QUEUE_BASE_LO, 0x1020, ACCEL_STATUS_RING_FAULT}, Case{ACCEL_REG_QUEUE_BASE_HI, 1, ACCEL_STATUS_RING_FAULT},
                 Case{ACCEL_REG_QUEUE_BASE_LO, uint32_t(kMemoryBytes - 64), ACCEL_STATUS_RING_FAULT}, Case{ACCEL_REG_QUEUE_LOG2, 17, ACCEL_STATUS_RING_FAULT},
                 Case{ACCEL_REG_QUEUE_TAIL, 17, ACCEL_STATUS_RING_FAULT}, Case{ACCEL_REG_COMPLETION_BASE_LO, 0x2004, ACCEL_STATUS_RING_FAULT},
                 Case{ACCEL_REG_COMPLETION_LOG2, 40, ACCEL_STATUS_RING_FAULT}, Case{ACCEL_REG_COMPLETION_HEAD, 1, ACCEL_STATUS_RING_FAULT}}) {
    test.soft_reset();
    test.start();
    card.write(c.offset, c.value);
    card.run(4);
    if (c.offset != ACCEL_REG_QUEUE_TAIL) { test.issue(); card.write(ACCEL_REG_QUEUE_TAIL, 1); }
    card.run(600);
    bench.check(card.read(ACCEL_REG_STATUS) & ACCEL_STATUS_FAULT_MASK, "no fault with register %x at %x", c.offset, c.value);
    bench.check((card.read(ACCEL_REG_ERROR) & 0xff) == c.status && card.read(ACCEL_REG_ERROR_COUNT) == 1, "ERROR is %x", card.read(ACCEL_REG_ERROR));
    bench.check(card.read(ACCEL_REG_COMPLETION_TAIL) == 0, "a completion from a faulty ring");
    test.discard(test.lost_to_faults);
    ++test.faults;
  }
  test.soft_reset();
}

}  // namespace

int main(int argc, char** argv) {
  Bench bench(argc, argv, 300, 1'000'000'000);
  Test test(bench);
  auto& card = test.card;
  card.memory.legal_from = 0x1000;
  card.host_from = kHostFrom;
  card.host_bytes = kHostBytes;
  bench.reset();
  card.run(20);
  registers(test);
  ring_faults(test);

  card.host_busy = true;
  for (unsigned stalls : {0u, 40u}) {
    card.memory.stall_percent = stalls;
    card.memory.latency = stalls ? 10 : 100;
    test.soft_reset();
    test.start();
    test.commands(bench.count);
    bench.settle();
    bench.check(test.dut_idle(), "not idle when all is done");
    bench.check((card.read(ACCEL_REG_MSM_BUSY_CYCLES_LO) > 0) == kMsm && (card.read(ACCEL_REG_NTT_BUSY_CYCLES_LO) > 0) == kNtt && card.read(ACCEL_REG_READ_BEATS_LO) > 0 && card.read(ACCEL_REG_WRITE_BEATS_LO) > 0, "counters stand still");
    for (uint32_t busy : {ACCEL_REG_MSM_BUSY_CYCLES_LO, ACCEL_REG_NTT_BUSY_CYCLES_LO, ACCEL_REG_POINTWISE_BUSY_CYCLES_LO}) {
      uint32_t stall = busy + (ACCEL_REG_MSM_STALL_CYCLES_LO - ACCEL_REG_MSM_BUSY_CYCLES_LO);
      bench.check(card.read(stall) <= card.read(busy) && card.read(stall + 4) == 0 && card.read(busy + 4) == 0, "register %x: more stalls than busy cycles", stall);
    }
    bench.check(card.read(ACCEL_REG_POINTWISE_STALL_CYCLES_LO) > 0, "a memory that takes its time stalls nothing");
    bench.check(card.read(ACCEL_REG_READ_BEATS_HI) == 0 && card.read(ACCEL_REG_WRITE_BEATS_HI) == 0, "upper halves of the beat counters");
    bench.check(bool(card.read(ACCEL_REG_STATUS) & ACCEL_STATUS_ERROR_MASK) == (card.read(ACCEL_REG_ERROR_COUNT) != 0), "STATUS.ERROR");
    card.write(ACCEL_REG_CONTROL, ACCEL_CONTROL_ENABLE_MASK | ACCEL_CONTROL_CLEAR_ERROR_MASK);
    bench.check(card.read(ACCEL_REG_ERROR_COUNT) == 0 && card.read(ACCEL_REG_ERROR) == 0, "CLEAR_ERROR");
  }

  /* Resets in the middle of everything. */
  for (uint64_t i = 0; i < bench.count / 8; ++i) {
    for (unsigned j = 0; j < 8 && !test.free_slots.empty(); ++j) test.issue();
    card.write(ACCEL_REG_QUEUE_TAIL, test.tail);
    card.run(bench.random.below(3000));
    test.soft_reset();
    test.start();
    if (i % 4 == 3) test.commands(4);
  }

  /* Errors: a fault of a ring needs a reset, everything else goes on. */
  test.exact = false;
  uint64_t before = test.completed;
  for (unsigned round = 0; test.completed - before < bench.count; ++round) {
    bench.check(round < bench.count, "errors stop the core");
    card.memory.read_errors_permille = card.memory.write_errors_permille = 8;
    if (!test.commands(bench.count / 4)) { ++test.faults; test.discard(test.lost_to_faults); }
    card.memory.read_errors_permille = card.memory.write_errors_permille = 0;
    test.soft_reset();
    test.start();
    test.exact = true;
    test.commands(4);
    test.exact = false;
  }

  test.discard(test.lost_to_resets);
  bench.check(card.host_bursts > bench.count, "the host's port moved %llu bursts", (unsigned long long)card.host_bursts);
  uint64_t right = test.right[0] + test.right[1] + test.right[2] + test.right[3], errors = card.memory.read_errors + card.memory.write_errors;
  bench.check(test.issued == test.completed + test.lost_to_resets + test.lost_to_faults && test.completed == right + test.refusals() + test.memory_errors,
              "%llu commands issued, %llu completed", (unsigned long long)test.issued, (unsigned long long)test.completed);
  bench.check(test.completed >= 3 * bench.count && test.resets >= bench.count / 8 && test.lost_to_resets >= bench.count / 8, "%llu commands completed, %llu resets",
              (unsigned long long)test.completed, (unsigned long long)test.resets);
  if (bench.count >= 150) {
    for (unsigned opcode = 0; opcode < 4; ++opcode)
      bench.check(test.right[opcode] >= (test.present(opcode) ? bench.count / 10 : 0), "only %llu of opcode %u were right", (unsigned long long)test.right[opcode], opcode);
    bench.check(!kMsm || test.sums >= bench.count / 20, "only %llu sums", (unsigned long long)test.sums);
    // In fewer rounds one of the rarer refusals may not come up.
    for (unsigned status = ACCEL_STATUS_BAD_OPCODE; bench.count >= 300 && status <= ACCEL_STATUS_BAD_SEQUENCE; ++status) {
      bool expected = status == ACCEL_STATUS_NOT_PRESENT ? !kMsm || !kNtt
                    : status == ACCEL_STATUS_BAD_WINDOW || status == ACCEL_STATUS_BAD_SEQUENCE ? kMsm
                    : status == ACCEL_STATUS_BAD_SIZE || status == ACCEL_STATUS_BAD_ARGUMENT ? kNtt : true;
      bench.check((test.refused[status] > 0) == expected, "%llu commands refused with status %u", (unsigned long long)test.refused[status], status);
    }
    bench.check(test.refusals() >= bench.count / 5 && test.memory_errors >= bench.count / 160 && errors >= test.memory_errors / 8 && test.faults > 8,
                "%llu refused, %llu lost to %llu memory errors, %llu faults", (unsigned long long)test.refusals(), (unsigned long long)test.memory_errors,
                (unsigned long long)errors, (unsigned long long)test.faults);
  }
  char summary[400];
  std::snprintf(summary, sizeof summary,
                "%llu commands answered (right: %llu NOP, %llu MSM, %llu NTT, %llu POINTWISE; %llu refused, %llu memory errors), %llu discarded by %llu resets, "
                "%llu by %llu faults, %llu errors injected, slowest answer after %llu cycles of %llu",
                (unsigned long long)test.completed, (unsigned long long)test.right[0], (unsigned long long)test.right[1], (unsigned long long)test.right[2],
                (unsigned long long)test.right[3], (unsigned long long)test.refusals(), (unsigned long long)test.memory_errors,
                (unsigned long long)test.lost_to_resets, (unsigned long long)test.resets, (unsigned long long)test.lost_to_faults,
                (unsigned long long)test.faults, (unsigned long long)errors, (unsigned long long)test.slowest, (unsigned long long)kDeadline);
  return bench.finish(summary);
}
