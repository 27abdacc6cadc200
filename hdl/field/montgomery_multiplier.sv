// product_o = a_i * b_i * R^-1 mod Modulus with R = 2^RBits, for a_i, b_i < Modulus; the result is below Modulus. One product a cycle,
// latency field_pkg::mul_latency(KaratsubaDepth); a cycle counts only while ce_i is high.
//
// Montgomery's reduction (Mathematics of Computation 44, 1985) in one step over the whole width, as three pipelined products:
//   t = a * b                                     < Modulus^2
//   m = (t mod R) * NegInv mod R                  < R, and NegInv = -Modulus^-1 mod R
//   s = (t + m * Modulus) / R                     exact, < Modulus * (Modulus / R + 1) < 2 * Modulus
// and one conditional subtraction, which the final modular sum makes. The low RBits of t + m * Modulus are zero by the choice of m, so they
// are never added: their carry is 1 unless t mod R is 0, in which case m is 0 too.
`default_nettype none
module montgomery_multiplier #(
    parameter int unsigned      Width          = 254,
    parameter int unsigned      RBits          = 256,
    parameter logic [Width-1:0] Modulus        = '1,
    parameter logic [RBits-1:0] NegInv         = 1,
    parameter int unsigned      KaratsubaDepth = 2,
    parameter int unsigned      CarryBits      = field_pkg::CarryBits
) (
    input  wire logic             clk_i,
    input  wire logic             ce_i /*verilator public_flat_rd*/,
    input  wire logic [Width-1:0] a_i /*verilator public_flat_rd*/,
    input  wire logic [Width-1:0] b_i /*verilator public_flat_rd*/,
    output logic [Width-1:0]      product_o
);
  // One copy of the simulator's code serves every instance: it fits the processor's caches and compiles once. The inputs are public lest
  // the simulator put the parent's own signals in their place, which would make every copy different.
  /*verilator no_inline_module*/

  localparam int unsigned ProductLatency = field_pkg::product_latency(KaratsubaDepth);

  if (RBits < Width) $error("montgomery_multiplier: RBits must be at least Width");
  if (!Modulus[0]) $error("montgomery_multiplier: Modulus must be odd");

  logic [2*Width-1:0] t;
  karatsuba_multiplier #(.Width(Width), .Depth(KaratsubaDepth), .CarryBits(CarryBits)) u_t (.clk_i, .ce_i, .a_i, .b_i, .product_o(t));

  logic [2*RBits-1:0] m;
  karatsuba_multiplier #(.Width(RBits), .Depth(KaratsubaDepth), .CarryBits(CarryBits)) u_m (
      .clk_i, .ce_i, .a_i(RBits'(t)), .b_i(NegInv), .product_o(m));

  logic [2*RBits-1:0] m_modulus;
  karatsuba_multiplier #(.Width(RBits), .Depth(KaratsubaDepth), .CarryBits(CarryBits)) u_m_modulus (
      .clk_i, .ce_i, .a_i(m[RBits-1:0]), .b_i(RBits'(Modulus)), .product_o(m_modulus));

  // What is left of t: its upper part, if it has one, and whether its lower part is zero.
  logic [Width-1:0] t_high;
  if (2 * Width > RBits) begin : g_t_high
    logic [2*Width-RBits-1:0] t_late;
    delay_line #(.Width(2 * Width - RBits), .Stages(2 * ProductLatency)) u_t_high (
        .clk_i, .ce_i, .data_i(t[2*Width-1:RBits]), .data_o(t_late));
    assign t_high = Width'(t_late);
  end else begin : g_no_t_high
    assign t_high = '0;
  end

  logic carry_q, carry;
  delay_line #(.Width(1), .Stages(2 * ProductLatency - 1)) u_carry (.clk_i, .ce_i, .data_i(carry_q), .data_o(carry));

  always_ff @(posedge clk_i) begin
    if (ce_i) carry_q <= RBits'(t) != '0;
  end

  modular_sum #(.Width(Width), .Modulus(Modulus), .CarryBits(CarryBits)) u_reduce (
      .clk_i, .ce_i, .a_i(t_high), .b_i(m_modulus[RBits+Width-1:RBits]), .carry_i(carry), .sum_o(product_o));

  logic unused;
  assign unused = &{1'b0, m[2*RBits-1:RBits], m_modulus};
endmodule
`default_nettype wire
