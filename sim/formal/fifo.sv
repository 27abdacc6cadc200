// Stands for fifo where only its count matters to a proof: the words themselves are arbitrary, which a proof over them must bear anyway.
// What is left out here is proved of the real one.
`default_nettype none
module fifo #(
    parameter int unsigned Width = 8,
    parameter int unsigned Depth = 4,
    localparam int unsigned CountWidth = $clog2(Depth + 1)
) (
    input  wire logic             clk_i,
    input  wire logic             rst_ni,
    input  wire logic             valid_i,
    output logic                  ready_o,
    input  wire logic [Width-1:0] data_i,
    output logic                  valid_o,
    input  wire logic             ready_i,
    output logic [Width-1:0]      data_o,
    output logic [CountWidth-1:0] count_o
);
  assign ready_o = count_o != CountWidth'(Depth);
  assign valid_o = count_o != '0;
  assign data_o  = $anyseq;
  always_ff @(posedge clk_i) begin
    if (!rst_ni) count_o <= '0;
    else count_o <= count_o + CountWidth'(valid_i && ready_o) - CountWidth'(valid_o && ready_i);
  end
  always_comb if (rst_ni) assert (32'(count_o) <= Depth);
endmodule
`default_nettype wire
