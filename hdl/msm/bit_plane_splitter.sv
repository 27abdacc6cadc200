// Third phase: sends the sum of row R[hi] to plane s + j for every bit j of hi, of column C[lo] to plane j for every bit j of lo, and R[0],
// which holds bucket 2^(c-1), to plane c - 1. Plane j of window w is cell w·c + j, and Σ_w 2^(c·w) Σ_j 2^j·plane is the result.
// Cells are laid out as row_column_splitter does. One visit a cycle, combinational.
`default_nettype none
module bit_plane_splitter #(
    parameter int unsigned WindowBitsMax = 15,
    parameter int unsigned SidesLog2     = 13,
    parameter int unsigned CellsLog2     = 17,
    localparam int unsigned BitsWidth    = $clog2(WindowBitsMax + 1)
) (
    input  wire logic                 clk_i,
    input  wire logic                 rst_ni,
    input  wire logic [BitsWidth-1:0] window_bits_i,
    input  wire logic                 side_valid_i,
    output logic                      side_ready_o,
    input  wire logic [SidesLog2-1:0] side_i,
    output logic                      visit_valid_o,
    input  wire logic                 visit_ready_i,
    output logic      [CellsLog2-1:0] visit_cell_o
);
  localparam int unsigned IndexBits = WindowBitsMax / 2;  // h at most

  logic [BitsWidth-1:0] address_bits, low_bits, high_bits, plane;
  logic [SidesLog2-1:0] window;
  logic                 is_row, is_top;
  logic [IndexBits-1:0] index, left, rest, sent_q;

  function automatic logic [BitsWidth-1:0] lowest(input logic [IndexBits-1:0] mask);
    lowest = '0;
    for (int unsigned i = 1; i <= IndexBits; i++) if (mask[IndexBits-i]) lowest = BitsWidth'(IndexBits - i);
  endfunction

  assign address_bits = window_bits_i - 1'b1;
  assign low_bits     = address_bits >> 1;
  assign high_bits    = address_bits - low_bits;
  assign window       = side_i >> (high_bits + 1'b1);
  assign index        = IndexBits'(side_i & ~({SidesLog2{1'b1}} << high_bits));
  assign is_row       = ((side_i >> high_bits) & SidesLog2'(1)) != '0;
  assign is_top       = index == '0;
  assign left         = index & ~sent_q;
  assign rest         = left & (left - 1'b1);
  assign plane        = is_top ? address_bits : lowest(left) + (is_row ? low_bits : '0);

  assign visit_valid_o = side_valid_i;
  assign visit_cell_o  = CellsLog2'(window) * CellsLog2'(window_bits_i) + CellsLog2'(plane);
  assign side_ready_o  = visit_ready_i && (is_top || rest == '0);

  always_ff @(posedge clk_i) begin
    if (!rst_ni) sent_q <= '0;
    else if (side_valid_i && visit_ready_i) sent_q <= side_ready_o ? '0 : sent_q | (left & ~rest);
  end
endmodule
`default_nettype wire
