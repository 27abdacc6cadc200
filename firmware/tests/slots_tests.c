/* Slots, the boot loader's choice, and updates, without power cuts. */
#include <string.h>

#include "bytes.h"
#include "check.h"
#include "images.h"
#include "mock.h"
#include "nor.h"

static struct test_image old, new;
static struct update update;
static struct boot_choice choice;

/* Slot A runs `old`, version 2, confirmed. */
static void given_a_running_slot(void) {
  image_make(&old, 2, 5000);
  image_make(&new, 3, 4097);
  (void)flash_identify();
  update_reset(&update, kMockBoard, kImageGolden, 1);
  CHECK(image_install(&update, &old) == kUpdateOk);
  CHECK(image_boot(&choice) == kImageSlotA);
  CHECK(slot_confirm(kImageSlotA) == kFlashOk);
  update_reset(&update, kMockBoard, kImageSlotA, old.offer.version);
}

static void an_empty_flash_boots_golden(void) {
  struct slot slots[2];
  CHECK(image_boot(&choice) == kImageGolden);
  CHECK(choice.slots[0].verdict == kSlotEmpty && choice.slots[1].verdict == kSlotEmpty);
  CHECK(slots_running(kMockBoard, slots) == kImageGolden);
}

static void an_update_goes_into_the_other_slot_and_boots(void) {
  struct slot slots[2];
  given_a_running_slot();
  CHECK(image_install(&update, &new) == kUpdateOk);
  CHECK(update.target == kImageSlotB && update.phase == kUpdateActivated);
  CHECK(image_is_in(&new, kImageSlotB) && image_is_in(&old, kImageSlotA));
  CHECK(image_boot(&choice) == kImageSlotB);
  CHECK(choice.slots[1].header.version == 3 && choice.slots[1].attempts == 0);
  CHECK(slots_running(kMockBoard, slots) == kImageSlotB);
  CHECK(slots[1].attempts == 1 && !slots[1].is_confirmed);
  CHECK(slot_confirm(kImageSlotB) == kFlashOk);
  for (unsigned boots = 0; boots < 2 * kSlotAttemptsMax; ++boots) { CHECK(image_boot(&choice) == kImageSlotB); }
  /* And the next one into the first again. */
  update_reset(&update, kMockBoard, kImageSlotB, 3);
  CHECK(image_install(&update, &new) == kUpdateOk);
  CHECK(update.target == kImageSlotA && image_boot(&choice) == kImageSlotA);
  CHECK(nor.golden_writes == 0);
}

static void a_slot_that_does_not_confirm_itself_is_abandoned(void) {
  struct slot slots[2];
  given_a_running_slot();
  CHECK(image_install(&update, &new) == kUpdateOk);
  for (unsigned attempt = 0; attempt < kSlotAttemptsMax; ++attempt) {
    CHECK(image_boot(&choice) == kImageSlotB);
    CHECK(slots_running(kMockBoard, slots) == kImageSlotB);
  }
  CHECK(image_boot(&choice) == kImageSlotA);
  CHECK(choice.slots[1].verdict == kSlotExhausted);
  CHECK(slots_running(kMockBoard, slots) == kImageSlotA);
  CHECK(image_boot(&choice) == kImageSlotA);
  CHECK(choice.slots[1].verdict == kSlotAbandoned);
}

static void a_corrupted_image_is_never_entered(void) {
  struct slot slots[2];
  given_a_running_slot();
  CHECK(image_install(&update, &new) == kUpdateOk);
  nor.cells[slot_address(kImageSlotB) + kFlashSectorBytes + 4096] ^= 0x10;
  CHECK(image_boot(&choice) == kImageSlotA);
  CHECK(choice.slots[1].verdict == kSlotBadHash);
  CHECK(slots_running(kMockBoard, slots) == kImageSlotA);
  nor.cells[slot_address(kImageSlotA) + kFlashSectorBytes] ^= 1;
  CHECK(image_boot(&choice) == kImageGolden);
  CHECK(choice.slots[0].verdict == kSlotBadHash && choice.slots[1].verdict == kSlotAbandoned);
  CHECK(slots_running(kMockBoard, slots) == kImageGolden);
  /* Out of the golden image the board recovers. */
  update_reset(&update, kMockBoard, kImageGolden, 1);
  CHECK(image_install(&update, &new) == kUpdateOk);
  CHECK(image_boot(&choice) == update.target);
}

