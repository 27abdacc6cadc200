// fifo: order and content kept under stalls on both sides, valid and ready exactly when the count says so.
#include <deque>
#include "Vfifo.h"
#include "tb.hpp"

int main(int argc, char** argv) {
  tb::Bench<Vfifo> bench(argc, argv, 2000);
  auto& dut = *bench.dut;
  dut.valid_i = 0;
  dut.ready_i = 0;
  bench.reset();
  std::deque<uint64_t> model;
  uint64_t sent = 0, received = 0;
  std::size_t deepest = 0;
  while (received < bench.count) {
    unsigned fill = 20 + 60 * unsigned((bench.cycles / 64) & 1); /* swings between full and empty */
    if (!dut.valid_i) { dut.valid_i = sent < bench.count && bench.random.chance(fill); tb::set(dut.data_i, ref::U256{(sent * 37 + 5) & 0xff}); }
    dut.ready_i = bench.random.chance(100 - fill);
    bench.settle();
    bench.check(dut.valid_o == !model.empty(), "valid_o %d with %zu words inside", dut.valid_o, model.size());
    bench.check(dut.count_o == model.size(), "count_o %u with %zu words inside", unsigned(dut.count_o), model.size());
    if (!model.empty()) bench.check_equal(tb::get(dut.data_o), ref::U256{model.front()}, "data_o");
    bool push = dut.valid_i && dut.ready_o, pop = dut.valid_o && dut.ready_i;
    if (pop) { model.pop_front(); ++received; }
    if (push) { model.push_back((sent++ * 37 + 5) & 0xff); }
    bench.tick();
    if (push) dut.valid_i = 0;
    if (model.size() > deepest) deepest = model.size();
  }
  bench.check(!dut.ready_o || deepest > 0, "never held a word");
  return bench.finish();
}
