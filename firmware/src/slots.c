#include "slots.h"

#include "accel_soc.h"
#include "bytes.h"

/* Bytes of the header, then of the state page. */
enum { kMagicAt = 0, kBoardAt = 4, kVersionAt = 8, kLengthAt = 12, kSequenceAt = 16, kHashAt = 20, kReservedAt = 52, kCrcAt = 60 };
enum { kStateAt = kFlashPageBytes, kActivatedAt = 0, kConfirmedAt = 4, kAbandonedAt = 8, kAttemptsAt = 12, kStateBytes = kAttemptsAt + 4 * kSlotAttemptsMax };
_Static_assert(kHashAt + kSha256Bytes <= kReservedAt && kCrcAt + 4 == kSlotHeaderBytes, "the header's fields fill 64 bytes");

uint32_t slot_address(enum image image) { return kFlashGoldenBytes + (image == kImageSlotB ? (uint32_t)kSlotBytes : 0); }

static void header_read(const uint8_t *raw, struct slot_header *header) {
  header->board = bytes_word(raw + kBoardAt);
  header->version = bytes_word(raw + kVersionAt);
  header->length = bytes_word(raw + kLengthAt);
  header->sequence = bytes_word(raw + kSequenceAt);
  bytes_copy(header->sha256, raw + kHashAt, kSha256Bytes);
}

void slot_look(enum image image, uint32_t board, struct slot *slot) {
  uint8_t raw[kSlotHeaderBytes], state[kStateBytes];
  slot->attempts = 0;
  slot->is_confirmed = false;
  slot->verdict = kSlotFlashError;
  bytes_fill(raw, 0, sizeof raw);
  header_read(raw, &slot->header);
  if (flash_read(slot_address(image), raw, sizeof raw) != kFlashOk || flash_read(slot_address(image) + kStateAt, state, sizeof state) != kFlashOk) { return; }

  slot->verdict = kSlotEmpty;
  if (bytes_word(raw + kMagicAt) != SLOT_MAGIC || crc32c(0, raw, kCrcAt) != bytes_word(raw + kCrcAt)) { return; }
  header_read(raw, &slot->header);
  if (slot->header.length == 0 || slot->header.length > kSlotImageBytesMax) { return; }
  /* A word that a cut left between counts as an attempt: the loader wanted it written, and must come to an end. */
  for (unsigned i = 0; i < kSlotAttemptsMax; ++i) { slot->attempts += (uint32_t)(bytes_word(state + kAttemptsAt + 4 * i) != UINT32_MAX); }
  slot->is_confirmed = bytes_word(state + kConfirmedAt) == 0;
  slot->verdict = slot->header.board != board                ? kSlotWrongBoard
                  : bytes_word(state + kActivatedAt) != 0    ? kSlotNotActivated
                  : bytes_word(state + kAbandonedAt) == 0    ? kSlotAbandoned
                                                             : kSlotGood;
}

enum slot_verdict slot_check_hash(enum image image, const struct slot_header *header) {
  struct sha256 hash;
  uint8_t digest[kSha256Bytes], piece[64];
  sha256_begin(&hash);
  for (uint32_t at = 0; at < header->length; at += sizeof piece) {
    uint32_t left = header->length - at, length = left < sizeof piece ? left : (uint32_t)sizeof piece;
    if (flash_read(slot_address(image) + kFlashSectorBytes + at, piece, length) != kFlashOk) { return kSlotFlashError; }
    sha256_add(&hash, piece, length);
  }
  sha256_end(&hash, digest);
  return bytes_equal(digest, header->sha256, kSha256Bytes) ? kSlotGood : kSlotBadHash;
}

/* Programs within a page and looks whether it is there. */
static enum flash_result program_and_look(uint32_t address, const uint8_t *bytes, uint32_t length) {
  uint8_t seen[kSlotHeaderBytes];
  enum flash_result done = flash_program_page(address, bytes, length);
  if (done != kFlashOk) { return done; }
  done = flash_read(address, seen, length);
  if (done != kFlashOk) { return done; }
  return bytes_equal(seen, bytes, length) ? kFlashOk : kFlashRefused;
}

