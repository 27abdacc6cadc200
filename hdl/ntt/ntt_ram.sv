// Memory with one write port and one read port, as block RAM and UltraRAM have them. A read takes two enabled cycles: the word at
// read_row_i appears on data_o after the second one, the first register being the RAM's own and the second its output register.
// read_ce_i advances both registers, read_i says whether the first takes a new word. A read sees the writes of earlier cycles.
// Contents are undefined until written.
`default_nettype none
module ntt_ram #(
    parameter int unsigned  Width    = 254,
    parameter int unsigned  Rows     = 512,
    localparam int unsigned RowWidth = Rows > 1 ? $clog2(Rows) : 1
) (
    input  wire logic                clk_i,
    input  wire logic                write_i,
    input  wire logic [RowWidth-1:0] write_row_i,
    input  wire logic [Width-1:0]    write_data_i,
    input  wire logic                read_ce_i,
    input  wire logic                read_i,
    input  wire logic [RowWidth-1:0] read_row_i,
    output logic [Width-1:0]         data_o
);
  logic [Width-1:0] memory [Rows];
  logic [Width-1:0] word_q;

  always_ff @(posedge clk_i) begin
    if (write_i) memory[write_row_i] <= write_data_i;
    if (read_ce_i) begin
      if (read_i) word_q <= memory[read_row_i];
      data_o <= word_q;
    end
  end
endmodule
`default_nettype wire
