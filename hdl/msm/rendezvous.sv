// Rendezvous cells. A cell is empty or holds one point. A visit (cell, point) to an empty cell leaves the point there; a visit to a full
// cell takes the point out, and the two go to the adder as a pair. Addition commutes, so nothing else ever has to be known about a cell:
// no scoreboard, no replay, whatever the order in which sums return.
//
// Two visits a cycle, neither can be refused: a (the adder's sums) and b (new points). Visits to one cell in one cycle pair up with each
// other and leave the cell as it is, so the point memory sees at most one access to a cell in a cycle. Every other visit is one access, a
// read or a write, and flips the cell's valid bit, which is the XOR of two memories with one writer each.
// A pair leaves 2 + ReadLatency cycles after the visit that made it (through a when two visits met). What became of a visit that made none
// is told 2 cycles after it: a_stored_o, b_stored_o, or met_o when two visits became one pair.
//
// clear_i empties all cells in 2^(CellsLog2-WordLog2) cycles; the memories come up as noise, so it must be given once after reset.
// scan_start_i takes all points out of cells [0, 2^WordLog2·(scan_last_word_i+1)) in ascending order, up to one a cycle; a word of valid bits
// that finds all its cells empty costs one cycle. 64 bits a word suit the memories; fewer are for proofs.
// There must be no visits while clearing_o or scanning_o is high, and none in the pipeline when they begin.
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
  if (WordLog2 < 1) $error("rendezvous: WordLog2 must be at least 1");
  if (CellsLog2 <= WordLog2) $error("rendezvous: CellsLog2 must be more than WordLog2 (two words of valid bits)");

  localparam int unsigned WordBits = 2**WordLog2;

  function automatic logic [WordLog2-1:0] lowest(input logic [WordBits-1:0] word);
    lowest = '0;
    for (int unsigned i = 1; i <= WordBits; i++) if (word[WordBits-i]) lowest = WordLog2'(WordBits - i);
  endfunction

  // Stage 0 is the cycle of the visit: read the valid bits. Stage 1: flip them. Stage 2: access the point.
  logic                 a_flip_q, b_flip_q, meet_q;
  logic [CellsLog2-1:0] a_cell_q, b_cell_q;
  logic [PointBits-1:0] a_point_q, b_point_q;
  logic                 forward_aa_q, forward_ab_q, forward_ba_q, forward_bb_q;
  logic [WordBits-1:0]  a_written_q, b_written_q;
  logic                 meet;

  logic                 clearing_q, clear_done;
  logic [WordsLog2-1:0] clear_word_q;

  logic                 scan_reading_q, scan_read_valid_q, scan_read, scan_load, scan_take, scan_move;
  logic [WordsLog2-1:0] scan_next_q, scan_read_word_q, scan_word_q, scan_last_q;
  logic [WordBits-1:0]  scan_bits_q, scan_found, scan_rest;
  logic [CellsLog2-1:0] scan_cell;

  logic                 flip_a, flip_b;
  logic [WordsLog2-1:0] a_write_word, b_write_word;
  logic [WordBits-1:0]  a_write_bits, b_write_bits;
  // First letter: whose flips; second letter: who reads.
  logic [WordBits-1:0]  read_aa, read_ab, read_ba, read_bb;
  logic [WordBits-1:0]  word_aa, word_ab, word_ba, word_bb;
  logic                 a_full, b_full;

  assign meet = a_valid_i && b_valid_i && a_cell_i == b_cell_i;

  valid_memory #(.WordBits(WordBits), .AddressWidth(WordsLog2)) u_flips_a (
      .clk_i, .write_i(flip_a), .write_address_i(a_write_word), .write_word_i(a_write_bits),
      .a_read_i(a_valid_i || scan_read), .a_address_i(scan_read ? scan_next_q : a_cell_i[CellsLog2-1:WordLog2]), .a_word_o(read_aa),
      .b_read_i(b_valid_i), .b_address_i(b_cell_i[CellsLog2-1:WordLog2]), .b_word_o(read_ab));
  valid_memory #(.WordBits(WordBits), .AddressWidth(WordsLog2)) u_flips_b (
      .clk_i, .write_i(flip_b), .write_address_i(b_write_word), .write_word_i(b_write_bits),
      .a_read_i(a_valid_i || scan_read), .a_address_i(scan_read ? scan_next_q : a_cell_i[CellsLog2-1:WordLog2]), .a_word_o(read_ba),
      .b_read_i(b_valid_i), .b_address_i(b_cell_i[CellsLog2-1:WordLog2]), .b_word_o(read_bb));

  // A write lands one cycle after its read, so only the cycle before can have been missed.
  assign word_aa = forward_aa_q ? a_written_q : read_aa;
  assign word_ab = forward_ab_q ? a_written_q : read_ab;
  assign word_ba = forward_ba_q ? b_written_q : read_ba;
  assign word_bb = forward_bb_q ? b_written_q : read_bb;
  assign a_full  = word_aa[a_cell_q[WordLog2-1:0]] ^ word_ba[a_cell_q[WordLog2-1:0]];
  assign b_full  = word_ab[b_cell_q[WordLog2-1:0]] ^ word_bb[b_cell_q[WordLog2-1:0]];

  assign flip_a = clearing_q || scan_load || a_flip_q;
  assign flip_b = clearing_q || scan_load || b_flip_q;
  always_comb begin
    a_write_word = a_cell_q[CellsLog2-1:WordLog2];
    b_write_word = b_cell_q[CellsLog2-1:WordLog2];
    a_write_bits = word_aa ^ (WordBits'(1) << a_cell_q[WordLog2-1:0]);
    b_write_bits = word_bb ^ (WordBits'(1) << b_cell_q[WordLog2-1:0]);
    if (clearing_q) begin
      a_write_word = clear_word_q;
      b_write_word = clear_word_q;
    end else if (scan_load) begin
      a_write_word = scan_read_word_q;
      b_write_word = scan_read_word_q;
    end
    if (clearing_q || scan_load) begin
      a_write_bits = '0;
      b_write_bits = '0;
    end
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      a_flip_q <= 1'b0;
      b_flip_q <= 1'b0;
      meet_q   <= 1'b0;
    end else begin
      a_flip_q <= a_valid_i && !meet;
      b_flip_q <= b_valid_i && !meet;
      meet_q   <= meet;
    end
    if (a_valid_i) begin
      a_cell_q     <= a_cell_i;
      a_point_q    <= a_point_i;
      forward_aa_q <= a_flip_q && a_write_word == a_cell_i[CellsLog2-1:WordLog2];
      forward_ba_q <= b_flip_q && b_write_word == a_cell_i[CellsLog2-1:WordLog2];
    end
    if (b_valid_i) begin
      b_cell_q     <= b_cell_i;
      b_point_q    <= b_point_i;
      forward_ab_q <= a_flip_q && a_write_word == b_cell_i[CellsLog2-1:WordLog2];
      forward_bb_q <= b_flip_q && b_write_word == b_cell_i[CellsLog2-1:WordLog2];
    end
    if (a_flip_q) a_written_q <= a_write_bits;
    if (b_flip_q) b_written_q <= b_write_bits;
  end

  // Stage 2.
  logic                 a_access_q, a_full_q, b_access_q, b_full_q, met_q;
  logic [CellsLog2-1:0] a_access_cell_q, b_access_cell_q;
  logic [PointBits-1:0] a_access_point_q, b_access_point_q;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      a_access_q <= 1'b0;
      b_access_q <= 1'b0;
      met_q      <= 1'b0;
    end else begin
      a_access_q <= a_flip_q;
      b_access_q <= b_flip_q;
      met_q      <= meet_q;
    end
    if (a_flip_q || meet_q) begin
      a_full_q         <= a_full;
      a_access_cell_q  <= a_cell_q;
      a_access_point_q <= a_point_q;
    end
    if (b_flip_q || meet_q) begin
      b_full_q         <= b_full;
      b_access_cell_q  <= b_cell_q;
      b_access_point_q <= b_point_q;
    end
  end

  assign a_stored_o = a_access_q && !a_full_q;
  assign b_stored_o = b_access_q && !b_full_q;
  assign met_o      = met_q;

  // The pairs come out beside the words read for them.
  logic                   a_taken, b_taken, a_moving, b_moving, scan_held;
  logic [ReadLatency-1:0] a_pair_q, b_pair_q, met_later_q;
  logic [PointBits-1:0]   a_read, b_read;

  assign a_taken  = a_access_q && a_full_q || met_q;
  assign b_taken  = b_access_q && b_full_q;
  assign a_moving = a_access_q || met_q || a_pair_q != '0;
  assign b_moving = b_access_q || met_q || a_pair_q != '0 || b_pair_q != '0;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      a_pair_q    <= '0;
      b_pair_q    <= '0;
      met_later_q <= '0;
    end else begin
      a_pair_q    <= ReadLatency'({a_pair_q, a_taken});
      b_pair_q    <= ReadLatency'({b_pair_q, b_taken});
      met_later_q <= ReadLatency'({met_later_q, met_q});
    end
  end

  delay_line #(.Width(CellsLog2 + PointBits), .Stages(ReadLatency)) u_a_visitor (
      .clk_i, .ce_i(a_moving), .data_i({a_access_cell_q, a_access_point_q}), .data_o({a_cell_o, a_visitor_o}));
  delay_line #(.Width(CellsLog2 + PointBits), .Stages(ReadLatency)) u_b_visitor (
      .clk_i, .ce_i(b_moving), .data_i({b_access_cell_q, b_access_point_q}), .data_o({b_cell_o, b_visitor_o}));

  cell_memory #(.Width(PointBits), .AddressWidth(CellsLog2), .ReadLatency(ReadLatency)) u_points (
      .clk_i,
      .a_ce_i(a_moving || scan_move), .a_enable_i(a_access_q || scan_take), .a_write_i(a_access_q && !a_full_q),
      .a_address_i(a_access_q ? a_access_cell_q : scan_cell), .a_data_i(a_access_point_q), .a_data_o(a_read),
      .b_ce_i(b_moving), .b_enable_i(b_access_q), .b_write_i(!b_full_q),
      .b_address_i(b_access_cell_q), .b_data_i(b_access_point_q), .b_data_o(b_read));

  assign a_pair_o  = a_pair_q[ReadLatency-1];
  assign b_pair_o  = b_pair_q[ReadLatency-1];
  assign a_other_o = met_later_q[ReadLatency-1] ? b_visitor_o : a_read;
  assign b_other_o = b_read;

  // Clearing.
  assign clear_done = clear_word_q == '1;
  assign clearing_o = clearing_q;
  always_ff @(posedge clk_i) begin
    if (!rst_ni) clearing_q <= 1'b0;
    else if (clear_i) clearing_q <= 1'b1;
    else if (clear_done) clearing_q <= 1'b0;
    if (clear_i) clear_word_q <= '0;
    else if (clearing_q) clear_word_q <= clear_word_q + 1'b1;
  end

  // Scanning: a word of valid bits is read ahead, moved to scan_bits_q (and cleared in the memories), then taken bit by bit.
  logic [ReadLatency-1:0] scan_valid_q;

  assign scan_rest  = scan_bits_q & (scan_bits_q - 1'b1);
  assign scan_found = read_aa ^ read_ba;
  assign scan_held  = scan_valid_q[ReadLatency-1] && !scan_ready_i;
  assign scan_move  = scanning_o && !scan_held;
  assign scan_take  = scan_bits_q != '0 && !scan_held;
  assign scan_load  = scan_read_valid_q && (scan_bits_q == '0 || scan_take && scan_rest == '0);
  assign scan_read  = scan_reading_q && (!scan_read_valid_q || scan_load);
  assign scanning_o = scan_reading_q || scan_read_valid_q || scan_bits_q != '0 || scan_valid_q != '0;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      scan_reading_q    <= 1'b0;
      scan_read_valid_q <= 1'b0;
      scan_bits_q       <= '0;
      scan_valid_q      <= '0;
    end else begin
      if (scan_start_i) scan_reading_q <= 1'b1;
      else if (scan_read && scan_next_q == scan_last_q) scan_reading_q <= 1'b0;
      if (scan_read) scan_read_valid_q <= 1'b1;
      else if (scan_load) scan_read_valid_q <= 1'b0;
      if (scan_load) scan_bits_q <= scan_found;
      else if (scan_take) scan_bits_q <= scan_rest;
      if (scan_move) scan_valid_q <= ReadLatency'({scan_valid_q, scan_take});
    end
    if (scan_start_i) begin
      scan_next_q <= '0;
      scan_last_q <= scan_last_word_i;
    end else if (scan_read) begin
      scan_next_q      <= scan_next_q + 1'b1;
      scan_read_word_q <= scan_next_q;
    end
    if (scan_load) scan_word_q <= scan_read_word_q;
  end

  assign scan_cell = {scan_word_q, lowest(scan_bits_q)};
  delay_line #(.Width(CellsLog2), .Stages(ReadLatency)) u_scan_cell (.clk_i, .ce_i(scan_move), .data_i(scan_cell), .data_o(scan_cell_o));

  assign scan_valid_o = scan_valid_q[ReadLatency-1];
  assign scan_point_o = a_read;

`ifdef FORMAL
  // Proved by scripts/formal.mjs, of an arbitrary cell against a cell that is one bit and one point: each visit flips it, and either stores its
  // own point or comes out in a pair with the point that was stored; two visits in one cycle come out as one pair; a scan takes out the
  // stored point, once, and leaves the cell empty; nothing else comes out in its name. Of all cells: every visit is told to be stored or met,
  // or leaves in a pair, and no pair leaves without one. Resets may come at any time.
  localparam int unsigned Latency   = 2 + ReadLatency;
  localparam int unsigned PairBits  = 2 * PointBits;
  localparam int unsigned VisitBits = CellsLog2 + PointBits;
  (* anyconst *) logic [CellsLog2-1:0] f_cell;
  logic                 f_past_q = 1'b0, f_cleared_q = 1'b0;
  logic                 f_a, f_b, f_full_q, f_scanning_q, f_emptied, f_scanned, f_in_flight;
  logic [PointBits-1:0] f_point_q;
  logic [WordsLog2-1:0] f_word, f_last_q;
  logic [WordLog2-1:0]  f_bit;
  // Of the visits of each cycle, the last one lowest. Only what concerns the cell, but for f_some_* and f_*_leaves_q.
  logic [Latency-1:0]             f_a_pair_q, f_b_pair_q;
  logic [1:0]                     f_some_a_q, f_some_b_q, f_some_met_q, f_a_q, f_b_q, f_a_stored_q, f_b_stored_q;
  logic [ReadLatency-1:0]         f_a_leaves_q, f_b_leaves_q;
  logic [Latency*PairBits-1:0]    f_a_points_q, f_b_points_q;

  assign f_word      = f_cell[CellsLog2-1:WordLog2];
  assign f_bit       = f_cell[WordLog2-1:0];
  assign f_a         = a_valid_i && a_cell_i == f_cell;
  assign f_b         = b_valid_i && b_cell_i == f_cell;
  assign f_scanned   = scan_valid_o && scan_ready_i && scan_cell_o == f_cell;
  assign f_in_flight = {f_some_a_q, f_some_b_q, f_a_leaves_q, f_b_leaves_q} != '0;
  assign f_emptied   = f_scanning_q && !scanning_o && f_word <= f_last_q;

  always_ff @(posedge clk_i) begin
    f_past_q     <= 1'b1;
    f_scanning_q <= rst_ni && scanning_o;
    f_cleared_q  <= rst_ni && (f_cleared_q || clear_i);
    if (scan_start_i) f_last_q <= scan_last_word_i;
    if (clear_i || f_scanned) f_full_q <= 1'b0;
    else if (f_a != f_b) f_full_q <= !f_full_q;
    if (f_a != f_b && !f_full_q) f_point_q <= f_a ? a_point_i : b_point_i;
    if (!rst_ni) begin
      f_some_a_q   <= '0;
      f_some_b_q   <= '0;
      f_some_met_q <= '0;
      f_a_q        <= '0;
      f_b_q        <= '0;
      f_a_pair_q   <= '0;
      f_b_pair_q   <= '0;
      f_a_leaves_q <= '0;
      f_b_leaves_q <= '0;
      f_a_stored_q <= '0;
      f_b_stored_q <= '0;
    end else begin
      f_some_a_q   <= {f_some_a_q[0], a_valid_i};
      f_some_b_q   <= {f_some_b_q[0], b_valid_i};
      f_some_met_q <= {f_some_met_q[0], meet};
      f_a_q        <= {f_a_q[0], f_a};
      f_b_q        <= {f_b_q[0], f_b};
      f_a_pair_q   <= {f_a_pair_q[Latency-2:0], f_a && (f_b || f_full_q)};
      f_b_pair_q   <= {f_b_pair_q[Latency-2:0], f_b && !f_a && f_full_q};
      f_a_leaves_q <= ReadLatency'({f_a_leaves_q, f_some_a_q[1] && !a_stored_o});
      f_b_leaves_q <= ReadLatency'({f_b_leaves_q, f_some_b_q[1] && !b_stored_o && !met_o});
      f_a_stored_q <= {f_a_stored_q[0], f_a && !f_b && !f_full_q};
      f_b_stored_q <= {f_b_stored_q[0], f_b && !f_a && !f_full_q};
    end
    f_a_points_q <= {f_a_points_q[(Latency-1)*PairBits-1:0], a_point_i, f_b ? b_point_i : f_point_q};
    f_b_points_q <= {f_b_points_q[(Latency-1)*PairBits-1:0], b_point_i, f_point_q};
  end

  always_comb begin
    if (!f_past_q) assume (!rst_ni);
    if (rst_ni) begin
      if (clearing_o || scanning_o || !f_cleared_q || clear_i || scan_start_i) assume (!a_valid_i && !b_valid_i);
      if (clearing_o || scanning_o || f_in_flight) assume (!clear_i && !scan_start_i);
      if (!f_cleared_q || clear_i) assume (!scan_start_i);
    end
    if (f_past_q) begin
      assert (met_o == f_some_met_q[1]);
      if (!f_some_a_q[1] || met_o) assert (!a_stored_o);
      if (!f_some_b_q[1] || met_o) assert (!b_stored_o);
      assert (a_pair_o == f_a_leaves_q[ReadLatency-1]);
      assert (b_pair_o == f_b_leaves_q[ReadLatency-1]);
      if (f_a_q[1]) assert (a_stored_o == f_a_stored_q[1]);
      if (f_b_q[1]) assert (b_stored_o == f_b_stored_q[1]);
      assert ((a_pair_o && a_cell_o == f_cell) == f_a_pair_q[Latency-1]);
      assert ((b_pair_o && b_cell_o == f_cell) == f_b_pair_q[Latency-1]);
      if (f_a_pair_q[Latency-1]) assert ({a_visitor_o, a_other_o} == f_a_points_q[(Latency-1)*PairBits+:PairBits]);
      if (f_b_pair_q[Latency-1]) assert ({b_visitor_o, b_other_o} == f_b_points_q[(Latency-1)*PairBits+:PairBits]);
      if (f_scanned) assert (f_full_q && scan_point_o == f_point_q);
      if (f_emptied) assert (!f_full_q);
    end
  end

  // What makes this inductive: where the cell's bit and its point are, stage by stage.
  // Yosys connects these to the wires of the same names inside the instances.
  (* hierconn *) logic [WordsLog2-1:0] \u_flips_a.f_address , \u_flips_b.f_address ;
  (* hierconn *) logic [WordBits-1:0]  \u_flips_a.f_a_word , \u_flips_a.f_b_word , \u_flips_b.f_a_word , \u_flips_b.f_b_word ;
  (* hierconn *) logic [CellsLog2-1:0] \u_points.f_address ;
  (* hierconn *) logic [PointBits-1:0] \u_points.f_word , \u_points.a_read_q , \u_points.b_read_q ;
  (* hierconn *) logic [2*CellsLog2-1:0] \u_scan_cell.genblk1.genblk1.g_shift.stages_q ;
  (* hierconn *) logic [2*VisitBits-1:0] \u_a_visitor.genblk1.genblk1.g_shift.stages_q , \u_b_visitor.genblk1.genblk1.g_shift.stages_q ;
  logic                 f_known, f_a_bit, f_b_bit, f_bit_full, f_in_memory, f_in_word, f_in_last;
  logic                 f_in_first;  // the first of two cycles of a read by the scan
  logic [2:0]           f_places;
  logic [PointBits-1:0] f_held_0, f_held_1;  // the cell's point once the visits in stage 1 and 2, in stage 2 have been made

  assign f_known     = f_cleared_q && !(clearing_q && clear_word_q <= f_word);
  assign f_a_bit     = u_flips_a.f_a_word[f_bit];
  assign f_b_bit     = u_flips_b.f_a_word[f_bit];
  assign f_bit_full  = f_a_bit ^ f_b_bit;
  assign f_in_memory = f_bit_full ^ (a_flip_q && a_cell_q == f_cell) ^ (b_flip_q && b_cell_q == f_cell);
  assign f_in_word   = scan_word_q == f_word && scan_bits_q[f_bit];
  assign f_in_first  = ReadLatency == 2 && scan_valid_q[0] && u_scan_cell.genblk1.genblk1.g_shift.stages_q[CellsLog2-1:0] == f_cell;
  assign f_in_last   = scan_valid_o && scan_cell_o == f_cell;
  assign f_places    = 3'(f_in_memory) + 3'(f_in_word) + 3'(f_in_first) + 3'(f_in_last);
  assign f_held_1    = f_a_stored_q[1] ? a_access_point_q : f_b_stored_q[1] ? b_access_point_q : u_points.f_word;
  assign f_held_0    = f_a_stored_q[0] ? a_point_q : f_b_stored_q[0] ? b_point_q : f_held_1;

  always_comb begin
    assume (u_flips_a.f_address == f_word && u_flips_b.f_address == f_word && u_points.f_address == f_cell);
    if (f_past_q) begin
      assert (a_pair_q == f_a_leaves_q && b_pair_q == f_b_leaves_q);
      if (f_in_flight || clearing_q || scanning_o) assert (f_cleared_q);
      if (clearing_q || scanning_o) assert (!f_in_flight);
      if (clearing_q) assert (!scanning_o && !f_full_q);
      // The bit and the point at rest.
      if (f_known) begin
        assert (u_flips_a.f_b_word[f_bit] == f_a_bit && u_flips_b.f_b_word[f_bit] == f_b_bit);
        assert (f_places == 3'(f_full_q));
        if (f_full_q) assert (f_point_q == f_held_0);
      end
      // Stage 1.
      assert (meet_q == f_some_met_q[0] && a_flip_q == (f_some_a_q[0] && !meet_q) && b_flip_q == (f_some_b_q[0] && !meet_q));
      assert (meet_q == (f_some_a_q[0] && f_some_b_q[0] && a_cell_q == b_cell_q));
      assert (f_a_q[0] == (f_some_a_q[0] && a_cell_q == f_cell) && f_b_q[0] == (f_some_b_q[0] && b_cell_q == f_cell));
      assert (f_a_stored_q[0] == (f_a_q[0] && !meet_q && !f_bit_full) && f_b_stored_q[0] == (f_b_q[0] && !meet_q && !f_bit_full));
      assert (f_a_pair_q[0] == (f_a_q[0] && !f_a_stored_q[0]) && f_b_pair_q[0] == (f_b_q[0] && !meet_q && !f_b_stored_q[0]));
      if (f_a_pair_q[0]) assert (f_a_points_q[0+:PairBits] == {a_point_q, meet_q ? b_point_q : f_held_1});
      if (f_b_pair_q[0]) assert (f_b_points_q[0+:PairBits] == {b_point_q, f_held_1});
      if (a_flip_q && a_cell_q[CellsLog2-1:WordLog2] == f_word) assert (word_aa[f_bit] == f_a_bit && word_ba[f_bit] == f_b_bit);
      if (b_flip_q && b_cell_q[CellsLog2-1:WordLog2] == f_word) assert (word_ab[f_bit] == f_a_bit && word_bb[f_bit] == f_b_bit);
      // Stage 2.
      assert (a_access_q == (f_some_a_q[1] && !met_q) && b_access_q == (f_some_b_q[1] && !met_q));
      assert (met_q == (f_some_a_q[1] && f_some_b_q[1] && a_access_cell_q == b_access_cell_q));
      assert (f_a_q[1] == (f_some_a_q[1] && a_access_cell_q == f_cell) && f_b_q[1] == (f_some_b_q[1] && b_access_cell_q == f_cell));
      assert (f_a_pair_q[1] == (f_a_q[1] && !f_a_stored_q[1]) && f_b_pair_q[1] == (f_b_q[1] && !met_q && !f_b_stored_q[1]));
      if (f_a_stored_q[1] || f_b_stored_q[1]) assert (f_bit_full);
      if (f_a_stored_q[1]) assert (f_a_q[1]);
      if (f_b_stored_q[1]) assert (f_b_q[1]);
      if (f_a_pair_q[1]) assert (f_a_points_q[PairBits+:PairBits] == {a_access_point_q, met_q ? b_access_point_q : u_points.f_word});
      if (f_b_pair_q[1]) assert (f_b_points_q[PairBits+:PairBits] == {b_access_point_q, u_points.f_word});
      // The first of two cycles in which the point is read.
      if (ReadLatency == 2) begin
        assert (f_a_pair_q[2] == (a_pair_q[0] && u_a_visitor.genblk1.genblk1.g_shift.stages_q[PointBits+:CellsLog2] == f_cell));
        assert (f_b_pair_q[2] == (b_pair_q[0] && u_b_visitor.genblk1.genblk1.g_shift.stages_q[PointBits+:CellsLog2] == f_cell));
        if (f_a_pair_q[2]) assert (f_a_points_q[2*PairBits+:PairBits] == {u_a_visitor.genblk1.genblk1.g_shift.stages_q[PointBits-1:0],
                                   met_later_q[0] ? u_b_visitor.genblk1.genblk1.g_shift.stages_q[PointBits-1:0] : u_points.a_read_q});
        if (f_b_pair_q[2]) assert (f_b_points_q[2*PairBits+:PairBits] == {u_b_visitor.genblk1.genblk1.g_shift.stages_q[PointBits-1:0],
                                   u_points.b_read_q});
        if (f_in_first) assert (u_points.a_read_q == f_point_q);
      end
      // The scan.
      if (f_in_last) assert (scan_point_o == f_point_q);
      if ((scanning_o || f_scanning_q) && f_in_memory && f_word <= f_last_q)
        assert (scan_reading_q && scan_next_q <= f_word || scan_read_valid_q && scan_read_word_q == f_word);
      if (scan_reading_q) assert (scan_next_q <= scan_last_q && scan_last_q == f_last_q);
      if (scan_reading_q && scan_read_valid_q) assert (scan_next_q == scan_read_word_q + 1'b1 && scan_next_q != '0);
      if (scan_read_valid_q && scan_read_word_q == f_word) assert (read_aa[f_bit] == f_a_bit && read_ba[f_bit] == f_b_bit);
    end
  end
`endif
endmodule
`default_nettype wire
