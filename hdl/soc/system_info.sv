// The SYSTEM region (MAP.md): what this system is, LEDs, and the request for another bitstream. Answers in the cycle of the request.
// warm_boot_o stays high until the next reset: the FPGA is loading warm_boot_image_o, and what runs meanwhile does not matter.
`default_nettype none
module system_info #(
    parameter int unsigned ClockHz   = 12_000_000,
    parameter int unsigned BootBytes = 16384,
    parameter int unsigned RamBytes  = 16384,
    parameter int unsigned BoardId   = 0,
    parameter int unsigned IsGolden  = 1
) (
    input  wire logic        clk_i,
    input  wire logic        rst_ni,
    input  wire logic        request_i,
    input  wire logic        write_i,
    input  wire logic [11:0] address_i,
    input  wire logic [31:0] data_i,
    output logic             known_o,
    output logic [31:0]      data_o,
    output logic [3:0]       leds_o,
    output logic             warm_boot_o,
    output logic [1:0]       warm_boot_image_o
);
  always_comb begin
    known_o = !write_i;
    data_o  = '0;
    case (address_i)
      accel_soc_pkg::SystemId:        data_o = accel_soc_pkg::IdValue;
      accel_soc_pkg::SystemVersion:   data_o = accel_soc_pkg::VersionValue;
      accel_soc_pkg::SystemClockHz:   data_o = ClockHz;
      accel_soc_pkg::SystemBootBytes: data_o = BootBytes;
      accel_soc_pkg::SystemRamBytes:  data_o = RamBytes;
      accel_soc_pkg::SystemLeds: begin
        known_o = 1'b1;
        data_o  = {28'd0, leds_o};
      end
      accel_soc_pkg::SystemBoard:    data_o  = BoardId;
      accel_soc_pkg::SystemGolden:   data_o  = {31'd0, IsGolden != 0};
      accel_soc_pkg::SystemWarmBoot: known_o = write_i;
      default: known_o = 1'b0;
    endcase
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      leds_o            <= '0;
      warm_boot_o       <= 1'b0;
      warm_boot_image_o <= '0;
    end else if (request_i && write_i) begin
      if (address_i == accel_soc_pkg::SystemLeds) leds_o <= data_i[3:0];
      if (address_i == accel_soc_pkg::SystemWarmBoot && data_i[31:2] == accel_soc_pkg::WarmBootKey[31:2] && data_i[1:0] != 2'd3 && !warm_boot_o) begin
        warm_boot_o       <= 1'b1;
        warm_boot_image_o <= data_i[1:0];
      end
    end
  end
endmodule
`default_nettype wire
