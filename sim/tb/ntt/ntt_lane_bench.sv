// A lane over the curve's scalar field, its latencies brought out.
`default_nettype none
module ntt_lane_bench #(
    parameter int unsigned  KaratsubaDepth = 2,
    localparam int unsigned Width          = accel_curve_pkg::ScalarWidth
) (
    input  wire logic             clk_i,
    input  wire logic             rst_ni,
    input  wire logic             ce_i,
    input  wire logic [Width-1:0] a_i,
    input  wire logic [Width-1:0] b_i,
    input  wire logic             negate_i,
    input  wire logic             halve_i,
    input  wire logic [Width-1:0] twiddle_i,
    output logic [Width-1:0]      upper_o,
    output logic [Width-1:0]      lower_o,
    output logic [31:0]           lag_o,
    output logic [31:0]           latency_o
);
  assign lag_o     = 2 * field_pkg::AddLatency;
  assign latency_o = lag_o + field_pkg::mul_latency(KaratsubaDepth);
  ntt_lane #(
      .Width(Width), .RBits(accel_curve_pkg::ScalarRBits), .Modulus(accel_curve_pkg::ScalarModulus), .NegInv(accel_curve_pkg::ScalarNegInv),
      .KaratsubaDepth(KaratsubaDepth)
  ) u_dut (.clk_i, .ce_i, .a_i, .b_i, .negate_i, .halve_i, .twiddle_i, .upper_o, .lower_o);

  logic unused;
  assign unused = &{1'b0, rst_ni};  // the lane holds no control to reset
endmodule
`default_nettype wire
