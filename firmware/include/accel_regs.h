/* Generated from hdl/control/accel_regs.json by scripts/gen-registers.mjs; do not edit. */
#ifndef ACCEL_REGS_H
#define ACCEL_REGS_H

#include <stdint.h>

#define ACCEL_ID UINT32_C(0x4c434341)
#define ACCEL_VERSION_MAJOR 1
#define ACCEL_VERSION_MINOR 1
#define ACCEL_RING_LOG2_MAX 16
#define ACCEL_WINDOW_BITS_MIN 2

/* 'ACCL' in little-endian ASCII. */
#define ACCEL_REG_ID UINT32_C(0x000)
/* Version of this register map and of the descriptors. */
#define ACCEL_REG_VERSION UINT32_C(0x004)
#define ACCEL_VERSION_MINOR_SHIFT 0
#define ACCEL_VERSION_MINOR_MASK UINT32_C(0x0000ffff)
#define ACCEL_VERSION_MAJOR_SHIFT 16
#define ACCEL_VERSION_MAJOR_MASK UINT32_C(0xffff0000)
/* Engines built into this core. */
#define ACCEL_REG_CAPABILITIES UINT32_C(0x008)
#define ACCEL_CAPABILITIES_MSM_SHIFT 0
#define ACCEL_CAPABILITIES_MSM_MASK UINT32_C(0x00000001)
#define ACCEL_CAPABILITIES_NTT_SHIFT 1
#define ACCEL_CAPABILITIES_NTT_MASK UINT32_C(0x00000002)
#define ACCEL_CAPABILITIES_POINTWISE_SHIFT 2
#define ACCEL_CAPABILITIES_POINTWISE_MASK UINT32_C(0x00000004)
/* The curve, by the id in hdl/params: 1 = BN254. */
#define ACCEL_REG_CURVE_ID UINT32_C(0x00c)
/* Widths of the curve's numbers in bits. */
#define ACCEL_REG_WIDTHS UINT32_C(0x010)
#define ACCEL_WIDTHS_FIELD_SHIFT 0
#define ACCEL_WIDTHS_FIELD_MASK UINT32_C(0x0000ffff)
#define ACCEL_WIDTHS_SCALAR_SHIFT 16
#define ACCEL_WIDTHS_SCALAR_MASK UINT32_C(0xffff0000)
/* Montgomery's R of the two fields, as exponents of two. */
#define ACCEL_REG_MONTGOMERY UINT32_C(0x014)
#define ACCEL_MONTGOMERY_FIELD_R_BITS_SHIFT 0
#define ACCEL_MONTGOMERY_FIELD_R_BITS_MASK UINT32_C(0x0000ffff)
#define ACCEL_MONTGOMERY_SCALAR_R_BITS_SHIFT 16
#define ACCEL_MONTGOMERY_SCALAR_R_BITS_MASK UINT32_C(0xffff0000)
/* What a window may be. Window bits c are legal when windows * 2^(c-1) <= 2^CELLS_LOG2 as well. */
#define ACCEL_REG_MSM_LIMITS UINT32_C(0x018)
#define ACCEL_MSM_LIMITS_CELLS_LOG2_SHIFT 0
#define ACCEL_MSM_LIMITS_CELLS_LOG2_MASK UINT32_C(0x000000ff)
#define ACCEL_MSM_LIMITS_WINDOW_BITS_MIN_SHIFT 8
#define ACCEL_MSM_LIMITS_WINDOW_BITS_MIN_MASK UINT32_C(0x0000ff00)
#define ACCEL_MSM_LIMITS_WINDOW_BITS_MAX_SHIFT 16
#define ACCEL_MSM_LIMITS_WINDOW_BITS_MAX_MASK UINT32_C(0x00ff0000)
/* Cycles from a pair to its sum in the point adder. */
#define ACCEL_REG_MSM_ADDER_LATENCY UINT32_C(0x01c)
/* Shape of the NTT engine. */
#define ACCEL_REG_NTT_LIMITS UINT32_C(0x020)
#define ACCEL_NTT_LIMITS_LANES_SHIFT 0
#define ACCEL_NTT_LIMITS_LANES_MASK UINT32_C(0x000000ff)
#define ACCEL_NTT_LIMITS_TILE_LOG2_MAX_SHIFT 8
#define ACCEL_NTT_LIMITS_TILE_LOG2_MAX_MASK UINT32_C(0x0000ff00)
#define ACCEL_NTT_LIMITS_LOG2_MAX_SHIFT 16
#define ACCEL_NTT_LIMITS_LOG2_MAX_MASK UINT32_C(0x00ff0000)
/* log2 of the device memory in bytes; every address of a command lies below. */
#define ACCEL_REG_MEMORY_LOG2 UINT32_C(0x024)
/* Largest legal QUEUE_LOG2 and COMPLETION_LOG2. */
#define ACCEL_REG_RING_LOG2_MAX UINT32_C(0x028)
/* Run and reset. */
#define ACCEL_REG_CONTROL UINT32_C(0x040)
#define ACCEL_CONTROL_ENABLE_SHIFT 0
#define ACCEL_CONTROL_ENABLE_MASK UINT32_C(0x00000001)
#define ACCEL_CONTROL_SOFT_RESET_SHIFT 1
#define ACCEL_CONTROL_SOFT_RESET_MASK UINT32_C(0x00000002)
#define ACCEL_CONTROL_CLEAR_ERROR_SHIFT 2
#define ACCEL_CONTROL_CLEAR_ERROR_MASK UINT32_C(0x00000004)
/* What is going on. */
#define ACCEL_REG_STATUS UINT32_C(0x044)
#define ACCEL_STATUS_COMMAND_BUSY_SHIFT 0
#define ACCEL_STATUS_COMMAND_BUSY_MASK UINT32_C(0x00000001)
#define ACCEL_STATUS_MSM_BUSY_SHIFT 1
#define ACCEL_STATUS_MSM_BUSY_MASK UINT32_C(0x00000002)
#define ACCEL_STATUS_NTT_BUSY_SHIFT 2
#define ACCEL_STATUS_NTT_BUSY_MASK UINT32_C(0x00000004)
#define ACCEL_STATUS_POINTWISE_BUSY_SHIFT 3
#define ACCEL_STATUS_POINTWISE_BUSY_MASK UINT32_C(0x00000008)
#define ACCEL_STATUS_COMPLETION_BUSY_SHIFT 4
#define ACCEL_STATUS_COMPLETION_BUSY_MASK UINT32_C(0x00000010)
#define ACCEL_STATUS_RESETTING_SHIFT 8
#define ACCEL_STATUS_RESETTING_MASK UINT32_C(0x00000100)
#define ACCEL_STATUS_ERROR_SHIFT 9
#define ACCEL_STATUS_ERROR_MASK UINT32_C(0x00000200)
#define ACCEL_STATUS_FAULT_SHIFT 10
#define ACCEL_STATUS_FAULT_MASK UINT32_C(0x00000400)
/* The first error since the last clear. */
#define ACCEL_REG_ERROR UINT32_C(0x048)
#define ACCEL_ERROR_STATUS_SHIFT 0
#define ACCEL_ERROR_STATUS_MASK UINT32_C(0x000000ff)
#define ACCEL_ERROR_OPCODE_SHIFT 8
#define ACCEL_ERROR_OPCODE_MASK UINT32_C(0x0000ff00)
#define ACCEL_ERROR_TAG_SHIFT 16
#define ACCEL_ERROR_TAG_MASK UINT32_C(0xffff0000)
/* Commands that completed with an error since the last clear; stays at its maximum. */
#define ACCEL_REG_ERROR_COUNT UINT32_C(0x04c)
/* Temperature of the board's sensor, if it has one. Since version 1.1. */
#define ACCEL_REG_TEMPERATURE UINT32_C(0x050)
#define ACCEL_TEMPERATURE_SIXTEENTHS_SHIFT 0
#define ACCEL_TEMPERATURE_SIXTEENTHS_MASK UINT32_C(0x0000ffff)
#define ACCEL_TEMPERATURE_VALID_SHIFT 31
#define ACCEL_TEMPERATURE_VALID_MASK UINT32_C(0x80000000)
/* Address of the descriptor ring, bits 31:0; a multiple of 64. Change rings only while CONTROL.ENABLE is 0. */
#define ACCEL_REG_QUEUE_BASE_LO UINT32_C(0x080)
/* Address of the descriptor ring, bits 63:32. */
#define ACCEL_REG_QUEUE_BASE_HI UINT32_C(0x084)
/* log2 of the ring's descriptors. */
#define ACCEL_REG_QUEUE_LOG2 UINT32_C(0x088)
/* Doorbell: descriptors ever written by the host, modulo 2^32. */
#define ACCEL_REG_QUEUE_TAIL UINT32_C(0x08c)
/* Descriptors ever fetched, modulo 2^32; their slots may be reused. */
#define ACCEL_REG_QUEUE_HEAD UINT32_C(0x090)
/* Address of the completion ring, bits 31:0; a multiple of 64. */
#define ACCEL_REG_COMPLETION_BASE_LO UINT32_C(0x0a0)
/* Address of the completion ring, bits 63:32. */
#define ACCEL_REG_COMPLETION_BASE_HI UINT32_C(0x0a4)
/* log2 of the ring's completions. */
#define ACCEL_REG_COMPLETION_LOG2 UINT32_C(0x0a8)
/* Completions ever written, modulo 2^32; they are in memory when this has counted them. */
#define ACCEL_REG_COMPLETION_TAIL UINT32_C(0x0ac)
/* Completions ever consumed by the host, modulo 2^32. A command starts only when its completion has a free slot. */
#define ACCEL_REG_COMPLETION_HEAD UINT32_C(0x0b0)
/* Transforms of at most 2 to this power are done on chip; larger values than NTT_LIMITS.TILE_LOG2_MAX mean that maximum. Change only while no NTT is under way. */
#define ACCEL_REG_NTT_TILE_LOG2 UINT32_C(0x0c0)
/* Cycles since reset, bits 31:0. */
#define ACCEL_REG_CYCLES_LO UINT32_C(0x100)
/* Cycles since reset, bits 63:32. Read HI, LO, HI until both HI agree. */
#define ACCEL_REG_CYCLES_HI UINT32_C(0x104)
/* Cycles in which the MSM engine held a command, bits 31:0. */
#define ACCEL_REG_MSM_BUSY_CYCLES_LO UINT32_C(0x108)
/* Cycles in which the MSM engine held a command, bits 63:32. Read HI, LO, HI until both HI agree. */
#define ACCEL_REG_MSM_BUSY_CYCLES_HI UINT32_C(0x10c)
/* Cycles in which the MSM engine waited for memory, bits 31:0. */
#define ACCEL_REG_MSM_STALL_CYCLES_LO UINT32_C(0x110)
/* Cycles in which the MSM engine waited for memory, bits 63:32. Read HI, LO, HI until both HI agree. */
#define ACCEL_REG_MSM_STALL_CYCLES_HI UINT32_C(0x114)
/* Cycles in which the NTT engine held a command, bits 31:0. */
#define ACCEL_REG_NTT_BUSY_CYCLES_LO UINT32_C(0x118)
/* Cycles in which the NTT engine held a command, bits 63:32. Read HI, LO, HI until both HI agree. */
#define ACCEL_REG_NTT_BUSY_CYCLES_HI UINT32_C(0x11c)
/* Cycles in which the NTT engine waited for memory, bits 31:0. */
#define ACCEL_REG_NTT_STALL_CYCLES_LO UINT32_C(0x120)
/* Cycles in which the NTT engine waited for memory, bits 63:32. Read HI, LO, HI until both HI agree. */
#define ACCEL_REG_NTT_STALL_CYCLES_HI UINT32_C(0x124)
/* Cycles in which the pointwise unit held a command, bits 31:0. */
#define ACCEL_REG_POINTWISE_BUSY_CYCLES_LO UINT32_C(0x128)
/* Cycles in which the pointwise unit held a command, bits 63:32. Read HI, LO, HI until both HI agree. */
#define ACCEL_REG_POINTWISE_BUSY_CYCLES_HI UINT32_C(0x12c)
/* Cycles in which the pointwise unit waited for memory, bits 31:0. */
#define ACCEL_REG_POINTWISE_STALL_CYCLES_LO UINT32_C(0x130)
/* Cycles in which the pointwise unit waited for memory, bits 63:32. Read HI, LO, HI until both HI agree. */
#define ACCEL_REG_POINTWISE_STALL_CYCLES_HI UINT32_C(0x134)
/* 64-byte beats read from device memory, the host's among them, bits 31:0. */
#define ACCEL_REG_READ_BEATS_LO UINT32_C(0x138)
/* 64-byte beats read from device memory, the host's among them, bits 63:32. Read HI, LO, HI until both HI agree. */
#define ACCEL_REG_READ_BEATS_HI UINT32_C(0x13c)
/* 64-byte beats written to device memory, the host's among them, bits 31:0. */
#define ACCEL_REG_WRITE_BEATS_LO UINT32_C(0x140)
/* 64-byte beats written to device memory, the host's among them, bits 63:32. Read HI, LO, HI until both HI agree. */
#define ACCEL_REG_WRITE_BEATS_HI UINT32_C(0x144)

