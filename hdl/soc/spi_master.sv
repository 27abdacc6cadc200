// The SPI region (MAP.md): an SPI master, mode 0: the clock rests low, both sides change their data when it falls and take the other's when it
// rises. Most significant bit first. ready_o is low while DATA is asked for and a byte is under way; everything else is answered in the cycle of
// the request.
//
// A byte takes 16 half clocks of DIVIDER + 1 cycles. miso_i goes through one flop, for it follows this very clock, and is looked at in the last
// cycle of the high half: from the edge on which the other side puts out a bit it has 2 * DIVIDER + 1 cycles.
`default_nettype none
module spi_master (
    input  wire logic        clk_i,
    input  wire logic        rst_ni,
    input  wire logic        request_i,
    output logic             ready_o,
    input  wire logic        write_i,
    input  wire logic [11:0] address_i,
    input  wire logic [31:0] data_i,
    output logic             known_o,
    output logic [31:0]      data_o,
    output logic             select_no,
    output logic             clock_o,
    output logic             mosi_o,
    input  wire logic        miso_i
);
  logic [7:0] divider_q, count_q, byte_q;
  logic [3:0] halves_q;     // that are left behind this one
  logic       busy_q, select_q, miso_q, starts;

  assign ready_o = !(busy_q && address_i == accel_soc_pkg::SpiData);
  assign starts  = request_i && ready_o && write_i && address_i == accel_soc_pkg::SpiData;

  always_comb begin
    known_o = 1'b1;
    data_o  = '0;
    case (address_i)
      accel_soc_pkg::SpiControl: begin
        data_o[accel_soc_pkg::SpiControlSelectLsb]      = select_q;
        data_o[accel_soc_pkg::SpiControlDividerLsb+:8]  = divider_q;
      end
      accel_soc_pkg::SpiData: data_o = {24'd0, byte_q};
      default: known_o = 1'b0;
    endcase
  end

  assign select_no = !select_q;
  assign mosi_o    = byte_q[7];

  always_ff @(posedge clk_i) begin
    miso_q <= miso_i;
    if (!rst_ni) begin
      busy_q    <= 1'b0;
      select_q  <= 1'b0;
      divider_q <= '1;
      clock_o   <= 1'b0;
    end else begin
      if (busy_q && count_q == '0) clock_o <= halves_q[0];
      if (request_i && write_i && address_i == accel_soc_pkg::SpiControl) begin
        select_q  <= data_i[accel_soc_pkg::SpiControlSelectLsb];
        divider_q <= data_i[accel_soc_pkg::SpiControlDividerLsb+:8];
      end
      if (starts) busy_q <= 1'b1;
      else if (count_q == '0 && halves_q == '0) busy_q <= 1'b0;
    end

    if (starts) begin
      byte_q   <= data_i[7:0];
      count_q  <= divider_q;
      halves_q <= 4'd15;
    end else if (busy_q) begin
      if (count_q == '0) begin
        count_q  <= divider_q;
        halves_q <= halves_q - 4'd1;
        if (!halves_q[0]) byte_q <= {byte_q[6:0], miso_q};
      end else count_q <= count_q - 8'd1;
    end
  end

  wire unused = &{1'b0, data_i};
endmodule
`default_nettype wire
