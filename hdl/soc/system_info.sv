// The SYSTEM region (MAP.md): what this system is, and LEDs. Answers in the cycle of the request.
`default_nettype none
module system_info #(
    parameter int unsigned ClockHz   = 12_000_000,
    parameter int unsigned BootBytes = 16384,
    parameter int unsigned RamBytes  = 16384
) (
    input  wire logic        clk_i,
    input  wire logic        rst_ni,
    input  wire logic        request_i,
    input  wire logic        write_i,
    input  wire logic [11:0] address_i,
    input  wire logic [3:0]  data_i,
    output logic             known_o,
    output logic [31:0]      data_o,
    output logic [3:0]       leds_o
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
      default: known_o = 1'b0;
    endcase
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni) leds_o <= '0;
    else if (request_i && write_i && known_o) leds_o <= data_i;
  end
endmodule
`default_nettype wire
