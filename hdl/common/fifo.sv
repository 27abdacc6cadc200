// First-in first-out queue, first word falls through: data_o shows the oldest word whenever valid_o is high.
// Depth words, any Depth >= 1. Latency 1 from write to valid_o; one word in and one out per cycle, also when full and being read
// only if a slot is free, so ready_o does not depend on ready_i. count_o is the number of words held.
`default_nettype none
module fifo #(
    parameter int unsigned Width = 8,
    parameter int unsigned Depth = 4,
    localparam int unsigned CountWidth = $clog2(Depth + 1)
) (
    input  wire logic                  clk_i,
    input  wire logic                  rst_ni,
    input  wire logic                  valid_i,
    output logic                       ready_o,
    input  wire logic [Width-1:0]      data_i,
    output logic                       valid_o,
    input  wire logic                  ready_i,
    output logic [Width-1:0]           data_o,
    output logic [CountWidth-1:0]      count_o
);
  if (Width < 1) $error("fifo: Width must be at least 1");
  if (Depth < 1) $error("fifo: Depth must be at least 1");

  localparam int unsigned IndexWidth = Depth > 1 ? $clog2(Depth) : 1;
  localparam logic [IndexWidth-1:0] Last = IndexWidth'(Depth - 1);

  logic [Width-1:0]      memory [Depth];
  logic [IndexWidth-1:0] write_q, read_q;
  logic [CountWidth-1:0] count_q;
  logic                  push, pop;

  assign ready_o = count_q != CountWidth'(Depth);
  assign valid_o = count_q != '0;
  assign push    = valid_i && ready_o;
  assign pop     = valid_o && ready_i;
  assign data_o  = memory[read_q];
  assign count_o = count_q;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      write_q <= '0;
      read_q  <= '0;
      count_q <= '0;
    end else begin
      if (push) write_q <= write_q == Last ? '0 : write_q + 1'b1;
      if (pop) read_q <= read_q == Last ? '0 : read_q + 1'b1;
      if (push != pop) count_q <= push ? count_q + 1'b1 : count_q - 1'b1;
    end
    if (push) memory[write_q] <= data_i;
  end
endmodule
`default_nettype wire
