// data_o is data_i of Stages enabled cycles ago, Stages >= 2, kept in a ring of Stages - 1 words and an output register: a wide word
// that waits for a multiplier moves through one memory write and one read a cycle instead of through Stages registers.
// The pointer is reset so that it stays inside the ring; the data is not, the parent qualifies it with a valid bit.
`default_nettype none
module ntt_delay #(
    parameter int unsigned Width  = 254,
    parameter int unsigned Stages = 26
) (
    input  wire logic             clk_i,
    input  wire logic             rst_ni,
    input  wire logic             ce_i,
    input  wire logic [Width-1:0] data_i,
    output logic [Width-1:0]      data_o
);
  if (Stages < 2) $error("ntt_delay: Stages must be at least 2");

  localparam int unsigned Rows     = Stages - 1;
  localparam int unsigned RowWidth = Rows > 1 ? $clog2(Rows) : 1;

  logic [Width-1:0]    memory [Rows];
  logic [RowWidth-1:0] row_q;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) row_q <= '0;
    else if (ce_i) row_q <= row_q == RowWidth'(Rows - 1) ? '0 : row_q + 1'b1;
    if (ce_i) begin
      memory[row_q] <= data_i;
      data_o        <= memory[row_q];
    end
  end
endmodule
`default_nettype wire
