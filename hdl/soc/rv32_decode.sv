// An instruction's kind and immediate; combinational. No bit of operation_o is set for whatever is not RV32I, Zicsr, Zifencei, MRET, WFI or, with
// HasM, RV32M, and for control registers that do not exist or would be written and are read-only (volume II, section 2.1).
`default_nettype none
module rv32_decode #(
    parameter bit HasM = 1
) (
    input  wire logic [31:0]     instruction_i,
    output rv32_pkg::operation_t operation_o,
    output logic [31:0]          immediate_o
);
  logic [6:0] opcode, funct7;
  logic [2:0] funct3;
  logic       base, alternate, multiply, shift;
  assign opcode       = instruction_i[6:0];
  assign funct3       = instruction_i[14:12];
  assign funct7       = instruction_i[31:25];
  assign base         = funct7 == 7'b0000000;
  assign alternate    = funct7 == 7'b0100000;
  assign multiply     = funct7 == 7'b0000001;
  assign shift        = funct3 == 3'd1 || funct3 == 3'd5;

  logic csr_exists, csr_written;
  always_comb begin
    case (instruction_i[31:20])
      rv32_pkg::CsrMstatus, rv32_pkg::CsrMisa, rv32_pkg::CsrMie, rv32_pkg::CsrMtvec, rv32_pkg::CsrMstatush, rv32_pkg::CsrMscratch,
      rv32_pkg::CsrMepc, rv32_pkg::CsrMcause, rv32_pkg::CsrMtval, rv32_pkg::CsrMip, rv32_pkg::CsrMcycle, rv32_pkg::CsrMcycleh,
      rv32_pkg::CsrMvendorid, rv32_pkg::CsrMarchid, rv32_pkg::CsrMimpid, rv32_pkg::CsrMhartid: csr_exists = 1'b1;
      default: csr_exists = 1'b0;
    endcase
  end
  assign csr_written = funct3[1:0] == 2'd1 || instruction_i[19:15] != '0;

  always_comb begin
    operation_o = '0;
    case (opcode)
      7'b0110111: operation_o.lui    = 1'b1;
      7'b0010111: operation_o.auipc  = 1'b1;
      7'b1101111: operation_o.jal    = 1'b1;
      7'b1100111: operation_o.jalr   = funct3 == 3'd0;
      7'b1100011: operation_o.branch = funct3[2:1] != 2'b01;
      7'b0000011: operation_o.load   = funct3 != 3'd3 && funct3[2:1] != 2'b11;
      7'b0100011: operation_o.store  = !funct3[2] && funct3 != 3'd3;
      7'b0010011: operation_o.alu    = !shift || base || (alternate && funct3[2]);
      7'b0110011: begin
        operation_o.alu    = base || (alternate && (funct3 == 3'd0 || funct3 == 3'd5));
        operation_o.muldiv = HasM && multiply;
      end
      7'b0001111: operation_o.fence  = funct3[2:1] == 2'b00;
      7'b1110011:
        if (funct3[1:0] != 2'b00) operation_o.csr = csr_exists && !(instruction_i[31:30] == 2'b11 && csr_written);
        else if (instruction_i[19:7] == '0) begin
          operation_o.ecall  = instruction_i[31:20] == 12'h000;
          operation_o.ebreak = instruction_i[31:20] == 12'h001;
          operation_o.mret   = instruction_i[31:20] == 12'h302;
          operation_o.wfi    = instruction_i[31:20] == 12'h105;
        end
      default: ;
    endcase
  end

  // Volume I, figure 2.4. Kinds that have no immediate get some other's.
  logic is_upper, is_jal, is_branch, is_store;
  assign is_upper  = opcode[4] && opcode[2];
  assign is_jal    = opcode[3];
  assign is_branch = opcode[6] && !opcode[2];
  assign is_store  = opcode[6:4] == 3'b010;
  always_comb begin
    immediate_o = {{21{instruction_i[31]}}, instruction_i[30:20]};
    if (is_upper) immediate_o = {instruction_i[31:12], 12'd0};
    else begin
      if (is_jal) immediate_o[19:12] = instruction_i[19:12];
      if (is_jal) immediate_o[11] = instruction_i[20];
      else if (is_branch) immediate_o[11] = instruction_i[7];
      if (is_branch || is_store) immediate_o[4:1] = instruction_i[11:8];
      if (is_store) immediate_o[0] = instruction_i[7];
      else if (is_branch || is_jal) immediate_o[0] = 1'b0;
    end
  end
endmodule
`default_nettype wire
