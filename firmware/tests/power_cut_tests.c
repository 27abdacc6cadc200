/* The power goes at random points of an update's whole life: begin, chunks, finish, activate, boot, confirm, boot. 250 points; 1,000 with
   ACCEL_TEST_SCALE=long. ACCEL_TEST_SEED=N takes others. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "images.h"
#include "mock.h"
#include "nor.h"

enum before { kBeforeEmpty, kBeforeNoise, kBeforeA, kBeforeB, kBeforeAbandoned, kBeforeCount };

static struct test_image old, new, abandoned;
static struct update update;
static struct boot_choice choice;
static enum image running;            /* what boots before the update */
static bool is_activated, is_booting_confirmed;
static unsigned cuts[kStepKinds];
static uint8_t cells[kFlashBytes];    /* the flash before the update */

static void confirm_and_go_on(enum image image, const struct test_image *image_there) {
  if (slot_confirm(image) != kFlashOk) { CHECK(!"the slot could not be confirmed"); }
  update_reset(&update, kMockBoard, image, image_there->offer.version);
}

/* The flash that the update finds. */
static void prepare(enum before before) {
  running = kImageGolden;
  image_make(&old, 1, 1 + (uint32_t)(nor_random() % 6000));
  image_make(&new, 2, 1 + (uint32_t)(nor_random() % 6000));
  (void)flash_identify();
  update_reset(&update, kMockBoard, kImageGolden, 1);
  if (before == kBeforeNoise) {
    for (uint32_t at = kFlashGoldenBytes; at < kFlashBytes; ++at) { nor.cells[at] = (uint8_t)nor_random(); }
  }
  for (unsigned installs = before == kBeforeA || before == kBeforeAbandoned ? 1 : before == kBeforeB ? 2 : 0; installs > 0; --installs) {
    CHECK(image_install(&update, &old) == kUpdateOk);
    running = image_boot(&choice);
    confirm_and_go_on(running, &old);
  }
  if (before == kBeforeAbandoned) {
    /* Newer than what runs, whole, and never to boot again, whatever an erasure that is cut does to its state words. */
    image_make(&abandoned, 3, 300);
    CHECK(image_install(&update, &abandoned) == kUpdateOk);
    CHECK(slot_abandon(update.target) == kFlashOk);
  }
  CHECK(running == (before == kBeforeA || before == kBeforeAbandoned ? kImageSlotA : before == kBeforeB ? kImageSlotB : kImageGolden));
}

/* From what runs to the new image, confirmed. */
static void life_of_an_update(void) {
  struct slot slots[2];
  is_activated = is_booting_confirmed = false;
  (void)flash_identify();
  update_reset(&update, kMockBoard, running, 1);
  if (image_install(&update, &new) != kUpdateOk) { return; }
  is_activated = true;
  if (image_boot(&choice) != update.target || slots_running(kMockBoard, slots) != update.target || slot_confirm(update.target) != kFlashOk) { return; }
  is_booting_confirmed = true;
  (void)image_boot(&choice);
}

static void boot(void) { (void)image_boot(&choice); }

/* Whatever boots is one of the two images, whole; not golden where there was something to fall back to; and new where it was said to be. */
static void check_boot(void) {
  struct slot slots[2];
  enum image image = choice.image;
  bool is_old = image_is_in(&old, image) && choice.slots[image - 1].header.version == 1, is_new = image_is_in(&new, image) && choice.slots[image - 1].header.version == 2;
  CHECK(image == kImageGolden || is_old || is_new);
  CHECK(running == kImageGolden || image != kImageGolden);
  CHECK(!is_activated || is_new);
  CHECK(slots_running(kMockBoard, slots) == image);
  CHECK(nor.golden_writes == 0);
}

static void cut_once(uint64_t seed) {
  mock_reset();
  nor_reset(seed);
  prepare((enum before)(seed % kBeforeCount));
  memcpy(cells, nor.cells, sizeof cells);
  nor_power_up(kStepLine, 0);
  CHECK(nor_run(life_of_an_update) && is_booting_confirmed);
  uint64_t steps[kStepKinds];
  memcpy(steps, nor.steps, sizeof steps);

  memcpy(nor.cells, cells, sizeof cells);
  enum nor_step kind = (enum nor_step)(nor_random() % kStepKinds);
  ++cuts[kind];
  nor_power_up(kind, 1 + nor_random() % steps[kind]);
  CHECK(!nor_run(life_of_an_update));
  /* It may go while the board boots, too, but for the last attempt. */
  for (unsigned boots = 0; boots + 2 < kSlotAttemptsMax; ++boots) {
    nor_power_up(kStepLine, 1 + nor_random() % 3000);
    (void)nor_run(boot);
  }
  nor_power_up(kStepLine, 0);
  CHECK(nor_run(boot));
  check_boot();

  /* And what was interrupted can be done again. */
  if (choice.image != kImageGolden) { confirm_and_go_on(choice.image, &old); }
  running = choice.image;
  nor_power_up(kStepLine, 0);
  CHECK(nor_run(life_of_an_update) && is_booting_confirmed && image_is_in(&new, choice.image));
}

static void power_may_go_at_any_point(void) {
  const char *scale = getenv("ACCEL_TEST_SCALE"), *from = getenv("ACCEL_TEST_SEED");
  uint64_t count = scale != NULL && strcmp(scale, "long") == 0 ? 1000 : 250, first = from != NULL ? strtoull(from, NULL, 0) : 1;
  for (uint64_t seed = first; seed < first + count; ++seed) {
    cut_once(seed);
    if (is_well()) { continue; }
    printf("power cut: ACCEL_TEST_SEED=%llu begins with the failing one\n", (unsigned long long)seed);
    return;
  }
  printf("power cuts: %llu random points from seed %llu (%u on the line, %u in an image, %u in a header, %u in an erasure), a good image boots after each\n",
         (unsigned long long)count, (unsigned long long)first, cuts[kStepLine], cuts[kStepImage], cuts[kStepHeader], cuts[kStepErase]);
}

static void begin_update(void) {
  (void)flash_identify();
  update_reset(&update, kMockBoard, running, 1);
  CHECK(update_begin(&update, &new.offer) == kUpdateOk);
}

/* The header goes before the sector is erased: else a cut could give an abandoned slot its state words back, and leave it its header. */
static void an_erasure_that_is_cut_brings_nobody_back(void) {
  for (uint64_t seed = 1; seed <= 256 && is_well(); ++seed) {
    nor_reset(seed);
    prepare(kBeforeAbandoned);
    nor_power_up(kStepErase, 1 + nor_random() % 64);
    CHECK(!nor_run(begin_update));
    nor_power_up(kStepLine, 0);
    CHECK(nor_run(boot) && choice.image == running);
  }
}

void power_cut_tests(void) {
  RUN(an_erasure_that_is_cut_brings_nobody_back);
  RUN(power_may_go_at_any_point);
}
