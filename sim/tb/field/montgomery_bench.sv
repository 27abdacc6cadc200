// The multiplier with the curve's coordinate field or, with ScalarField, its scalar field.
`default_nettype none
module montgomery_bench
  import accel_curve_pkg::*;
#(
    parameter int unsigned ScalarField    = 0,
    parameter int unsigned KaratsubaDepth = 2,
    parameter int unsigned CarryBits      = field_pkg::CarryBits,
    localparam int unsigned Width         = ScalarField != 0 ? ScalarWidth : FieldWidth
) (
    input  wire logic             clk_i,
    input  wire logic             rst_ni,
    input  wire logic             ce_i,
    input  wire logic [Width-1:0] a_i,
    input  wire logic [Width-1:0] b_i,
    output logic [Width-1:0]      product_o,
    output logic [31:0]           latency_o
);
  assign latency_o = field_pkg::mul_latency(KaratsubaDepth);
  logic unused;
  assign unused = &{1'b0, rst_ni};
  if (ScalarField != 0) begin : g_scalar
    montgomery_multiplier #(
        .Width(ScalarWidth), .RBits(ScalarRBits), .Modulus(ScalarModulus), .NegInv(ScalarNegInv), .KaratsubaDepth(KaratsubaDepth),
        .CarryBits(CarryBits)
    ) u_dut (.clk_i, .ce_i, .a_i, .b_i, .product_o);
  end else begin : g_field
    montgomery_multiplier #(
        .Width(FieldWidth), .RBits(FieldRBits), .Modulus(FieldModulus), .NegInv(FieldNegInv), .KaratsubaDepth(KaratsubaDepth),
        .CarryBits(CarryBits)
    ) u_dut (.clk_i, .ce_i, .a_i, .b_i, .product_o);
  end
endmodule
`default_nettype wire
