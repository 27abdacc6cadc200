#include "boot.h"

#include "accel_soc.h"
#include "console.h"

/* The FPGA stops this core within some clocks. */
enum { kWarmBootPolls = 10000 };

void boot_enter(enum image image) {
  for (uint32_t polls = 0; polls < kWarmBootPolls; ++polls) {
    if (hardware_read(ACCEL_SOC_UART_STATUS) & ACCEL_SOC_UART_STATUS_IDLE_MASK) { break; }
  }
  hardware_write(ACCEL_SOC_SYSTEM_WARM_BOOT, ACCEL_SOC_WARM_BOOT_KEY | (uint32_t)image);
  uint32_t polls = 0;
  while (polls < kWarmBootPolls && hardware_read(ACCEL_SOC_SYSTEM_BOARD) != UINT32_MAX) { ++polls; }
  console_text("boot stays: this board loads no other bitstream\r\n");
}

static void field_text(const char *name, const char *text) {
  console_text(name);
  console_text(text);
}

static void choose(struct boot *boot) {
  struct boot_choice choice;
  slots_choose(boot->board, &choice);
  field_text("boot a=", slot_verdict_text(choice.slots[0].verdict));
  field_text(" b=", slot_verdict_text(choice.slots[1].verdict));
  field_text(" takes=", image_text(choice.image));
  if (choice.image == kImageGolden) {
    console_text("\r\n");
    return;
  }
  const struct slot *slot = &choice.slots[choice.image - kImageSlotA];
  console_field_hex("version", slot->header.version);
  if (!slot->is_confirmed) { console_field_decimal("attempt", slot->attempts + 1); }
  console_text("\r\n");
  boot_enter(choice.image);
}

static void find_slot(struct boot *boot) {
  struct slot slots[2];
  boot->running = slots_running(boot->board, slots);
  field_text("runs=", image_text(boot->running));
  if (boot->running != kImageGolden) {
    const struct slot *slot = &slots[boot->running - kImageSlotA];
    boot->version = slot->header.version;
    boot->is_confirmed = slot->is_confirmed;
    console_field_hex("version", boot->version);
  }
  console_text(boot->is_confirmed ? "\r\n" : " unconfirmed\r\n");
  if (!boot->is_confirmed && (hardware_read(ACCEL_SOC_WATCHDOG_CAUSE) & 1)) { boot_enter(kImageGolden); }
}

void boot_start(struct boot *boot) {
  boot->running = kImageGolden;
  boot->board = hardware_read(ACCEL_SOC_SYSTEM_BOARD);
  boot->version = GOLDEN_VERSION;
  boot->is_confirmed = true;
  uint32_t id = flash_identify();
  boot->has_flash = id != 0 && id != UINT32_C(0xffffff);
  if (!boot->has_flash) {
    console_text("boot no flash\r\n");
    return;
  }
  if (hardware_read(ACCEL_SOC_SYSTEM_GOLDEN) & 1) { choose(boot); } else { find_slot(boot); }
}

void boot_supervise(struct boot *boot, uint32_t ticks, bool is_well) {
  if (boot->is_confirmed) { return; }
  if (!is_well) {
    console_text("boot not well: back to golden\r\n");
    boot_enter(kImageGolden);
    boot->is_confirmed = true;
    return;
  }
  if (ticks < kConfirmTicks) { return; }
  /* Once: a slot that cannot be confirmed runs out of attempts. */
  boot->is_confirmed = true;
  console_text(slot_confirm(boot->running) == kFlashOk ? "boot confirmed\r\n" : "boot cannot be confirmed: flash-error\r\n");
}
