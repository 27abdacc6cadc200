/* The flash's driver on the flash model; the digests on published vectors. */
#include <stdio.h>
#include <string.h>

#include "check.h"
#include "digest.h"
#include "flash.h"
#include "nor.h"

static void hex_of(const uint8_t *digest, char *text) {
  for (unsigned i = 0; i < kSha256Bytes; ++i) { sprintf(text + 2 * i, "%02x", digest[i]); }
}

static void sha256_is_the_standards(void) {
  /* FIPS 180-4's examples, and NIST's million of 'a'. */
  static const struct { const char *text; unsigned times; const char *digest; } cases[] = {
    {"", 1, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
    {"abc", 1, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
    {"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", 1, "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
    {"a", 1000000, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"}};
  for (unsigned i = 0; i < sizeof cases / sizeof *cases; ++i) {
    struct sha256 hash;
    uint8_t digest[kSha256Bytes];
    char text[2 * kSha256Bytes + 1];
    sha256_begin(&hash);
    for (unsigned n = 0; n < cases[i].times; ++n) { sha256_add(&hash, (const uint8_t *)cases[i].text, (uint32_t)strlen(cases[i].text)); }
    sha256_end(&hash, digest);
    hex_of(digest, text);
    CHECK(strcmp(text, cases[i].digest) == 0);
  }
}

static void crc32c_is_the_standards(void) {
  /* RFC 3720, B.4. */
  uint8_t bytes[32];
  memset(bytes, 0, sizeof bytes);
  CHECK(crc32c(0, bytes, 32) == 0x8a9136aa);
  memset(bytes, 0xff, sizeof bytes);
  CHECK(crc32c(0, bytes, 32) == 0x62a8ab43);
  for (unsigned i = 0; i < 32; ++i) { bytes[i] = (uint8_t)i; }
  CHECK(crc32c(0, bytes, 32) == 0x46dd794e);
  CHECK(crc32c(crc32c(0, bytes, 5), bytes + 5, 27) == 0x46dd794e);
}

static void it_says_which_flash_it_is(void) {
  CHECK(flash_identify() == 0xef4018);
  nor.is_present = false;
  CHECK(flash_identify() == 0xffffff);
}

static void programming_clears_and_erasing_sets(void) {
  uint8_t bytes[] = {0x0f, 0x3c}, seen[3];
  const uint32_t at = kFlashGoldenBytes + 254;
  (void)flash_identify();
  CHECK(flash_program_page(at, bytes, 2) == kFlashOk);
  bytes[0] = 0xf8;
  CHECK(flash_program_page(at, bytes, 1) == kFlashOk);
  CHECK(flash_read(at, seen, 3) == kFlashOk);
  CHECK(seen[0] == 0x08 && seen[1] == 0x3c && seen[2] == 0xff);
  CHECK(flash_erase_sector(kFlashGoldenBytes) == kFlashOk);
  CHECK(flash_read(at, seen, 3) == kFlashOk);
  CHECK(seen[0] == 0xff && seen[1] == 0xff && seen[2] == 0xff);
}

static void the_golden_image_cannot_be_written(void) {
  uint8_t byte = 0;
  (void)flash_identify();
  CHECK(flash_program_page(0, &byte, 1) == kFlashProtected);
  CHECK(flash_program_page(kFlashGoldenBytes - 1, &byte, 1) == kFlashProtected);
  CHECK(flash_erase_sector(0) == kFlashProtected);
  CHECK(flash_erase_sector(kFlashGoldenBytes - kFlashSectorBytes) == kFlashProtected);
  CHECK(nor.golden_writes == 0);
}

static void ranges_are_checked(void) {
  uint8_t bytes[300] = {0};
  (void)flash_identify();
  CHECK(flash_read(kFlashBytes, bytes, 1) == kFlashBadRange);
  CHECK(flash_read(kFlashBytes - 1, bytes, 2) == kFlashBadRange);
  CHECK(flash_read(0, bytes, UINT32_MAX) == kFlashBadRange);
  CHECK(flash_erase_sector(kFlashGoldenBytes + 1) == kFlashBadRange);
  CHECK(flash_erase_sector(kFlashBytes) == kFlashBadRange);
  CHECK(flash_program_page(kFlashGoldenBytes, bytes, 0) == kFlashBadRange);
  CHECK(flash_program_page(kFlashGoldenBytes, bytes, 257) == kFlashBadRange);
  CHECK(flash_program_page(kFlashGoldenBytes + 255, bytes, 2) == kFlashBadRange);
  CHECK(flash_program_page(kFlashBytes - 1, bytes, 2) == kFlashBadRange);
}

static void a_flash_that_does_not_work_is_reported(void) {
  uint8_t byte = 0;
  (void)flash_identify();
  nor.refuses_writing = true;
  CHECK(flash_program_page(kFlashGoldenBytes, &byte, 1) == kFlashRefused);
  CHECK(flash_erase_sector(kFlashGoldenBytes) == kFlashRefused);
  nor.is_never_idle = true;
  CHECK(flash_read(0, &byte, 1) == kFlashTimeout);
  CHECK(flash_program_page(kFlashGoldenBytes, &byte, 1) == kFlashTimeout);
  CHECK(flash_erase_sector(kFlashGoldenBytes) == kFlashTimeout);
}

void flash_tests(void) {
  RUN(sha256_is_the_standards);
  RUN(crc32c_is_the_standards);
  RUN(it_says_which_flash_it_is);
  RUN(programming_clears_and_erasing_sets);
  RUN(the_golden_image_cannot_be_written);
  RUN(ranges_are_checked);
  RUN(a_flash_that_does_not_work_is_reported);
}
