// frame_receiver and frame_sender side by side; the sender reads its payload from the bench.
`default_nettype none
module frames_bench #(
    parameter int unsigned PayloadBytesMax = 136,
    localparam int unsigned IndexWidth     = $clog2(PayloadBytesMax / 4 + 1)
) (
    input  wire logic                  clk_i,
    input  wire logic                  rst_ni,
    input  wire logic [2:0]            count_i,
    input  wire logic [31:0]           bytes_i,
    output logic [95:0]                header_o,
    output logic                       word_valid_o,
    output logic [31:0]                word_o,
    output logic [IndexWidth-1:0]      word_index_o,
    output logic                       frame_o,
    output logic                       good_o,

    input  wire logic                  send_valid_i,
    output logic                       send_ready_o,
    input  wire logic                  send_is_gap_i,
    input  wire logic [95:0]           send_header_i,
    output logic [IndexWidth-1:0]      send_index_o,
    input  wire logic [31:0]           send_word_i,
    output logic                       sent_valid_o,
    input  wire logic                  sent_ready_i,
    output logic [31:0]                sent_word_o
);
  frame_receiver #(.PayloadBytesMax(PayloadBytesMax)) u_receiver (
      .clk_i, .rst_ni, .count_i, .bytes_i, .header_o(header_o), .word_valid_o, .word_o, .word_index_o, .frame_o, .good_o
  );
  frame_sender #(.PayloadBytesMax(PayloadBytesMax)) u_sender (
      .clk_i, .rst_ni, .frame_valid_i(send_valid_i), .frame_ready_o(send_ready_o), .frame_is_gap_i(send_is_gap_i), .frame_header_i(send_header_i),
      .word_index_o(send_index_o), .word_i(send_word_i), .valid_o(sent_valid_o), .ready_i(sent_ready_i), .word_o(sent_word_o)
  );
endmodule
`default_nettype wire