enum accel_opcode {
  ACCEL_OPCODE_NOP = 0, /* Does nothing; every field but the tag and FENCE must be zero. */
  ACCEL_OPCODE_MSM = 1, /* Adds a chunk of scalar times base into the buckets; with LAST writes the sums. */
  ACCEL_OPCODE_NTT = 2, /* Number-theoretic transform. */
  ACCEL_OPCODE_POINTWISE = 3, /* d = a*b - c, elementwise. */
};

enum accel_flag {
  ACCEL_FLAG_FENCE = 1 << 0, /* Start only when all earlier commands have completed. */
  ACCEL_FLAG_FIRST = 1 << 1, /* MSM: empty the buckets first. */
  ACCEL_FLAG_LAST = 1 << 2, /* MSM: aggregate after this chunk and write the sums. */
  ACCEL_FLAG_INVERSE = 1 << 3, /* NTT: inverse transform. */
  ACCEL_FLAG_COSET = 1 << 4, /* NTT: on the coset of the shift in the argument. */
};

enum accel_status {
  ACCEL_STATUS_OK = 0, /* Done. */
  ACCEL_STATUS_BAD_OPCODE = 1, /* No such opcode. */
  ACCEL_STATUS_NOT_PRESENT = 2, /* This core was built without the engine. */
  ACCEL_STATUS_BAD_FLAGS = 3, /* A flag that the opcode does not have. */
  ACCEL_STATUS_BAD_RESERVED = 4, /* An unused field is not zero. */
  ACCEL_STATUS_BAD_SIZE = 5, /* The count or size is outside the engine's limits. */
  ACCEL_STATUS_BAD_WINDOW = 6, /* The window bits are outside the engine's limits. */
  ACCEL_STATUS_BAD_ALIGNMENT = 7, /* An address is not a multiple of 64. */
  ACCEL_STATUS_BAD_ADDRESS = 8, /* A range reaches beyond the device memory. */
  ACCEL_STATUS_BAD_OVERLAP = 9, /* NTT: the scratch in use overlaps source or destination. POINTWISE: the destination overlaps an operand without being it. */
  ACCEL_STATUS_BAD_ARGUMENT = 10, /* The coset shift is not below the modulus. */
  ACCEL_STATUS_BAD_SEQUENCE = 11, /* MSM: a chunk without FIRST while no sum is open, or with other window bits than its FIRST. */
  ACCEL_STATUS_READ_ERROR = 12, /* The memory refused a read of this command or of one that was in the engine with it. */
  ACCEL_STATUS_WRITE_ERROR = 13, /* The memory refused a write of this command or of one that was in the engine with it. */
  ACCEL_STATUS_DESCRIPTOR_FAULT = 64, /* Fault: the memory refused to read a descriptor. */
  ACCEL_STATUS_COMPLETION_FAULT = 65, /* Fault: the memory refused to write a completion. */
  ACCEL_STATUS_RING_FAULT = 66, /* Fault: a ring is misaligned, too large, outside the memory, or QUEUE_TAIL is further ahead than the ring is long. */
};

