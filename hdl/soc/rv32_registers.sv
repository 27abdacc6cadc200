// x0 to x31, and above them the machine's control registers that are nothing but storage: 64 words, one write and two reads a cycle, in two block
// memories of one read each. A read takes its address when read_*_i is high; its word is there from the next cycle on and stays until the next
// read. A word written in the cycle of a read is not seen by it: the core never does both to one register.
//
// The memories come up as noise, each with its own. The core writes 0 to x0 first (clear_i), and all later writes to it are lost; software writes
// the other registers before it reads them.
`default_nettype none
module rv32_registers (
    input  wire logic        clk_i,
    input  wire logic        clear_i,
    input  wire logic        write_i,
    input  wire logic [5:0]  write_address_i,
    input  wire logic [31:0] write_data_i,
    input  wire logic        read_a_i,
    input  wire logic [5:0]  address_a_i,
    output logic [31:0]      data_a_o,
    input  wire logic        read_b_i,
    input  wire logic [5:0]  address_b_i,
    output logic [31:0]      data_b_o
);
  logic [31:0] memory_a [64];
  logic [31:0] memory_b [64];
  logic        write;
  logic [5:0]  address;
  logic [31:0] data;
  assign write   = clear_i || (write_i && write_address_i != '0);
  assign address = clear_i ? '0 : write_address_i;
  assign data    = clear_i ? '0 : write_data_i;

  always_ff @(posedge clk_i) begin
    if (write) memory_a[address] <= data;
    if (read_a_i) data_a_o <= memory_a[address_a_i];
  end
  always_ff @(posedge clk_i) begin
    if (write) memory_b[address] <= data;
    if (read_b_i) data_b_o <= memory_b[address_b_i];
  end

`ifdef FORMAL
  // Proved by scripts/formal.mjs: once cleared, x0 reads 0 for ever; an arbitrary other register reads, on either side, what was last written to it.
  logic       f_cleared_q = 1'b0, f_written_q = 1'b0, f_read_a_q = 1'b0, f_read_b_q = 1'b0, f_zero_a_q = 1'b0, f_zero_b_q = 1'b0;
  logic [31:0] f_value_q, f_value_a_q, f_value_b_q;
  (* anyconst *) logic [5:0] f_register;
  always_ff @(posedge clk_i) begin
    if (clear_i) f_cleared_q <= 1'b1;
    if (write_i && !clear_i && write_address_i == f_register) begin
      f_written_q <= 1'b1;
      f_value_q   <= write_data_i;
    end
    if (read_a_i) begin
      f_zero_a_q  <= f_cleared_q && address_a_i == '0;
      f_read_a_q  <= f_written_q && address_a_i == f_register;
      f_value_a_q <= f_value_q;
    end
    if (read_b_i) begin
      f_zero_b_q  <= f_cleared_q && address_b_i == '0;
      f_read_b_q  <= f_written_q && address_b_i == f_register;
      f_value_b_q <= f_value_q;
    end
  end
  always_comb begin
    assume (f_register != '0);
    if (f_cleared_q) assert (memory_a[0] == '0 && memory_b[0] == '0);
    if (f_written_q) assert (memory_a[f_register] == f_value_q && memory_b[f_register] == f_value_q);
    if (f_zero_a_q) assert (data_a_o == '0);
    if (f_zero_b_q) assert (data_b_o == '0);
    if (f_read_a_q) assert (data_a_o == f_value_a_q);
    if (f_read_b_q) assert (data_b_o == f_value_b_q);
  end
`endif
endmodule
`default_nettype wire
