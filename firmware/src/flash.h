/* The board's SPI NOR flash, through the SPI master. Sectors are erased to ones, pages are programmed from ones to zeros. What lies below
   kFlashGoldenBytes is the golden bitstream with its boot loader: nothing in this firmware can erase or program it. */
#ifndef ACCEL_FIRMWARE_FLASH_H
#define ACCEL_FIRMWARE_FLASH_H

#include <stdint.h>

#include "hardware.h"

enum { kFlashPageBytes = 256, kFlashSectorBytes = 4096, kFlashGoldenBytes = 0x40000, kFlashBytes = 0xc0000 };

enum flash_result {
  kFlashOk = 0,
  kFlashProtected = 1,   /* the golden bitstream's */
  kFlashBadRange = 2,    /* outside the slots, not at a sector's beginning, or across the end of a page */
  kFlashTimeout = 3,     /* still busy after a second, or no flash at all */
  kFlashRefused = 4,     /* it does not let itself be written: write protection */
};

/* Reads length bytes from any address below kFlashBytes. */
MUST_CHECK enum flash_result flash_read(uint32_t address, uint8_t *bytes, uint32_t length);

/* Sets the 4,096 bytes from address on to 0xff. */
MUST_CHECK enum flash_result flash_erase_sector(uint32_t address);

/* Clears bits: byte i becomes what it was and bytes[i]. At most 256 bytes, all in one page. */
MUST_CHECK enum flash_result flash_program_page(uint32_t address, const uint8_t *bytes, uint32_t length);

/* The JEDEC identification, manufacturer in bits 23:16; 0xffffff or 0 where no flash answers. */
uint32_t flash_identify(void);

#endif
