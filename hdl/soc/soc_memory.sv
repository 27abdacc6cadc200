// Memory of 32-bit words behind one port: the word of a read is there a cycle after its request, and stays until the next. Lanes of a write are in
// strobe_i. Addresses beyond Bytes come round again. Block RAM, or an UltraPlus' single-port RAM.
`default_nettype none
module soc_memory #(
    parameter int unsigned Bytes = 16384,
    localparam int unsigned AddressBits = $clog2(Bytes)
) (
    input  wire logic                   clk_i,
    input  wire logic                   request_i,
    input  wire logic                   write_i,
    input  wire logic [AddressBits-1:2] address_i,
    input  wire logic [3:0]             strobe_i,
    input  wire logic [31:0]            data_i,
    output logic [31:0]                 data_o
);
  if (Bytes < 8 || Bytes != 1 << AddressBits) $error("soc_memory: Bytes must be a power of two, at least 8");

  // Two halves, as an UltraPlus has them.
  for (genvar half = 0; half < 2; half++) begin : g_half
    logic [15:0] memory [Bytes / 4];
    always_ff @(posedge clk_i) begin
      if (request_i) begin
        if (write_i) begin
          if (strobe_i[2*half]) memory[address_i][7:0] <= data_i[16*half+:8];
          if (strobe_i[2*half+1]) memory[address_i][15:8] <= data_i[16*half+8+:8];
        end else data_o[16*half+:16] <= memory[address_i];
      end
    end
  end
endmodule
`default_nettype wire
