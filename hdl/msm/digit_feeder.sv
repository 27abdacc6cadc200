// Joins recoded scalars with their bases and sends one visit (cell, ±base) per non-zero digit, one a cycle without gaps between scalars.
// A scalar whose digits are all zero, or whose base is infinity (0, 0), is dropped in the cycle in which both are there.
// The cell of digit d of window k is k·2^(c-1) + |d| mod 2^(c-1), so that |d| = 2^(c-1) has address 0 of its window.
// Latency 4 from join to visit plus what waits in the queue of QueueDepth scalars, which bridges runs of scalars with few digits.
// window_bits_i must not change while busy_o is high.
`default_nettype none
module digit_feeder #(
    parameter int unsigned      Width         = 254,
    parameter int unsigned      ScalarWidth   = 254,
    parameter int unsigned      WindowBitsMax = 15,
    parameter int unsigned      CellsLog2     = 17,
    parameter int unsigned      QueueDepth    = 8,
    parameter logic [Width-1:0] Modulus       = '0,
    localparam int unsigned     SumWidth      = ScalarWidth + WindowBitsMax,
    localparam int unsigned     DigitsMax     = ScalarWidth / 2 + 1,
    localparam int unsigned     BitsWidth     = $clog2(WindowBitsMax + 1)
) (
    input  wire logic                 clk_i,
    input  wire logic                 rst_ni,
    input  wire logic [BitsWidth-1:0] window_bits_i,
    input  wire logic                 digits_valid_i,
    output logic                      digits_ready_o,
    input  wire logic [DigitsMax-1:0] nonzero_i,
    input  wire logic [SumWidth-1:0]  sum_i,
    input  wire logic                 base_valid_i,
    output logic                      base_ready_o,
    input  wire logic [Width-1:0]     base_x_i,
    input  wire logic [Width-1:0]     base_y_i,
    output logic                      visit_valid_o,
    input  wire logic                 visit_ready_i,
    output logic      [CellsLog2-1:0] visit_cell_o,
    output logic      [Width-1:0]     visit_x_o,
    output logic      [Width-1:0]     visit_y_o,
    output logic                      busy_o
);
  localparam int unsigned IndexWidth = DigitsMax > 1 ? $clog2(DigitsMax) : 1;
  localparam int unsigned QueueWidth = DigitsMax + SumWidth + 2 * Width;
  localparam int unsigned Coarse     = 16;  // a digit is cut out of the sum in two steps: multiples of 16 bits, then the rest
  localparam int unsigned PlaceWidth = $clog2(SumWidth + 1) > 5 ? $clog2(SumWidth + 1) : 5;
  localparam int unsigned Part       = Coarse - 1 + WindowBitsMax;

  function automatic logic [IndexWidth-1:0] lowest(input logic [DigitsMax-1:0] mask);
    lowest = '0;
    for (int unsigned i = 1; i <= DigitsMax; i++) if (mask[DigitsMax-i]) lowest = IndexWidth'(DigitsMax - i);
  endfunction

  // The base waits one cycle for its test against infinity.
  logic             base_valid_q, base_infinity_q, join_ready, both, drop, push, queue_ready;
  logic [Width-1:0] base_x_q, base_y_q;

  assign drop           = base_infinity_q || nonzero_i == '0;
  assign both           = base_valid_q && digits_valid_i;
  assign join_ready     = drop || queue_ready;
  assign digits_ready_o = base_valid_q && join_ready;
  assign push           = both && !drop;
  assign base_ready_o   = !base_valid_q || both && join_ready;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) base_valid_q <= 1'b0;
    else if (base_ready_o) base_valid_q <= base_valid_i;
    if (base_ready_o && base_valid_i) begin
      base_x_q        <= base_x_i;
      base_y_q        <= base_y_i;
      base_infinity_q <= base_x_i == '0 && base_y_i == '0;
    end
  end

  logic [QueueWidth-1:0] queue_data;
  logic                  queue_valid, queue_pop;
  logic [$clog2(QueueDepth + 1)-1:0] unused_queue_count;
  fifo #(.Width(QueueWidth), .Depth(QueueDepth)) u_queue (
      .clk_i, .rst_ni, .valid_i(push), .ready_o(queue_ready), .data_i({nonzero_i, sum_i, base_x_q, base_y_q}),
      .valid_o(queue_valid), .ready_i(queue_pop), .data_o(queue_data), .count_o(unused_queue_count));

  // Stage 0: the scalar being taken apart. 1, 2: its digit. 3: the visit. All stop together when a visit is refused.
  logic                  ce, valid_1_q, valid_2_q, valid_3_q;
  logic [DigitsMax-1:0]  left_q, rest;
  logic [SumWidth-1:0]   sum_0_q;
  logic [Width-1:0]      x_0_q, y_0_q, x_1_q, y_1_q, x_2_q, y_2_q;
  logic [IndexWidth-1:0] index, index_1_q, index_2_q;
  logic [PlaceWidth-1:0] place;
  logic [Part-1:0]       part_1_q;
  logic [3:0]            fine_1_q;
  logic [WindowBitsMax-1:0] digit_2_q;
  logic [WindowBitsMax-2:0] mask, magnitude;
  logic                  is_negative;

  assign ce        = !valid_3_q || visit_ready_i;
  assign rest      = left_q & (left_q - 1'b1);
  assign queue_pop = ce && rest == '0;
  assign index     = lowest(left_q);
  assign place     = PlaceWidth'(index) * PlaceWidth'(window_bits_i);
  assign busy_o    = base_valid_q || queue_valid || left_q != '0 || valid_1_q || valid_2_q || valid_3_q;

  // mask = 2^(c-1) - 1. d = e - mask, so mod 2^(c-1): |d| = e + 1 for d >= 0, -e - 1 for d < 0.
  assign mask        = (WindowBitsMax - 1)'((1 << (window_bits_i - 1'b1)) - 1);
  assign is_negative = digit_2_q < {1'b0, mask};
  assign magnitude   = (is_negative ? ~digit_2_q[WindowBitsMax-2:0] : digit_2_q[WindowBitsMax-2:0] + 1'b1) & mask;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      left_q    <= '0;
      valid_1_q <= 1'b0;
      valid_2_q <= 1'b0;
      valid_3_q <= 1'b0;
    end else if (ce) begin
      left_q    <= queue_pop ? (queue_valid ? queue_data[QueueWidth-1-:DigitsMax] : '0) : rest;
      valid_1_q <= left_q != '0;
      valid_2_q <= valid_1_q;
      valid_3_q <= valid_2_q;
    end
    if (queue_pop && queue_valid) {sum_0_q, x_0_q, y_0_q} <= queue_data[SumWidth+2*Width-1:0];
    if (ce && left_q != '0) begin
      index_1_q <= index;
      part_1_q  <= Part'((SumWidth + Part)'(sum_0_q) >> {place[PlaceWidth-1:4], 4'b0});
      fine_1_q  <= place[3:0];
      x_1_q     <= x_0_q;
      y_1_q     <= y_0_q;
    end
    if (ce && valid_1_q) begin
      index_2_q <= index_1_q;
      digit_2_q <= WindowBitsMax'(part_1_q >> fine_1_q) & {mask, 1'b1};
      x_2_q     <= x_1_q;
      y_2_q     <= y_1_q;
    end
    if (ce && valid_2_q) begin
      visit_cell_o <= (CellsLog2'(index_2_q) << (window_bits_i - 1'b1)) | CellsLog2'(magnitude);
      visit_x_o    <= x_2_q;
      visit_y_o    <= is_negative && y_2_q != '0 ? Modulus - y_2_q : y_2_q;
    end
  end

  assign visit_valid_o = valid_3_q;
endmodule
`default_nettype wire
