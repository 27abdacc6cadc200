// clk_o follows clk_i in the cycles that begin with enable_i high, and is low in the others: what it clocks then keeps its state and costs
// neither power nor simulation. enable_i is taken at the falling edge, so it has half a cycle to settle and clk_o has no short pulses.
// clk_o has the phase of clk_i, and both domains are one to timing. On an FPGA this is a global buffer with enable.
`default_nettype none
module clock_gate (
    input  wire logic clk_i,
    input  wire logic enable_i,
    output logic      clk_o
);
  logic enable_q;
  always_ff @(negedge clk_i) enable_q <= enable_i;
  assign clk_o = clk_i && enable_q;
endmodule
`default_nettype wire
