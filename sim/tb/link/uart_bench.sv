// Both ends of a serial line; the bench has the line between them.
`default_nettype none
module uart_bench #(
    parameter int unsigned ClocksPerBit = 8
) (
    input  wire logic       clk_i,
    input  wire logic       rst_ni,
    input  wire logic       line_i,
    output logic            valid_o,
    output logic [7:0]      byte_o,
    input  wire logic       send_valid_i,
    output logic            send_ready_o,
    input  wire logic [7:0] send_byte_i,
    output logic            line_o
);
  uart_receiver #(.ClocksPerBit(ClocksPerBit)) u_receiver (.clk_i, .rst_ni, .line_i, .valid_o, .byte_o);
  uart_transmitter #(.ClocksPerBit(ClocksPerBit)) u_transmitter (
      .clk_i, .rst_ni, .valid_i(send_valid_i), .ready_o(send_ready_o), .byte_i(send_byte_i), .line_o
  );
endmodule
`default_nettype wire
