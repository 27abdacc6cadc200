// axi_reader with its beats taken apart: ranges of 32-byte elements in, the elements out, in order, one a cycle. See axi_reader for
// requests, halt_i, drained_o and error_o; last_o marks a request's last element.
`default_nettype none
module axi_element_reader #(
    parameter int unsigned AddrWidth   = 40,
    parameter int unsigned LengthWidth = 33,
    parameter int unsigned Depth       = 128
) (
    input  wire logic                   clk_i,
    input  wire logic                   rst_ni,
    input  wire logic                   halt_i,
    output logic                        drained_o,
    output logic                        error_o,

    input  wire logic                   request_valid_i,
    output logic                        request_ready_o,
    input  wire logic [AddrWidth-1:0]   request_addr_i,
    input  wire logic [LengthWidth-1:0] request_elements_i,

    output logic                        arvalid_o,
    input  wire logic                   arready_i,
    output logic [AddrWidth-1:0]        araddr_o,
    output logic [7:0]                  arlen_o,
    input  wire logic                   rvalid_i,
    output logic                        rready_o,
    input  wire logic [511:0]           rdata_i,
    input  wire logic [1:0]             rresp_i,
    input  wire logic                   rlast_i,

    output logic                        valid_o,
    input  wire logic                   ready_i,
    output logic [255:0]                data_o,
    output logic                        last_o
);
  logic         beat_valid, beat_ready, beat_last;
  logic [511:0] beat_data;
  logic [1:0]   beat_halves;

  axi_reader #(.AddrWidth(AddrWidth), .LengthWidth(LengthWidth), .Depth(Depth)) u_reader (
      .clk_i, .rst_ni, .halt_i, .drained_o, .error_o, .request_valid_i, .request_ready_o, .request_addr_i, .request_elements_i,
      .arvalid_o, .arready_i, .araddr_o, .arlen_o, .rvalid_i, .rready_o, .rdata_i, .rresp_i, .rlast_i,
      .valid_o(beat_valid), .ready_i(beat_ready), .data_o(beat_data), .halves_o(beat_halves), .last_o(beat_last)
  );
  element_splitter u_splitter (
      .clk_i, .rst_ni, .valid_i(beat_valid), .ready_o(beat_ready), .data_i(beat_data), .halves_i(beat_halves), .last_i(beat_last),
      .valid_o, .ready_i, .data_o, .last_o
  );
endmodule
`default_nettype wire
