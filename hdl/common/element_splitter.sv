// Takes the elements out of beats: one 256-bit element a cycle, low half first, only the halves that halves_i names (at least one).
// last_o marks the last element of the beat marked last_i. No register: the beat is held by its source until its last element has left.
`default_nettype none
module element_splitter (
    input  wire logic         clk_i,
    input  wire logic         rst_ni,
    input  wire logic         valid_i,
    output logic              ready_o,
    input  wire logic [511:0] data_i,
    input  wire logic [1:0]   halves_i,
    input  wire logic         last_i,
    output logic              valid_o,
    input  wire logic         ready_i,
    output logic [255:0]      data_o,
    output logic              last_o
);
  logic low_done_q, high, final_half;

  assign high       = low_done_q || !halves_i[0];
  assign final_half = high || !halves_i[1];
  assign valid_o    = valid_i;
  assign data_o     = high ? data_i[511:256] : data_i[255:0];
  assign last_o     = last_i && final_half;
  assign ready_o    = ready_i && final_half;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) low_done_q <= 1'b0;
    else if (valid_i && ready_i) low_done_q <= !final_half;
  end
endmodule
`default_nettype wire
