// Each device behind the core's bus, with pauses between accesses and, on AXI4-Lite, stalls everywhere: memory by lanes, timer, UART both ways,
// SPI, the engines' window, what is refused, and the watchdog, also while an answer from the engines is under way.
#include "Vsoc_devices.h"
#include "tb.hpp"
#include "peers.hpp"
#include "../../cosim/peers.hpp"
#include "../../../firmware/include/accel_soc.h"

namespace {

struct Answer { bool error; uint32_t data; };

class Devices {
 public:
  Devices(int argc, char** argv) : bench_(argc, argv, 2000), dut_(*bench_.dut), uart_(PARAMETER_ClocksPerBit) {
    dut_.uart_i = dut_.spi_miso_i = 1;
    dut_.bus_valid_i = 0;
    axi_.stalls = 40;
    axi_.drive(dut_, bench_.random);
    bench_.reset();
    last_feed_ = bench_.cycles;
  }

  int main() {
    refusals();
    memory();
    timer();
    uart();
    spi();
    engines();
    warm_boot();
    watchdog();
    return bench_.finish();
  }

 private:
  tb::Bench<Vsoc_devices> bench_;
  Vsoc_devices& dut_;
  cosim::UartPeer uart_;
  cosim::LinkPins pins_{};
  soc::SpiSlave spi_;
  soc::Registers axi_;
  uint64_t last_feed_ = 0;
  bool feeds_ = true;
  unsigned resets_ = 0;     // cycles in which the watchdog pulled

  void step() {
    pins_.uart_tx = dut_.uart_o;
    uart_.edge(pins_);
    dut_.uart_i = pins_.uart_rx;
    dut_.spi_miso_i = spi_.miso;
    axi_.drive(dut_, bench_.random);
    bench_.settle();
    axi_.edge(dut_);
    bench_.tick();
    resets_ += !dut_.system_rst_no;
    spi_.edge(dut_.spi_select_no, dut_.spi_clock_o, dut_.spi_mosi_o);
  }

