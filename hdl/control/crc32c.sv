// CRC-32C (Castagnoli; RFC 3720, appendix B.4) over words of DataBits bits, taken as bytes from bit 0 up: '123456789' gives 32'he3069283.
// clear_i starts over, before the word that add_i adds in the same cycle. crc_o is the checksum of the words since then, in the next cycle;
// that of no word is 0. One word a cycle.
`default_nettype none
module crc32c #(
    parameter int unsigned DataBits = 256
) (
    input  wire logic                clk_i,
    input  wire logic                clear_i,
    input  wire logic                add_i,
    input  wire logic [DataBits-1:0] data_i,
    output logic [31:0]              crc_o
);
  if (DataBits % 8 != 0) $error("crc32c: DataBits must be a multiple of 8");

  localparam logic [31:0] Polynomial = 32'h82f63b78;  // x^32 + x^28 + ... + 1 with its bits reversed: bytes come least significant bit first

  function automatic logic [31:0] step(input logic [31:0] state, input logic [DataBits-1:0] data);
    step = state;
    for (int unsigned i = 0; i < DataBits; i++) step = {1'b0, step[31:1]} ^ (step[0] ^ data[i] ? Polynomial : 32'd0);
  endfunction

  logic [31:0] state_q;
  assign crc_o = ~state_q;
  always_ff @(posedge clk_i) begin
    if (add_i) state_q <= step(clear_i ? '1 : state_q, data_i);
    else if (clear_i) state_q <= '1;
  end
endmodule
`default_nettype wire
