// msm_engine and point_adder on the curve that the bench is built for.
`default_nettype none
module msm_with_adder_top #(
    parameter int unsigned ScalarWidth   = accel_curve_pkg::ScalarWidth,
    parameter int unsigned WindowBitsMax = 6,
    parameter int unsigned CellsLog2     = 8,
    parameter int unsigned CreditsLog2   = 9,
    parameter int unsigned ArrivalsLog2  = 6,
    parameter int unsigned ReadLatency   = 2,
    parameter int unsigned KaratsubaDepth = 1,
    localparam int unsigned Width        = accel_curve_pkg::FieldWidth,
    localparam int unsigned TagWidth     = 20
) (
    input  wire logic                   clk_i,
    input  wire logic                   rst_ni,
    input  wire logic                   start_valid_i,
    output logic                        start_ready_o,
    output logic                        start_illegal_o,
    input  wire logic                   start_first_i,
    input  wire logic                   start_last_i,
    input  wire logic [31:0]            start_count_i,
    input  wire logic [7:0]             start_window_bits_i,
    input  wire logic                   scalar_valid_i,
    output logic                        scalar_ready_o,
    input  wire logic [ScalarWidth-1:0] scalar_i,
    input  wire logic                   base_valid_i,
    output logic                        base_ready_o,
    input  wire logic [Width-1:0]       base_x_i,
    input  wire logic [Width-1:0]       base_y_i,
    output logic                        sum_valid_o,
    input  wire logic                   sum_ready_i,
    output logic      [Width-1:0]       sum_x_o,
    output logic      [Width-1:0]       sum_y_o,
    output logic      [Width-1:0]       sum_z_o,
    output logic                        chunk_done_o,
    output logic                        done_o,
    output logic                        busy_o,
    output logic                        open_o,
    output logic      [63:0]            accumulate_cycles_o,
    output logic      [63:0]            aggregate_cycles_o,
    output logic      [63:0]            adds_o,
    output logic      [63:0]            starved_cycles_o
);
  logic                pair_valid, pair_ready, added_valid, added_ready, added_is_infinity;
  logic [TagWidth-1:0] pair_tag, added_tag;
  logic [Width-1:0]    a_x, a_y, a_z, b_x, b_y, b_z, added_x, added_y, added_z;

  msm_engine #(
      .Width(Width), .ScalarWidth(ScalarWidth), .WindowBitsMax(WindowBitsMax), .CellsLog2(CellsLog2), .TagWidth(TagWidth),
      .CreditsLog2(CreditsLog2), .ArrivalsLog2(ArrivalsLog2), .ReadLatency(ReadLatency),
      .Modulus(accel_curve_pkg::FieldModulus), .FieldOne(accel_curve_pkg::FieldOne)
  ) u_engine (
      .clk_i, .rst_ni, .start_valid_i, .start_ready_o, .start_illegal_o, .start_first_i, .start_last_i, .start_count_i, .start_window_bits_i,
      .scalar_valid_i, .scalar_ready_o, .scalar_i, .base_valid_i, .base_ready_o, .base_x_i, .base_y_i,
      .pair_valid_o(pair_valid), .pair_ready_i(pair_ready), .pair_tag_o(pair_tag),
      .pair_a_x_o(a_x), .pair_a_y_o(a_y), .pair_a_z_o(a_z), .pair_b_x_o(b_x), .pair_b_y_o(b_y), .pair_b_z_o(b_z),
      .added_valid_i(added_valid), .added_ready_o(added_ready), .added_tag_i(added_tag),
      .added_x_i(added_x), .added_y_i(added_y), .added_z_i(added_z), .added_is_infinity_i(added_is_infinity),
      .sum_valid_o, .sum_ready_i, .sum_x_o, .sum_y_o, .sum_z_o, .chunk_done_o, .done_o, .busy_o, .open_o,
      .accumulate_cycles_o, .aggregate_cycles_o, .adds_o, .starved_cycles_o);

  point_adder #(
      .Width(Width), .Modulus(accel_curve_pkg::FieldModulus), .RBits(accel_curve_pkg::FieldRBits), .NegInv(accel_curve_pkg::FieldNegInv),
      .CurveB3(accel_curve_pkg::CurveB3), .TagWidth(TagWidth), .KaratsubaDepth(KaratsubaDepth)
  ) u_adder (
      .clk_i, .rst_ni, .in_valid_i(pair_valid), .in_ready_o(pair_ready), .in_tag_i(pair_tag),
      .a_x_i(a_x), .a_y_i(a_y), .a_z_i(a_z), .b_x_i(b_x), .b_y_i(b_y), .b_z_i(b_z),
      .out_valid_o(added_valid), .out_ready_i(added_ready), .out_tag_o(added_tag),
      .sum_x_o(added_x), .sum_y_o(added_y), .sum_z_o(added_z), .out_is_infinity_o(added_is_infinity));
endmodule
`default_nettype wire
