// The firmware on the core, at its pins: boot and identification, with engines that answer, refuse, or are of another version; supervision feeds
// the watchdog; engines that refuse later are a trap, reported, and a reset; engines that do not answer at all are the watchdog's.
#include <string>
#include "Vaccel_soc_bench.h"
#include "tb.hpp"
#include "peers.hpp"
#include "../../cosim/peers.hpp"
#include "../../../firmware/include/accel_regs.h"

namespace {

class Card {
 public:
  Card(int argc, char** argv) : bench_(argc, argv, 1, 5'000'000), dut_(*bench_.dut), uart_(PARAMETER_ClocksPerBit) {
    dut_.uart_i = dut_.spi_miso_i = 1;
  }

  int main() {
    const std::string soc = "accel soc=2 clock=12000000 boot=16384 ram=16384 reset=";
    axi_.stalls = 30;
    axi_.words[ACCEL_REG_ID / 4] = ACCEL_ID;
    axi_.words[ACCEL_REG_VERSION / 4] = ACCEL_VERSION_MAJOR << 16 | ACCEL_VERSION_MINOR;
    axi_.words[ACCEL_REG_CAPABILITIES / 4] = 7;
    axi_.words[ACCEL_REG_CURVE_ID / 4] = 1;
    const std::string known = engines("known");
    reset();
    expect(soc + "pin");
    expect(known);
    expect("boot no flash");
    expect("selftest multiply=not-run add=not-run ntt=not-run msm=not-run");
    /* Well over the watchdog's limit. */
    unsigned leds = 0;
    for (unsigned i = 0; i < 5 * PARAMETER_WatchdogLimit; ++i) { step(); leds |= 1u << dut_.leds_o; }
    bench_.check(leds == 3, "the LEDs showed %04x", leds);
    bench_.check(uart_.from_card.empty() && line_.empty(), "it said something more");
    /* An engine's error comes on. */
    axi_.words[ACCEL_REG_STATUS / 4] = ACCEL_STATUS_ERROR_MASK;
    for (unsigned i = 0; i < 60'000; ++i) step();
    bench_.check((dut_.leds_o & 2) != 0, "the LEDs show %x after an error", dut_.leds_o);

    /* Registers that answered refuse. */
    axi_.refused_from = 0;
    std::string trap = next_line();
    bench_.check(trap.rfind("trap cause=00000005 pc=0000", 0) == 0 && trap.ends_with("value=80000044"), "it said '%s' of a refused access",
        trap.c_str());
    expect(soc + "watchdog");
    expect("engines refuse");
    expect("boot no flash");
    axi_.refused_from = 0xc00;

    /* Registers that never answer. */
    reset();
    expect(soc + "pin");
    expect(known);
    expect("boot no flash");
    expect("selftest multiply=not-run add=not-run ntt=not-run msm=not-run");
    axi_.stalls = 100;
    for (unsigned i = 0; i < PARAMETER_WatchdogLimit + 5000; ++i) step();
    axi_.stalls = 30;
    expect(soc + "watchdog");
    expect(known);
    expect("boot no flash");

    axi_.words[ACCEL_REG_VERSION / 4] = (ACCEL_VERSION_MAJOR + 1) << 16;
    reset();
    expect(soc + "pin");
    expect(engines("unknown"));
    expect("boot no flash");
    return bench_.finish();
  }

 private:
  tb::Bench<Vaccel_soc_bench> bench_;
  Vaccel_soc_bench& dut_;
  cosim::UartPeer uart_;
  cosim::LinkPins pins_{};
  soc::Registers axi_;
  std::string line_;

  /* What it says of them. */
  std::string engines(const char* verdict) {
    char text[128];
    std::snprintf(text, sizeof text, "engines id=4c434341 version=%08x capabilities=00000007 curve=1 %s", axi_.words[ACCEL_REG_VERSION / 4], verdict);
    return text;
  }
  void reset() {
    axi_.reset();
    axi_.drive(dut_, bench_.random);
    bench_.reset();
    uart_.from_card.clear();
    line_.clear();
  }
  void step() {
    pins_.uart_tx = dut_.uart_o;
    uart_.edge(pins_);
    dut_.uart_i = pins_.uart_rx;
    axi_.drive(dut_, bench_.random);
    bench_.settle();
    axi_.edge(dut_);
    bench_.tick();
  }
  std::string next_line() {
    for (unsigned waited = 0;; ++waited) {
      if (waited > 1'000'000) bench_.fail("no line comes; '%s' has", line_.c_str());
      for (; !uart_.from_card.empty(); uart_.from_card.pop_front()) {
        char c = char(uart_.from_card.front());
        if (c == '\r') continue;
        if (c == '\n') { uart_.from_card.pop_front(); return std::exchange(line_, {}); }
        line_ += c;
      }
      step();
    }
  }
  void expect(const std::string& line) {
    std::string said = next_line();
    bench_.check(said == line, "it said '%s', and not '%s'", said.c_str(), line.c_str());
  }
};

}  // namespace

int main(int argc, char** argv) { return Card(argc, argv).main(); }