static enum flash_result set_state(enum image image, uint32_t at) {
  uint8_t zeros[4];
  bytes_fill(zeros, 0, sizeof zeros);
  return program_and_look(slot_address(image) + kStateAt + at, zeros, sizeof zeros);
}

enum flash_result slot_invalidate(enum image image) {
  /* First the header: an erasure that is cut may give state words any value, and must not find a header to go with them. */
  uint8_t zeros[kSlotHeaderBytes];
  bytes_fill(zeros, 0, sizeof zeros);
  enum flash_result done = program_and_look(slot_address(image), zeros, sizeof zeros);
  return done == kFlashOk ? flash_erase_sector(slot_address(image)) : done;
}

enum flash_result slot_write_header(enum image image, const struct slot_header *header) {
  uint8_t raw[kSlotHeaderBytes];
  bytes_fill(raw, 0, sizeof raw);
  bytes_put_word(raw + kMagicAt, SLOT_MAGIC);
  bytes_put_word(raw + kBoardAt, header->board);
  bytes_put_word(raw + kVersionAt, header->version);
  bytes_put_word(raw + kLengthAt, header->length);
  bytes_put_word(raw + kSequenceAt, header->sequence);
  bytes_copy(raw + kHashAt, header->sha256, kSha256Bytes);
  bytes_put_word(raw + kCrcAt, crc32c(0, raw, kCrcAt));
  return program_and_look(slot_address(image), raw, sizeof raw);
}

enum flash_result slot_activate(enum image image) { return set_state(image, kActivatedAt); }

enum flash_result slot_confirm(enum image image) { return set_state(image, kConfirmedAt); }

enum flash_result slot_abandon(enum image image) { return set_state(image, kAbandonedAt); }

static unsigned newest(const struct slot slots[2]) {
  /* Headers that cannot be read have sequence 0. */
  return slots[1].header.sequence > slots[0].header.sequence ? 1 : 0;
}

static enum image image_of(unsigned index) { return index == 0 ? kImageSlotA : kImageSlotB; }

void slots_choose(uint32_t board, struct boot_choice *choice) {
  struct slot *slots = choice->slots;
  choice->image = kImageGolden;
  slot_look(kImageSlotA, board, &slots[0]);
  slot_look(kImageSlotB, board, &slots[1]);
  unsigned first = newest(slots);
  for (unsigned turn = 0; turn < 2; ++turn) {
    unsigned index = first ^ turn;
    struct slot *slot = &slots[index];
    enum image image = image_of(index);
    if (slot->verdict != kSlotGood) { continue; }
    slot->verdict = !slot->is_confirmed && slot->attempts >= kSlotAttemptsMax ? kSlotExhausted : slot_check_hash(image, &slot->header);
    if (slot->verdict == kSlotGood) {
      if (!slot->is_confirmed && set_state(image, kAttemptsAt + 4 * slot->attempts) != kFlashOk) {
        slot->verdict = kSlotFlashError;
        return;
      }
      choice->image = image;
      return;
    }
    /* Said in the flash, or the slot's firmware would not know from which it runs. */
    if (slot->verdict == kSlotFlashError || slot_abandon(image) != kFlashOk) {
      slot->verdict = kSlotFlashError;
      return;
    }
  }
}

enum image slots_running(uint32_t board, struct slot slots[2]) {
  slot_look(kImageSlotA, board, &slots[0]);
  slot_look(kImageSlotB, board, &slots[1]);
  unsigned first = newest(slots);
  if (slots[first].verdict == kSlotGood) { return image_of(first); }
  return slots[first ^ 1].verdict == kSlotGood ? image_of(first ^ 1) : kImageGolden;
}

const char *slot_verdict_text(enum slot_verdict verdict) {
  static const char *const texts[] = {"good", "empty", "wrong-board", "not-activated", "abandoned", "exhausted", "bad-hash", "flash-error"};
  return texts[verdict];
}

const char *image_text(enum image image) {
  static const char *const texts[] = {"golden", "a", "b"};
  return texts[image];
}
