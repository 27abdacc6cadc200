/* Generated from hdl/soc/soc_map.json by scripts/gen-registers.mjs; do not edit. */
#ifndef ACCEL_SOC_H
#define ACCEL_SOC_H

#include <stdint.h>

#define ACCEL_SOC_ID UINT32_C(0x31434f53)
#define ACCEL_SOC_VERSION 2
/* What feeds the watchdog. */
#define ACCEL_SOC_WATCHDOG_KEY UINT32_C(0x57415443)
/* With the image in bits 1:0, what asks for a warm boot. */
#define ACCEL_SOC_WARM_BOOT_KEY UINT32_C(0x424f4f00)

/* Boot memory: read-only, part of the bitstream; the core starts at its first word. */
#define ACCEL_SOC_BOOT_BASE UINT32_C(0x00000000)

/* Memory for data, and for programs that were loaded. */
#define ACCEL_SOC_RAM_BASE UINT32_C(0x10000000)

/* What this system is. */
#define ACCEL_SOC_SYSTEM_BASE UINT32_C(0x40000000)
/* 'SOC1' in little-endian ASCII. (ro) */
#define ACCEL_SOC_SYSTEM_ID UINT32_C(0x40000000)
/* Version of this map. (ro) */
#define ACCEL_SOC_SYSTEM_VERSION UINT32_C(0x40000004)
/* The clock. (ro) */
#define ACCEL_SOC_SYSTEM_CLOCK_HZ UINT32_C(0x40000008)
/* Bytes of the boot memory. (ro) */
#define ACCEL_SOC_SYSTEM_BOOT_BYTES UINT32_C(0x4000000c)
/* Bytes of the RAM. (ro) */
#define ACCEL_SOC_SYSTEM_RAM_BYTES UINT32_C(0x40000010)
/* Bits 3:0 drive LEDs; 0 from reset. (rw) */
#define ACCEL_SOC_SYSTEM_LEDS UINT32_C(0x40000014)
/* The board that this bitstream was built for: 0 simulation. An update for another one is refused. Since version 2. (ro) */
#define ACCEL_SOC_SYSTEM_BOARD UINT32_C(0x40000018)
/* Bit 0: this is the golden bitstream, which chooses a slot, and not a slot's. Since version 2. (ro) */
#define ACCEL_SOC_SYSTEM_GOLDEN UINT32_C(0x4000001c)
/* Writing WARM_BOOT_KEY plus 0, 1 or 2 loads the golden bitstream, slot A's or slot B's; any other value does nothing. Since version 2. (wo) */
#define ACCEL_SOC_SYSTEM_WARM_BOOT UINT32_C(0x40000020)

/* Serial line: 8 data bits, no parity, one stop bit. */
#define ACCEL_SOC_UART_BASE UINT32_C(0x40001000)
/* State of both directions. (rw) */
#define ACCEL_SOC_UART_STATUS UINT32_C(0x40001000)
#define ACCEL_SOC_UART_STATUS_RECEIVED_SHIFT 0
#define ACCEL_SOC_UART_STATUS_RECEIVED_MASK UINT32_C(0x00000001)
#define ACCEL_SOC_UART_STATUS_SENDABLE_SHIFT 1
#define ACCEL_SOC_UART_STATUS_SENDABLE_MASK UINT32_C(0x00000002)
#define ACCEL_SOC_UART_STATUS_IDLE_SHIFT 2
#define ACCEL_SOC_UART_STATUS_IDLE_MASK UINT32_C(0x00000004)
#define ACCEL_SOC_UART_STATUS_OVERRUN_SHIFT 3
#define ACCEL_SOC_UART_STATUS_OVERRUN_MASK UINT32_C(0x00000008)
/* Bits 7:0: the oldest byte received. Any write drops it. (rw) */
#define ACCEL_SOC_UART_RECEIVE UINT32_C(0x40001004)
/* Bits 7:0: a byte to send; lost unless SENDABLE. (wo) */
#define ACCEL_SOC_UART_TRANSMIT UINT32_C(0x40001008)
/* Bit 0: external interrupt while RECEIVED; 0 from reset. (rw) */
#define ACCEL_SOC_UART_INTERRUPT UINT32_C(0x4000100c)

/* Counter of clocks, and its interrupt. */
#define ACCEL_SOC_TIMER_BASE UINT32_C(0x40002000)
/* Clocks since reset, modulo 2^32. (ro) */
#define ACCEL_SOC_TIMER_COUNT UINT32_C(0x40002000)
/* Timer interrupt while enabled and COUNT - COMPARE, modulo 2^32, is below 2^31. (rw) */
#define ACCEL_SOC_TIMER_COMPARE UINT32_C(0x40002004)
/* Bit 0: interrupt enabled; 0 from reset. (rw) */
#define ACCEL_SOC_TIMER_CONTROL UINT32_C(0x40002008)

/* Resets core and devices unless it is fed in time. It always runs. */
#define ACCEL_SOC_WATCHDOG_BASE UINT32_C(0x40003000)
/* Clocks from a feed to the reset. (rw) */
#define ACCEL_SOC_WATCHDOG_LIMIT UINT32_C(0x40003000)
/* Writing WATCHDOG_KEY starts LIMIT clocks anew; any other value resets at once. (wo) */
#define ACCEL_SOC_WATCHDOG_FEED UINT32_C(0x40003004)
/* Bit 0: the last reset was the watchdog's, and not the reset pin's. (ro) */
#define ACCEL_SOC_WATCHDOG_CAUSE UINT32_C(0x40003008)

/* SPI master, mode 0, most significant bit first. */
#define ACCEL_SOC_SPI_BASE UINT32_C(0x40004000)
/* Change only while nothing is under way. (rw) */
#define ACCEL_SOC_SPI_CONTROL UINT32_C(0x40004000)
#define ACCEL_SOC_SPI_CONTROL_SELECT_SHIFT 0
#define ACCEL_SOC_SPI_CONTROL_SELECT_MASK UINT32_C(0x00000001)
#define ACCEL_SOC_SPI_CONTROL_DIVIDER_SHIFT 8
#define ACCEL_SOC_SPI_CONTROL_DIVIDER_MASK UINT32_C(0x0000ff00)
/* A write exchanges a byte, bits 7:0; a read gives the byte that came in. Both wait for an exchange that is under way. (rw) */
#define ACCEL_SOC_SPI_DATA UINT32_C(0x40004004)

/* The card's registers, over AXI4-Lite; see registers.md. A SLVERR is an access fault. */
#define ACCEL_SOC_ENGINES_BASE UINT32_C(0x80000000)

/* The first 16 MB of the card's memory, where a board connects it; access faults elsewhere. Words only. The firmware tests the engines through it. */
#define ACCEL_SOC_CARD_MEMORY_BASE UINT32_C(0xa0000000)

#endif
