// Multi-scalar multiplication Σ scalar_i·base_i by Pippenger's buckets (Bernstein et al., eprint 2012/549, §4) with signed digits, on any
// adder: pairs go out with a tag, sums come back with it, in any order and after any time. One adder of II = 1 bounds the speed.
//
// Phases, each "send (cell, point) to the rendezvous" (see rendezvous.sv):
//   Feed    digits of every scalar to W·2^(c-1) buckets, chunk after chunk          W = ⌊ScalarWidth/c⌋ + 1
//   Settle  until no pair is left: every bucket is empty or one point
//   Rows    every bucket to its row and its column (row_column_splitter), in cells of their own
//   Planes  rows and columns to bit planes (bit_plane_splitter), in the cells that the buckets have left empty
//   Output  W·c sums, window-major; an empty plane is infinity, (0 : 1 : 0)
// The host finishes: Σ_w 2^(c·w) Σ_j 2^j·S[w·c + j].
//
// A start is taken between chunks. It is legal if 2 <= c <= WindowBitsMax, W·2^(c-1) <= 2^CellsLog2, and it either is FIRST or continues an
// open multiplication with the same c; FIRST on an open one discards that. An illegal start (start_illegal_o in the cycle it is taken) has
// no effect. A legal one consumes exactly count scalars and count bases, then chunk_done_o; with LAST, done_o follows the last sum.
//
// Credits: every visit holds a token until it is stored, vanishes, or merges with another into a pair; a pair keeps one until its sum visits.
// Visits in the pipeline + pairs queued + pairs in the adder = tokens <= 2^CreditsLog2, the depth of the queue for the pairs that sums make,
// so that sums are never refused whatever the adder does. No token left and no feed means settled. An adder of II = 1 stays busy if its
// latency is some 20 below 2^CreditsLog2. Pairs made by arrivals have a queue of their own, 2^ArrivalsLog2 deep, reserved likewise; it yields.
`default_nettype none
module msm_engine #(
    parameter int unsigned      Width         = 254,
    parameter int unsigned      ScalarWidth   = 254,
    parameter int unsigned      WindowBitsMax = 15,
    parameter int unsigned      CellsLog2     = 17,
    parameter int unsigned      TagWidth      = 17,
    parameter int unsigned      CountWidth    = 32,
    parameter int unsigned      CreditsLog2   = 9,
    parameter int unsigned      ArrivalsLog2  = 6,
    parameter int unsigned      ReadLatency   = 2,
    parameter logic [Width-1:0] Modulus       = '0,
    parameter logic [Width-1:0] FieldOne      = '0
) (
    input  wire logic                   clk_i,
    input  wire logic                   rst_ni,

    input  wire logic                   start_valid_i,
    output logic                        start_ready_o,
    output logic                        start_illegal_o,
    input  wire logic                   start_first_i,
    input  wire logic                   start_last_i,
    input  wire logic [CountWidth-1:0]  start_count_i,
    input  wire logic [7:0]             start_window_bits_i,

    input  wire logic                   scalar_valid_i,
    output logic                        scalar_ready_o,
    input  wire logic [ScalarWidth-1:0] scalar_i,
    input  wire logic                   base_valid_i,
    output logic                        base_ready_o,
    input  wire logic [Width-1:0]       base_x_i,
    input  wire logic [Width-1:0]       base_y_i,

    // To and from point_adder.
    output logic                        pair_valid_o,
    input  wire logic                   pair_ready_i,
    output logic      [TagWidth-1:0]    pair_tag_o,
    output logic      [Width-1:0]       pair_a_x_o,
    output logic      [Width-1:0]       pair_a_y_o,
    output logic      [Width-1:0]       pair_a_z_o,
    output logic      [Width-1:0]       pair_b_x_o,
    output logic      [Width-1:0]       pair_b_y_o,
    output logic      [Width-1:0]       pair_b_z_o,
    input  wire logic                   added_valid_i,
    output logic                        added_ready_o,
    input  wire logic [TagWidth-1:0]    added_tag_i,
    input  wire logic [Width-1:0]       added_x_i,
    input  wire logic [Width-1:0]       added_y_i,
    input  wire logic [Width-1:0]       added_z_i,
    input  wire logic                   added_is_infinity_i,

    output logic                        sum_valid_o,
    input  wire logic                   sum_ready_i,
    output logic      [Width-1:0]       sum_x_o,
    output logic      [Width-1:0]       sum_y_o,
    output logic      [Width-1:0]       sum_z_o,

    output logic                        chunk_done_o,
    output logic                        done_o,
    output logic                        busy_o,               // a chunk, a discard or an aggregation is under way
    output logic                        open_o,               // FIRST was taken, LAST is not done
    // Of the multiplication since FIRST; they hold still between its end and the next FIRST.
    output logic      [63:0]            accumulate_cycles_o,  // from the first scalar accepted to the last bucket settled
    output logic      [63:0]            aggregate_cycles_o,   // from there to the last plane settled
    output logic      [63:0]            adds_o,               // pairs that the adder accepted
    output logic      [63:0]            starved_cycles_o      // feeding, and neither the queue of digits nor the visit register had one
);
  localparam int unsigned BitsWidth = $clog2(WindowBitsMax + 1);
  localparam int unsigned SumWidth  = ScalarWidth + WindowBitsMax;
  localparam int unsigned DigitsMax = ScalarWidth / 2 + 1;
  localparam int unsigned PointBits = 3 * Width;

  function automatic bit fits(input int unsigned bits);
    fits = (ScalarWidth / bits + 1) * 2 ** (bits - 1) <= 2 ** CellsLog2;
  endfunction
  // Row and column cells of all windows: 2^(h+1) each, h = ⌈(c-1)/2⌉ = ⌊c/2⌋.
  function automatic int unsigned sides(input int unsigned bits);
    sides = (ScalarWidth / bits + 1) * 2 ** (bits / 2 + 1);
  endfunction
  function automatic int unsigned sides_log2();
    sides_log2 = 7;
    for (int unsigned bits = 2; bits <= WindowBitsMax; bits++)
      if (fits(bits)) while (sides(bits) > 2 ** sides_log2) sides_log2++;
  endfunction
  localparam int unsigned SidesLog2  = sides_log2();
  localparam int unsigned CellWidth  = CellsLog2 > SidesLog2 ? CellsLog2 : SidesLog2;
  localparam int unsigned PlaneWidth = $clog2(SumWidth + 1);

  if (WindowBitsMax < 2 || WindowBitsMax > 24) $error("msm_engine: WindowBitsMax must be from 2 to 24");
  if (CellsLog2 < 7) $error("msm_engine: CellsLog2 must be at least 7");
  if (WindowBitsMax > CellsLog2 + 1) $error("msm_engine: WindowBitsMax must be at most CellsLog2 + 1");
  if (!fits(2)) $error("msm_engine: 2^CellsLog2 must hold the buckets of window bits 2");
  if (TagWidth < CellWidth) $error("msm_engine: TagWidth must be at least CellsLog2 and 7 and hold the row and column cells");
  if (CreditsLog2 < 2 || ArrivalsLog2 < 1) $error("msm_engine: CreditsLog2 must be at least 2, ArrivalsLog2 at least 1");

  typedef enum logic [2:0] {Clear, Ready, Feed, Discard, Settle, Rows, Planes, Output} state_e;
  state_e state_q, state_d;

  // ---- Starts ------------------------------------------------------------------------------------------------------------------------
  logic                   open_q, last_q, cleared_next_q, start_fits, start_taken, discard;
  logic [BitsWidth-1:0]   bits_q;
  logic [CountWidth-1:0]  scalars_left_q, bases_left_q;
  logic [CellsLog2-7:0]   last_bucket_word_q, last_plane_word_q;
  logic [SidesLog2-7:0]   last_side_word_q;
  logic [PlaneWidth-1:0]  last_plane_q, plane_q;

  always_comb begin
    start_fits = 1'b0;
    for (int unsigned bits = 2; bits <= WindowBitsMax; bits++) if (fits(bits) && start_window_bits_i == 8'(bits)) start_fits = 1'b1;
  end
  assign start_ready_o   = state_q == Ready;
  assign start_illegal_o = !start_fits || !start_first_i && (!open_q || start_window_bits_i != 8'(bits_q));
  assign start_taken     = start_valid_i && start_ready_o && !start_illegal_o;
  assign discard         = start_first_i && open_q;

  logic scalar_taken, base_taken, fed, settled, quiet, clearing, plane_taken, feeding;
  assign feeding      = state_q == Feed;
  assign scalar_taken = scalar_valid_i && scalar_ready_o;
  assign base_taken   = base_valid_i && base_ready_o;
  assign fed          = feeding && scalars_left_q == '0 && bases_left_q == '0;
  assign chunk_done_o = fed;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      open_q <= 1'b0;
    end else begin
      if (start_taken) open_q <= 1'b1;
      else if (done_o) open_q <= 1'b0;
    end
    if (start_taken) begin
      last_q         <= start_last_i;
      scalars_left_q <= start_count_i;
      bases_left_q   <= start_count_i;
    end else begin
      if (scalar_taken) scalars_left_q <= scalars_left_q - 1'b1;
      if (base_taken) bases_left_q <= bases_left_q - 1'b1;
    end
    // The window bits may change only once everything that was fed with the old ones has settled.
    if (start_taken && !open_q || state_q == Discard && settled) begin
      for (int unsigned bits = 2; bits <= WindowBitsMax; bits++) begin
        if (fits(bits) && next_bits == BitsWidth'(bits)) begin
          bits_q             <= BitsWidth'(bits);
          last_bucket_word_q <= (CellsLog2 - 6)'(((ScalarWidth / bits + 1) * 2 ** (bits - 1) - 1) / 64);
          last_side_word_q   <= (SidesLog2 - 6)'((sides(bits) - 1) / 64);
          last_plane_word_q  <= (CellsLog2 - 6)'(((ScalarWidth / bits + 1) * bits - 1) / 64);
          last_plane_q       <= PlaneWidth'((ScalarWidth / bits + 1) * bits - 1);
        end
      end
    end
    if (start_taken) wanted_bits_q <= start_bits;
  end
  logic [BitsWidth-1:0] wanted_bits_q, start_bits, next_bits;
  assign start_bits = start_window_bits_i[BitsWidth-1:0];
  assign next_bits  = start_taken ? start_bits : wanted_bits_q;

  // ---- Phases ------------------------------------------------------------------------------------------------------------------------
  logic buckets_scan, sides_scan, buckets_scanning, sides_scanning, clear;
  always_comb begin
    state_d      = state_q;
    buckets_scan = 1'b0;
    sides_scan   = 1'b0;
    case (state_q)
      Clear:   if (cleared_next_q && !clearing) state_d = open_q ? Feed : Ready;
      Ready:   if (start_taken) state_d = discard ? Discard : Feed;
      Feed:    if (fed) state_d = last_q ? Settle : Ready;
      Discard: if (settled) state_d = Clear;
      Settle:
      if (settled) begin
        state_d      = Rows;
        buckets_scan = 1'b1;
      end
      Rows:
      if (quiet && !buckets_scanning) begin
        state_d    = Planes;
        sides_scan = 1'b1;
      end
      Planes:
      if (quiet && !sides_scanning) begin
        state_d      = Output;
        buckets_scan = 1'b1;
      end
      default: if (done_o) state_d = Ready;
    endcase
  end
  assign clear = state_q == Clear && !cleared_next_q;
  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      state_q        <= Clear;
      cleared_next_q <= 1'b0;
    end else begin
      state_q        <= state_d;
      cleared_next_q <= state_q == Clear && state_d == Clear;
    end
  end
  assign busy_o = state_q != Ready;
  assign open_o = open_q;

  // ---- Feed --------------------------------------------------------------------------------------------------------------------------
  logic recoder_ready, recoder_empty, digits_valid, digits_ready, feeder_base_ready, feeder_busy, digit_valid, digit_ready;
  logic [DigitsMax-1:0] nonzero;
  logic [SumWidth-1:0]  digit_sum;
  logic [CellsLog2-1:0] digit_cell;
  logic [Width-1:0]     digit_x, digit_y;
  logic                 scalar_wanted, base_wanted;

  assign scalar_wanted  = feeding && scalars_left_q != '0;
  assign base_wanted    = feeding && bases_left_q != '0;
  assign scalar_ready_o = scalar_wanted && recoder_ready;
  assign base_ready_o   = base_wanted && feeder_base_ready;

  digit_recoder #(.ScalarWidth(ScalarWidth), .WindowBitsMax(WindowBitsMax)) u_recoder (
      .clk_i, .rst_ni, .window_bits_i(bits_q), .valid_i(scalar_valid_i && scalar_wanted), .ready_o(recoder_ready), .scalar_i,
      .valid_o(digits_valid), .ready_i(digits_ready), .nonzero_o(nonzero), .sum_o(digit_sum), .empty_o(recoder_empty));

  digit_feeder #(.Width(Width), .ScalarWidth(ScalarWidth), .WindowBitsMax(WindowBitsMax), .CellsLog2(CellsLog2), .Modulus(Modulus)) u_feeder (
      .clk_i, .rst_ni, .window_bits_i(bits_q),
      .digits_valid_i(digits_valid), .digits_ready_o(digits_ready), .nonzero_i(nonzero), .sum_i(digit_sum),
      .base_valid_i(base_valid_i && base_wanted), .base_ready_o(feeder_base_ready), .base_x_i, .base_y_i,
      .visit_valid_o(digit_valid), .visit_ready_i(digit_ready), .visit_cell_o(digit_cell), .visit_x_o(digit_x), .visit_y_o(digit_y),
      .busy_o(feeder_busy));

  // ---- Arrivals ----------------------------------------------------------------------------------------------------------------------
  logic                 bucket_valid, bucket_ready, side_valid, side_ready, row_valid, plane_valid;
  logic [CellsLog2-1:0] bucket_cell, plane_cell;
  logic [SidesLog2-1:0] side_cell, row_cell;
  logic [PointBits-1:0] bucket_point, side_point;
  logic                 row_bucket_ready, arrival_valid_q, arrival_ready, arrival_go, arriving;
  logic [CellWidth-1:0] arrival_cell_q;
  logic [PointBits-1:0] arrival_point_q;

  row_column_splitter #(.WindowBitsMax(WindowBitsMax), .BucketsLog2(CellsLog2), .CellsLog2(SidesLog2)) u_rows (
      .clk_i, .rst_ni, .window_bits_i(bits_q), .bucket_valid_i(bucket_valid && state_q == Rows), .bucket_ready_o(row_bucket_ready),
      .bucket_i(bucket_cell), .visit_valid_o(row_valid), .visit_ready_i(arrival_ready), .visit_cell_o(row_cell));
  bit_plane_splitter #(.WindowBitsMax(WindowBitsMax), .SidesLog2(SidesLog2), .CellsLog2(CellsLog2)) u_planes (
      .clk_i, .rst_ni, .window_bits_i(bits_q), .side_valid_i(side_valid), .side_ready_o(side_ready),
      .side_i(side_cell), .visit_valid_o(plane_valid), .visit_ready_i(arrival_ready), .visit_cell_o(plane_cell));

  assign arrival_ready = !arrival_valid_q || arrival_go;
  assign digit_ready   = arrival_ready;
  assign arriving      = digit_valid || row_valid || plane_valid;
  assign bucket_ready  = state_q == Rows ? row_bucket_ready : plane_taken;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) arrival_valid_q <= 1'b0;
    else if (arrival_ready) arrival_valid_q <= arriving;
    if (arrival_ready && arriving) begin
      case (state_q)
        Rows: begin
          arrival_cell_q  <= CellWidth'(row_cell);
          arrival_point_q <= bucket_point;
        end
        Planes: begin
          arrival_cell_q  <= CellWidth'(plane_cell);
          arrival_point_q <= side_point;
        end
        default: begin
          arrival_cell_q  <= CellWidth'(digit_cell);
          arrival_point_q <= {FieldOne, digit_y, digit_x};
        end
      endcase
    end
  end

  // ---- Credits -----------------------------------------------------------------------------------------------------------------------
  logic [CreditsLog2:0]  tokens_q;
  logic [ArrivalsLog2:0] reserved_q;
  logic                  vanished, a_stored, b_stored, met, b_popped;

  assign arrival_go = arrival_valid_q && !tokens_q[CreditsLog2] && !reserved_q[ArrivalsLog2];
  assign vanished   = added_valid_i && added_is_infinity_i;
  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      tokens_q   <= '0;
      reserved_q <= '0;
    end else begin
      tokens_q   <= tokens_q + (CreditsLog2 + 1)'(arrival_go)
                  - ((CreditsLog2 + 1)'(vanished) + (CreditsLog2 + 1)'(a_stored) + (CreditsLog2 + 1)'(b_stored) + (CreditsLog2 + 1)'(met));
      reserved_q <= reserved_q + (ArrivalsLog2 + 1)'(arrival_go) - ((ArrivalsLog2 + 1)'(b_stored || met) + (ArrivalsLog2 + 1)'(b_popped));
    end
  end
  assign quiet   = !arrival_valid_q && tokens_q == '0;
  assign settled = recoder_empty && !feeder_busy && quiet;

  // ---- Cells -------------------------------------------------------------------------------------------------------------------------
  logic                 in_sides, visit_a;
  logic [PointBits-1:0] added_point;
  logic unused_tag;
  assign unused_tag    = &{1'b0, added_tag_i};
  assign in_sides      = state_q == Rows;
  assign visit_a       = added_valid_i && !added_is_infinity_i;
  assign added_ready_o = 1'b1;
  always_comb begin
    added_point = '0;
    if (added_valid_i) added_point = {added_z_i, added_y_i, added_x_i};
  end

  logic                 bucket_a_pair, bucket_b_pair, side_a_pair, side_b_pair;
  logic                 bucket_a_stored, bucket_b_stored, bucket_met, side_a_stored, side_b_stored, side_met;
  logic                 buckets_clearing, sides_clearing;
  logic [CellsLog2-1:0] bucket_a_cell, bucket_b_cell;
  logic [SidesLog2-1:0] side_a_cell, side_b_cell;
  logic [PointBits-1:0] bucket_a_visitor, bucket_a_other, bucket_b_visitor, bucket_b_other;
  logic [PointBits-1:0] side_a_visitor, side_a_other, side_b_visitor, side_b_other;

  rendezvous #(.CellsLog2(CellsLog2), .PointBits(PointBits), .ReadLatency(ReadLatency)) u_buckets (
      .clk_i, .rst_ni, .clear_i(clear), .clearing_o(buckets_clearing),
      .a_valid_i(visit_a && !in_sides), .a_cell_i(added_tag_i[CellsLog2-1:0]), .a_point_i(added_point),
      .b_valid_i(arrival_go && !in_sides), .b_cell_i(arrival_cell_q[CellsLog2-1:0]), .b_point_i(arrival_point_q),
      .a_pair_o(bucket_a_pair), .a_cell_o(bucket_a_cell), .a_visitor_o(bucket_a_visitor), .a_other_o(bucket_a_other),
      .b_pair_o(bucket_b_pair), .b_cell_o(bucket_b_cell), .b_visitor_o(bucket_b_visitor), .b_other_o(bucket_b_other),
      .a_stored_o(bucket_a_stored), .b_stored_o(bucket_b_stored), .met_o(bucket_met),
      .scan_start_i(buckets_scan), .scan_last_word_i(state_q == Planes ? last_plane_word_q : last_bucket_word_q), .scanning_o(buckets_scanning),
      .scan_valid_o(bucket_valid), .scan_ready_i(bucket_ready), .scan_cell_o(bucket_cell), .scan_point_o(bucket_point));
  rendezvous #(.CellsLog2(SidesLog2), .PointBits(PointBits), .ReadLatency(ReadLatency)) u_sides (
      .clk_i, .rst_ni, .clear_i(clear), .clearing_o(sides_clearing),
      .a_valid_i(visit_a && in_sides), .a_cell_i(added_tag_i[SidesLog2-1:0]), .a_point_i(added_point),
      .b_valid_i(arrival_go && in_sides), .b_cell_i(arrival_cell_q[SidesLog2-1:0]), .b_point_i(arrival_point_q),
      .a_pair_o(side_a_pair), .a_cell_o(side_a_cell), .a_visitor_o(side_a_visitor), .a_other_o(side_a_other),
      .b_pair_o(side_b_pair), .b_cell_o(side_b_cell), .b_visitor_o(side_b_visitor), .b_other_o(side_b_other),
      .a_stored_o(side_a_stored), .b_stored_o(side_b_stored), .met_o(side_met),
      .scan_start_i(sides_scan), .scan_last_word_i(last_side_word_q), .scanning_o(sides_scanning),
      .scan_valid_o(side_valid), .scan_ready_i(side_ready), .scan_cell_o(side_cell), .scan_point_o(side_point));

  assign clearing = buckets_clearing || sides_clearing;
  assign a_stored = bucket_a_stored || side_a_stored;
  assign b_stored = bucket_b_stored || side_b_stored;
  assign met      = bucket_met || side_met;

  // ---- Pairs -------------------------------------------------------------------------------------------------------------------------
  localparam int unsigned PairBits = CellWidth + 2 * PointBits;
  logic                a_queue_valid, b_queue_valid, pair_move;
  logic [PairBits-1:0] a_pair, b_pair, a_queued, b_queued, pair_q;

  always_comb begin
    a_pair = '0;
    b_pair = '0;
    if (side_a_pair) a_pair = {CellWidth'(side_a_cell), side_a_visitor, side_a_other};
    else if (bucket_a_pair) a_pair = {CellWidth'(bucket_a_cell), bucket_a_visitor, bucket_a_other};
    if (side_b_pair) b_pair = {CellWidth'(side_b_cell), side_b_visitor, side_b_other};
    else if (bucket_b_pair) b_pair = {CellWidth'(bucket_b_cell), bucket_b_visitor, bucket_b_other};
  end
  assign pair_move = !pair_valid_o || pair_ready_i;
  assign b_popped  = pair_move && !a_queue_valid && b_queue_valid;

  pair_queue #(.Width(PairBits), .DepthLog2(CreditsLog2)) u_a_queue (
      .clk_i, .rst_ni, .valid_i(bucket_a_pair || side_a_pair), .data_i(a_pair),
      .valid_o(a_queue_valid), .ready_i(pair_move), .data_o(a_queued));
  pair_queue #(.Width(PairBits), .DepthLog2(ArrivalsLog2)) u_b_queue (
      .clk_i, .rst_ni, .valid_i(bucket_b_pair || side_b_pair), .data_i(b_pair),
      .valid_o(b_queue_valid), .ready_i(pair_move && !a_queue_valid), .data_o(b_queued));

  always_ff @(posedge clk_i) begin
    if (!rst_ni) pair_valid_o <= 1'b0;
    else if (pair_move) pair_valid_o <= a_queue_valid || b_queue_valid;
    if (pair_move && (a_queue_valid || b_queue_valid)) pair_q <= a_queue_valid ? a_queued : b_queued;
  end
  assign pair_tag_o = TagWidth'(pair_q[PairBits-1:2*PointBits]);
  assign {pair_a_z_o, pair_a_y_o, pair_a_x_o, pair_b_z_o, pair_b_y_o, pair_b_x_o} = pair_q[2*PointBits-1:0];

  // ---- Output: the scan shows the next plane that is not empty -----------------------------------------------------------------------
  logic plane_full;
  assign plane_full  = bucket_valid && bucket_cell == CellsLog2'(plane_q);
  assign sum_valid_o = state_q == Output && (bucket_valid || !buckets_scanning);
  assign plane_taken = sum_valid_o && sum_ready_i && plane_full;
  assign done_o      = sum_valid_o && sum_ready_i && plane_q == last_plane_q;
  always_comb begin
    {sum_z_o, sum_y_o, sum_x_o} = {{Width{1'b0}}, FieldOne, {Width{1'b0}}};
    if (plane_full) {sum_z_o, sum_y_o, sum_x_o} = bucket_point;
  end
  always_ff @(posedge clk_i) begin
    if (state_q == Planes) plane_q <= '0;
    else if (sum_valid_o && sum_ready_i) plane_q <= plane_q + 1'b1;
  end

  // ---- Counters ----------------------------------------------------------------------------------------------------------------------
  logic counting_q, counting, aggregating, pair_taken, starved;
  assign counting    = counting_q || scalar_taken;
  assign aggregating = state_q == Rows || state_q == Planes;
  assign pair_taken  = pair_valid_o && pair_ready_i;
  assign starved     = feeding && !digit_valid && !arrival_valid_q;
  always_ff @(posedge clk_i) begin
    if (!rst_ni || start_taken && start_first_i || state_q == Discard) begin
      counting_q          <= 1'b0;
      accumulate_cycles_o <= '0;
      aggregate_cycles_o  <= '0;
      adds_o              <= '0;
      starved_cycles_o    <= '0;
    end else begin
      if (state_q == Settle && settled) counting_q <= 1'b0;
      else if (scalar_taken) counting_q <= 1'b1;
      if (counting) accumulate_cycles_o <= accumulate_cycles_o + 1'b1;
      if (aggregating) aggregate_cycles_o <= aggregate_cycles_o + 1'b1;
      if (pair_taken) adds_o <= adds_o + 1'b1;
      if (starved) starved_cycles_o <= starved_cycles_o + 1'b1;
    end
  end

`ifdef FORMAL
  // Proved by scripts/formal.mjs, around any rendezvous (sim/formal/rendezvous.sv) and any adder that gives no more sums than it took pairs:
  // tokens and reservations count exactly what holds them, so neither is ever negative or more than there are; no queue overflows; no
  // visit is made to cells that are being cleared or scanned. Assumed: after the last plane the scan of the planes has ended, since no visit
  // goes to a plane beyond. Resets may come at any time.
  localparam int unsigned CountBits = (CreditsLog2 > ArrivalsLog2 ? CreditsLog2 : ArrivalsLog2) + 4;
  localparam int unsigned StageBits = 2 + ReadLatency;
  function automatic logic [CountBits-1:0] f_ones(input logic [StageBits-1:0] bits);
    f_ones = '0;
    for (int unsigned i = 0; i < StageBits; i++) f_ones = f_ones + CountBits'(bits[i]);
  endfunction

  // Yosys connects these to the wires of the same names inside the instances.
  (* hierconn *) logic [1:0] \u_buckets.f_some_a_q , \u_buckets.f_some_b_q , \u_sides.f_some_a_q , \u_sides.f_some_b_q ;
  (* hierconn *) logic [ReadLatency-1:0] \u_buckets.f_a_leaves_q , \u_buckets.f_b_leaves_q , \u_sides.f_a_leaves_q , \u_sides.f_b_leaves_q ;
  (* hierconn *) logic \u_buckets.f_in_flight , \u_sides.f_in_flight , \u_buckets.f_cleared_q , \u_sides.f_cleared_q ;
  (* hierconn *) logic [CreditsLog2:0]  \u_a_queue.write_q , \u_a_queue.read_q ;
  (* hierconn *) logic [ArrivalsLog2:0] \u_b_queue.write_q , \u_b_queue.read_q ;
  logic                  f_past_q = 1'b0;
  logic [CreditsLog2:0]  f_a_queued;
  logic [ArrivalsLog2:0] f_b_queued;
  // Pairs in the adder; in the queues, their output registers and the one before the adder; in all of these. Sums of two, for z3's sake.
  logic [CountBits-1:0]  f_adding_q, f_queued_q, f_outside_q;
  logic                  f_a_enters, f_b_enters;
  logic [CountBits-1:0]  f_a_inside, f_b_inside;

  assign f_a_enters = bucket_a_pair || side_a_pair;
  assign f_b_enters = bucket_b_pair || side_b_pair;
  // Only one of the two ever holds any.
  assign f_a_inside = f_ones({u_buckets.f_some_a_q, u_buckets.f_a_leaves_q} | {u_sides.f_some_a_q, u_sides.f_a_leaves_q});
  assign f_b_inside = f_ones({u_buckets.f_some_b_q, u_buckets.f_b_leaves_q} | {u_sides.f_some_b_q, u_sides.f_b_leaves_q});
  assign f_a_queued = u_a_queue.write_q - u_a_queue.read_q;
  assign f_b_queued = u_b_queue.write_q - u_b_queue.read_q;

  always_ff @(posedge clk_i) begin
    f_past_q <= 1'b1;
    if (!rst_ni) begin
      f_adding_q  <= '0;
      f_queued_q  <= '0;
      f_outside_q <= '0;
    end else begin
      f_adding_q  <= f_adding_q + CountBits'(pair_taken) - CountBits'(added_valid_i);
      f_queued_q  <= f_queued_q + CountBits'(f_a_enters) + CountBits'(f_b_enters) - CountBits'(pair_taken);
      f_outside_q <= f_outside_q + CountBits'(f_a_enters) + CountBits'(f_b_enters) - CountBits'(added_valid_i);
    end
  end

  always_comb begin
    if (!f_past_q) assume (!rst_ni);
    if (added_valid_i) assume (f_adding_q != '0);
    if (state_q == Ready) assume (!buckets_scanning);
    if (f_past_q) begin
      assert (f_queued_q == CountBits'(f_a_queued) + CountBits'(f_b_queued) + CountBits'(a_queue_valid) + CountBits'(b_queue_valid)
                            + CountBits'(pair_valid_o));
      assert (f_outside_q == f_queued_q + f_adding_q && f_queued_q <= f_outside_q && f_outside_q <= CountBits'(tokens_q));
      assert (CountBits'(tokens_q) == f_outside_q + f_a_inside + f_b_inside && 32'(tokens_q) <= 2**CreditsLog2);
      assert (CountBits'(reserved_q) == CountBits'(f_b_queued) + CountBits'(b_queue_valid) + f_b_inside && 32'(reserved_q) <= 2**ArrivalsLog2);
      if (f_a_enters) assert (32'(f_a_queued) < 2**CreditsLog2 && !(bucket_a_pair && side_a_pair));
      if (f_b_enters) assert (32'(f_b_queued) < 2**ArrivalsLog2 && !(bucket_b_pair && side_b_pair));
      // Whose visits, scans and feeds which state allows.
      if (u_buckets.f_in_flight) assert (state_q != Rows);
      if (u_sides.f_in_flight) assert (state_q == Rows);
      if (buckets_scanning) assert (state_q == Rows || state_q == Output || state_q == Ready);
      if (sides_scanning) assert (state_q == Planes);
      if (clearing) assert (cleared_next_q);
      if (cleared_next_q) assert (state_q == Clear);
      if (cleared_next_q || state_q != Clear) assert (u_buckets.f_cleared_q && u_sides.f_cleared_q);
      if (state_q == Clear || state_q == Rows || state_q == Planes || state_q == Output) assert (recoder_empty && !feeder_busy);
      if (state_q == Clear || state_q == Output) assert (quiet);
    end
  end
`endif
endmodule
`default_nettype wire
