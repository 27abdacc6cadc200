// delay_line with the reset port that every bench drives.
`default_nettype none
module delay_line_bench #(
    parameter int unsigned Width  = 1,
    parameter int unsigned Stages = 1
) (
    input  wire logic             clk_i,
    input  wire logic             rst_ni,
    input  wire logic             ce_i,
    input  wire logic [Width-1:0] data_i,
    output logic [Width-1:0]      data_o
);
  logic unused;
  assign unused = &{1'b0, rst_ni};
  delay_line #(.Width(Width), .Stages(Stages)) u_dut (.clk_i, .ce_i, .data_i, .data_o);
endmodule
`default_nettype wire
