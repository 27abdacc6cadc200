// The coordinate field's addition, subtraction, half and small multiple, side by side.
`default_nettype none
module modular_bench
  import accel_curve_pkg::*;
#(
    parameter int unsigned Factor    = 9,
    parameter int unsigned CarryBits = field_pkg::CarryBits
) (
    input  wire logic                  clk_i,
    input  wire logic                  rst_ni,
    input  wire logic                  ce_i,
    input  wire logic [FieldWidth-1:0] a_i,
    input  wire logic [FieldWidth-1:0] b_i,
    output logic [FieldWidth-1:0]      sum_o,
    output logic [FieldWidth-1:0]      difference_o,
    output logic [FieldWidth-1:0]      multiple_o,
    output logic [FieldWidth-1:0]      half_o,
    output logic [31:0]                add_latency_o,
    output logic [31:0]                multiple_latency_o
);
  assign add_latency_o      = field_pkg::AddLatency;
  assign multiple_latency_o = field_pkg::multiple_latency(Factor);
  logic unused;
  assign unused = &{1'b0, rst_ni};
  mod_add #(.Width(FieldWidth), .Modulus(FieldModulus), .CarryBits(CarryBits)) u_add (.clk_i, .ce_i, .a_i, .b_i, .sum_o);
  mod_sub #(.Width(FieldWidth), .Modulus(FieldModulus), .CarryBits(CarryBits)) u_sub (.clk_i, .ce_i, .a_i, .b_i, .difference_o);
  mod_half #(.Width(FieldWidth), .Modulus(FieldModulus), .CarryBits(CarryBits)) u_half (.clk_i, .ce_i, .halve_i(1'b1), .a_i, .half_o);
  small_multiple #(.Width(FieldWidth), .Modulus(FieldModulus), .CarryBits(CarryBits), .Factor(Factor)) u_multiple (.clk_i, .ce_i, .a_i, .multiple_o);
endmodule
`default_nettype wire
