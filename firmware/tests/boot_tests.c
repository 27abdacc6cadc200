/* From power-up through the golden image into a slot, and back. */
#include <stdio.h>
#include <string.h>

#include "accel_regs.h"
#include "accel_soc.h"
#include "boot.h"
#include "check.h"
#include "firmware.h"
#include "images.h"
#include "mock.h"
#include "nor.h"

static struct test_image image;
static struct update update;

static void install(uint32_t version) {
  image_make(&image, version, 700);
  (void)flash_identify();
  update_reset(&update, kMockBoard, kImageGolden, GOLDEN_VERSION);
  image.offer.is_rollback = true;
  CHECK(image_install(&update, &image) == kUpdateOk);
}

/* The firmware after a reset, until a warm boot or for so many ticks; what it then has said and asked for is in the mock. */
static void power_up(bool is_golden, uint32_t ticks) {
  mock.is_golden = is_golden;
  mock.warm_boot = mock.text_bytes = 0;
  memset(mock.text, 0, sizeof mock.text);
  nor_power_up(kStepLine, 0);
  /* The driver feeds, too. */
  mock_run(firmware_main, ticks == 0 ? 0 : 10000 + ticks);
}

static void the_golden_image_enters_the_slot_and_says_why(void) {
  install(0x00020003);
  power_up(true, 0);
  CHECK(mock.warm_boot == (ACCEL_SOC_WARM_BOOT_KEY | kImageSlotA));
  CHECK(strstr(mock.text, "\r\nboot a=good b=empty takes=a version=00020003 attempt=1\r\n") != NULL);
  power_up(true, 0);
  CHECK(strstr(mock.text, " attempt=2\r\n") != NULL);
}

static void a_slot_confirms_itself(void) {
  install(7);
  power_up(true, 0);
  power_up(false, kConfirmTicks);
  CHECK(strstr(mock.text, "runs=a version=00000007 unconfirmed\r\n") != NULL);
  CHECK(strstr(mock.text, "boot confirmed\r\n") != NULL);
  CHECK(mock.warm_boot == 0);
  power_up(true, 0);
  CHECK(strstr(mock.text, "takes=a version=00000007\r\n") != NULL);
  power_up(false, 1);
  CHECK(strstr(mock.text, "runs=a version=00000007\r\n") != NULL);
  CHECK(strstr(mock.text, "confirmed") == NULL);
}

static void a_slot_without_engines_goes_back_and_is_abandoned(void) {
  install(7);
  mock.engines[ACCEL_REG_ID / 4] = 0;
  for (unsigned attempt = 0; attempt < kSlotAttemptsMax; ++attempt) {
    power_up(true, 0);
    CHECK(mock.warm_boot == (ACCEL_SOC_WARM_BOOT_KEY | kImageSlotA));
    power_up(false, 0);
    CHECK(mock.warm_boot == (ACCEL_SOC_WARM_BOOT_KEY | kImageGolden));
    CHECK(strstr(mock.text, "boot not well: back to golden\r\n") != NULL);
  }
  power_up(true, 1);
  CHECK(mock.warm_boot == 0);
  CHECK(strstr(mock.text, "boot a=exhausted b=empty takes=golden\r\n") != NULL);
}

static void a_slot_that_the_watchdog_bit_goes_back(void) {
  install(7);
  power_up(true, 0);
  mock.watchdog_cause = 1;
  power_up(false, 0);
  CHECK(mock.warm_boot == (ACCEL_SOC_WARM_BOOT_KEY | kImageGolden));
  /* Once confirmed it goes on by itself. */
  CHECK(slot_confirm(kImageSlotA) == kFlashOk);
  power_up(false, 1);
  CHECK(mock.warm_boot == 0);
}

static void a_slot_that_cannot_be_confirmed_says_so(void) {
  install(7);
  power_up(true, 0);
  nor.refuses_writing = true;
  power_up(false, kConfirmTicks);
  CHECK(strstr(mock.text, "boot cannot be confirmed: flash-error\r\n") != NULL);
}

static void a_board_that_loads_nothing_else_goes_on(void) {
  install(7);
  mock.stays = true;
  power_up(true, 1);
  CHECK(strstr(mock.text, "boot stays: this board loads no other bitstream\r\n") != NULL);
  mock.engines[ACCEL_REG_ID / 4] = 0;
  mock.uart_status &= ~ACCEL_SOC_UART_STATUS_IDLE_MASK;
  power_up(false, 1);
  CHECK(strstr(mock.text, "boot stays") != NULL);
}

static void a_board_without_a_flash_runs_what_it_has(void) {
  nor.is_present = false;
  power_up(false, 1);
  CHECK(strstr(mock.text, "boot no flash\r\n") != NULL);
  CHECK(mock.warm_boot == 0);
}

static void firmware_in_no_slot_changes_nothing(void) {
  power_up(false, kConfirmTicks);
  CHECK(strstr(mock.text, "runs=golden\r\n") != NULL);
  CHECK(mock.warm_boot == 0);
  CHECK(nor.cells[kFlashGoldenBytes + kFlashPageBytes + 4] == 0xff);
}

void boot_tests(void) {
  RUN(the_golden_image_enters_the_slot_and_says_why);
  RUN(a_slot_confirms_itself);
  RUN(a_slot_without_engines_goes_back_and_is_abandoned);
  RUN(a_slot_that_the_watchdog_bit_goes_back);
  RUN(a_slot_that_cannot_be_confirmed_says_so);
  RUN(a_board_that_loads_nothing_else_goes_on);
  RUN(a_board_without_a_flash_runs_what_it_has);
  RUN(firmware_in_no_slot_changes_nothing);
}
