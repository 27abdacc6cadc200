// The program that the core starts with: read-only words, there a cycle after the request. ACCEL_BOOT_HEX, where it is defined, names the file of its
// words in hexadecimal; a bench may fill memory itself. Addresses beyond Bytes come round again.
`default_nettype none
module boot_rom #(
    parameter int unsigned Bytes = 16384,
    localparam int unsigned AddressBits = $clog2(Bytes)
) (
    input  wire logic                   clk_i,
    input  wire logic                   request_i,
    input  wire logic [AddressBits-1:2] address_i,
    output logic [31:0]                 data_o
);
  if (Bytes < 8 || Bytes != 1 << AddressBits) $error("boot_rom: Bytes must be a power of two, at least 8");

  // Nothing in the design writes it.
  /* verilator lint_off UNDRIVEN */
  logic [31:0] memory [Bytes / 4];
  /* verilator lint_on UNDRIVEN */
`ifdef ACCEL_BOOT_HEX
  initial $readmemh(`ACCEL_BOOT_HEX, memory);
`endif
  always_ff @(posedge clk_i) if (request_i) data_o <= memory[address_i];
endmodule
`default_nettype wire
