// One port's share of the cells' valid bits, WordBits of them a word: one writer, two readers, hence two copies.
// A read that meets a write of the same word returns noise: rendezvous forwards what was written.
`default_nettype none
module valid_memory #(
    parameter int unsigned WordBits     = 64,
    parameter int unsigned AddressWidth = 1
) (
    input  wire logic                    clk_i,
    input  wire logic                    write_i,
    input  wire logic [AddressWidth-1:0] write_address_i,
    input  wire logic [WordBits-1:0]     write_word_i,
    input  wire logic                    a_read_i,
    input  wire logic [AddressWidth-1:0] a_address_i,
    output logic      [WordBits-1:0]     a_word_o,
    input  wire logic                    b_read_i,
    input  wire logic [AddressWidth-1:0] b_address_i,
    output logic      [WordBits-1:0]     b_word_o
);
  // Toggles of every stored bit would swamp the report and its build:
  // verilator coverage_off
  logic [WordBits-1:0] a_memory [2**AddressWidth];
  logic [WordBits-1:0] b_memory [2**AddressWidth];
  // verilator coverage_on

  always_ff @(posedge clk_i) begin
    if (write_i) begin
      a_memory[write_address_i] <= write_word_i;
      b_memory[write_address_i] <= write_word_i;
    end
    if (a_read_i) a_word_o <= write_i && write_address_i == a_address_i ? 'x : a_memory[a_address_i];
    if (b_read_i) b_word_o <= write_i && write_address_i == b_address_i ? 'x : b_memory[b_address_i];
  end

`ifdef FORMAL
  // An arbitrary word, for the proof of rendezvous to say which.
  (* anyconst *) logic [AddressWidth-1:0] f_address;
  logic [WordBits-1:0] f_a_word, f_b_word;
  assign f_a_word = a_memory[f_address];
  assign f_b_word = b_memory[f_address];
`endif
endmodule
`default_nettype wire
