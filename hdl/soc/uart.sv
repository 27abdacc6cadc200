// The UART region (MAP.md): the link's receiver and transmitter behind queues of QueueDepth bytes. Answers in the cycle of the request.
// ClocksPerBit as the receiver has it.
`default_nettype none
module uart #(
    parameter int unsigned ClocksPerBit = 104,
    parameter int unsigned QueueDepth   = 4
) (
    input  wire logic        clk_i,
    input  wire logic        rst_ni,
    input  wire logic        request_i,
    input  wire logic        write_i,
    input  wire logic [11:0] address_i,
    input  wire logic [7:0]  data_i,
    output logic             known_o,
    output logic [31:0]      data_o,
    output logic             interrupt_o,
    input  wire logic        line_i,
    output logic             line_o
);
  localparam int unsigned CountWidth = $clog2(QueueDepth + 1);

  logic       came, came_ready, received, sendable, leaves, leaves_ready, overrun_q, interrupt_q, idle;
  logic [7:0] came_byte, received_byte, leaves_byte;
  logic [CountWidth-1:0] unused_received_count, unused_sent_count;

  uart_receiver #(.ClocksPerBit(ClocksPerBit)) u_receiver (.clk_i, .rst_ni, .line_i, .valid_o(came), .byte_o(came_byte));
  fifo #(.Width(8), .Depth(QueueDepth)) u_received (
      .clk_i, .rst_ni, .valid_i(came), .ready_o(came_ready), .data_i(came_byte),
      .valid_o(received), .ready_i(request_i && write_i && address_i == accel_soc_pkg::UartReceive), .data_o(received_byte),
          .count_o(unused_received_count)
  );
  fifo #(.Width(8), .Depth(QueueDepth)) u_sent (
      .clk_i, .rst_ni, .valid_i(request_i && write_i && address_i == accel_soc_pkg::UartTransmit), .ready_o(sendable), .data_i(data_i),
      .valid_o(leaves), .ready_i(leaves_ready), .data_o(leaves_byte), .count_o(unused_sent_count)
  );
  uart_transmitter #(.ClocksPerBit(ClocksPerBit)) u_transmitter (
      .clk_i, .rst_ni, .valid_i(leaves), .ready_o(leaves_ready), .byte_i(leaves_byte), .line_o
  );
  // In the last cycle of its stop bit a byte has left.
  assign idle        = !leaves && leaves_ready;
  assign interrupt_o = interrupt_q && received;

  always_comb begin
    known_o = 1'b1;
    data_o  = '0;
    case (address_i)
      accel_soc_pkg::UartStatus: begin
        data_o[accel_soc_pkg::UartStatusReceivedLsb] = received;
        data_o[accel_soc_pkg::UartStatusSendableLsb] = sendable;
        data_o[accel_soc_pkg::UartStatusIdleLsb]     = idle;
        data_o[accel_soc_pkg::UartStatusOverrunLsb]  = overrun_q;
      end
      accel_soc_pkg::UartReceive:   data_o  = {24'd0, received_byte};
      accel_soc_pkg::UartTransmit:  known_o = write_i;
      accel_soc_pkg::UartInterrupt: data_o  = {31'd0, interrupt_q};
      default: known_o = 1'b0;
    endcase
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      overrun_q   <= 1'b0;
      interrupt_q <= 1'b0;
    end else begin
      if (came && !came_ready) overrun_q <= 1'b1;
      else if (request_i && write_i && address_i == accel_soc_pkg::UartStatus && data_i[accel_soc_pkg::UartStatusOverrunLsb]) overrun_q <= 1'b0;
      if (request_i && write_i && address_i == accel_soc_pkg::UartInterrupt) interrupt_q <= data_i[0];
    end
  end

  wire unused = &{1'b0, unused_received_count, unused_sent_count};
endmodule
`default_nettype wire
