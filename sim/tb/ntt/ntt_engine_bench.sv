// The engine over the curve's scalar field.
`default_nettype none
module ntt_engine_bench #(
    parameter int unsigned Lanes          = 1,
    parameter int unsigned TileLog2Max    = 12,
    parameter int unsigned KaratsubaDepth = 2
) (
    input  wire logic         clk_i,
    input  wire logic         rst_ni,
    input  wire logic         start_valid_i,
    output logic              start_ready_o,
    input  wire logic [4:0]   start_log2_size_i,
    input  wire logic         start_inverse_i,
    input  wire logic         start_coset_i,
    input  wire logic [255:0] start_shift_i,
    input  wire logic [63:0]  start_source_i,
    input  wire logic [63:0]  start_destination_i,
    input  wire logic [63:0]  start_scratch_i,
    input  wire logic [4:0]   start_tile_log2_max_i,
    output logic              read_request_valid_o,
    input  wire logic         read_request_ready_i,
    output logic [63:0]       read_request_address_o,
    output logic [31:0]       read_request_elements_o,
    input  wire logic         read_element_valid_i,
    output logic              read_element_ready_o,
    input  wire logic [255:0] read_element_i,
    output logic              write_request_valid_o,
    input  wire logic         write_request_ready_i,
    output logic [63:0]       write_request_address_o,
    output logic [31:0]       write_request_elements_o,
    output logic              write_element_valid_o,
    input  wire logic         write_element_ready_i,
    output logic [255:0]      write_element_o,
    input  wire logic         write_done_valid_i,
    output logic              write_done_ready_o,
    output logic              done_valid_o,
    input  wire logic         done_ready_i,
    output logic [47:0]       done_butterflies_o,
    output logic              busy_o,
    output logic [47:0]       butterflies_o,
    output logic [47:0]       busy_cycles_o,
    output logic [47:0]       stall_cycles_o
);
  ntt_engine #(
      .Width(accel_curve_pkg::ScalarWidth), .RBits(accel_curve_pkg::ScalarRBits), .Modulus(accel_curve_pkg::ScalarModulus),
      .NegInv(accel_curve_pkg::ScalarNegInv), .TwoAdicity(accel_curve_pkg::ScalarTwoAdicity), .Roots(accel_curve_pkg::ScalarRoots),
      .KaratsubaDepth(KaratsubaDepth), .Lanes(Lanes), .TileLog2Max(TileLog2Max)
  ) u_dut (.*);
endmodule
`default_nettype wire
