// a_i * Factor mod Modulus, for a_i < Modulus and a small constant Factor >= 1: doublings and additions from Factor's top bit down.
// One result a cycle, latency field_pkg::multiple_latency(Factor); a cycle counts only while ce_i is high.
// The recursion peels off Factor's lowest bit: a * Factor = 2 * (a * floor(Factor / 2)) + a * (Factor mod 2).
`default_nettype none
module small_multiple #(
    parameter int unsigned      Width     = 254,
    parameter logic [Width-1:0] Modulus   = '1,
    parameter int unsigned      Factor    = 9,
    parameter int unsigned      CarryBits = field_pkg::CarryBits
) (
    input  wire logic             clk_i,
    input  wire logic             ce_i,
    input  wire logic [Width-1:0] a_i,
    output logic [Width-1:0]      multiple_o
);
  if (Factor == 0) $error("small_multiple: Factor must be at least 1");

  if (Factor <= 1) begin : g_once
    logic unused;
    assign unused     = &{1'b0, clk_i, ce_i};
    assign multiple_o = a_i;
  end else begin : g_double
    logic [Width-1:0] half, twice;
    small_multiple #(.Width(Width), .Modulus(Modulus), .Factor(Factor / 2), .CarryBits(CarryBits)) u_half (.clk_i, .ce_i, .a_i, .multiple_o(half));
    mod_add #(.Width(Width), .Modulus(Modulus), .CarryBits(CarryBits)) u_twice (.clk_i, .ce_i, .a_i(half), .b_i(half), .sum_o(twice));

    if (Factor % 2 == 1) begin : g_odd
      logic [Width-1:0] a_late;
      delay_line #(.Width(Width), .Stages(field_pkg::multiple_latency(Factor / 2) + field_pkg::AddLatency)) u_a_late (
          .clk_i, .ce_i, .data_i(a_i), .data_o(a_late));
      mod_add #(.Width(Width), .Modulus(Modulus), .CarryBits(CarryBits)) u_add (.clk_i, .ce_i, .a_i(twice), .b_i(a_late), .sum_o(multiple_o));
    end else begin : g_even
      assign multiple_o = twice;
    end
  end
endmodule
`default_nettype wire
