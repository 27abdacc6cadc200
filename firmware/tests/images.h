/* Images for slots, and what the tests do with them. */
#ifndef ACCEL_FIRMWARE_IMAGES_H
#define ACCEL_FIRMWARE_IMAGES_H

#include "slots.h"
#include "update.h"

enum { kTestImageBytesMax = 9000 };

struct test_image {
  struct update_offer offer;
  uint8_t bytes[kTestImageBytesMax];
};

/* Random bytes, announced truly for the mock's board. */
void image_make(struct test_image *image, uint32_t version, uint32_t length);
/* Begin, all chunks, finish, activate: the first result that is not kUpdateOk. */
enum update_result image_install(struct update *update, const struct test_image *image);
/* Begin and all chunks. */
enum update_result image_send(struct update *update, const struct test_image *image);
/* Whether the slot's cells are the image. */
bool image_is_in(const struct test_image *image, enum image slot);
/* What the boot loader does after power-up. */
enum image image_boot(struct boot_choice *choice);

#endif
