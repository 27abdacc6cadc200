// Brings one engine back after the memory refused one of its accesses: halts its readers and writers, waits until nothing is outstanding,
// resets them and the engine, and has the commands that were in the engine completed with the error.
//
// read_error_i or write_error_i: the fault is recorded in the next cycle, and status_o says which came first. halt_o is high from then
// until the reset; engine_rst_no is low for ResetCycles; flush_o is high until flushed_i. quiet_o: no fault, and none in this very cycle.
`default_nettype none
module fault_controller #(
    parameter int unsigned ResetCycles = 8
) (
    input  wire logic  clk_i,
    input  wire logic  rst_ni,
    input  wire logic  read_error_i,
    input  wire logic  write_error_i,
    input  wire logic  drained_i,
    input  wire logic  flushed_i,
    output logic       quiet_o,
    output logic       halt_o,
    output logic       engine_rst_no,
    output logic       flush_o,
    output logic [7:0] status_o
);
  if (ResetCycles < 1) $error("fault_controller: ResetCycles must be at least 1");

  localparam int unsigned CountWidth = $clog2(ResetCycles + 1);
  localparam logic [1:0] Quiet = 2'd0, Draining = 2'd1, Resetting = 2'd2, Flushing = 2'd3;

  logic [1:0]            state_q;
  logic                  write_q, drained_q;
  logic [CountWidth-1:0] count_q;

  assign quiet_o       = state_q == Quiet && !read_error_i && !write_error_i;
  assign halt_o        = state_q == Draining;
  assign engine_rst_no = state_q != Resetting;
  assign flush_o       = state_q == Flushing;
  assign status_o      = write_q ? accel_regs_pkg::StatusWriteError : accel_regs_pkg::StatusReadError;

  always_ff @(posedge clk_i) begin
    drained_q <= drained_i && state_q == Draining;
    if (!rst_ni) begin
      state_q <= Quiet;
    end else begin
      case (state_q)
        Quiet:
          if (read_error_i || write_error_i) begin
            state_q <= Draining;
            write_q <= !read_error_i;
          end
        Draining:
          if (drained_i && drained_q) begin
            state_q <= Resetting;
            count_q <= CountWidth'(ResetCycles);
          end
        Resetting: begin
          count_q <= count_q - 1'b1;
          if (count_q == CountWidth'(1)) state_q <= Flushing;
        end
        default: if (flushed_i) state_q <= Quiet;
      endcase
    end
  end
endmodule
`default_nettype wire
