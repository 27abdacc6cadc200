/* The only way to the hardware. On the card an access is a load or a store; the host's tests put their own behind these names. */
#ifndef ACCEL_FIRMWARE_HARDWARE_H
#define ACCEL_FIRMWARE_HARDWARE_H

#include <stdint.h>

#define MUST_CHECK __attribute__((warn_unused_result))

#ifdef ACCEL_FIRMWARE_HOST
uint32_t hardware_read(uint32_t address);
void hardware_write(uint32_t address, uint32_t value);
void hardware_enable_timer_interrupt(void);
void hardware_wait(void);
#else
static inline uint32_t hardware_read(uint32_t address) { return *(volatile uint32_t *)(uintptr_t)address; }
static inline void hardware_write(uint32_t address, uint32_t value) { *(volatile uint32_t *)(uintptr_t)address = value; }
/* mie.MTIE, then mstatus.MIE. */
static inline void hardware_enable_timer_interrupt(void) {
  uint32_t timer = UINT32_C(1) << 7;
  __asm__ volatile("csrs mie, %0\n\tcsrsi mstatus, 8" : : "r"(timer) : "memory");
}
/* Until an interrupt, or not at all: the caller looks again. */
static inline void hardware_wait(void) { __asm__ volatile("wfi" : : : "memory"); }
#endif

#endif
