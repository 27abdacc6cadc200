#include "images.h"

#include <string.h>

#include "mock.h"
#include "nor.h"

void image_make(struct test_image *image, uint32_t version, uint32_t length) {
  struct sha256 hash;
  for (uint32_t i = 0; i < length; ++i) { image->bytes[i] = (uint8_t)nor_random(); }
  image->offer = (struct update_offer){.board = kMockBoard, .version = version, .length = length};
  sha256_begin(&hash);
  sha256_add(&hash, image->bytes, length);
  sha256_end(&hash, image->offer.sha256);
}

enum update_result image_send(struct update *update, const struct test_image *image) {
  enum update_result result = update_begin(update, &image->offer);
  for (uint32_t at = 0; result == kUpdateOk && at < image->offer.length; at += kUpdateChunkBytes) {
    uint32_t left = image->offer.length - at, length = left < kUpdateChunkBytes ? left : (uint32_t)kUpdateChunkBytes;
    result = update_write(update, at, image->bytes + at, length, crc32c(0, image->bytes + at, length));
  }
  return result;
}

enum update_result image_install(struct update *update, const struct test_image *image) {
  enum update_result result = image_send(update, image);
  if (result == kUpdateOk) { result = update_finish(update); }
  return result == kUpdateOk ? update_activate(update) : result;
}

bool image_is_in(const struct test_image *image, enum image slot) {
  return slot != kImageGolden && memcmp(nor.cells + slot_address(slot) + kFlashSectorBytes, image->bytes, image->offer.length) == 0;
}

enum image image_boot(struct boot_choice *choice) {
  (void)flash_identify();
  slots_choose(kMockBoard, choice);
  return choice->image;
}
