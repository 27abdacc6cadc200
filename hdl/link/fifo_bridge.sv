// Between the synchronous FIFO bus of a USB chip and the link's bytes, in the clock that the chip gives out: an FT232H or FT2232H as FT245 (Bytes 1),
// an FT601 in its 245 mode (Bytes 4, with a byte enable for each).
//
// The bus carries one direction at a time. A transfer comes in when rd_n_o and rxf_n_i are low at an edge, and goes out when wr_n_o and txe_n_i are;
// wr_n_o may be low before the chip can take anything. oe_n_o turns the bus over to the chip a cycle before the first transfer is read; a cycle
// passes as well before this side drives it again. Whoever has the bus gives it up when it has nothing to move, or after BurstMax cycles when the
// other side waits. No pin depends on a pin within a cycle: the chip's delays leave no time for that.
`default_nettype none
module fifo_bridge #(
    parameter int unsigned Bytes    = 1,
    parameter int unsigned BurstMax = 512
) (
    input  wire logic               clk_i,
    input  wire logic               rst_ni,

    input  wire logic               rxf_n_i,
    input  wire logic               txe_n_i,
    input  wire logic [8*Bytes-1:0] data_i,
    input  wire logic [Bytes-1:0]   be_i,
    output logic [8*Bytes-1:0]      data_o,
    output logic [Bytes-1:0]        be_o,
    output logic                    data_oe_o,
    output logic                    oe_n_o,
    output logic                    rd_n_o,
    output logic                    wr_n_o,

    output logic                    rx_valid_o,
    input  wire logic               rx_ready_i,
    output logic [8*Bytes-1:0]      rx_data_o,
    output logic [Bytes-1:0]        rx_be_o,
    input  wire logic               tx_valid_i,
    output logic                    tx_ready_o,
    input  wire logic [8*Bytes-1:0] tx_data_i
);
  if (BurstMax < 1) $error("fifo_bridge: BurstMax must be at least 1");
  if (Bytes != 1 && Bytes != 4) $error("fifo_bridge: Bytes must be 1 or 4");

  localparam int unsigned CountWidth = $clog2(BurstMax + 1);
  localparam logic [1:0] Writing = 2'd0, ToReading = 2'd1, Reading = 2'd2, ToWriting = 2'd3;

  logic [1:0]            state_q;
  logic [CountWidth-1:0] left_q;
  logic                  can_read, can_write;

  assign can_read   = !rxf_n_i;
  assign can_write  = tx_valid_i && !txe_n_i;
  assign data_o     = tx_data_i;
  assign be_o       = '1;
  assign data_oe_o  = state_q == Writing;
  assign oe_n_o     = !(state_q == ToReading || state_q == Reading);
  assign rd_n_o     = !(state_q == Reading && left_q != '0 && rx_ready_i);
  assign wr_n_o     = !(state_q == Writing && left_q != '0 && tx_valid_i);
  assign tx_ready_o = state_q == Writing && left_q != '0 && !txe_n_i;
  assign rx_valid_o = !rd_n_o && can_read;
  assign rx_data_o  = data_i;
  assign rx_be_o    = be_i;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      state_q <= Writing;
      left_q  <= CountWidth'(BurstMax);
    end else begin
      case (state_q)
        Writing:
          if (can_read && (!can_write || left_q == '0)) state_q <= ToReading;
          else if (left_q == '0) left_q <= CountWidth'(BurstMax);
          else if (can_write) left_q <= left_q - 1'b1;
        ToReading: begin
          state_q <= Reading;
          left_q  <= CountWidth'(BurstMax);
        end
        Reading:
          if (!can_read || (left_q == '0 && can_write)) state_q <= ToWriting;
          else if (left_q == '0) left_q <= CountWidth'(BurstMax);
          else left_q <= left_q - 1'b1;
        default: begin
          state_q <= Writing;
          left_q  <= CountWidth'(BurstMax);
        end
      endcase
    end
  end
endmodule
`default_nettype wire
