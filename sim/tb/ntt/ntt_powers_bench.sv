// The powers of two bases of the curve's scalar field.
`default_nettype none
module ntt_powers_bench #(
    parameter int unsigned  KaratsubaDepth = 2,
    localparam int unsigned Width          = accel_curve_pkg::ScalarWidth,
    localparam int unsigned ExponentBits   = accel_curve_pkg::ScalarTwoAdicity
) (
    input  wire logic                    clk_i,
    input  wire logic                    rst_ni,
    input  wire logic                    fill_i,
    input  wire logic                    fill_set_i,
    input  wire logic [Width-1:0]        fill_base_i,
    input  wire logic [5:0]              fill_bits_i,
    output logic                         filling_o,
    input  wire logic                    exponent_valid_i,
    output logic                         exponent_ready_o,
    input  wire logic                    set_i,
    input  wire logic [ExponentBits-1:0] exponent_i,
    output logic                         power_valid_o,
    input  wire logic                    power_ready_i,
    output logic [Width-1:0]             power_o
);
  ntt_powers #(
      .Width(Width), .RBits(accel_curve_pkg::ScalarRBits), .Modulus(accel_curve_pkg::ScalarModulus), .NegInv(accel_curve_pkg::ScalarNegInv),
      .One(accel_curve_pkg::ScalarOne), .KaratsubaDepth(KaratsubaDepth), .ExponentBits(ExponentBits), .Sets(2)
  ) u_dut (.*);
endmodule
`default_nettype wire
