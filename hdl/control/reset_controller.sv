// Soft reset in order: stop issuing, drain what is outstanding, then reset.
//
// A request raises halt_o, under which no reader or writer starts another burst. When drained_i (no burst of the core outstanding) has
// held for two cycles, core_rst_no is low for ResetCycles, and the core runs again. After rst_ni the same reset follows, without draining.
`default_nettype none
module reset_controller #(
    parameter int unsigned ResetCycles = 8
) (
    input  wire logic clk_i,
    input  wire logic rst_ni,
    input  wire logic request_i,
    input  wire logic drained_i,
    output logic      halt_o,
    output logic      core_rst_no,
    output logic      resetting_o
);
  if (ResetCycles < 1) $error("reset_controller: ResetCycles must be at least 1");

  localparam int unsigned CountWidth = $clog2(ResetCycles + 1);
  localparam logic [1:0] Running = 2'd0, Draining = 2'd1, Resetting = 2'd2;

  logic [1:0]            state_q;
  logic                  drained_q;
  logic [CountWidth-1:0] count_q;

  assign halt_o      = state_q != Running;
  assign core_rst_no = state_q != Resetting;
  assign resetting_o = state_q != Running;

  always_ff @(posedge clk_i) begin
    drained_q <= drained_i && state_q == Draining;
    if (!rst_ni) begin
      state_q <= Resetting;
      count_q <= CountWidth'(ResetCycles);
    end else begin
      case (state_q)
        Running:  if (request_i) state_q <= Draining;
        Draining:
          if (drained_i && drained_q) begin
            state_q <= Resetting;
            count_q <= CountWidth'(ResetCycles);
          end
        default: begin
          count_q <= count_q - 1'b1;
          if (count_q == CountWidth'(1)) state_q <= Running;
        end
      endcase
    end
  end
endmodule
`default_nettype wire
