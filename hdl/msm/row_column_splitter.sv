// Second phase: sends the sum of bucket b = 2^s·hi + lo of a window to the cells R[hi] and C[lo], so that Σ b·B_b = 2^s·Σ hi·R[hi] + Σ lo·C[lo].
// s = ⌊(c-1)/2⌋, h = c-1-s. hi = 0 and lo = 0 carry no weight and are not sent; R[0] takes bucket 2^(c-1), which has address 0.
// A window has 2^(h+1) cells: C from 0, R from 2^h. One visit a cycle, combinational.
`default_nettype none
module row_column_splitter #(
    parameter int unsigned WindowBitsMax = 15,
    parameter int unsigned BucketsLog2   = 17,
    parameter int unsigned CellsLog2     = 13,
    localparam int unsigned BitsWidth    = $clog2(WindowBitsMax + 1)
) (
    input  wire logic                   clk_i,
    input  wire logic                   rst_ni,
    input  wire logic [BitsWidth-1:0]   window_bits_i,
    input  wire logic                   bucket_valid_i,
    output logic                        bucket_ready_o,
    input  wire logic [BucketsLog2-1:0] bucket_i,
    output logic                        visit_valid_o,
    input  wire logic                   visit_ready_i,
    output logic      [CellsLog2-1:0]   visit_cell_o
);
  logic [BitsWidth-1:0]   address_bits, low_bits, high_bits;
  logic [BucketsLog2-1:0] address, high, low;
  logic                   to_row, to_column, row_sent_q, send_row;
  logic [CellsLog2-1:0]   window, first;

  assign address_bits = window_bits_i - 1'b1;
  assign low_bits     = address_bits >> 1;
  assign high_bits    = address_bits - low_bits;
  assign window       = CellsLog2'(bucket_i >> address_bits);
  assign address      = bucket_i & ~({BucketsLog2{1'b1}} << address_bits);
  assign high         = address >> low_bits;
  assign low          = address & ~({BucketsLog2{1'b1}} << low_bits);
  assign to_row       = high != '0 || address == '0;
  assign to_column    = low != '0;
  assign send_row     = to_row && !row_sent_q;

  assign first          = window << (high_bits + 1'b1);
  assign visit_valid_o  = bucket_valid_i;
  assign visit_cell_o   = first | (send_row ? (CellsLog2'(1) << high_bits) | CellsLog2'(high) : CellsLog2'(low));
  assign bucket_ready_o = visit_ready_i && !(send_row && to_column);

  always_ff @(posedge clk_i) begin
    if (!rst_ni) row_sent_q <= 1'b0;
    else if (bucket_valid_i && visit_ready_i) row_sent_q <= send_row && to_column;
  end
endmodule
`default_nettype wire
