// The WATCHDOG region (MAP.md): LimitReset clocks after reset, or LIMIT after the last feed, it pulls system_rst_no for a cycle, and counts anew
// from LimitReset. Nothing turns it off. Its own reset is the pin's alone, so that CAUSE outlives what it resets. Answers in the cycle of the
// request.
`default_nettype none
module watchdog #(
    parameter int unsigned LimitReset = 1 << 24
) (
    input  wire logic        clk_i,
    input  wire logic        rst_ni,
    input  wire logic        request_i,
    input  wire logic        write_i,
    input  wire logic [11:0] address_i,
    input  wire logic [31:0] data_i,
    output logic             known_o,
    output logic [31:0]      data_o,
    output logic             system_rst_no
);
  if (LimitReset < 16) $error("watchdog: LimitReset must be at least 16");

  logic [31:0] limit_q, left_q;
  logic        cause_q, bitten, fed;
  assign fed    = request_i && write_i && address_i == accel_soc_pkg::WatchdogFeed && data_i == accel_soc_pkg::WatchdogKey;
  assign bitten = left_q == '0 || (request_i && write_i && address_i == accel_soc_pkg::WatchdogFeed && !fed);

  always_comb begin
    known_o = 1'b1;
    data_o  = '0;
    case (address_i)
      accel_soc_pkg::WatchdogLimit: data_o  = limit_q;
      accel_soc_pkg::WatchdogFeed:  known_o = write_i;
      accel_soc_pkg::WatchdogCause: begin
        known_o = !write_i;
        data_o  = {31'd0, cause_q};
      end
      default: known_o = 1'b0;
    endcase
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      limit_q       <= LimitReset;
      left_q        <= LimitReset;
      cause_q       <= 1'b0;
      system_rst_no <= 1'b0;
    end else begin
      system_rst_no <= !bitten;
      if (bitten) begin
        limit_q <= LimitReset;
        left_q  <= LimitReset;
        cause_q <= 1'b1;
      end else begin
        if (request_i && write_i && address_i == accel_soc_pkg::WatchdogLimit) limit_q <= data_i;
        left_q <= fed ? limit_q : left_q - 32'd1;
      end
    end
  end
endmodule
`default_nettype wire
