// Arithmetic of OP, OP-IMM and branches (volume I, sections 2.4 and 2.5); combinational. One adder subtracts for SUB, SLT, SLTU and branches; one
// shifter shifts right, and for SLL the bits are turned round before and behind it.
`default_nettype none
module rv32_alu (
    input  wire logic [31:0] a_i,
    input  wire logic [31:0] b_i,
    input  wire logic [2:0]  funct3_i,
    input  wire logic        alternate_i,    // SUB, SRA
    input  wire logic        branch_i,       // funct3_i is a branch's
    output logic [31:0]      result_o,
    output logic             taken_o         // the branch's condition holds
);
  logic        subtract, is_unsigned, less, equal;
  logic [31:0] addend, sum;
  assign subtract     = alternate_i || branch_i || funct3_i[1];
  assign is_unsigned  = branch_i ? funct3_i[1] : funct3_i[0];
  assign addend       = b_i ^ {32{subtract}};
  assign sum          = a_i + addend + 32'(subtract);
  assign less         = a_i[31] == b_i[31] ? sum[31] : a_i[31] != is_unsigned;
  assign equal        = a_i == b_i;
  assign taken_o      = (funct3_i[2] ? less : equal) != funct3_i[0];

  logic        left, fill;
  logic [31:0] straight, shifted;
  assign left = !funct3_i[2];
  assign fill = alternate_i && a_i[31];
  always_comb begin
    for (int unsigned i = 0; i < 32; i++) straight[i] = left ? a_i[31-i] : a_i[i];
    shifted = straight;
    if (b_i[0]) shifted = {fill, shifted[31:1]};
    if (b_i[1]) shifted = {{2{fill}}, shifted[31:2]};
    if (b_i[2]) shifted = {{4{fill}}, shifted[31:4]};
    if (b_i[3]) shifted = {{8{fill}}, shifted[31:8]};
    if (b_i[4]) shifted = {{16{fill}}, shifted[31:16]};
  end

  always_comb begin
    case (funct3_i)
      3'd0: result_o = sum;
      3'd1: for (int unsigned i = 0; i < 32; i++) result_o[i] = shifted[31-i];
      3'd2, 3'd3: result_o = {31'd0, less};
      3'd4: result_o = a_i ^ b_i;
      3'd5: result_o = shifted;
      3'd6: result_o = a_i | b_i;
      default: result_o = a_i & b_i;
    endcase
  end
endmodule
`default_nettype wire
