// (a_i + b_i) mod Modulus, for a_i, b_i < Modulus. Latency field_pkg::AddLatency, one result a cycle; a cycle counts only while ce_i
// is high. One addition and one trial subtraction; Width + 1 bits hold the sum, which is below 2 * Modulus.
// The sum is made under ce_i, so that a simulator spends nothing on it while the pipeline stands still.
`default_nettype none
module mod_add #(
    parameter int unsigned      Width   = 254,
    parameter logic [Width-1:0] Modulus = '1
) (
    input  wire logic             clk_i,
    input  wire logic             ce_i,
    input  wire logic [Width-1:0] a_i,
    input  wire logic [Width-1:0] b_i,
    output logic [Width-1:0]      sum_o
);
  always_ff @(posedge clk_i) begin : add
    logic [Width:0] sum, reduced;
    if (ce_i) begin
      sum     = {1'b0, a_i} + {1'b0, b_i};
      reduced = sum - {1'b0, Modulus};  // its top bit is set exactly if sum < Modulus
      sum_o <= reduced[Width] ? sum[Width-1:0] : reduced[Width-1:0];
    end
  end
endmodule
`default_nettype wire
