#include "flash.h"

#include <stdbool.h>

#include "accel_soc.h"

/* The commands that every SPI NOR flash of the boards has. */
enum { kReleasePowerDown = 0xab, kIdentify = 0x9f, kRead = 0x03, kWriteEnable = 0x06, kReadStatus = 0x05, kEraseSector = 0x20, kProgramPage = 0x02 };
enum { kStatusBusy = 1, kStatusWriteEnabled = 2 };
/* Half a clock of the line is so many system clocks and one more: 3 MHz at 12 MHz, far below what the slowest flash reads at. */
static const uint32_t kDivider = 1;

static void select(bool is_selected) {
  hardware_write(ACCEL_SOC_SPI_CONTROL, kDivider << ACCEL_SOC_SPI_CONTROL_DIVIDER_SHIFT | (uint32_t)is_selected);
}

static uint8_t exchange(uint32_t byte) {
  hardware_write(ACCEL_SOC_SPI_DATA, byte);
  return (uint8_t)hardware_read(ACCEL_SOC_SPI_DATA);
}

static void begin(uint32_t command, uint32_t address) {
  select(true);
  (void)exchange(command);
  for (unsigned shift = 24; shift > 0; shift -= 8) { (void)exchange(address >> (shift - 8) & 0xff); }
}

static void alone(uint32_t command) {
  select(true);
  (void)exchange(command);
  select(false);
}

static uint8_t status(void) {
  select(true);
  (void)exchange(kReadStatus);
  uint8_t read = exchange(0);
  /* Read before the line is let go: the exchange has ended by then. */
  select(false);
  return read;
}

/* Erasing a sector takes at most 0.8 s on the boards' devices. */
static enum flash_result wait_until_idle(void) {
  uint32_t clocks_max = hardware_read(ACCEL_SOC_SYSTEM_CLOCK_HZ), began = hardware_read(ACCEL_SOC_TIMER_COUNT);
  hardware_write(ACCEL_SOC_WATCHDOG_FEED, ACCEL_SOC_WATCHDOG_KEY);
  do {
    if (!(status() & kStatusBusy)) { return kFlashOk; }
  } while (hardware_read(ACCEL_SOC_TIMER_COUNT) - began < clocks_max);
  return kFlashTimeout;
}

static enum flash_result check_range(uint32_t address, uint32_t length) {
  if (address >= kFlashBytes || length > kFlashBytes - address) { return kFlashBadRange; }
  return address < kFlashGoldenBytes ? kFlashProtected : kFlashOk;
}

static enum flash_result enable_writing(void) {
  enum flash_result idle = wait_until_idle();
  if (idle != kFlashOk) { return idle; }
  alone(kWriteEnable);
  return status() & kStatusWriteEnabled ? kFlashOk : kFlashRefused;
}

enum flash_result flash_read(uint32_t address, uint8_t *bytes, uint32_t length) {
  if (address >= kFlashBytes || length > kFlashBytes - address) { return kFlashBadRange; }
  enum flash_result idle = wait_until_idle();
  if (idle != kFlashOk) { return idle; }
  begin(kRead, address);
  for (uint32_t i = 0; i < length; ++i) { bytes[i] = exchange(0); }
  select(false);
  return kFlashOk;
}

enum flash_result flash_erase_sector(uint32_t address) {
  enum flash_result legal = check_range(address, kFlashSectorBytes);
  if (legal != kFlashOk) { return legal; }
  if (address % kFlashSectorBytes != 0) { return kFlashBadRange; }
  enum flash_result enabled = enable_writing();
  if (enabled != kFlashOk) { return enabled; }
  begin(kEraseSector, address);
  select(false);
  return wait_until_idle();
}

enum flash_result flash_program_page(uint32_t address, const uint8_t *bytes, uint32_t length) {
  enum flash_result legal = check_range(address, length);
  if (legal != kFlashOk) { return legal; }
  if (length == 0 || length > kFlashPageBytes - address % kFlashPageBytes) { return kFlashBadRange; }
  enum flash_result enabled = enable_writing();
  if (enabled != kFlashOk) { return enabled; }
  begin(kProgramPage, address);
  for (uint32_t i = 0; i < length; ++i) { (void)exchange(bytes[i]); }
  select(false);
  return wait_until_idle();
}

uint32_t flash_identify(void) {
  /* The FPGA puts the flash to sleep once it has loaded its bitstream. */
  alone(kReleasePowerDown);
  select(true);
  (void)exchange(kIdentify);
  uint32_t id = 0;
  for (unsigned i = 0; i < 3; ++i) { id = id << 8 | exchange(0); }
  select(false);
  return id;
}
