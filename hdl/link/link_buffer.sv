// A memory of 32-bit words with one port to write and one to read; read_data_o is the word at read_address_i of the cycle before. A word that is
// written in the cycle in which it is read comes as it was.
`default_nettype none
module link_buffer #(
    parameter int unsigned AddressWidth = 9
) (
    input  wire logic                    clk_i,
    input  wire logic                    write_i,
    input  wire logic [AddressWidth-1:0] write_address_i,
    input  wire logic [31:0]             write_data_i,
    input  wire logic [AddressWidth-1:0] read_address_i,
    output logic [31:0]                  read_data_o
);
  logic [31:0] memory [1 << AddressWidth];
  always_ff @(posedge clk_i) begin
    if (write_i) memory[write_address_i] <= write_data_i;
    read_data_o <= memory[read_address_i];
  end
endmodule
`default_nettype wire
