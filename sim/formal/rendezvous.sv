// Stands for rendezvous in the proof of msm_engine: whether a visit finds its cell full, and every cell and point, is arbitrary; when visits
// are told, when pairs leave, and that clearing and scanning only end by themselves, is as proved of the real one. What that proof assumes of
// its surroundings is asserted here.
`default_nettype none
module rendezvous #(
    parameter int unsigned CellsLog2   = 7,
    parameter int unsigned PointBits   = 15,
    parameter int unsigned ReadLatency = 2,
    parameter int unsigned WordLog2    = 6,
    localparam int unsigned WordsLog2  = CellsLog2 - WordLog2
) (
    input  wire logic                 clk_i,
    input  wire logic                 rst_ni,
    input  wire logic                 clear_i,
    output logic                      clearing_o,

    input  wire logic                 a_valid_i,
    input  wire logic [CellsLog2-1:0] a_cell_i,
    input  wire logic [PointBits-1:0] a_point_i,
    input  wire logic                 b_valid_i,
    input  wire logic [CellsLog2-1:0] b_cell_i,
    input  wire logic [PointBits-1:0] b_point_i,

    output logic                      a_pair_o,
    output logic      [CellsLog2-1:0] a_cell_o,
    output logic      [PointBits-1:0] a_visitor_o,
    output logic      [PointBits-1:0] a_other_o,
    output logic                      b_pair_o,
    output logic      [CellsLog2-1:0] b_cell_o,
    output logic      [PointBits-1:0] b_visitor_o,
    output logic      [PointBits-1:0] b_other_o,
    output logic                      a_stored_o,
    output logic                      b_stored_o,
    output logic                      met_o,

    input  wire logic                 scan_start_i,
    input  wire logic [WordsLog2-1:0] scan_last_word_i,
    output logic                      scanning_o,
    output logic                      scan_valid_o,
    input  wire logic                 scan_ready_i,
    output logic      [CellsLog2-1:0] scan_cell_o,
    output logic      [PointBits-1:0] scan_point_o
);
  logic                   f_past_q = 1'b0;
  logic                   f_cleared_q, f_clearing_q, f_scanning_q, f_in_flight;
  logic [1:0]             f_some_a_q, f_some_b_q, f_some_met_q;
  logic [ReadLatency-1:0] f_a_leaves_q, f_b_leaves_q;
  logic [5:0]             f_free;

  assign f_free       = $anyseq;
  assign met_o        = f_some_met_q[1];
  assign a_stored_o   = f_some_a_q[1] && !met_o && f_free[0];
  assign b_stored_o   = f_some_b_q[1] && !met_o && f_free[1];
  assign a_pair_o     = f_a_leaves_q[ReadLatency-1];
  assign b_pair_o     = f_b_leaves_q[ReadLatency-1];
  assign clearing_o   = f_clearing_q;
  assign scanning_o   = f_scanning_q;
  assign scan_valid_o = f_scanning_q && f_free[2];
  assign {a_cell_o, a_visitor_o, a_other_o} = $anyseq;
  assign {b_cell_o, b_visitor_o, b_other_o} = $anyseq;
  assign {scan_cell_o, scan_point_o}        = $anyseq;
  assign f_in_flight  = {f_some_a_q, f_some_b_q, f_a_leaves_q, f_b_leaves_q} != '0;

  always_ff @(posedge clk_i) begin
    f_past_q <= 1'b1;
    if (!rst_ni) begin
      f_cleared_q  <= 1'b0;
      f_clearing_q <= 1'b0;
      f_scanning_q <= 1'b0;
      f_some_a_q   <= '0;
      f_some_b_q   <= '0;
      f_some_met_q <= '0;
      f_a_leaves_q <= '0;
      f_b_leaves_q <= '0;
    end else begin
      f_cleared_q  <= f_cleared_q || clear_i;
      f_clearing_q <= clear_i || f_clearing_q && f_free[3];
      f_scanning_q <= scan_start_i || f_scanning_q && f_free[4];
      f_some_a_q   <= {f_some_a_q[0], a_valid_i};
      f_some_b_q   <= {f_some_b_q[0], b_valid_i};
      f_some_met_q <= {f_some_met_q[0], a_valid_i && b_valid_i && f_free[5]};
      f_a_leaves_q <= ReadLatency'({f_a_leaves_q, f_some_a_q[1] && !a_stored_o});
      f_b_leaves_q <= ReadLatency'({f_b_leaves_q, f_some_b_q[1] && !b_stored_o && !met_o});
    end
  end

  always_comb begin
    if (f_past_q && rst_ni) begin
      if (clearing_o || scanning_o || !f_cleared_q || clear_i || scan_start_i) assert (!a_valid_i && !b_valid_i);
      if (clearing_o || scanning_o || f_in_flight) assert (!clear_i && !scan_start_i);
      if (!f_cleared_q || clear_i) assert (!scan_start_i);
    end
    if (f_past_q && f_some_met_q[0]) assert (f_some_a_q[0] && f_some_b_q[0]);
    if (f_past_q && f_some_met_q[1]) assert (f_some_a_q[1] && f_some_b_q[1]);
  end
endmodule
`default_nettype wire
