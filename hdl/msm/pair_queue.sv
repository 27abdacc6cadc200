// First-in first-out queue for wide words, in memory with a registered read: one word in and one out per cycle, no refusal.
// The writer must never have more than Depth words inside (rendezvous' credits see to that). Latency 2 from write to valid_o.
`default_nettype none
module pair_queue #(
    parameter int unsigned Width     = 8,
    parameter int unsigned DepthLog2 = 4
) (
    input  wire logic             clk_i,
    input  wire logic             rst_ni,
    input  wire logic             valid_i,
    input  wire logic [Width-1:0] data_i,
    output logic                  valid_o,
    input  wire logic             ready_i,
    output logic      [Width-1:0] data_o
);
  if (DepthLog2 < 1) $error("pair_queue: DepthLog2 must be at least 1");

  // Toggles of every stored bit would swamp the report and its build:
  // verilator coverage_off
  logic [Width-1:0]   memory [2**DepthLog2];
  // verilator coverage_on
  logic [DepthLog2:0] write_q, read_q;  // one bit more than an address, so that full and empty differ
  logic               load;

  assign load = write_q != read_q && (!valid_o || ready_i);

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      write_q <= '0;
      read_q  <= '0;
      valid_o <= 1'b0;
    end else begin
      if (valid_i) write_q <= write_q + 1'b1;
      if (load) read_q <= read_q + 1'b1;
      if (load) valid_o <= 1'b1;
      else if (ready_i) valid_o <= 1'b0;
    end
    if (valid_i) memory[write_q[DepthLog2-1:0]] <= data_i;
    if (load) data_o <= memory[read_q[DepthLog2-1:0]];
  end
endmodule
`default_nettype wire
