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

`ifdef FORMAL
  // Proved by scripts/formal.mjs: the pointers agree with the count; an arbitrary slot, once written, keeps its word until it is read;
  // the oldest word neither changes nor disappears while it is refused.
  logic                  f_past_q = 1'b0;
  logic                  f_refused_q;
  logic [Width-1:0]      f_data_q, f_word_q;
  (* anyconst *) logic [IndexWidth-1:0] f_slot;
  logic [IndexWidth:0]   f_distance;
  logic                  f_occupied;

  assign f_distance = f_slot >= read_q ? {1'b0, f_slot} - {1'b0, read_q} : {1'b0, f_slot} + (IndexWidth + 1)'(Depth) - {1'b0, read_q};
  assign f_occupied = 32'(f_distance) < 32'(count_q);

  always_ff @(posedge clk_i) begin
    f_past_q    <= 1'b1;
    f_refused_q <= rst_ni && valid_o && !ready_i;
    f_data_q    <= data_o;
    if (push && write_q == f_slot) f_word_q <= data_i;
  end

  always_comb begin
    assume (f_slot <= Last);
    if (!f_past_q) assume (!rst_ni);
    if (f_past_q) begin
      assert (32'(count_q) <= Depth);
      assert (32'(read_q) < Depth && 32'(write_q) < Depth);
      assert ((32'(read_q) + 32'(count_q)) % Depth == 32'(write_q));
      if (f_occupied) assert (memory[f_slot] == f_word_q);
      if (f_refused_q) assert (valid_o && data_o == f_data_q);
    end
  end
`endif
endmodule
`default_nettype wire
