/* A new image into the slot that does not run: begin, chunks in order, finish, activate. Nothing that can boot is touched before the last step, and the
   running slot never. A step that is refused changes nothing; after a power cut, or to give up, begin anew. */
#ifndef ACCEL_FIRMWARE_UPDATE_H
#define ACCEL_FIRMWARE_UPDATE_H

#include <stdbool.h>
#include <stdint.h>

#include "slots.h"

enum update_phase { kUpdateIdle = 0, kUpdateReceiving = 1, kUpdateVerified = 2, kUpdateActivated = 3 };

enum update_result {
  kUpdateOk = 0,
  kUpdateWrongPhase = 1,      /* such as chunks before begin, or activation before a successful finish */
  kUpdateWrongBoard = 2,
  kUpdateDowngrade = 3,       /* older than what runs, and the rollback flag is not set */
  kUpdateBadLength = 4,       /* 0, or more than a slot holds */
  kUpdateNotConfirmed = 5,    /* what runs has not confirmed itself: the other slot may be needed yet */
  kUpdateBadOffset = 6,       /* not where the last chunk ended, which update.received tells */
  kUpdateBadChunk = 7,        /* not 256 bytes, or less at the image's end */
  kUpdateBadCrc = 8,          /* send it again */
  kUpdateIncomplete = 9,
  kUpdateBadHash = 10,        /* what can be read back is not what was announced: begin anew */
  kUpdateFlashError = 11,
  kUpdateNothingElse = 12,    /* rollback: the other slot holds no good image that was confirmed */
};

enum { kUpdateChunkBytes = kFlashPageBytes };

/* What the host announces. */
struct update_offer {
  uint32_t board, version, length;
  uint8_t sha256[kSha256Bytes];
  bool is_rollback;           /* an older version than the running one is meant */
};

struct update {
  /* Set by update_reset. */
  uint32_t board, running_version;
  enum image running;
  /* Of the update under way. */
  enum update_phase phase;
  enum image target;
  struct slot_header header;
  uint32_t received;          /* bytes of the image in the flash */
};

/* version: of the running image. */
void update_reset(struct update *update, uint32_t board, enum image running, uint32_t version);
MUST_CHECK enum update_result update_begin(struct update *update, const struct update_offer *offer);
/* crc: CRC-32C of the chunk. */
MUST_CHECK enum update_result update_write(struct update *update, uint32_t offset, const uint8_t *bytes, uint32_t length, uint32_t crc);
/* Reads the image back, and holds its SHA-256 to what was announced. */
MUST_CHECK enum update_result update_finish(struct update *update);
/* The next boot takes it. */
MUST_CHECK enum update_result update_activate(struct update *update);
/* The next boot takes the other slot, if that is good: abandons the running one. */
MUST_CHECK enum update_result update_roll_back(struct update *update);

const char *update_result_text(enum update_result result);

#endif
