// First-in first-out queue between two clocks, which need not know each other; first word falls through. 2^DepthLog2 words.
//
// Each side counts its words in Gray code, so that the other, which takes the count through two flops, sees the old value or the new one and no
// third (C. Cummings, "Simulation and Synthesis Techniques for Asynchronous FIFO Design", SNUG 2002, style 1). What a side sees is late: never a
// word too many, never a place too many. A count has one bit more than an index, so that full and empty differ.
// A word comes out two to three read cycles after the edge that took it; one word a cycle of the slower clock while DepthLog2 is at least 3.
// write_ready_o and read_valid_o depend on registers alone.
// Both sides must be in reset at the same time, each for an edge of its clock, before either is released; words are pushed and taken after that.
`default_nettype none
module async_fifo #(
    parameter int unsigned Width     = 8,
    parameter int unsigned DepthLog2 = 4
) (
    input  wire logic             write_clk_i,
    input  wire logic             write_rst_ni,
    input  wire logic             write_valid_i,
    output logic                  write_ready_o,
    input  wire logic [Width-1:0] write_data_i,

    input  wire logic             read_clk_i,
    input  wire logic             read_rst_ni,
    output logic                  read_valid_o,
    input  wire logic             read_ready_i,
    output logic [Width-1:0]      read_data_o
);
  if (Width < 1) $error("async_fifo: Width must be at least 1");
  if (DepthLog2 < 2 || DepthLog2 > 16) $error("async_fifo: DepthLog2 must be 2 to 16");

  localparam int unsigned CountWidth = DepthLog2 + 1;

  logic [Width-1:0]      memory [1 << DepthLog2];
  logic [CountWidth-1:0] write_q, write_d, write_gray_q, write_meta_q, write_seen_q;  // seen: by the reader
  logic [CountWidth-1:0] read_q, read_d, read_gray_q, read_meta_q, read_seen_q;       // seen: by the writer
  logic                  push, pop;

  // In Gray code, two counts that are 2^DepthLog2 apart differ in their two top bits alone.
  assign write_ready_o = write_gray_q != (read_seen_q ^ (CountWidth'(3) << (DepthLog2 - 1)));
  assign read_valid_o  = read_gray_q != write_seen_q;
  assign read_data_o   = memory[read_q[DepthLog2-1:0]];
  assign push          = write_valid_i && write_ready_o;
  assign pop           = read_valid_o && read_ready_i;
  assign write_d       = write_q + CountWidth'(push);
  assign read_d        = read_q + CountWidth'(pop);

  always_ff @(posedge write_clk_i) begin
    if (!write_rst_ni) begin
      write_q      <= '0;
      write_gray_q <= '0;
      read_meta_q  <= '0;
      read_seen_q  <= '0;
    end else begin
      write_q      <= write_d;
      write_gray_q <= write_d ^ (write_d >> 1);
      read_meta_q  <= read_gray_q;
      read_seen_q  <= read_meta_q;
    end
    if (push) memory[write_q[DepthLog2-1:0]] <= write_data_i;
  end

  always_ff @(posedge read_clk_i) begin
    if (!read_rst_ni) begin
      read_q       <= '0;
      read_gray_q  <= '0;
      write_meta_q <= '0;
      write_seen_q <= '0;
    end else begin
      read_q       <= read_d;
      read_gray_q  <= read_d ^ (read_d >> 1);
      write_meta_q <= write_gray_q;
      write_seen_q <= write_meta_q;
    end
  end

`ifdef FORMAL
  // Proved by scripts/formal.mjs, for clocks that rise whenever they like: the counts, as either side and its two flops know them, stay in their
  // order and within the depth; an arbitrary slot, once written, keeps its word until it is read. Out of reset, which the bench covers.
  function automatic logic [CountWidth-1:0] binary(input logic [CountWidth-1:0] gray);
    binary[CountWidth-1] = gray[CountWidth-1];
    for (int unsigned i = CountWidth - 1; i > 0; i--) binary[i-1] = binary[i] ^ gray[i-1];
  endfunction

  (* anyconst *) logic [DepthLog2-1:0] f_slot;
  logic [Width-1:0]      f_word_q;
  logic [CountWidth-1:0] f_read_seen, f_read_meta, f_write_seen, f_write_meta, f_whole;
  logic [DepthLog2-1:0]  f_distance;
  assign f_read_seen  = binary(read_seen_q);
  assign f_read_meta  = binary(read_meta_q);
  assign f_write_seen = binary(write_seen_q);
  assign f_write_meta = binary(write_meta_q);
  assign f_whole      = write_q - f_read_seen;
  assign f_distance   = f_slot - read_q[DepthLog2-1:0];
  always_ff @(posedge write_clk_i) if (push && write_q[DepthLog2-1:0] == f_slot) f_word_q <= write_data_i;

  always_comb begin
    assume (write_rst_ni && read_rst_ni);
    if ($initstate) begin
      assume (write_q == '0 && write_gray_q == '0 && read_meta_q == '0 && read_seen_q == '0);
      assume (read_q == '0 && read_gray_q == '0 && write_meta_q == '0 && write_seen_q == '0);
    end
    assert (write_gray_q == (write_q ^ (write_q >> 1)) && read_gray_q == (read_q ^ (read_q >> 1)));
    assert (32'(f_whole) <= 1 << DepthLog2);
    // seen by the writer <= on its way <= read <= seen by the reader <= on its way <= written, counted from the first.
    assert (CountWidth'(f_read_meta - f_read_seen) <= CountWidth'(read_q - f_read_seen));
    assert (CountWidth'(read_q - f_read_seen) <= CountWidth'(f_write_seen - f_read_seen));
    assert (CountWidth'(f_write_seen - f_read_seen) <= CountWidth'(f_write_meta - f_read_seen));
    assert (CountWidth'(f_write_meta - f_read_seen) <= f_whole);
    if (32'(f_distance) < 32'(CountWidth'(write_q - read_q))) assert (memory[f_slot] == f_word_q);
  end
`endif
endmodule
`default_nettype wire
