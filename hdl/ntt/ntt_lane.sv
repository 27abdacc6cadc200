// One butterfly a cycle, decimation in frequency (Gentleman and Sande 1966): with residues a, b < Modulus and w in Montgomery form,
//   upper_o = (a + b) h        lower_o = (a - b) h w,   or (b - a) h w with negate_i,        h = 1/2 with halve_i, else 1.
// negate_i serves the inverse transform, whose w^-j is -w^(n/2 - j): one table of powers does for both directions. Halving in every
// stage of an inverse transform makes the division by its size.
// a_i, b_i, negate_i and halve_i enter together, the twiddle TwiddleLag = 2 * AddLatency enabled cycles later; both results leave
// TwiddleLag + MulLatency enabled cycles after a_i.
`default_nettype none
module ntt_lane #(
    parameter int unsigned      Width          = 254,
    parameter int unsigned      RBits          = 256,
    parameter logic [Width-1:0] Modulus        = '1,
    parameter logic [RBits-1:0] NegInv         = 1,
    parameter int unsigned      KaratsubaDepth = 2,
    localparam int unsigned     MulLatency     = field_pkg::mul_latency(KaratsubaDepth)
) (
    input  wire logic             clk_i,
    input  wire logic             ce_i,
    input  wire logic [Width-1:0] a_i,
    input  wire logic [Width-1:0] b_i,
    input  wire logic             negate_i,
    input  wire logic             halve_i,
    input  wire logic [Width-1:0] twiddle_i,
    output logic [Width-1:0]      upper_o,
    output logic [Width-1:0]      lower_o
);
  logic [Width-1:0] sum, difference, half_sum, half_difference;
  logic             halve;

  mod_add #(.Width(Width), .Modulus(Modulus)) u_add (.clk_i, .ce_i, .a_i, .b_i, .sum_o(sum));
  mod_sub #(.Width(Width), .Modulus(Modulus)) u_sub (
      .clk_i, .ce_i, .a_i(negate_i ? b_i : a_i), .b_i(negate_i ? a_i : b_i), .difference_o(difference));
  delay_line #(.Width(1), .Stages(field_pkg::AddLatency)) u_halve (.clk_i, .ce_i, .data_i(halve_i), .data_o(halve));

  mod_half #(.Width(Width), .Modulus(Modulus)) u_half_sum (.clk_i, .ce_i, .halve_i(halve), .a_i(sum), .half_o(half_sum));
  mod_half #(.Width(Width), .Modulus(Modulus)) u_half_difference (
      .clk_i, .ce_i, .halve_i(halve), .a_i(difference), .half_o(half_difference));

  montgomery_multiplier #(
      .Width(Width), .RBits(RBits), .Modulus(Modulus), .NegInv(NegInv), .KaratsubaDepth(KaratsubaDepth)
  ) u_multiply (.clk_i, .ce_i, .a_i(half_difference), .b_i(twiddle_i), .product_o(lower_o));
  delay_line #(.Width(Width), .Stages(MulLatency)) u_upper (.clk_i, .ce_i, .data_i(half_sum), .data_o(upper_o));
endmodule
`default_nettype wire
