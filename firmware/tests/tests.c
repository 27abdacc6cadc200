/* The firmware's parts on mock registers. Ends with 'firmware: N passed, N failed'. */
#include <stdio.h>
#include <string.h>

#include "accel_regs.h"
#include "accel_soc.h"
#include "check.h"
#include "console.h"
#include "firmware.h"
#include "mock.h"
#include "trap.h"

static unsigned passed, failed;
static bool holds;

void check(bool condition, const char *test, int line, const char *text) {
  if (condition) { return; }
  holds = false;
  printf("%s:%d: %s does not hold; the text is '%s'\n", test, line, text, mock.text);
}

bool is_well(void) { return holds; }

void run(const char *name, void (*test)(void)) {
  mock_reset();
  holds = true;
  test();
  if (holds) { ++passed; return; }
  ++failed;
  printf("%s failed\n", name);
}

static void numbers_are_written_in_full(void) {
  static const struct { uint32_t value; const char *decimal, *hex; } cases[] = {
    {0, "0", "00000000"}, {9, "9", "00000009"}, {10, "10", "0000000a"}, {1000000000, "1000000000", "3b9aca00"}, {10203, "10203", "000027db"},
    {UINT32_MAX, "4294967295", "ffffffff"}};
  for (unsigned i = 0; i < sizeof cases / sizeof *cases; ++i) {
    mock_reset();
    console_decimal(cases[i].value);
    CHECK(strcmp(mock.text, cases[i].decimal) == 0);
    mock_reset();
    console_hex(cases[i].value);
    CHECK(strcmp(mock.text, cases[i].hex) == 0);
  }
}

static void a_line_that_takes_nothing_holds_nobody_up(void) {
  mock.uart_status = 0;
  console_text("abc");
  CHECK(mock.text_bytes == 0);
  CHECK(mock.reads < 100000);
}

static void it_says_what_it_is(void) {
  char expected[256];
  snprintf(expected, sizeof expected, "accel soc=2 clock=12000000 boot=16384 ram=8192 reset=pin\r\n"
           "engines id=4c434341 version=%08x capabilities=00000007 curve=1 known\r\n", (unsigned)mock.engines[ACCEL_REG_VERSION / 4]);
  CHECK(firmware_identify());
  CHECK(strcmp(mock.text, expected) == 0);
}

static void it_says_that_the_watchdog_bit(void) {
  mock.watchdog_cause = 1;
  CHECK(firmware_identify());
  CHECK(strstr(mock.text, "reset=watchdog\r\n") != NULL);
}

static void engines_of_another_kind_are_not_used(void) {
  mock.engines[ACCEL_REG_VERSION / 4] += 1u << ACCEL_VERSION_MAJOR_SHIFT;
  CHECK(!firmware_identify());
  CHECK(strstr(mock.text, "unknown\r\n") != NULL);
  mock_reset();
  mock.engines[ACCEL_REG_ID / 4] ^= 1;
  CHECK(!firmware_identify());
  mock_reset();
  mock.engines[ACCEL_REG_VERSION / 4] += 1;
  CHECK(firmware_identify());
}

static void registers_that_refuse_are_no_engines(void) {
  static const uint32_t registers[] = {ACCEL_REG_ID, ACCEL_REG_VERSION, ACCEL_REG_CAPABILITIES, ACCEL_REG_CURVE_ID};
  for (unsigned i = 0; i < sizeof registers / sizeof *registers; ++i) {
    mock_reset();
    mock.refused[mock.refused_count++] = ACCEL_SOC_ENGINES_BASE + registers[i];
    CHECK(!firmware_identify());
    CHECK(strstr(mock.text, "engines refuse\r\n") != NULL);
    CHECK(mock.wrong_feeds == 0);
  }
}

static void a_refused_read_leaves_the_value(void) {
  uint32_t value = 5;
  mock.refused[mock.refused_count++] = ACCEL_SOC_ENGINES_BASE;
  CHECK(!trap_try_read(ACCEL_SOC_ENGINES_BASE, &value));
  CHECK(value == 5);
  CHECK(trap_try_read(ACCEL_SOC_ENGINES_BASE + ACCEL_REG_CURVE_ID, &value));
  CHECK(value == 1);
}

static void a_tick_sets_the_next_one(void) {
  uint32_t before = trap_ticks();
  mock.timer_count = UINT32_MAX - 1000;
  CHECK(trap_handle(UINT32_C(0x80000007), 0x44, 0) == 0x44);
  CHECK(trap_ticks() == before + 1);
  CHECK(mock.timer_compare == mock.timer_count + 20000);
}

static void an_unexpected_trap_is_reported_and_resets(void) {
  CHECK(trap_handle(2, 0x123, 0) == 0x123);
  CHECK(strcmp(mock.text, "trap cause=00000002 pc=00000123 value=00000000\r\n") == 0);
  CHECK(mock.wrong_feeds == 1);
  mock_reset();
  /* A refused load that nobody was ready for. */
  CHECK(trap_handle(5, 0x44, 0x80000044) == 0x44);
  CHECK(strcmp(mock.text, "trap cause=00000005 pc=00000044 value=80000044\r\n") == 0);
  CHECK(mock.wrong_feeds == 1);
  mock_reset();
  mock.uart_status = 0;
  CHECK(trap_handle(7, 0, 0) == 0);
  CHECK(mock.wrong_feeds == 1);
}

static void it_feeds_once_a_tick(void) {
  uint32_t ticks = trap_ticks();
  CHECK(firmware_supervise(true, ticks) == ticks);
  CHECK(mock.feeds == 0);
  (void)trap_handle(UINT32_C(0x80000007), 0, 0);
  CHECK(firmware_supervise(true, ticks) == ticks + 1);
  CHECK(mock.feeds == 1);
  CHECK((mock.leds & 2) == 0);
}

static void an_engine_error_is_shown(void) {
  mock.engines[ACCEL_REG_STATUS / 4] = ACCEL_STATUS_ERROR_MASK;
  uint32_t ticks = trap_ticks();
  (void)trap_handle(UINT32_C(0x80000007), 0, 0);
  CHECK(firmware_supervise(true, ticks) != ticks);
  CHECK((mock.leds & 2) != 0);
  ticks = trap_ticks();
  (void)trap_handle(UINT32_C(0x80000007), 0, 0);
  CHECK(firmware_supervise(false, ticks) != ticks);
  CHECK((mock.leds & 2) == 0);
}

static void main_identifies_and_supervises(void) {
  /* Most of them are the self-test's. */
  mock_run(firmware_main, 1000);
  CHECK(strncmp(mock.text, "accel soc=2", 11) == 0);
  CHECK(mock.feeds == 1000);
  CHECK(mock.timer_control == 1);
  CHECK(mock.wrong_feeds == 0);
}

int main(void) {
  RUN(numbers_are_written_in_full);
  RUN(a_line_that_takes_nothing_holds_nobody_up);
  RUN(it_says_what_it_is);
  RUN(it_says_that_the_watchdog_bit);
  RUN(engines_of_another_kind_are_not_used);
  RUN(registers_that_refuse_are_no_engines);
  RUN(a_refused_read_leaves_the_value);
  RUN(a_tick_sets_the_next_one);
  RUN(an_unexpected_trap_is_reported_and_resets);
  RUN(it_feeds_once_a_tick);
  RUN(an_engine_error_is_shown);
  RUN(main_identifies_and_supervises);
  flash_tests();
  slots_tests();
  boot_tests();
  engine_tests();
  power_cut_tests();
  printf("firmware: %u passed, %u failed\n", passed, failed);
  return failed == 0 ? 0 : 1;
}