static void every_bit_of_the_header_counts(void) {
  given_a_running_slot();
  for (unsigned bit = 0; bit < 8 * kSlotHeaderBytes; ++bit) {
    nor.cells[slot_address(kImageSlotA) + bit / 8] ^= (uint8_t)(1u << bit % 8);
    CHECK(image_boot(&choice) == kImageGolden);
    nor.cells[slot_address(kImageSlotA) + bit / 8] ^= (uint8_t)(1u << bit % 8);
  }
  CHECK(image_boot(&choice) == kImageSlotA);
}

static void a_header_with_an_impossible_length_is_none(void) {
  struct slot slot;
  struct slot_header header = {.board = kMockBoard, .length = kSlotImageBytesMax + 1};
  (void)flash_identify();
  CHECK(slot_write_header(kImageSlotA, &header) == kFlashOk);
  slot_look(kImageSlotA, kMockBoard, &slot);
  CHECK(slot.verdict == kSlotEmpty);
  header.length = 0;
  CHECK(slot_write_header(kImageSlotB, &header) == kFlashOk);
  slot_look(kImageSlotB, kMockBoard, &slot);
  CHECK(slot.verdict == kSlotEmpty);
}

static void another_boards_image_is_refused(void) {
  given_a_running_slot();
  new.offer.board = kMockBoard + 1;
  CHECK(update_begin(&update, &new.offer) == kUpdateWrongBoard);
  CHECK(update.phase == kUpdateIdle);
  /* Also one that got into the flash some other way. */
  update_reset(&update, kMockBoard + 1, kImageGolden, 1);
  CHECK(image_install(&update, &new) == kUpdateOk);
  CHECK(image_boot(&choice) != update.target);
  CHECK(choice.slots[update.target - 1].verdict == kSlotWrongBoard);
}

static void a_downgrade_needs_the_flag(void) {
  given_a_running_slot();
  image_make(&new, 1, 100);
  CHECK(image_install(&update, &new) == kUpdateDowngrade);
  CHECK(image_boot(&choice) == kImageSlotA);
  new.offer.is_rollback = true;
  CHECK(image_install(&update, &new) == kUpdateOk);
  CHECK(image_boot(&choice) == kImageSlotB);
  /* The same version again is none. */
  given_a_running_slot();
  new.offer.is_rollback = false;
  image_make(&new, 2, 100);
  CHECK(image_install(&update, &new) == kUpdateOk);
}

static void steps_out_of_order_change_nothing(void) {
  given_a_running_slot();
  uint32_t crc = crc32c(0, new.bytes, 256);
  CHECK(update_write(&update, 0, new.bytes, 256, crc) == kUpdateWrongPhase);
  CHECK(update_finish(&update) == kUpdateWrongPhase);
  CHECK(update_activate(&update) == kUpdateWrongPhase);
  CHECK(update_begin(&update, &new.offer) == kUpdateOk);
  CHECK(update_write(&update, 256, new.bytes, 256, crc) == kUpdateBadOffset);
  CHECK(update_write(&update, 0, new.bytes, 255, crc) == kUpdateBadChunk);
  CHECK(update_write(&update, 0, new.bytes, 0, 0) == kUpdateBadChunk);
  CHECK(update_write(&update, 0, new.bytes, 256, crc ^ 1) == kUpdateBadCrc);
  CHECK(nor.cells[slot_address(kImageSlotB) + kFlashSectorBytes] == 0xff);
  CHECK(update_write(&update, 0, new.bytes, 256, crc) == kUpdateOk);
  CHECK(update_write(&update, 0, new.bytes, 256, crc) == kUpdateBadOffset);
  CHECK(update.received == 256);
  CHECK(update_finish(&update) == kUpdateIncomplete);
  CHECK(update_activate(&update) == kUpdateWrongPhase);
  CHECK(image_boot(&choice) == kImageSlotA);
}

