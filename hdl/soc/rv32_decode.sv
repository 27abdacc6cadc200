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

`ifdef FORMAL
  // Proved by scripts/formal.mjs, of every word: it is of the kind of the one line of the manual's tables (volume I, chapter 24; volume II, section
  // 3.3) that it matches, and illegal if it matches none; and the immediate is its format's.
  localparam int unsigned F_Rows = 51;
  logic [F_Rows-1:0] f_match;
  logic              f_csr;
  assign f_match[0] = (instruction_i & 32'h0000007f) == 32'h00000037;   // LUI
  assign f_match[1] = (instruction_i & 32'h0000007f) == 32'h00000017;   // AUIPC
  assign f_match[2] = (instruction_i & 32'h0000007f) == 32'h0000006f;   // JAL
  assign f_match[3] = (instruction_i & 32'h0000707f) == 32'h00000067;   // JALR
  assign f_match[4] = (instruction_i & 32'h0000707f) == 32'h00000063;   // BEQ
  assign f_match[5] = (instruction_i & 32'h0000707f) == 32'h00001063;   // BNE
  assign f_match[6] = (instruction_i & 32'h0000707f) == 32'h00004063;   // BLT
  assign f_match[7] = (instruction_i & 32'h0000707f) == 32'h00005063;   // BGE
  assign f_match[8] = (instruction_i & 32'h0000707f) == 32'h00006063;   // BLTU
  assign f_match[9] = (instruction_i & 32'h0000707f) == 32'h00007063;   // BGEU
  assign f_match[10] = (instruction_i & 32'h0000707f) == 32'h00000003;   // LB
  assign f_match[11] = (instruction_i & 32'h0000707f) == 32'h00001003;   // LH
  assign f_match[12] = (instruction_i & 32'h0000707f) == 32'h00002003;   // LW
  assign f_match[13] = (instruction_i & 32'h0000707f) == 32'h00004003;   // LBU
  assign f_match[14] = (instruction_i & 32'h0000707f) == 32'h00005003;   // LHU
  assign f_match[15] = (instruction_i & 32'h0000707f) == 32'h00000023;   // SB
  assign f_match[16] = (instruction_i & 32'h0000707f) == 32'h00001023;   // SH
  assign f_match[17] = (instruction_i & 32'h0000707f) == 32'h00002023;   // SW
  assign f_match[18] = (instruction_i & 32'h0000707f) == 32'h00000013;   // ADDI
  assign f_match[19] = (instruction_i & 32'h0000707f) == 32'h00002013;   // SLTI
  assign f_match[20] = (instruction_i & 32'h0000707f) == 32'h00003013;   // SLTIU
  assign f_match[21] = (instruction_i & 32'h0000707f) == 32'h00004013;   // XORI
  assign f_match[22] = (instruction_i & 32'h0000707f) == 32'h00006013;   // ORI
  assign f_match[23] = (instruction_i & 32'h0000707f) == 32'h00007013;   // ANDI
  assign f_match[24] = (instruction_i & 32'hfe00707f) == 32'h00001013;   // SLLI
  assign f_match[25] = (instruction_i & 32'hfe00707f) == 32'h00005013;   // SRLI
  assign f_match[26] = (instruction_i & 32'hfe00707f) == 32'h40005013;   // SRAI
  assign f_match[27] = (instruction_i & 32'hfe00707f) == 32'h00000033;   // ADD
  assign f_match[28] = (instruction_i & 32'hfe00707f) == 32'h40000033;   // SUB
  assign f_match[29] = (instruction_i & 32'hfe00707f) == 32'h00001033;   // SLL
  assign f_match[30] = (instruction_i & 32'hfe00707f) == 32'h00002033;   // SLT
  assign f_match[31] = (instruction_i & 32'hfe00707f) == 32'h00003033;   // SLTU
  assign f_match[32] = (instruction_i & 32'hfe00707f) == 32'h00004033;   // XOR
  assign f_match[33] = (instruction_i & 32'hfe00707f) == 32'h00005033;   // SRL
  assign f_match[34] = (instruction_i & 32'hfe00707f) == 32'h40005033;   // SRA
  assign f_match[35] = (instruction_i & 32'hfe00707f) == 32'h00006033;   // OR
  assign f_match[36] = (instruction_i & 32'hfe00707f) == 32'h00007033;   // AND
  assign f_match[37] = HasM && (instruction_i & 32'hfe00707f) == 32'h02000033;   // MUL
  assign f_match[38] = HasM && (instruction_i & 32'hfe00707f) == 32'h02001033;   // MULH
  assign f_match[39] = HasM && (instruction_i & 32'hfe00707f) == 32'h02002033;   // MULHSU
  assign f_match[40] = HasM && (instruction_i & 32'hfe00707f) == 32'h02003033;   // MULHU
  assign f_match[41] = HasM && (instruction_i & 32'hfe00707f) == 32'h02004033;   // DIV
  assign f_match[42] = HasM && (instruction_i & 32'hfe00707f) == 32'h02005033;   // DIVU
  assign f_match[43] = HasM && (instruction_i & 32'hfe00707f) == 32'h02006033;   // REM
  assign f_match[44] = HasM && (instruction_i & 32'hfe00707f) == 32'h02007033;   // REMU
  assign f_match[45] = (instruction_i & 32'h0000707f) == 32'h0000000f;   // FENCE
  assign f_match[46] = (instruction_i & 32'h0000707f) == 32'h0000100f;   // FENCE_I
  assign f_match[47] = (instruction_i & 32'hffffffff) == 32'h00000073;   // ECALL
  assign f_match[48] = (instruction_i & 32'hffffffff) == 32'h00100073;   // EBREAK
  assign f_match[49] = (instruction_i & 32'hffffffff) == 32'h30200073;   // MRET
  assign f_match[50] = (instruction_i & 32'hffffffff) == 32'h10500073;   // WFI
  // CSRRW, CSRRS, CSRRC and their immediate forms. Registers by their privilege and number; those from 12'hc00 on are read-only.
  always_comb begin
    f_csr = 1'b0;
    if (opcode == 7'h73 && funct3 != 3'd0 && funct3 != 3'd4) begin
      if (instruction_i[31:20] >= 12'h300 && instruction_i[31:20] <= 12'h301) f_csr = 1'b1;
      if (instruction_i[31:20] >= 12'h304 && instruction_i[31:20] <= 12'h305) f_csr = 1'b1;
      if (instruction_i[31:20] == 12'h310) f_csr = 1'b1;
      if (instruction_i[31:20] >= 12'h340 && instruction_i[31:20] <= 12'h344) f_csr = 1'b1;
      if (instruction_i[31:20] == 12'hb00 || instruction_i[31:20] == 12'hb80) f_csr = 1'b1;
      if (instruction_i[31:20] >= 12'hf11 && instruction_i[31:20] <= 12'hf14) f_csr = instruction_i[13] && instruction_i[19:15] == 5'd0;
    end
  end

  logic [31:0] f_i, f_s, f_b, f_u, f_j;
  assign f_i = {{20{instruction_i[31]}}, instruction_i[31:20]};
  assign f_s = {{20{instruction_i[31]}}, instruction_i[31:25], instruction_i[11:7]};
  assign f_b = {{19{instruction_i[31]}}, instruction_i[31], instruction_i[7], instruction_i[30:25], instruction_i[11:8], 1'b0};
  assign f_u = {instruction_i[31:12], 12'd0};
  assign f_j = {{11{instruction_i[31]}}, instruction_i[31], instruction_i[19:12], instruction_i[20], instruction_i[30:21], 1'b0};

  always_comb begin
    assert ((f_match & (f_match - 1'b1)) == '0 && !(f_csr && f_match != '0));
    assert ((operation_o & (operation_o - 1'b1)) == '0);
    assert ((operation_o != '0) == (f_match != '0 || f_csr));
    assert (operation_o.csr == f_csr);
    assert (operation_o.lui == (f_match[0]));
    assert (operation_o.auipc == (f_match[1]));
    assert (operation_o.jal == (f_match[2]));
    assert (operation_o.jalr == (f_match[3]));
    assert (operation_o.branch == (f_match[9:4] != '0));
    assert (operation_o.load == (f_match[14:10] != '0));
    assert (operation_o.store == (f_match[17:15] != '0));
    assert (operation_o.alu == (f_match[36:18] != '0));
    assert (operation_o.muldiv == (f_match[44:37] != '0));
    assert (operation_o.fence == (f_match[46:45] != '0));
    assert (operation_o.ecall == (f_match[47]));
    assert (operation_o.ebreak == (f_match[48]));
    assert (operation_o.mret == (f_match[49]));
    assert (operation_o.wfi == (f_match[50]));
    if (operation_o.lui || operation_o.auipc) assert (immediate_o == f_u);
    if (operation_o.jal) assert (immediate_o == f_j);
    if (operation_o.branch) assert (immediate_o == f_b);
    if (operation_o.store) assert (immediate_o == f_s);
    if (operation_o.load || operation_o.jalr || (operation_o.alu && !opcode[5])) assert (immediate_o == f_i);
  end
`endif
endmodule
`default_nettype wire
