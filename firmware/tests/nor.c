#include "nor.h"

#include <setjmp.h>
#include <string.h>

#include "slots.h"

enum { kStatusBusy = 1, kStatusWriteEnabled = 2, kEraseSteps = 64, kBusyPolls = 3 };

struct nor nor;

static jmp_buf power_lost;
static bool is_selected, is_asleep, is_write_enabled;
static uint32_t byte_count, address, busy_polls;
static uint8_t command, page[kFlashPageBytes];
static uint32_t page_bytes;

uint64_t nor_random(void) {
  nor.random ^= nor.random >> 12;
  nor.random ^= nor.random << 25;
  nor.random ^= nor.random >> 27;
  return nor.random * UINT64_C(0x2545f4914f6cdd1d);
}

void nor_reset(uint64_t seed) {
  memset(&nor, 0, sizeof nor);
  memset(nor.cells, 0xff, sizeof nor.cells);
  nor.is_present = true;
  nor.random = seed * UINT64_C(0x9e3779b97f4a7c15) + 1;
  nor_power_up(kStepLine, 0);
}

void nor_power_up(enum nor_step cut_kind, uint64_t cut_at) {
  memset(nor.steps, 0, sizeof nor.steps);
  nor.cut_kind = cut_kind;
  nor.cut_at = cut_at;
  is_selected = is_write_enabled = false;
  is_asleep = true;
  busy_polls = 0;
}

/* Whether the power goes now. */
static bool step(enum nor_step kind) { return ++nor.steps[kind] == nor.cut_at && kind == nor.cut_kind; }

static void program(void) {
  uint32_t base = address & ~(uint32_t)(kFlashPageBytes - 1);
  if (base < kFlashGoldenBytes) { ++nor.golden_writes; }
  for (uint32_t i = 0; i < page_bytes; ++i) {
    uint8_t *cell = &nor.cells[(base + (address + i) % kFlashPageBytes) % kFlashBytes];
    uint8_t cleared = (uint8_t)(*cell & ~page[i]);
    if (nor.is_worn) { cleared &= 0xfe; }
    if (step(base % kSlotBytes < kFlashSectorBytes ? kStepHeader : kStepImage)) {
      *cell &= (uint8_t)~(cleared & nor_random());
      longjmp(power_lost, 1);
    }
    *cell &= (uint8_t)~cleared;
  }
}

static void erase(void) {
  uint32_t base = address % kFlashBytes & ~(uint32_t)(kFlashSectorBytes - 1);
  if (base < kFlashGoldenBytes) { ++nor.golden_writes; }
  for (unsigned i = 0; i < kEraseSteps; ++i) {
    if (!step(kStepErase)) { continue; }
    /* Hardly begun, in the middle, nearly done, or in some pages done for half of the words. */
    unsigned kind = (unsigned)(nor_random() % 4);
    uint64_t done = nor_random();
    bool is_word_done = false;
    for (uint32_t at = base; at < base + kFlashSectorBytes; ++at) {
      uint8_t noise = (uint8_t)nor_random(), rare = nor_random() % 64 == 0 ? noise : 0;
      if (kind == 3) {
        if (at % 4 == 0) { is_word_done = (done >> (at / kFlashPageBytes % 16) & 1) && nor_random() % 2 == 0; }
        if (is_word_done) { nor.cells[at] = 0xff; }
        continue;
      }
      nor.cells[at] = kind == 0 ? nor.cells[at] ^ rare : kind == 1 ? noise : (uint8_t)~rare;
    }
    longjmp(power_lost, 1);
  }
  memset(nor.cells + base, 0xff, kFlashSectorBytes);
}

static void end_of_command(void) {
  if (byte_count == 0) { return; }
  if (command == 0xab) { is_asleep = false; }
  if (is_asleep || busy_polls != 0) { return; }
  if (command == 0x06) { is_write_enabled = !nor.refuses_writing; }
  if ((command == 0x02 || command == 0x20) && is_write_enabled && byte_count >= 4) {
    if (command == 0x20) { erase(); } else { program(); }
    is_write_enabled = false;
    busy_polls = kBusyPolls;
  }
}

void nor_select(bool selects) {
  if (selects == is_selected) { return; }
  is_selected = selects;
  if (selects) {
    byte_count = page_bytes = address = 0;
    return;
  }
  if (nor.is_present) { end_of_command(); }
}

uint8_t nor_exchange(uint8_t byte) {
  static const uint8_t id[] = {0xef, 0x40, 0x18};
  if (step(kStepLine)) { longjmp(power_lost, 1); }
  if (!is_selected || !nor.is_present) { return 0xff; }
  uint32_t at = byte_count++;
  if (at == 0) {
    command = byte;
    return 0xff;
  }
  if (is_asleep) { return 0xff; }
  if (command == 0x05) {
    bool busy = nor.is_never_idle || busy_polls != 0;
    if (busy_polls != 0) { --busy_polls; }
    return (uint8_t)((busy ? kStatusBusy : 0) | (is_write_enabled ? kStatusWriteEnabled : 0));
  }
  if (command == 0x9f) { return at <= sizeof id ? id[at - 1] : 0xff; }
  if (at <= 3) {
    address = address << 8 | byte;
    if (at == 3 && command == 0x03 && nor.fails_reads_from != 0 && address >= nor.fails_reads_from) { nor.is_never_idle = true; }
    return 0xff;
  }
  if (command == 0x02) { page[page_bytes++ % kFlashPageBytes] = byte; }
  return command == 0x03 ? nor.cells[address++ % kFlashBytes] : 0xff;
}

bool nor_run(void (*body)(void)) {
  if (setjmp(power_lost) != 0) { return false; }
  body();
  return true;
}