static void lengths_are_bounded(void) {
  given_a_running_slot();
  new.offer.length = 0;
  CHECK(update_begin(&update, &new.offer) == kUpdateBadLength);
  new.offer.length = kSlotImageBytesMax + 1;
  CHECK(update_begin(&update, &new.offer) == kUpdateBadLength);
  new.offer.length = kSlotImageBytesMax;
  CHECK(update_begin(&update, &new.offer) == kUpdateOk);
}

static void what_is_read_back_decides(void) {
  given_a_running_slot();
  CHECK(image_send(&update, &new) == kUpdateOk);
  nor.cells[slot_address(kImageSlotB) + kFlashSectorBytes + 17] ^= 4;
  CHECK(update_finish(&update) == kUpdateBadHash);
  CHECK(update_activate(&update) == kUpdateWrongPhase);
  CHECK(image_boot(&choice) == kImageSlotA);
  /* A wrong hash in the offer is the same. */
  new.offer.sha256[31] ^= 1;
  CHECK(image_install(&update, &new) == kUpdateBadHash);
  CHECK(image_boot(&choice) == kImageSlotA);
}

static void nothing_is_replaced_before_the_running_slot_is_confirmed(void) {
  given_a_running_slot();
  CHECK(image_install(&update, &new) == kUpdateOk);
  CHECK(image_boot(&choice) == kImageSlotB);
  update_reset(&update, kMockBoard, kImageSlotB, 3);
  CHECK(update_begin(&update, &new.offer) == kUpdateNotConfirmed);
  CHECK(image_is_in(&old, kImageSlotA));
}

static void a_rollback_takes_the_other_slot_when_it_is_good(void) {
  struct slot slots[2];
  given_a_running_slot();
  CHECK(update_roll_back(&update) == kUpdateNothingElse);
  CHECK(image_install(&update, &new) == kUpdateOk);
  /* Not to a slot that never ran. */
  CHECK(update_roll_back(&update) == kUpdateNothingElse);
  CHECK(image_boot(&choice) == kImageSlotB);
  CHECK(slot_confirm(kImageSlotB) == kFlashOk);
  update_reset(&update, kMockBoard, kImageSlotB, 3);
  CHECK(update_roll_back(&update) == kUpdateOk);
  CHECK(image_boot(&choice) == kImageSlotA);
  CHECK(slots_running(kMockBoard, slots) == kImageSlotA);
  update_reset(&update, kMockBoard, kImageGolden, 1);
  CHECK(update_roll_back(&update) == kUpdateNothingElse);
}

static void beside_the_golden_image_the_good_slot_is_kept(void) {
  given_a_running_slot();
  update_reset(&update, kMockBoard, kImageGolden, 1);
  CHECK(update_begin(&update, &new.offer) == kUpdateOk);
  CHECK(update.target == kImageSlotB);
  CHECK(image_install(&update, &new) == kUpdateOk);
  /* Both good: the older one goes. */
  CHECK(update_begin(&update, &new.offer) == kUpdateOk);
  CHECK(update.target == kImageSlotA);
  CHECK(image_install(&update, &new) == kUpdateOk);
  CHECK(update_begin(&update, &new.offer) == kUpdateOk);
  CHECK(update.target == kImageSlotB);
}

