// (a_i - b_i) mod Modulus, for a_i, b_i < Modulus. Latency field_pkg::AddLatency, one result a cycle; a cycle counts only while ce_i
// is high. One subtraction and one trial addition; bit Width of the difference is the borrow.
// The difference is made under ce_i, so that a simulator spends nothing on it while the pipeline stands still.
`default_nettype none
module mod_sub #(
    parameter int unsigned      Width   = 254,
    parameter logic [Width-1:0] Modulus = '1
) (
    input  wire logic             clk_i,
    input  wire logic             ce_i,
    input  wire logic [Width-1:0] a_i,
    input  wire logic [Width-1:0] b_i,
    output logic [Width-1:0]      difference_o
);
  always_ff @(posedge clk_i) begin : subtract
    logic [Width:0]   difference;
    logic [Width-1:0] wrapped;
    if (ce_i) begin
      difference = {1'b0, a_i} - {1'b0, b_i};
      wrapped    = difference[Width-1:0] + Modulus;  // of use only after a borrow: in (0, Modulus) then
      difference_o <= difference[Width] ? wrapped : difference[Width-1:0];
    end
  end
endmodule
`default_nettype wire
