// karatsuba_multiplier with the reset port that every bench drives.
`default_nettype none
module karatsuba_bench #(
    parameter int unsigned Width = 8,
    parameter int unsigned Depth = 2,
    parameter int unsigned CarryBits = field_pkg::CarryBits
) (
    input  wire logic             clk_i,
    input  wire logic             rst_ni,
    input  wire logic             ce_i,
    input  wire logic [Width-1:0] a_i,
    input  wire logic [Width-1:0] b_i,
    output logic [2*Width-1:0]    product_o,
    output logic [31:0]           latency_o
);
  assign latency_o = field_pkg::product_latency(Depth);
  logic unused;
  assign unused = &{1'b0, rst_ni};
  karatsuba_multiplier #(.Width(Width), .Depth(Depth), .CarryBits(CarryBits)) u_dut (.clk_i, .ce_i, .a_i, .b_i, .product_o);
endmodule
`default_nettype wire