static void a_flash_that_fails_leaves_the_golden_image(void) {
  struct slot slots[2];
  given_a_running_slot();
  CHECK(image_install(&update, &new) == kUpdateOk);
  nor.refuses_writing = true;
  /* The attempt cannot be counted. */
  CHECK(image_boot(&choice) == kImageGolden);
  CHECK(choice.slots[1].verdict == kSlotFlashError);
  CHECK(update_begin(&update, &new.offer) == kUpdateFlashError);
  CHECK(update_activate(&update) == kUpdateWrongPhase);
  /* A bad image cannot be abandoned. */
  nor.cells[slot_address(kImageSlotB) + kFlashSectorBytes] ^= 1;
  CHECK(image_boot(&choice) == kImageGolden);
  nor.is_never_idle = true;
  CHECK(image_boot(&choice) == kImageGolden);
  CHECK(choice.slots[0].verdict == kSlotFlashError && choice.slots[1].verdict == kSlotFlashError);
  CHECK(slots_running(kMockBoard, slots) == kImageGolden);
}

static void a_flash_that_fails_on_the_way_is_reported(void) {
  given_a_running_slot();
  CHECK(update_begin(&update, &new.offer) == kUpdateOk);
  uint32_t crc = crc32c(0, new.bytes, 256);
  nor.refuses_writing = true;
  CHECK(update_write(&update, 0, new.bytes, 256, crc) == kUpdateFlashError);
  CHECK(update.received == 0);
  nor.refuses_writing = false;
  CHECK(update_write(&update, 0, new.bytes, 256, crc) == kUpdateOk);
  nor.refuses_writing = true;
  CHECK(update_write(&update, 256, new.bytes + 256, 256, crc32c(0, new.bytes + 256, 256)) == kUpdateFlashError);
  nor.refuses_writing = false;
  CHECK(image_send(&update, &new) == kUpdateOk);
  nor.fails_reads_from = slot_address(kImageSlotB) + kFlashSectorBytes;
  CHECK(update_finish(&update) == kUpdateFlashError);
  nor.fails_reads_from = 0;
  nor.is_never_idle = false;
  CHECK(image_send(&update, &new) == kUpdateOk);
  CHECK(update_finish(&update) == kUpdateOk);
  nor.is_worn = true;
  CHECK(update_activate(&update) == kUpdateFlashError);
  CHECK(image_boot(&choice) == kImageSlotA);
}

static void an_image_that_cannot_be_read_is_not_booted(void) {
  given_a_running_slot();
  nor.fails_reads_from = slot_address(kImageSlotA) + kFlashSectorBytes;
  CHECK(image_boot(&choice) == kImageGolden);
  CHECK(choice.slots[0].verdict == kSlotFlashError);
}

static void every_outcome_has_a_text(void) {
  CHECK(strcmp(slot_verdict_text(kSlotFlashError), "flash-error") == 0);
  CHECK(strcmp(image_text(kImageSlotB), "b") == 0);
  CHECK(strcmp(update_result_text(kUpdateNothingElse), "nothing-else") == 0);
}

void slots_tests(void) {
  RUN(an_empty_flash_boots_golden);
  RUN(an_update_goes_into_the_other_slot_and_boots);
  RUN(a_slot_that_does_not_confirm_itself_is_abandoned);
  RUN(a_corrupted_image_is_never_entered);
  RUN(every_bit_of_the_header_counts);
  RUN(a_header_with_an_impossible_length_is_none);
  RUN(another_boards_image_is_refused);
  RUN(a_downgrade_needs_the_flag);
  RUN(steps_out_of_order_change_nothing);
  RUN(lengths_are_bounded);
  RUN(what_is_read_back_decides);
  RUN(nothing_is_replaced_before_the_running_slot_is_confirmed);
  RUN(a_rollback_takes_the_other_slot_when_it_is_good);
  RUN(beside_the_golden_image_the_good_slot_is_kept);
  RUN(a_flash_that_fails_leaves_the_golden_image);
  RUN(a_flash_that_fails_on_the_way_is_reported);
  RUN(an_image_that_cannot_be_read_is_not_booted);
  RUN(every_outcome_has_a_text);
}
