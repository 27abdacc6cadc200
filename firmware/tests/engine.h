/* A card's engines in software behind the mock's registers: they fetch a descriptor from the card's memory, compute by the textbook, not by the vectors,
   and complete. */
#ifndef ACCEL_FIRMWARE_ENGINE_H
#define ACCEL_FIRMWARE_ENGINE_H

#include <stdbool.h>
#include <stdint.h>

struct engine {
  uint32_t memory[0x10000 / 4];
  uint32_t fails_opcode;      /* refuses commands of it; 0: none */
  bool is_stuck;              /* bit 0 of every product's lowest byte is 1: a wire that is stuck */
  bool is_adder_stuck;        /* the same in the point adder's x */
  bool is_silent;             /* never completes */
  bool is_resetting;          /* for ever */
  uint32_t carries_at;        /* a counter's lower half runs over between two reads of its upper one, at this offset */
};

extern struct engine engine;

void engine_reset(void);
void engine_before_read(uint32_t offset);
void engine_write(uint32_t offset, uint32_t value);

#endif
