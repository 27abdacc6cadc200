// The adder of the curve in accel_curve_pkg.
`default_nettype none
module point_adder_bench
  import accel_curve_pkg::*;
#(
    parameter int unsigned TagWidth       = 24,
    parameter int unsigned KaratsubaDepth = 2
) (
    input  wire logic                  clk_i,
    input  wire logic                  rst_ni,
    input  wire logic                  in_valid_i,
    output logic                       in_ready_o,
    input  wire logic [TagWidth-1:0]   in_tag_i,
    input  wire logic [FieldWidth-1:0] a_x_i,
    input  wire logic [FieldWidth-1:0] a_y_i,
    input  wire logic [FieldWidth-1:0] a_z_i,
    input  wire logic [FieldWidth-1:0] b_x_i,
    input  wire logic [FieldWidth-1:0] b_y_i,
    input  wire logic [FieldWidth-1:0] b_z_i,
    output logic                       out_valid_o,
    input  wire logic                  out_ready_i,
    output logic [TagWidth-1:0]        out_tag_o,
    output logic [FieldWidth-1:0]      sum_x_o,
    output logic [FieldWidth-1:0]      sum_y_o,
    output logic [FieldWidth-1:0]      sum_z_o,
    output logic                       out_is_infinity_o,
    output logic [31:0]                latency_o
);
  assign latency_o = curve_pkg::adder_latency(KaratsubaDepth, CurveB3);
  point_adder #(
      .Width(FieldWidth), .Modulus(FieldModulus), .RBits(FieldRBits), .NegInv(FieldNegInv),
      .CurveB3(CurveB3), .TagWidth(TagWidth), .KaratsubaDepth(KaratsubaDepth)
  ) u_dut (
      .clk_i, .rst_ni, .in_valid_i, .in_ready_o, .in_tag_i, .a_x_i, .a_y_i, .a_z_i, .b_x_i, .b_y_i, .b_z_i,
      .out_valid_o, .out_ready_i, .out_tag_o, .sum_x_o, .sum_y_o, .sum_z_o, .out_is_infinity_o);
endmodule
`default_nettype wire
