// pointwise over the scalar field of the curve that the bench is built for.
`default_nettype none
module pointwise_bench #(
    parameter int unsigned KaratsubaDepth = 2,
    localparam int unsigned Width = accel_curve_pkg::ScalarWidth
) (
    input  wire logic             clk_i,
    input  wire logic             rst_ni,
    input  wire logic             valid_i,
    output logic                  ready_o,
    input  wire logic [Width-1:0] a_i,
    input  wire logic [Width-1:0] b_i,
    input  wire logic [Width-1:0] c_i,
    output logic                  valid_o,
    input  wire logic             ready_i,
    output logic [Width-1:0]      d_o
);
  pointwise #(
      .Width(Width), .RBits(accel_curve_pkg::ScalarRBits), .Modulus(accel_curve_pkg::ScalarModulus), .NegInv(accel_curve_pkg::ScalarNegInv),
      .R2(accel_curve_pkg::ScalarR2), .KaratsubaDepth(KaratsubaDepth)
  ) u_pointwise (.clk_i, .rst_ni, .valid_i, .ready_o, .a_i, .b_i, .c_i, .valid_o, .ready_i, .d_o);
endmodule
`default_nettype wire
