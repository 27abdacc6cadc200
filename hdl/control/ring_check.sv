// Whether a ring of 2^log2_i entries of 64 bytes at base_i is aligned and lies in the memory; one cycle after its inputs.
`default_nettype none
module ring_check #(
    parameter int unsigned MemoryLog2 = 34
) (
    input  wire logic        clk_i,
    input  wire logic [63:0] base_i,
    input  wire logic [31:0] log2_i,
    output logic             ok_o
);
  localparam logic [64:0] MemoryBytes = 65'd1 << MemoryLog2;

  // The base is below 2^64 and the ring at most 2^(16+6) bytes, so the end fits 65 bits.
  logic [64:0] ring_end;
  assign ring_end = {1'b0, base_i} + (65'd64 << log2_i[4:0]);
  always_ff @(posedge clk_i)
    ok_o <= base_i[5:0] == '0 && log2_i <= accel_regs_pkg::RingLog2Max && ring_end <= MemoryBytes;
endmodule
`default_nettype wire
