// Bytes onto a serial line: a start bit, 8 data bits, least significant first, one stop bit; ClocksPerBit cycles a bit. The line rests high. Bytes
// follow each other
// without a pause: ready_o is high in the last cycle of the stop bit, and whenever the line rests.
`default_nettype none
module uart_transmitter #(
    parameter int unsigned ClocksPerBit = 8
) (
    input  wire logic       clk_i,
    input  wire logic       rst_ni,
    input  wire logic       valid_i,
    output logic            ready_o,
    input  wire logic [7:0] byte_i,
    output logic            line_o
);
  if (ClocksPerBit < 2) $error("uart_transmitter: ClocksPerBit must be at least 2");

  localparam int unsigned CountWidth = $clog2(ClocksPerBit);

  logic [CountWidth-1:0] count_q;
  logic [3:0]            left_q;   // bits that have not ended
  logic [8:0]            bits_q;   // those behind the one on the line

  assign ready_o = left_q == '0 || (left_q == 4'd1 && count_q == '0);

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      left_q <= '0;
      line_o <= 1'b1;
    end else if (ready_o) begin
      left_q <= valid_i ? 4'd10 : 4'd0;
      line_o <= !valid_i;
    end else if (count_q == '0) begin
      left_q <= left_q - 4'd1;
      line_o <= bits_q[0];
    end

    if (ready_o || count_q == '0) count_q <= CountWidth'(ClocksPerBit - 1);
    else count_q <= count_q - 1'b1;
    if (ready_o) bits_q <= {1'b1, byte_i};
    else if (count_q == '0) bits_q <= {1'b1, bits_q[8:1]};
  end
endmodule
`default_nettype wire
