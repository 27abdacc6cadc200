#include "update.h"

#include "bytes.h"

void update_reset(struct update *update, uint32_t board, enum image running, uint32_t version) {
  update->board = board;
  update->running = running;
  update->running_version = version;
  update->phase = kUpdateIdle;
  update->target = kImageSlotA;
  update->received = 0;
}

/* The slot that does not run; beside the golden image the one that is worth less. */
static enum image target_of(const struct update *update, const struct slot slots[2]) {
  if (update->running != kImageGolden) { return update->running == kImageSlotA ? kImageSlotB : kImageSlotA; }
  if ((slots[0].verdict == kSlotGood) != (slots[1].verdict == kSlotGood)) { return slots[0].verdict == kSlotGood ? kImageSlotB : kImageSlotA; }
  return slots[1].header.sequence < slots[0].header.sequence ? kImageSlotB : kImageSlotA;
}

enum update_result update_begin(struct update *update, const struct update_offer *offer) {
  struct slot slots[2];
  if (offer->board != update->board) { return kUpdateWrongBoard; }
  if (offer->length == 0 || offer->length > kSlotImageBytesMax) { return kUpdateBadLength; }
  if (offer->version < update->running_version && !offer->is_rollback) { return kUpdateDowngrade; }
  slot_look(kImageSlotA, update->board, &slots[0]);
  slot_look(kImageSlotB, update->board, &slots[1]);
  if (update->running != kImageGolden && !slots[update->running == kImageSlotB].is_confirmed) { return kUpdateNotConfirmed; }

  uint32_t newest = slots[0].header.sequence > slots[1].header.sequence ? slots[0].header.sequence : slots[1].header.sequence;
  update->phase = kUpdateIdle;
  update->target = target_of(update, slots);
  update->received = 0;
  update->header.board = offer->board;
  update->header.version = offer->version;
  update->header.length = offer->length;
  update->header.sequence = newest + 1;
  bytes_copy(update->header.sha256, offer->sha256, kSha256Bytes);
  if (slot_invalidate(update->target) != kFlashOk) { return kUpdateFlashError; }
  update->phase = kUpdateReceiving;
  return kUpdateOk;
}

enum update_result update_write(struct update *update, uint32_t offset, const uint8_t *bytes, uint32_t length, uint32_t crc) {
  if (update->phase != kUpdateReceiving) { return kUpdateWrongPhase; }
  if (offset != update->received) { return kUpdateBadOffset; }
  uint32_t left = update->header.length - update->received;
  if (length == 0 || length != (left < kUpdateChunkBytes ? left : (uint32_t)kUpdateChunkBytes)) { return kUpdateBadChunk; }
  if (crc32c(0, bytes, length) != crc) { return kUpdateBadCrc; }
  uint32_t address = slot_address(update->target) + kFlashSectorBytes + offset;
  if (address % kFlashSectorBytes == 0 && flash_erase_sector(address) != kFlashOk) { return kUpdateFlashError; }
  if (flash_program_page(address, bytes, length) != kFlashOk) { return kUpdateFlashError; }
  update->received += length;
  return kUpdateOk;
}

enum update_result update_finish(struct update *update) {
  if (update->phase != kUpdateReceiving) { return kUpdateWrongPhase; }
  if (update->received != update->header.length) { return kUpdateIncomplete; }
  enum slot_verdict verdict = slot_check_hash(update->target, &update->header);
  update->phase = verdict == kSlotGood ? kUpdateVerified : kUpdateIdle;
  return verdict == kSlotGood ? kUpdateOk : verdict == kSlotBadHash ? kUpdateBadHash : kUpdateFlashError;
}

enum update_result update_activate(struct update *update) {
  if (update->phase != kUpdateVerified) { return kUpdateWrongPhase; }
  if (slot_write_header(update->target, &update->header) != kFlashOk || slot_activate(update->target) != kFlashOk) { return kUpdateFlashError; }
  update->phase = kUpdateActivated;
  return kUpdateOk;
}

enum update_result update_roll_back(struct update *update) {
  struct slot other;
  if (update->running == kImageGolden) { return kUpdateNothingElse; }
  enum image image = update->running == kImageSlotA ? kImageSlotB : kImageSlotA;
  slot_look(image, update->board, &other);
  if (other.verdict != kSlotGood || !other.is_confirmed || slot_check_hash(image, &other.header) != kSlotGood) { return kUpdateNothingElse; }
  return slot_abandon(update->running) == kFlashOk ? kUpdateOk : kUpdateFlashError;
}

const char *update_result_text(enum update_result result) {
  static const char *const texts[] = {"ok", "wrong-phase", "wrong-board", "downgrade", "bad-length", "not-confirmed", "bad-offset", "bad-chunk", "bad-crc",
                                      "incomplete", "bad-hash", "flash-error", "nothing-else"};
  return texts[result];
}
