// Generated from hdl/soc/soc_map.json by scripts/gen-registers.mjs; do not edit.
`default_nettype none
package accel_soc_pkg;
  // Each user takes some of these constants.
  /* verilator lint_off UNUSEDPARAM */
  localparam logic [31:0] IdValue = 32'h31434f53;
  localparam logic [31:0] VersionValue = 32'd2;
  localparam logic [31:0] WatchdogKey = 32'h57415443;  // What feeds the watchdog.
  localparam logic [31:0] WarmBootKey = 32'h424f4f00;  // With the image in bits 1:0, what asks for a warm boot.

  // Regions, by the bits of an address that tell them apart.
  localparam logic [31:0] BaseBoot = 32'h00000000;
  localparam logic [31:0] MaskBoot = 32'hff000000;
  localparam logic [31:0] BaseRam = 32'h10000000;
  localparam logic [31:0] MaskRam = 32'hff000000;
  localparam logic [31:0] BaseSystem = 32'h40000000;
  localparam logic [31:0] MaskSystem = 32'hfffff000;
  localparam logic [31:0] BaseUart = 32'h40001000;
  localparam logic [31:0] MaskUart = 32'hfffff000;
  localparam logic [31:0] BaseTimer = 32'h40002000;
  localparam logic [31:0] MaskTimer = 32'hfffff000;
  localparam logic [31:0] BaseWatchdog = 32'h40003000;
  localparam logic [31:0] MaskWatchdog = 32'hfffff000;
  localparam logic [31:0] BaseSpi = 32'h40004000;
  localparam logic [31:0] MaskSpi = 32'hfffff000;
  localparam logic [31:0] BaseEngines = 32'h80000000;
  localparam logic [31:0] MaskEngines = 32'hfffff000;
  localparam logic [31:0] BaseCardMemory = 32'ha0000000;
  localparam logic [31:0] MaskCardMemory = 32'hff000000;

  // Registers, by bits 11:0 of an address, and the first bits of their fields.
  localparam logic [11:0] SystemId = 12'h000;
  localparam logic [11:0] SystemVersion = 12'h004;
  localparam logic [11:0] SystemClockHz = 12'h008;
  localparam logic [11:0] SystemBootBytes = 12'h00c;
  localparam logic [11:0] SystemRamBytes = 12'h010;
  localparam logic [11:0] SystemLeds = 12'h014;
  localparam logic [11:0] SystemBoard = 12'h018;
  localparam logic [11:0] SystemGolden = 12'h01c;
  localparam logic [11:0] SystemWarmBoot = 12'h020;
  localparam logic [11:0] UartStatus = 12'h000;
  localparam int unsigned UartStatusReceivedLsb = 0;
  localparam int unsigned UartStatusSendableLsb = 1;
  localparam int unsigned UartStatusIdleLsb = 2;
  localparam int unsigned UartStatusOverrunLsb = 3;
  localparam logic [11:0] UartReceive = 12'h004;
  localparam logic [11:0] UartTransmit = 12'h008;
  localparam logic [11:0] UartInterrupt = 12'h00c;
  localparam logic [11:0] TimerCount = 12'h000;
  localparam logic [11:0] TimerCompare = 12'h004;
  localparam logic [11:0] TimerControl = 12'h008;
  localparam logic [11:0] WatchdogLimit = 12'h000;
  localparam logic [11:0] WatchdogFeed = 12'h004;
  localparam logic [11:0] WatchdogCause = 12'h008;
  localparam logic [11:0] SpiControl = 12'h000;
  localparam int unsigned SpiControlSelectLsb = 0;
  localparam int unsigned SpiControlDividerLsb = 8;
  localparam logic [11:0] SpiData = 12'h004;
  /* verilator lint_on UNUSEDPARAM */
endpackage
`default_nettype wire
