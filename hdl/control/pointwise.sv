// a_i * b_i - c_i mod Modulus on canonical values below Modulus, one result a cycle: a Montgomery multiplication by b, one by R^2 mod
// Modulus (R2), which takes the product back to canonical form, and a subtraction. Latency field_pkg: two mul_latency and one AddLatency.
// The pipeline advances together, whenever its last stage is empty or being read; empty, it does not toggle.
`default_nettype none
module pointwise #(
    parameter int unsigned      Width          = 254,
    parameter int unsigned      RBits          = 256,
    parameter logic [Width-1:0] Modulus        = '1,
    parameter logic [RBits-1:0] NegInv         = 1,
    parameter logic [Width-1:0] R2             = 0,
    parameter int unsigned      KaratsubaDepth = 2
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
  localparam int unsigned MulLatency = field_pkg::mul_latency(KaratsubaDepth);
  localparam int unsigned Latency    = 2 * MulLatency + field_pkg::AddLatency;

  logic [Latency-1:0] valid_q;
  logic               advance, ce;
  assign advance = ready_i || !valid_q[Latency-1];
  assign ce      = advance && (valid_i || valid_q != '0);
  assign ready_o = advance;
  assign valid_o = valid_q[Latency-1];
  always_ff @(posedge clk_i) begin
    if (!rst_ni) valid_q <= '0;
    else if (advance) valid_q <= {valid_q[Latency-2:0], valid_i};
  end

  logic [Width-1:0] product, canonical, c_late;
  montgomery_multiplier #(.Width(Width), .RBits(RBits), .Modulus(Modulus), .NegInv(NegInv), .KaratsubaDepth(KaratsubaDepth)) u_product (
      .clk_i, .ce_i(ce), .a_i, .b_i, .product_o(product)
  );
  montgomery_multiplier #(.Width(Width), .RBits(RBits), .Modulus(Modulus), .NegInv(NegInv), .KaratsubaDepth(KaratsubaDepth)) u_canonical (
      .clk_i, .ce_i(ce), .a_i(product), .b_i(R2), .product_o(canonical)
  );
  delay_line #(.Width(Width), .Stages(2 * MulLatency)) u_c (.clk_i, .ce_i(ce), .data_i(c_i), .data_o(c_late));
  mod_sub #(.Width(Width), .Modulus(Modulus)) u_sub (.clk_i, .ce_i(ce), .a_i(canonical), .b_i(c_late), .difference_o(d_o));
endmodule
`default_nettype wire
