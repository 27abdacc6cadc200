// The clock of one engine: it runs while the engine or the unit that feeds it has anything to do or is being reset, and Linger cycles longer,
// so that registers behind the last event settle. busy_i must not depend on clk_o's next edge.
`default_nettype none
module engine_clock #(
    parameter int unsigned Linger = 4
) (
    input  wire logic clk_i,
    input  wire logic rst_ni,
    input  wire logic busy_i,
    output logic      clk_o
);
  if (Linger < 1) $error("engine_clock: Linger must be at least 1");

  logic [Linger-1:0] recent_q;
  logic              wanted;
  assign wanted = busy_i || !rst_ni;
  always_ff @(posedge clk_i) recent_q <= Linger'({recent_q, wanted});
  clock_gate u_gate (.clk_i, .enable_i(wanted || recent_q != '0), .clk_o);
endmodule
`default_nettype wire
