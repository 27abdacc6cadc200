// The requests of a tile: 2^log_bursts of elements_i elements each, stride_i bytes apart, one a cycle. last_o marks the tile's last one.
`default_nettype none
module ntt_requests #(
    parameter int unsigned AddrWidth     = 64,
    parameter int unsigned ElementsWidth = 32
) (
    input  wire logic                     clk_i,
    input  wire logic                     rst_ni,
    input  wire logic                     tile_valid_i,
    output logic                          tile_ready_o,
    input  wire logic [AddrWidth-1:0]     address_i,
    input  wire logic [AddrWidth-1:0]     stride_i,
    input  wire logic [ElementsWidth-1:0] elements_i,
    input  wire logic [4:0]               log_bursts_i,
    output logic                          request_valid_o,
    input  wire logic                     request_ready_i,
    output logic [AddrWidth-1:0]          request_address_o,
    output logic [ElementsWidth-1:0]      request_elements_o,
    output logic                          last_o
);
  logic                     active_q;
  logic [AddrWidth-1:0]     address_q, stride_q;
  logic [ElementsWidth-1:0] elements_q, left_q;

  assign tile_ready_o       = !active_q;
  assign request_valid_o    = active_q;
  assign request_address_o  = address_q;
  assign request_elements_o = elements_q;
  assign last_o             = left_q == '0;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) active_q <= 1'b0;
    else if (!active_q) active_q <= tile_valid_i;
    else if (request_ready_i && last_o) active_q <= 1'b0;
    if (!active_q) begin
      if (tile_valid_i) begin
        address_q  <= address_i;
        stride_q   <= stride_i;
        elements_q <= elements_i;
        left_q     <= (ElementsWidth'(1) << log_bursts_i) - 1'b1;
      end
    end else if (request_ready_i) begin
      address_q <= address_q + stride_q;
      left_q    <= left_q - 1'b1;
    end
  end
endmodule
`default_nettype wire
