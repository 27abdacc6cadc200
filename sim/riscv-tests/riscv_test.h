/* What the programs of riscv-tests expect of the environment that they run in; environment.S is the other half. */
#ifndef ACCEL_RISCV_TEST_H
#define ACCEL_RISCV_TEST_H

#define TESTNUM gp
#define RVTEST_RV32U
#define RVTEST_RV64U
#define RVTEST_CODE_BEGIN .text; .globl test_begin; test_begin:
#define RVTEST_CODE_END
#define RVTEST_PASS j environment_pass;
#define RVTEST_FAIL j environment_fail;
#define RVTEST_DATA_BEGIN .balign 16;
#define RVTEST_DATA_END

#endif
