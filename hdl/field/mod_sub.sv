// (a_i - b_i) mod Modulus, for a_i, b_i < Modulus. Latency field_pkg::AddLatency, one result a cycle; a cycle counts only while ce_i
// is high. No carry chain is longer than CarryBits: see modular_sum.
`default_nettype none
module mod_sub #(
    parameter int unsigned      Width     = 254,
    parameter logic [Width-1:0] Modulus   = '1,
    parameter int unsigned      CarryBits = field_pkg::CarryBits
) (
    input  wire logic             clk_i,
    input  wire logic             ce_i,
    input  wire logic [Width-1:0] a_i,
    input  wire logic [Width-1:0] b_i,
    output logic [Width-1:0]      difference_o
);
  modular_sum #(.Width(Width), .Modulus(Modulus), .Subtract(1'b1), .CarryBits(CarryBits)) u_difference (
      .clk_i, .ce_i, .a_i, .b_i, .carry_i(1'b1), .sum_o(difference_o));
endmodule
`default_nettype wire
