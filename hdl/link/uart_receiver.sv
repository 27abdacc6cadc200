// A serial line into bytes: 8 data bits, least significant first, no parity, one stop bit; ClocksPerBit cycles a bit, at least 4.
//
// The line may be asynchronous: two flops take it into this clock. A bit is looked at in its middle, counted from the falling edge of the start bit,
// to within a cycle; a
// start bit that is over by its middle is none. A byte without its stop bit is dropped, and the next one begins after the line has rested:
// the frames' checks see to the rest.
// valid_o pulses with each byte. A byte may begin as soon as the middle of the stop bit before it is over, so a sender may be faster by some percent.
`default_nettype none
module uart_receiver #(
    parameter int unsigned ClocksPerBit = 8
) (
    input  wire logic       clk_i,
    input  wire logic       rst_ni,
    input  wire logic       line_i,
    output logic            valid_o,
    output logic [7:0]      byte_o
);
  if (ClocksPerBit < 4) $error("uart_receiver: ClocksPerBit must be at least 4");

  localparam int unsigned CountWidth = $clog2(ClocksPerBit);

  logic                  meta_q, line_q, busy_q, broken_q;
  logic [CountWidth-1:0] count_q;
  logic [3:0]            bit_q;    // 0 start, 1 to 8 data, 9 stop

  always_ff @(posedge clk_i) begin
    meta_q  <= line_i;
    line_q  <= meta_q;
    valid_o <= 1'b0;
    if (!rst_ni) begin
      busy_q   <= 1'b0;
      broken_q <= 1'b0;
    end else if (!busy_q) begin
      busy_q   <= !line_q && !broken_q;
      broken_q <= broken_q && !line_q;
    end else if (count_q == '0) begin
      if (bit_q == 4'd0 && line_q) busy_q <= 1'b0;
      if (bit_q == 4'd9) begin
        busy_q   <= 1'b0;
        broken_q <= !line_q;
        valid_o  <= line_q;
      end
    end

    if (!busy_q) begin
      // The first cycle of the start bit is this one.
      count_q <= CountWidth'(ClocksPerBit / 2 - 1);
      bit_q   <= '0;
    end else if (count_q == '0) begin
      count_q <= CountWidth'(ClocksPerBit - 1);
      bit_q   <= bit_q + 4'd1;
      if (bit_q != 4'd9) byte_o <= {line_q, byte_o[7:1]};
    end else count_q <= count_q - 1'b1;
  end
endmodule
`default_nettype wire
