#include "mock.h"

#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "accel_regs.h"
#include "accel_soc.h"
#include "engine.h"
#include "hardware.h"
#include "nor.h"
#include "trap.h"

struct mock mock;
static jmp_buf stop;

void mock_reset(void) {
  memset(&mock, 0, sizeof mock);
  mock.uart_status = ACCEL_SOC_UART_STATUS_SENDABLE_MASK | ACCEL_SOC_UART_STATUS_IDLE_MASK;
  mock.is_golden = true;
  nor_reset(1);
  engine_reset();
  mock.engines[ACCEL_REG_ID / 4] = ACCEL_ID;
  mock.engines[ACCEL_REG_VERSION / 4] = ACCEL_VERSION_MAJOR << ACCEL_VERSION_MAJOR_SHIFT | ACCEL_VERSION_MINOR;
  mock.engines[ACCEL_REG_CAPABILITIES / 4] = 7;
  mock.engines[ACCEL_REG_CURVE_ID / 4] = 1;
}

static void unknown(const char *what, uint32_t address) {
  fprintf(stderr, "the firmware %s %08x\n", what, (unsigned)address);
  exit(1);
}

uint32_t hardware_read(uint32_t address) {
  ++mock.reads;
  mock.timer_count += 100;
  for (unsigned i = 0; i < mock.refused_count; ++i) {
    if (mock.refused[i] != address) { continue; }
    /* Either behind the load, or once the watchdog has been asked for a reset to the load again. */
    if (trap_handle(5, 0x100, address) != (mock.wrong_feeds == 0 ? 0x104u : 0x100u)) { unknown("goes on at the wrong place after", address); }
    return 0xdeadbeef;
  }
  if (address >= ACCEL_SOC_ENGINES_BASE && address < ACCEL_SOC_ENGINES_BASE + sizeof mock.engines) {
    engine_before_read(address - ACCEL_SOC_ENGINES_BASE);
    return mock.engines[(address - ACCEL_SOC_ENGINES_BASE) / 4];
  }
  if (address >= ACCEL_SOC_CARD_MEMORY_BASE && address < ACCEL_SOC_CARD_MEMORY_BASE + sizeof engine.memory) {
    return engine.memory[(address - ACCEL_SOC_CARD_MEMORY_BASE) / 4];
  }
  switch (address) {
    case ACCEL_SOC_SYSTEM_VERSION: return ACCEL_SOC_VERSION;
    case ACCEL_SOC_SYSTEM_CLOCK_HZ: return 12000000;
    case ACCEL_SOC_SYSTEM_BOOT_BYTES: return 16384;
    case ACCEL_SOC_SYSTEM_RAM_BYTES: return 8192;
    case ACCEL_SOC_SYSTEM_BOARD: return kMockBoard;
    case ACCEL_SOC_SYSTEM_GOLDEN: return mock.is_golden;
    case ACCEL_SOC_SPI_DATA: return mock.spi_data;
    case ACCEL_SOC_UART_STATUS: return mock.uart_status | (mock.to_card != NULL && *mock.to_card != 0 ? ACCEL_SOC_UART_STATUS_RECEIVED_MASK : 0);
    case ACCEL_SOC_UART_RECEIVE: return (uint8_t)*mock.to_card;
    case ACCEL_SOC_TIMER_COUNT: return mock.timer_count;
    case ACCEL_SOC_WATCHDOG_CAUSE: return mock.watchdog_cause;
    default: unknown("reads", address);
  }
  return 0;
}

void hardware_write(uint32_t address, uint32_t value) {
  if (address >= ACCEL_SOC_ENGINES_BASE && address < ACCEL_SOC_ENGINES_BASE + sizeof mock.engines) {
    engine_write(address - ACCEL_SOC_ENGINES_BASE, value);
    return;
  }
  if (address >= ACCEL_SOC_CARD_MEMORY_BASE && address < ACCEL_SOC_CARD_MEMORY_BASE + sizeof engine.memory) {
    engine.memory[(address - ACCEL_SOC_CARD_MEMORY_BASE) / 4] = value;
    return;
  }
  switch (address) {
    case ACCEL_SOC_UART_RECEIVE: ++mock.to_card; return;
    case ACCEL_SOC_UART_TRANSMIT:
      if (mock.text_bytes + 1 < kMockTextMax) { mock.text[mock.text_bytes++] = (char)value; }
      return;
    case ACCEL_SOC_SPI_CONTROL: nor_select(value & ACCEL_SOC_SPI_CONTROL_SELECT_MASK); return;
    case ACCEL_SOC_SPI_DATA: mock.spi_data = nor_exchange((uint8_t)value); return;
    case ACCEL_SOC_SYSTEM_WARM_BOOT:
      mock.warm_boot = value;
      if (mock.is_running && !mock.stays) { longjmp(stop, 1); }
      return;
    case ACCEL_SOC_TIMER_COMPARE: mock.timer_compare = value; return;
    case ACCEL_SOC_TIMER_CONTROL: mock.timer_control = value; return;
    case ACCEL_SOC_SYSTEM_LEDS: mock.leds = value; return;
    case ACCEL_SOC_WATCHDOG_FEED:
      if (value != ACCEL_SOC_WATCHDOG_KEY) { ++mock.wrong_feeds; return; }
      if (++mock.feeds == mock.feeds_max) { longjmp(stop, 1); }
      return;
    default: unknown("writes", address);
  }
}

void hardware_enable_timer_interrupt(void) { mock.interrupts = true; }

void hardware_wait(void) {
  mock.timer_count += 1000;
  if (!mock.interrupts || !(mock.timer_control & 1) || (int32_t)(mock.timer_count - mock.timer_compare) < 0) { return; }
  if (trap_handle(UINT32_C(0x80000007), 0x200, 0) != 0x200) { unknown("does not come back from an interrupt to", 0x200); }
}

void mock_run(void (*body)(void), uint32_t count) {
  mock.feeds_max = count == 0 ? 0 : mock.feeds + count;
  mock.is_running = true;
  if (setjmp(stop) == 0) { body(); }
  mock.is_running = false;
  mock.feeds_max = 0;
}
