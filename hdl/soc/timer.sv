// The TIMER region (MAP.md): a counter of clocks and an interrupt from a moment on. Answers in the cycle of the request.
`default_nettype none
module timer (
    input  wire logic        clk_i,
    input  wire logic        rst_ni,
    input  wire logic        request_i,
    input  wire logic        write_i,
    input  wire logic [11:0] address_i,
    input  wire logic [31:0] data_i,
    output logic             known_o,
    output logic [31:0]      data_o,
    output logic             interrupt_o
);
  logic [31:0] count_q, compare_q, past;
  logic        enabled_q;
  assign past = count_q - compare_q;

  always_comb begin
    known_o = 1'b1;
    data_o  = '0;
    case (address_i)
      accel_soc_pkg::TimerCount: begin
        known_o = !write_i;
        data_o  = count_q;
      end
      accel_soc_pkg::TimerCompare: data_o = compare_q;
      accel_soc_pkg::TimerControl: data_o = {31'd0, enabled_q};
      default: known_o = 1'b0;
    endcase
  end

  always_ff @(posedge clk_i) begin
    interrupt_o <= enabled_q && !past[31];
    if (!rst_ni) begin
      count_q     <= '0;
      enabled_q   <= 1'b0;
      interrupt_o <= 1'b0;
    end else begin
      count_q <= count_q + 32'd1;
      if (request_i && write_i && address_i == accel_soc_pkg::TimerControl) enabled_q <= data_i[0];
    end
    if (request_i && write_i && address_i == accel_soc_pkg::TimerCompare) compare_q <= data_i;
  end

  // Of the difference only the sign counts.
  wire unused = &{1'b0, past[30:0]};
endmodule
`default_nettype wire