/* Little-endian, 64 bytes, no padding. */
struct accel_descriptor {
  uint8_t opcode; /* byte 0: Opcode. */
  uint8_t flags; /* byte 1: Flags. */
  uint16_t tag; /* byte 2: Returned in the completion. */
  uint32_t count; /* byte 4: MSM: scalars in this chunk; NTT: log2 of the size; POINTWISE: elements. */
  uint64_t source0; /* byte 8: MSM: scalars; NTT: input; POINTWISE: a. */
  uint64_t source1; /* byte 16: MSM: bases; NTT: scratch; POINTWISE: b. */
  uint64_t destination; /* byte 24: MSM with LAST: sums; NTT: output; POINTWISE: d. */
  uint8_t argument[32]; /* byte 32: MSM: byte 32 = window bits; NTT with COSET: the shift in Montgomery form; POINTWISE: bytes 32-39 = address of c. */
};
#ifdef __cplusplus
static_assert(sizeof(struct accel_descriptor) == 64, "accel_descriptor is 64 bytes");
#else
_Static_assert(sizeof(struct accel_descriptor) == 64, "accel_descriptor is 64 bytes");
#endif

/* Little-endian, 64 bytes, no padding. */
struct accel_completion {
  uint16_t tag; /* byte 0: The command's tag. */
  uint8_t status; /* byte 2: Status code. */
  uint8_t opcode; /* byte 3: The command's opcode. */
  uint32_t sequence; /* byte 4: Number of this completion, from 0, modulo 2^32. */
  uint64_t cycles; /* byte 8: Cycles from the command's start to its completion. */
  uint64_t timestamp; /* byte 16: CYCLES at completion. */
  uint64_t accumulate_cycles; /* byte 24: MSM with LAST: from the first scalar accepted to the last bucket settled. */
  uint64_t aggregate_cycles; /* byte 32: MSM with LAST: cycles of the aggregation. */
  uint64_t operations; /* byte 40: MSM with LAST: point additions; NTT: butterflies. */
  uint32_t scalar_crc; /* byte 48: MSM: CRC-32C of the scalars' bytes as the engine read them. */
  uint32_t base_crc; /* byte 52: MSM: CRC-32C of the bases' bytes as the engine read them. */
  uint64_t stall_cycles; /* byte 56: Cycles in which the engine waited for memory. */
};
#ifdef __cplusplus
static_assert(sizeof(struct accel_completion) == 64, "accel_completion is 64 bytes");
#else
_Static_assert(sizeof(struct accel_completion) == 64, "accel_completion is 64 bytes");
#endif

#endif
