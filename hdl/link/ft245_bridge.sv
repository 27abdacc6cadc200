// Between an FT245-style synchronous FIFO (FT232H, FT2232H) and the link's bytes, in the clock that the chip gives out.
//
// The chip's bus carries one direction at a time. A byte comes in when rd_n_o and rxf_n_i are low at an edge, and goes out when wr_n_o and txe_n_i
// are. oe_n_o
// turns the bus over to the chip a cycle before the first byte is read; a cycle passes as well before this side drives it again. Whoever has the bus
// gives it up when
// it has nothing to move, or after BurstBytes when the other side waits. Received bytes are always taken.
`default_nettype none
module ft245_bridge #(
    parameter int unsigned BurstBytes = 512
) (
    input  wire logic       clk_i,
    input  wire logic       rst_ni,

    input  wire logic       rxf_n_i,
    input  wire logic       txe_n_i,
    input  wire logic [7:0] data_i,
    output logic [7:0]      data_o,
    output logic            data_oe_o,
    output logic            oe_n_o,
    output logic            rd_n_o,
    output logic            wr_n_o,

    output logic            rx_valid_o,
    output logic [7:0]      rx_byte_o,
    input  wire logic       tx_valid_i,
    output logic            tx_ready_o,
    input  wire logic [7:0] tx_byte_i
);
  if (BurstBytes < 1) $error("ft245_bridge: BurstBytes must be at least 1");

  localparam int unsigned CountWidth = $clog2(BurstBytes + 1);
  localparam logic [1:0] Writing = 2'd0, ToReading = 2'd1, Reading = 2'd2, ToWriting = 2'd3;

  logic [1:0]            state_q;
  logic [CountWidth-1:0] left_q;
  logic                  can_read, can_write;

  assign can_read   = !rxf_n_i;
  assign can_write  = tx_valid_i && !txe_n_i;
  assign data_o     = tx_byte_i;
  assign data_oe_o  = state_q == Writing;
  assign oe_n_o     = !(state_q == ToReading || state_q == Reading);
  assign rd_n_o     = !(state_q == Reading && left_q != '0);
  assign wr_n_o     = !(state_q == Writing && can_write && left_q != '0);
  assign tx_ready_o = !wr_n_o;
  assign rx_valid_o = !rd_n_o && can_read;
  assign rx_byte_o  = data_i;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      state_q <= Writing;
      left_q  <= CountWidth'(BurstBytes);
    end else begin
      case (state_q)
        Writing:
          if (can_read && (!can_write || left_q == '0)) state_q <= ToReading;
          else if (left_q == '0) left_q <= CountWidth'(BurstBytes);
          else if (can_write) left_q <= left_q - 1'b1;
        ToReading: begin
          state_q <= Reading;
          left_q  <= CountWidth'(BurstBytes);
        end
        Reading:
          if (!can_read || (left_q == '0 && can_write)) state_q <= ToWriting;
          else if (left_q == '0) left_q <= CountWidth'(BurstBytes);
          else left_q <= left_q - 1'b1;
        default: begin
          state_q <= Writing;
          left_q  <= CountWidth'(BurstBytes);
        end
      endcase
    end
  end
endmodule
`default_nettype wire
