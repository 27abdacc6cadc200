/* What lies in the flash beside the golden bitstream: two slots, each a header sector and an image.

     0x000000  golden bitstream and boot loader; flash.c refuses to write there
     0x040000  slot A: page 0 the header, page 1 the state words, from the second sector on the image
     0x080000  slot B: the same

   The header is written once, after the image was verified, and ends in a checksum. A state word counts once all of its bits are 0: state only ever
   goes from 1 to 0, so that no power cut can take back what was said, and a word that a cut left between is written again. */
#ifndef ACCEL_FIRMWARE_SLOTS_H
#define ACCEL_FIRMWARE_SLOTS_H

#include <stdbool.h>
#include <stdint.h>

#include "digest.h"
#include "flash.h"

/* Also what WARM_BOOT takes. */
enum image { kImageGolden = 0, kImageSlotA = 1, kImageSlotB = 2 };

enum {
  kSlotBytes = 0x40000,
  kSlotImageBytesMax = kSlotBytes - kFlashSectorBytes,
  /* A slot that does not confirm itself within so many boots is abandoned. */
  kSlotAttemptsMax = 3,
  kSlotHeaderBytes = 64,
};

#define SLOT_MAGIC UINT32_C(0x4c535841) /* 'AXSL' in little-endian ASCII */

struct slot_header {
  uint32_t board;                 /* as SYSTEM.BOARD */
  uint32_t version;               /* major in bits 31:16; larger is newer */
  uint32_t length;                /* bytes of the image */
  uint32_t sequence;              /* of two slots, the larger was activated later */
  uint8_t sha256[kSha256Bytes];   /* of the image */
};

enum slot_verdict {
  kSlotGood = 0,
  kSlotEmpty = 1,         /* no header, or one that was not completed */
  kSlotWrongBoard = 2,
  kSlotNotActivated = 3,  /* written and never activated */
  kSlotAbandoned = 4,     /* it did not confirm itself, or was rolled back */
  kSlotExhausted = 5,     /* its attempts are used up: being abandoned now */
  kSlotBadHash = 6,       /* the image is not what the header says: being abandoned now */
  kSlotFlashError = 7,
};

struct slot {
  struct slot_header header;
  enum slot_verdict verdict;      /* without the hash: kSlotGood says that the image is to be tried */
  uint32_t attempts;              /* boots so far, while it is not confirmed */
  bool is_confirmed;
};

/* What the boot loader decided, and why. */
struct boot_choice {
  enum image image;
  struct slot slots[2];           /* with the hash in their verdicts, as far as it was asked */
};

uint32_t slot_address(enum image image);

/* What header and state words say of a slot; the image is not read. */
void slot_look(enum image image, uint32_t board, struct slot *slot);

/* SHA-256 over the image in the flash against the header's. */
enum slot_verdict slot_check_hash(enum image image, const struct slot_header *header);

/* Makes the header and the slot itself invalid for good, then empties its first sector. */
MUST_CHECK enum flash_result slot_invalidate(enum image image);

/* Writes the header of an image that lies in the slot already, and reads it back. */
MUST_CHECK enum flash_result slot_write_header(enum image image, const struct slot_header *header);

/* From now on the boot loader takes this slot. */
MUST_CHECK enum flash_result slot_activate(enum image image);
/* The running image works: no more attempts are counted. */
MUST_CHECK enum flash_result slot_confirm(enum image image);
/* The boot loader takes this slot no more. */
MUST_CHECK enum flash_result slot_abandon(enum image image);

/* The boot loader's: takes the slot that was activated last and is good, abandons those before it that are not, counts the attempt. Falls back to
   the golden image also when the flash does not record what it must. */
void slots_choose(uint32_t board, struct boot_choice *choice);

/* A slot's firmware's: which slot it runs from, by the header and state words that the boot loader left. kImageGolden: from neither. */
enum image slots_running(uint32_t board, struct slot slots[2]);

const char *slot_verdict_text(enum slot_verdict verdict);
const char *image_text(enum image image);

#endif
