// delay_line: what went in comes out Stages enabled cycles later, and disabled cycles change nothing.
#include <deque>
#include "Vdelay_line_bench.h"
#include "tb.hpp"

int main(int argc, char** argv) {
  tb::Bench<Vdelay_line_bench> bench(argc, argv, 2000);
  auto& dut = *bench.dut;
  const unsigned stages = PARAMETER_Stages, width = PARAMETER_Width;
  std::deque<ref::U256> line;
  bench.reset();
  for (uint64_t moved = 0; moved < bench.count;) {
    const ref::U256 noise{bench.random.next(), bench.random.next(), bench.random.next(), bench.random.next()};
    const ref::U256 word = ref::shift_right(noise, 256 - width);
    dut.ce_i = bench.random.chance(70);
    tb::set(dut.data_i, word);
    bench.settle();
    if (stages == 0) { bench.check_equal(tb::get(dut.data_o), word, "data_o"); ++moved; bench.tick(); continue; }
    const bool ce = dut.ce_i;
    bench.tick();
    bench.settle();
    if (ce) { line.push_back(word); ++moved; }
    if (line.size() > stages) line.pop_front();
    if (line.size() == stages) bench.check_equal(tb::get(dut.data_o), line.front(), "data_o");
  }
  return bench.finish();
}