  Answer access(bool write, uint32_t address, uint32_t data = 0, uint32_t strobe = 15) {
    if (feeds_ && bench_.cycles - last_feed_ > 1000) {
      last_feed_ = bench_.cycles;
      bench_.check(!access(true, ACCEL_SOC_WATCHDOG_FEED, ACCEL_SOC_WATCHDOG_KEY).error, "feeding was refused");
    }
    while (bench_.random.chance(30)) step();
    dut_.bus_valid_i = 1;
    dut_.bus_write_i = write;
    dut_.bus_address_i = address;
    dut_.bus_data_i = data;
    dut_.bus_strobe_i = strobe;
    for (unsigned waited = 0;; ++waited) {
      if (waited > 10'000) bench_.fail("%08x is never accepted", address);
      bench_.settle();
      bool taken = dut_.bus_ready_o;
      bench_.check(!dut_.response_valid_o, "an answer to nothing");
      step();
      if (taken) break;
    }
    dut_.bus_valid_i = 0;
    dut_.bus_address_i = uint32_t(bench_.random.next());
    dut_.bus_write_i = bench_.random.chance(50);
    bench_.settle();
    for (unsigned waited = 0; !dut_.response_valid_o; ++waited) {
      if (waited > 10'000) bench_.fail("%08x is never answered", address);
      step();
    }
    Answer answer{bool(dut_.response_error_o), dut_.response_data_o};
    step();
    return answer;
  }
  uint32_t read(uint32_t address) {
    Answer answer = access(false, address);
    bench_.check(!answer.error, "a read of %08x is refused", address);
    return answer.data;
  }
  void write(uint32_t address, uint32_t data) { bench_.check(!access(true, address, data).error, "a write to %08x is refused", address); }

  void refusals() {
    struct Register { uint32_t address; bool reads, writes; };
    const Register registers[] = {
        {ACCEL_SOC_SYSTEM_ID, true, false}, {ACCEL_SOC_SYSTEM_VERSION, true, false}, {ACCEL_SOC_SYSTEM_CLOCK_HZ, true, false},
            {ACCEL_SOC_SYSTEM_BOOT_BYTES, true, false},
        {ACCEL_SOC_SYSTEM_RAM_BYTES, true, false}, {ACCEL_SOC_SYSTEM_LEDS, true, true}, {ACCEL_SOC_SYSTEM_BOARD, true, false},
            {ACCEL_SOC_SYSTEM_GOLDEN, true, false}, {ACCEL_SOC_SYSTEM_WARM_BOOT, false, true}, {ACCEL_SOC_UART_STATUS, true, true},
            {ACCEL_SOC_UART_RECEIVE, true, true},
        {ACCEL_SOC_UART_TRANSMIT, false, true}, {ACCEL_SOC_UART_INTERRUPT, true, true}, {ACCEL_SOC_TIMER_COUNT, true, false},
            {ACCEL_SOC_TIMER_COMPARE, true, true},
        {ACCEL_SOC_TIMER_CONTROL, true, true}, {ACCEL_SOC_WATCHDOG_LIMIT, true, true}, {ACCEL_SOC_WATCHDOG_CAUSE, true, false},
            {ACCEL_SOC_SPI_CONTROL, true, true},
        {ACCEL_SOC_SPI_DATA, true, false}};
    for (uint32_t region : {ACCEL_SOC_SYSTEM_BASE, ACCEL_SOC_UART_BASE, ACCEL_SOC_TIMER_BASE, ACCEL_SOC_WATCHDOG_BASE, ACCEL_SOC_SPI_BASE})
      for (uint32_t address = region; address < region + 0x1000; address += address < region + 0x40 ? 4 : 0x3c4) {
        if (address == ACCEL_SOC_WATCHDOG_FEED) { bench_.check(access(false, address).error, "FEED can be read"); continue; }
        if (address == ACCEL_SOC_SPI_DATA || address == ACCEL_SOC_WATCHDOG_LIMIT) continue;
        bool reads = false, writes = false;
        for (const Register& r : registers) if (r.address == address) { reads = r.reads; writes = r.writes; }
        bench_.check(access(false, address).error == !reads, "a read of %08x is%s refused", address, reads ? "" : " not");
        bench_.check(access(true, address, 0).error == !writes, "a write to %08x is%s refused", address, writes ? "" : " not");
        bench_.check(access(true, address, 0xffffffff, 1 + uint32_t(bench_.random.below(14))).error, "a store of less than a word to %08x is taken",
            address);
      }
    uart_.from_card.clear();
    for (uint32_t address : {0x01000000u, 0x20000000u, 0x40005000u, 0x7ffffffcu, 0x80001000u, 0xfffffffcu, 0x00000040u, 0x10000100u}) {
      bench_.check(access(false, address).error, "a read of %08x is not refused", address);
      bench_.check(access(true, address, 0).error, "a write to %08x is not refused", address);
    }
    bench_.check(!access(false, ACCEL_SOC_BOOT_BASE + 60).error && access(true, ACCEL_SOC_BOOT_BASE + 60).error, "the boot memory is not read-only");
    bench_.check(read(ACCEL_SOC_SYSTEM_ID) == ACCEL_SOC_ID && read(ACCEL_SOC_SYSTEM_VERSION) == ACCEL_SOC_VERSION
        && read(ACCEL_SOC_SYSTEM_CLOCK_HZ) == 12'000'000
                     && read(ACCEL_SOC_SYSTEM_BOOT_BYTES) == 64 && read(ACCEL_SOC_SYSTEM_RAM_BYTES) == 256, "SYSTEM does not say what was built");
    write(ACCEL_SOC_SYSTEM_LEDS, 0xa);
    bench_.check(dut_.leds_o == 0xa && read(ACCEL_SOC_SYSTEM_LEDS) == 0xa, "the LEDs show %x", dut_.leds_o);
    bench_.check(read(ACCEL_SOC_SYSTEM_BOARD) == 7 && read(ACCEL_SOC_SYSTEM_GOLDEN) == 0, "SYSTEM does not say which board and bitstream");
  }

  void memory() {
    std::array<uint32_t, 64> model;
    for (uint32_t i = 0; i < 64; ++i) write(ACCEL_SOC_RAM_BASE + 4 * i, model[i] = uint32_t(bench_.random.next()));
    for (uint64_t n = 0; n < bench_.count; ++n) {
      uint32_t i = uint32_t(bench_.random.below(64)), data = uint32_t(bench_.random.next()), strobe = uint32_t(bench_.random.below(16));
      if (bench_.random.chance(50)) {
        bench_.check(!access(true, ACCEL_SOC_RAM_BASE + 4 * i, data, strobe).error, "a store is refused");
        for (unsigned lane = 0; lane < 4; ++lane) if (strobe >> lane & 1) model[i] = (model[i] & ~(0xffu << 8 * lane)) | (data & 0xffu << 8 * lane);
      } else bench_.check(read(ACCEL_SOC_RAM_BASE + 4 * i) == model[i], "word %u is not %08x", i, model[i]);
    }
  }

  void timer() {
    for (uint64_t n = 0; n < 1 + bench_.count / 50; ++n) {
      uint64_t before = bench_.cycles;
      uint32_t first = read(ACCEL_SOC_TIMER_COUNT), last;
      uint64_t between = bench_.cycles;
      last = read(ACCEL_SOC_TIMER_COUNT);
      bench_.check(last - first <= bench_.cycles - before && last > first && last - first + 40 > bench_.cycles - between,
          "COUNT went from %u to %u", first, last);
      uint32_t ahead = 50 + uint32_t(bench_.random.below(300));
      write(ACCEL_SOC_TIMER_CONTROL, 0);
      write(ACCEL_SOC_TIMER_COMPARE, last + ahead);
      bench_.check(!dut_.timer_interrupt_o, "an interrupt that is not enabled");
      write(ACCEL_SOC_TIMER_CONTROL, 1);
      uint32_t now = read(ACCEL_SOC_TIMER_COUNT);
      while (int32_t(now - (last + ahead)) < -4) {
        bench_.check(!dut_.timer_interrupt_o, "an interrupt at %u, before %u", now, last + ahead);
        now = read(ACCEL_SOC_TIMER_COUNT);
      }
      while (int32_t(now - (last + ahead)) < 2) now = read(ACCEL_SOC_TIMER_COUNT);
      bench_.check(dut_.timer_interrupt_o, "no interrupt at %u, after %u", now, last + ahead);
      write(ACCEL_SOC_TIMER_COMPARE, now + 10'000);
      step();
      bench_.check(!dut_.timer_interrupt_o, "an interrupt that was put off");
    }
    write(ACCEL_SOC_TIMER_COMPARE, read(ACCEL_SOC_TIMER_COUNT) - 1);
    step();
    bench_.check(dut_.timer_interrupt_o, "no interrupt for a moment that is past");
    write(ACCEL_SOC_TIMER_CONTROL, 0);
    step();
    bench_.check(!dut_.timer_interrupt_o, "an interrupt that was disabled");
  }

  void uart() {
    std::deque<uint8_t> to_card, from_card;
    uint64_t sent = 0, received = 0;
    write(ACCEL_SOC_UART_INTERRUPT, 1);
    for (const uint64_t bytes = bench_.count / 4; sent < bytes || received < bytes;) {
      if (to_card.size() + uart_.to_card.size() < 4 && received + to_card.size() < bytes && bench_.random.chance(30)) {
        to_card.push_back(uint8_t(bench_.random.next()));
        uart_.to_card.push_back(to_card.back());
      }
      uint32_t status = read(ACCEL_SOC_UART_STATUS);
      bench_.check((status & ACCEL_SOC_UART_STATUS_OVERRUN_MASK) == 0, "a byte was lost");
      if (status & ACCEL_SOC_UART_STATUS_RECEIVED_MASK) {
        bench_.check(dut_.external_interrupt_o, "no interrupt for a byte");
        uint32_t byte = read(ACCEL_SOC_UART_RECEIVE);
        bench_.check(byte == to_card.front(), "received %02x, and not %02x", byte, to_card.front());
        to_card.pop_front();
        write(ACCEL_SOC_UART_RECEIVE, uint32_t(bench_.random.next()));
        ++received;
      }
      if ((status & ACCEL_SOC_UART_STATUS_SENDABLE_MASK) && sent < bytes && bench_.random.chance(50)) {
        from_card.push_back(uint8_t(bench_.random.next()));
        write(ACCEL_SOC_UART_TRANSMIT, from_card.back());
        ++sent;
      }
      if ((status & ACCEL_SOC_UART_STATUS_IDLE_MASK) && !from_card.empty()) bench_.check(uart_.from_card.size() + 1 >= from_card.size(),
          "idle with bytes to send");
    }
    while (!(read(ACCEL_SOC_UART_STATUS) & ACCEL_SOC_UART_STATUS_IDLE_MASK)) {}
    for (unsigned i = 0; i < 2 * PARAMETER_ClocksPerBit; ++i) step();
    bench_.check(std::vector<uint8_t>(uart_.from_card.begin(), uart_.from_card.end()) == std::vector<uint8_t>(from_card.begin(), from_card.end()),
        "the line carried other bytes");
    bench_.check(!dut_.external_interrupt_o, "an interrupt without a byte");

    /* One byte more than there is room for; the first ones stay. */
    for (unsigned i = 0; i < PARAMETER_QueueDepth + 1; ++i) uart_.to_card.push_back(uint8_t(0x30 + i));
    for (unsigned i = 0; i < 12 * PARAMETER_ClocksPerBit * (PARAMETER_QueueDepth + 2); ++i) step();
    bench_.check(read(ACCEL_SOC_UART_STATUS) & ACCEL_SOC_UART_STATUS_OVERRUN_MASK, "a byte too many was not noticed");
    write(ACCEL_SOC_UART_STATUS, ACCEL_SOC_UART_STATUS_OVERRUN_MASK);
    for (unsigned i = 0; i < PARAMETER_QueueDepth; ++i) {
      bench_.check(read(ACCEL_SOC_UART_RECEIVE) == 0x30 + i, "byte %u was lost", i);
      write(ACCEL_SOC_UART_RECEIVE, 0);
    }
    uint32_t status = read(ACCEL_SOC_UART_STATUS);
    bench_.check((status & (ACCEL_SOC_UART_STATUS_OVERRUN_MASK | ACCEL_SOC_UART_STATUS_RECEIVED_MASK)) == 0, "UART status %x after all was read",
        status);
    write(ACCEL_SOC_UART_INTERRUPT, 0);
  }

  void spi() {
    for (uint64_t n = 0; n < 1 + bench_.count / 50; ++n) {
      uint32_t divider = uint32_t(bench_.random.below(6));
      write(ACCEL_SOC_SPI_CONTROL, divider << ACCEL_SOC_SPI_CONTROL_DIVIDER_SHIFT);
      bench_.check(dut_.spi_select_no, "selected");
      write(ACCEL_SOC_SPI_CONTROL, divider << ACCEL_SOC_SPI_CONTROL_DIVIDER_SHIFT | ACCEL_SOC_SPI_CONTROL_SELECT_MASK);
      step();
      std::vector<uint8_t> sent;
      for (uint64_t length = 1 + bench_.random.below(8); length > 0; --length) {
        sent.push_back(uint8_t(bench_.random.next()));
        uint64_t began = bench_.cycles;
        write(ACCEL_SOC_SPI_DATA, sent.back());
        if (length > 1 && bench_.random.chance(50)) continue;    // the next write waits
        uint32_t answer = read(ACCEL_SOC_SPI_DATA), expected = sent.size() == 1 ? 0xffu : uint8_t(~sent[sent.size() - 2]);
        bench_.check(answer == expected, "divider %u: the slave sent %02x and %02x came", divider, expected, answer);
        bench_.check(bench_.cycles - began >= 16 * (divider + 1), "divider %u: a byte took %llu cycles", divider,
            (unsigned long long)(bench_.cycles - began));
      }
      bench_.check(spi_.received == sent, "divider %u: the slave got other bytes", divider);
      bench_.check(!dut_.spi_clock_o, "the clock does not rest low");
    }
    write(ACCEL_SOC_SPI_CONTROL, 0);
  }

  void engines() {
    for (uint64_t n = 0; n < bench_.count; ++n) {
      uint32_t offset = 4 * uint32_t(bench_.random.below(1024)), data = uint32_t(bench_.random.next());
      bool writes = bench_.random.chance(50), refused = offset >= axi_.refused_from;
      std::array<uint32_t, 1024> before = axi_.words;
      Answer answer = access(writes, ACCEL_SOC_ENGINES_BASE + offset, data, writes && bench_.random.chance(30) ? 3 : 15);
      bench_.check(answer.error == refused, "offset %03x is%s refused", offset, refused ? " not" : "");
      if (!writes && !refused) bench_.check(answer.data == before[offset / 4], "offset %03x reads %08x", offset, answer.data);
      if (writes && !refused) bench_.check((axi_.words[offset / 4] & 0xffff) == (data & 0xffff), "offset %03x was not written", offset);
    }
    bench_.check(axi_.reads > 0 && axi_.writes > 0, "nothing reached the engines");
  }

  void warm_boot() {
    for (uint32_t value : {0u, 1u, ACCEL_SOC_WARM_BOOT_KEY + 3, ACCEL_SOC_WARM_BOOT_KEY ^ 4u, ACCEL_SOC_WARM_BOOT_KEY ^ 1u << 31}) {
      write(ACCEL_SOC_SYSTEM_WARM_BOOT, value);
      bench_.check(!dut_.warm_boot_o, "%08x asks for a warm boot", value);
    }
    write(ACCEL_SOC_SYSTEM_WARM_BOOT, ACCEL_SOC_WARM_BOOT_KEY + 2);
    write(ACCEL_SOC_SYSTEM_WARM_BOOT, ACCEL_SOC_WARM_BOOT_KEY + 1);
    bench_.check(dut_.warm_boot_o && dut_.warm_boot_image_o == 2, "a warm boot of image 2 asks for %u", dut_.warm_boot_image_o);
  }

  void watchdog() {
    feeds_ = false;
    for (uint64_t n = 0; n < 1 + bench_.count / 100; ++n) {
      const bool key = bench_.random.chance(30);
      uint32_t limit = 200 + uint32_t(bench_.random.below(500));
      write(ACCEL_SOC_SYSTEM_LEDS, 5);
      write(ACCEL_SOC_WATCHDOG_LIMIT, limit);
      bench_.check(read(ACCEL_SOC_WATCHDOG_LIMIT) == limit, "LIMIT is not %u", limit);
      resets_ = 0;
      for (uint64_t fed = bench_.random.below(4); fed > 0; --fed) {
        write(ACCEL_SOC_WATCHDOG_FEED, ACCEL_SOC_WATCHDOG_KEY);
        for (uint32_t i = 0; i < limit - 20; ++i) step();
        bench_.check(resets_ == 0, "it bit before its limit of %u", limit);
      }
      write(ACCEL_SOC_WATCHDOG_FEED, ACCEL_SOC_WATCHDOG_KEY);
      if (key) {
        /* The answer to a wrong key is the reset. */
        dut_.bus_valid_i = 1;
        dut_.bus_write_i = 1;
        dut_.bus_strobe_i = 15;
        dut_.bus_address_i = ACCEL_SOC_WATCHDOG_FEED;
        dut_.bus_data_i = ACCEL_SOC_WATCHDOG_KEY ^ 1u << bench_.random.below(32);
        step();
        dut_.bus_valid_i = 0;
      } else {
        for (uint32_t i = 0; i < limit - 20; ++i) step();
        bench_.check(resets_ == 0, "it bit before its limit of %u", limit);
        if (bench_.random.chance(50)) {
          /* The engines are asked, and the reset comes between: nobody gets their answer. */
          axi_.stalls = 95;
          dut_.bus_valid_i = 1;
          dut_.bus_write_i = 0;
          dut_.bus_address_i = ACCEL_SOC_ENGINES_BASE + 4 * uint32_t(bench_.random.below(64));
          step();
          dut_.bus_valid_i = 0;
        }
        for (uint32_t i = 0; i < 22 && resets_ == 0; ++i) step();
      }
      for (unsigned i = 0; i < 2; ++i) step();
      bench_.check(resets_ == 1, "it pulled the reset in %u cycles", resets_);
      axi_.stalls = 40;
      bench_.check(dut_.leds_o == 0 && !dut_.warm_boot_o, "the devices were not reset");
      bench_.check(read(ACCEL_SOC_WATCHDOG_CAUSE) == 1, "CAUSE does not say that it bit");
      bench_.check(read(ACCEL_SOC_WATCHDOG_LIMIT) == PARAMETER_WatchdogLimit, "LIMIT did not go back");
      uint32_t offset = 4 * uint32_t(bench_.random.below(64));
      bench_.check(read(ACCEL_SOC_ENGINES_BASE + offset) == axi_.words[offset / 4], "an answer of before the reset came for offset %03x", offset);
    }
    bench_.reset();
    bench_.check(read(ACCEL_SOC_WATCHDOG_CAUSE) == 0, "CAUSE outlives the reset pin");
  }
};

}  // namespace

int main(int argc, char** argv) { return Devices(argc, argv).main(); }
