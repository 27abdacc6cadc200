/* What the tests share. */
#ifndef ACCEL_FIRMWARE_CHECK_H
#define ACCEL_FIRMWARE_CHECK_H

#include <stdbool.h>

#define CHECK(condition) check((condition), __func__, __LINE__, #condition)
#define RUN(test) run(#test, test)

void check(bool condition, const char *test, int line, const char *text);
/* One test, on hardware as after a reset. */
void run(const char *name, void (*test)(void));
/* Whether nothing has failed in the test that runs. */
bool is_well(void);

/* The tests of each file. */
void flash_tests(void);
void slots_tests(void);
void boot_tests(void);
void engine_tests(void);
void power_cut_tests(void);

#endif
