// a + b for any two points of y^2 = x^3 + b, one sum a cycle, latency curve_pkg::adder_latency(KaratsubaDepth, CurveB3).
//
// The complete projective addition of Renes, Costello and Batina (eprint 2015/1060, Algorithm 7, a = 0): one formula for distinct, equal
// and opposite points and for infinity on either side, right whenever the curve's order is odd. Points are (X : Y : Z) with x = X/Z,
// y = Y/Z, every coordinate below Modulus and in Montgomery form; infinity is (0 : Y : 0) with any Y but 0, and (0, 0, 0) is no point.
// CurveB3 = 3b. Twelve multipliers in two levels of six; with P = a, Q = b:
//   t0 = Px Qx        t1 = Py Qy        t2 = Pz Qz
//   t3 = (Px + Py)(Qx + Qy) - t0 - t1   t4 = (Py + Pz)(Qy + Qz) - t1 - t2   y = 3b ((Px + Pz)(Qx + Qz) - t0 - t2)
//   z = t1 + 3b t2    d = t1 - 3b t2    t = 3 t0
//   X = t3 d - t4 y   Y = y t + d z     Z = z t4 + t t3
//
// The whole pipeline advances together, whenever its last stage is empty or being read: sums leave in the order of their pairs and keep
// still while refused. An adder that holds nothing does not toggle. Every coordinate is fully reduced, so Z = 0 tests for infinity.
`default_nettype none
module point_adder #(
    parameter int unsigned      Width          = 254,
    parameter logic [Width-1:0] Modulus        = '1,
    parameter int unsigned      RBits          = 256,
    parameter logic [RBits-1:0] NegInv         = 1,
    parameter int unsigned      CurveB3        = 9,
    parameter int unsigned      TagWidth       = 8,
    parameter int unsigned      KaratsubaDepth = 2
) (
    input  wire logic                clk_i,
    input  wire logic                rst_ni,
    input  wire logic                in_valid_i,
    output logic                     in_ready_o,
    input  wire logic [TagWidth-1:0] in_tag_i,
    input  wire logic [Width-1:0]    a_x_i,
    input  wire logic [Width-1:0]    a_y_i,
    input  wire logic [Width-1:0]    a_z_i,
    input  wire logic [Width-1:0]    b_x_i,
    input  wire logic [Width-1:0]    b_y_i,
    input  wire logic [Width-1:0]    b_z_i,
    output logic                     out_valid_o,
    input  wire logic                out_ready_i,
    output logic [TagWidth-1:0]      out_tag_o,
    output logic [Width-1:0]         sum_x_o,
    output logic [Width-1:0]         sum_y_o,
    output logic [Width-1:0]         sum_z_o,
    output logic                     out_is_infinity_o
);
  localparam int unsigned Latency      = curve_pkg::adder_latency(KaratsubaDepth, CurveB3);
  localparam int unsigned AddLatency   = field_pkg::AddLatency;
  localparam int unsigned TripleB      = field_pkg::multiple_latency(CurveB3);
  localparam int unsigned X = 0, Y = 1, Z = 2;

  if (CurveB3 == 0) $error("point_adder: CurveB3 = 3b must be at least 1");

  // Control: a valid bit per stage. ce moves the data, and only if there is any.
  logic [Latency-1:0] valid_q;
  logic               advance, ce;

  assign advance     = out_ready_i || !valid_q[Latency-1];
  assign ce          = advance && (in_valid_i || valid_q != '0);
  assign in_ready_o  = advance;
  assign out_valid_o = valid_q[Latency-1];

  always_ff @(posedge clk_i) begin
    if (!rst_ni) valid_q <= '0;
    else if (ce) valid_q <= {valid_q[Latency-2:0], in_valid_i};
  end

  delay_line #(.Width(TagWidth), .Stages(Latency)) u_tag (.clk_i, .ce_i(ce), .data_i(in_tag_i), .data_o(out_tag_o));

  // First level: product[i] of coordinate i, summed[i] of the sums of coordinates i and i+1: summed[X] of x and y, summed[Z] of z and x.
  logic [Width-1:0] a [3];
  logic [Width-1:0] b [3];
  logic [Width-1:0] product [3];
  logic [Width-1:0] summed [3];

  assign a[X] = a_x_i;
  assign a[Y] = a_y_i;
  assign a[Z] = a_z_i;
  assign b[X] = b_x_i;
  assign b[Y] = b_y_i;
  assign b[Z] = b_z_i;

  for (genvar i = 0; i < 3; i++) begin : g_first
    logic [Width-1:0] a_late, b_late, a_sum, b_sum;

    delay_line #(.Width(Width), .Stages(AddLatency)) u_a_late (.clk_i, .ce_i(ce), .data_i(a[i]), .data_o(a_late));
    delay_line #(.Width(Width), .Stages(AddLatency)) u_b_late (.clk_i, .ce_i(ce), .data_i(b[i]), .data_o(b_late));
    mod_add #(.Width(Width), .Modulus(Modulus)) u_a_sum (.clk_i, .ce_i(ce), .a_i(a[i]), .b_i(a[(i+1)%3]), .sum_o(a_sum));
    mod_add #(.Width(Width), .Modulus(Modulus)) u_b_sum (.clk_i, .ce_i(ce), .a_i(b[i]), .b_i(b[(i+1)%3]), .sum_o(b_sum));

    montgomery_multiplier #(.Width(Width), .RBits(RBits), .Modulus(Modulus), .NegInv(NegInv), .KaratsubaDepth(KaratsubaDepth))
        u_product (.clk_i, .ce_i(ce), .a_i(a_late), .b_i(b_late), .product_o(product[i]));
    montgomery_multiplier #(.Width(Width), .RBits(RBits), .Modulus(Modulus), .NegInv(NegInv), .KaratsubaDepth(KaratsubaDepth))
        u_summed (.clk_i, .ce_i(ce), .a_i(a_sum), .b_i(b_sum), .product_o(summed[i]));
  end

  // mixed[i] = summed[i] - product[i] - product[i+1] = a[i] b[i+1] + a[i+1] b[i], 2 * AddLatency after the products.
  logic [Width-1:0] mixed [3];

  for (genvar i = 0; i < 3; i++) begin : g_mixed
    logic [Width-1:0] summed_late, products;

    delay_line #(.Width(Width), .Stages(AddLatency)) u_summed_late (.clk_i, .ce_i(ce), .data_i(summed[i]), .data_o(summed_late));
    mod_add #(.Width(Width), .Modulus(Modulus)) u_products (
        .clk_i, .ce_i(ce), .a_i(product[i]), .b_i(product[(i+1)%3]), .sum_o(products));
    mod_sub #(.Width(Width), .Modulus(Modulus)) u_mixed (.clk_i, .ce_i(ce), .a_i(summed_late), .b_i(products), .difference_o(mixed[i]));
  end

  // The second level's operands, all of them 2 * AddLatency + TripleB after the products.
  logic [Width-1:0] t, t3, t4, y, z, d;
  logic [Width-1:0] t_early, zz_b3, yy_late, z_early, d_early;

  small_multiple #(.Width(Width), .Modulus(Modulus), .Factor(3)) u_t (.clk_i, .ce_i(ce), .a_i(product[X]), .multiple_o(t_early));
  small_multiple #(.Width(Width), .Modulus(Modulus), .Factor(CurveB3)) u_zz_b3 (.clk_i, .ce_i(ce), .a_i(product[Z]), .multiple_o(zz_b3));
  delay_line #(.Width(Width), .Stages(TripleB)) u_yy_late (.clk_i, .ce_i(ce), .data_i(product[Y]), .data_o(yy_late));
  mod_add #(.Width(Width), .Modulus(Modulus)) u_z (.clk_i, .ce_i(ce), .a_i(yy_late), .b_i(zz_b3), .sum_o(z_early));
  mod_sub #(.Width(Width), .Modulus(Modulus)) u_d (.clk_i, .ce_i(ce), .a_i(yy_late), .b_i(zz_b3), .difference_o(d_early));

  small_multiple #(.Width(Width), .Modulus(Modulus), .Factor(CurveB3)) u_y (.clk_i, .ce_i(ce), .a_i(mixed[Z]), .multiple_o(y));
  delay_line #(.Width(Width), .Stages(TripleB)) u_t_late (.clk_i, .ce_i(ce), .data_i(t_early), .data_o(t));
  delay_line #(.Width(Width), .Stages(TripleB)) u_t3_late (.clk_i, .ce_i(ce), .data_i(mixed[X]), .data_o(t3));
  delay_line #(.Width(Width), .Stages(TripleB)) u_t4_late (.clk_i, .ce_i(ce), .data_i(mixed[Y]), .data_o(t4));
  delay_line #(.Width(Width), .Stages(AddLatency)) u_z_late (.clk_i, .ce_i(ce), .data_i(z_early), .data_o(z));
  delay_line #(.Width(Width), .Stages(AddLatency)) u_d_late (.clk_i, .ce_i(ce), .data_i(d_early), .data_o(d));

  // Second level: X = left[X] - right[X], Y and Z are sums.
  logic [Width-1:0] left_a [3];
  logic [Width-1:0] left_b [3];
  logic [Width-1:0] right_a [3];
  logic [Width-1:0] right_b [3];
  logic [Width-1:0] left [3];
  logic [Width-1:0] right [3];

  assign left_a[X]  = t3;
  assign left_b[X]  = d;
  assign right_a[X] = t4;
  assign right_b[X] = y;
  assign left_a[Y]  = y;
  assign left_b[Y]  = t;
  assign right_a[Y] = d;
  assign right_b[Y] = z;
  assign left_a[Z]  = z;
  assign left_b[Z]  = t4;
  assign right_a[Z] = t;
  assign right_b[Z] = t3;

  for (genvar i = 0; i < 3; i++) begin : g_second
    montgomery_multiplier #(.Width(Width), .RBits(RBits), .Modulus(Modulus), .NegInv(NegInv), .KaratsubaDepth(KaratsubaDepth))
        u_left (.clk_i, .ce_i(ce), .a_i(left_a[i]), .b_i(left_b[i]), .product_o(left[i]));
    montgomery_multiplier #(.Width(Width), .RBits(RBits), .Modulus(Modulus), .NegInv(NegInv), .KaratsubaDepth(KaratsubaDepth))
        u_right (.clk_i, .ce_i(ce), .a_i(right_a[i]), .b_i(right_b[i]), .product_o(right[i]));
  end

  mod_sub #(.Width(Width), .Modulus(Modulus)) u_x_sum (.clk_i, .ce_i(ce), .a_i(left[X]), .b_i(right[X]), .difference_o(sum_x_o));
  mod_add #(.Width(Width), .Modulus(Modulus)) u_y_sum (.clk_i, .ce_i(ce), .a_i(left[Y]), .b_i(right[Y]), .sum_o(sum_y_o));
  mod_add #(.Width(Width), .Modulus(Modulus)) u_z_sum (.clk_i, .ce_i(ce), .a_i(left[Z]), .b_i(right[Z]), .sum_o(sum_z_o));

  assign out_is_infinity_o = sum_z_o == '0;
endmodule
`default_nettype wire
