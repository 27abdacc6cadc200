/* Self-test and telemetry, on the engines in software. */
#include <string.h>

#include "accel_regs.h"
#include "accel_soc.h"
#include "check.h"
#include "engine.h"
#include "firmware.h"
#include "mock.h"
#include "selftest.h"
#include "telemetry.h"

static struct selftest test;

static bool verdicts_are(enum selftest_verdict multiply, enum selftest_verdict add, enum selftest_verdict ntt, enum selftest_verdict msm) {
  return test.verdicts[kSelftestMultiply] == multiply && test.verdicts[kSelftestAdd] == add && test.verdicts[kSelftestNtt] == ntt
         && test.verdicts[kSelftestMsm] == msm;
}

static void engines_that_work_pass(void) {
  selftest_run(&test);
  CHECK(verdicts_are(kSelftestPassed, kSelftestPassed, kSelftestPassed, kSelftestPassed));
  CHECK(selftest_is_well(&test));
  CHECK(strcmp(mock.text, "selftest multiply=passed add=passed ntt=passed msm=passed\r\n") == 0);
  CHECK(mock.engines[ACCEL_REG_CONTROL / 4] == 0);
}

static void a_stuck_wire_is_caught(void) {
  engine.is_stuck = true;
  selftest_run(&test);
  CHECK(verdicts_are(kSelftestWrong, kSelftestPassed, kSelftestWrong, kSelftestPassed));
  CHECK(!selftest_is_well(&test));
  mock_reset();
  engine.is_adder_stuck = true;
  selftest_run(&test);
  CHECK(verdicts_are(kSelftestPassed, kSelftestWrong, kSelftestPassed, kSelftestWrong));
}

static void commands_that_fail_are_told_apart(void) {
  engine.fails_opcode = ACCEL_OPCODE_NTT;
  selftest_run(&test);
  CHECK(verdicts_are(kSelftestPassed, kSelftestPassed, kSelftestRefused, kSelftestPassed));
  engine.fails_opcode = ACCEL_OPCODE_MSM;
  selftest_run(&test);
  CHECK(verdicts_are(kSelftestPassed, kSelftestRefused, kSelftestPassed, kSelftestRefused));
  engine.fails_opcode = 0;
  engine.is_silent = true;
  selftest_run(&test);
  CHECK(verdicts_are(kSelftestNoAnswer, kSelftestNoAnswer, kSelftestNoAnswer, kSelftestNoAnswer));
  engine.is_silent = false;
  engine.is_resetting = true;
  selftest_run(&test);
  CHECK(verdicts_are(kSelftestNoAnswer, kSelftestNoAnswer, kSelftestNoAnswer, kSelftestNoAnswer));
  CHECK(!selftest_is_well(&test));
}

static void what_is_not_there_is_not_tested(void) {
  mock.engines[ACCEL_REG_CAPABILITIES / 4] = ACCEL_CAPABILITIES_NTT_MASK;
  selftest_run(&test);
  CHECK(verdicts_are(kSelftestNotRun, kSelftestNotRun, kSelftestPassed, kSelftestNotRun));
  mock_reset();
  mock.refused[mock.refused_count++] = ACCEL_SOC_CARD_MEMORY_BASE;
  selftest_run(&test);
  CHECK(verdicts_are(kSelftestNotRun, kSelftestNotRun, kSelftestNotRun, kSelftestNotRun));
  CHECK(selftest_is_well(&test));
  CHECK(mock.engines[ACCEL_REG_QUEUE_TAIL / 4] == 0);
}

static void after_the_watchdog_memory_is_left_alone(void) {
  mock.watchdog_cause = 1;
  engine.memory[0] = 0x12345678;
  mock_run(firmware_main, 10);
  CHECK(strstr(mock.text, "selftest") == NULL && engine.memory[0] == 0x12345678);
  mock_reset();
  engine.memory[0] = 0x12345678;
  mock_run(firmware_main, 1000);
  CHECK(strstr(mock.text, "selftest multiply=passed") != NULL);
}

static void telemetry_is_what_the_registers_say(void) {
  struct telemetry telemetry;
  mock.engines[ACCEL_REG_NTT_STALL_CYCLES_LO / 4] = 7;
  mock.engines[ACCEL_REG_NTT_STALL_CYCLES_HI / 4] = 1;
  mock.engines[ACCEL_REG_ERROR_COUNT / 4] = 2;
  mock.engines[ACCEL_REG_TEMPERATURE / 4] = ACCEL_TEMPERATURE_VALID_MASK | 0xfff8;
  mock.to_card = "xt";
  firmware_answer(true);
  CHECK(mock.text_bytes == 0);
  firmware_answer(true);
  CHECK(strcmp(mock.text, "telemetry cycles=0000000000000000 msm-busy=0000000000000000 msm-stall=0000000000000000 ntt-busy=0000000000000000"
                          " ntt-stall=0000000100000007 pointwise-busy=0000000000000000 pointwise-stall=0000000000000000 read-beats=0000000000000000"
                          " write-beats=0000000000000000 errors=2 below-zero celsius-sixteenths=8\r\n") == 0);
  mock.engines[ACCEL_REG_TEMPERATURE / 4] = ACCEL_TEMPERATURE_VALID_MASK | 400;
  telemetry_read(&telemetry);
  CHECK(telemetry.has_temperature && telemetry.temperature_sixteenths == 400);
  mock.engines[ACCEL_REG_TEMPERATURE / 4] = 400;
  telemetry_read(&telemetry);
  CHECK(!telemetry.has_temperature);
  mock_reset();
  mock.to_card = "t";
  firmware_answer(false);
  firmware_answer(false);
  CHECK(strcmp(mock.text, "telemetry no engines\r\n") == 0);
}

static void a_counter_that_runs_over_meanwhile_is_read_whole(void) {
  struct telemetry telemetry;
  mock.engines[ACCEL_REG_CYCLES_LO / 4] = UINT32_MAX;
  mock.engines[ACCEL_REG_CYCLES_HI / 4] = 4;
  engine.carries_at = ACCEL_REG_CYCLES_LO;
  telemetry_read(&telemetry);
  CHECK(telemetry.counters[0] == UINT64_C(0x500000003));
}

void engine_tests(void) {
  RUN(engines_that_work_pass);
  RUN(a_stuck_wire_is_caught);
  RUN(commands_that_fail_are_told_apart);
  RUN(what_is_not_there_is_not_tested);
  RUN(after_the_watchdog_memory_is_left_alone);
  RUN(telemetry_is_what_the_registers_say);
  RUN(a_counter_that_runs_over_meanwhile_is_read_whole);
}
