// RV32I with Zicsr, Zifencei, machine mode and, with HasM, RV32M (RISC-V manual, volume I 20191213, volume II 20211203), for firmware beside the
// engines.
//
// Several cycles an instruction, one at a time, over one bus for instructions and data. What a small board has is a single-port memory, which a
// pipeline with two ports could not use; and block RAM, in which a word is read a cycle after its address: so registers and five control registers
// share two block memories, and the flops that remain are program counter, instruction and a few bits. The next instruction is asked for in the
// cycle in which one that does not jump executes. With a memory that answers in the next cycle:
//   arithmetic, branch not taken, FENCE, WFI  2    load, store, jump, branch taken  3    MRET  4    control register  5    trap  7
//   product  35    quotient or remainder  37
//
// Bus: a request moves when bus_valid_o and bus_ready_i are high, and stays as it is until then; one is under way at a time. Reads and writes are
// answered by response_valid_i, one cycle after the request or later. Lanes of a store are in bus_strobe_o; a read takes all 32 bits, at a
// multiple of 4.
//
// Traps go to mtvec (direct). Misaligned addresses trap. mtval holds the address of a misaligned or refused one, and otherwise 0. mcycle counts
// and cannot be written; minstret and performance counters do not exist. An interrupt is taken between instructions, external before timer.
`default_nettype none
module rv32_core #(
    parameter bit          HasM        = 1,
    parameter logic [31:0] ResetVector = 32'h0000_0000
) (
    input  wire logic        clk_i,
    input  wire logic        rst_ni,
    input  wire logic        timer_interrupt_i,
    input  wire logic        external_interrupt_i,

    output logic             bus_valid_o,
    input  wire logic        bus_ready_i,
    output logic             bus_write_o,
    output logic [31:0]      bus_address_o,      // a multiple of 4
    output logic [3:0]       bus_strobe_o,
    output logic [31:0]      bus_data_o,
    input  wire logic        response_valid_i,
    input  wire logic        response_error_i,
    input  wire logic [31:0] response_data_i
);
  if (ResetVector[1:0] != 2'd0) $error("rv32_core: ResetVector must be a multiple of 4");

  typedef enum logic [3:0] {
    Clear,          // x0 becomes 0
    Fetch,          // ask for the instruction at fetch_q
    Wait,           // for it
    Execute,
    Access,         // a load or store that was not taken yet
    Memory,         // the answer to it
    Iterate,        // a product or quotient grows
    ReadCsr,        // rd <- control register
    WriteCsr,       // control register <- new value
    SaveMepc, SaveMcause, SaveMtval,
    Vector          // fetch_q <- mtvec or mepc
  } state_t;
  state_t state_q;

  logic [31:0] fetch_q;         // of the next instruction to ask for
  logic [31:0] pc_q;            // of this one
  logic [31:0] instruction_q;
  logic [4:0]  cause_q;
  logic        tval_q;          // mtval is the address

  // Instruction and operands.
  rv32_pkg::operation_t operation;
  logic [31:0] immediate, a, b;
  logic [2:0]  funct3;
  assign funct3 = instruction_q[14:12];
  rv32_decode #(.HasM(HasM)) u_decode (.instruction_i(instruction_q), .operation_o(operation), .immediate_o(immediate));

  // The address of a load, store or jump; AUIPC's and LUI's result.
  logic        from_pc;
  logic [31:0] address_base, address;
  assign from_pc      = operation.auipc || operation.jal || operation.branch;
  assign address_base = operation.lui ? '0 : from_pc ? pc_q : a;
  assign address      = address_base + immediate;

  logic        is_register, taken;
  logic [31:0] arithmetic;
  assign is_register = instruction_q[5];
  rv32_alu u_alu (
      .a_i(a), .b_i(is_register ? b : immediate), .funct3_i(funct3),
      .alternate_i(instruction_q[30] && (is_register || funct3 == 3'd5)), .branch_i(operation.branch),
      .result_o(arithmetic), .taken_o(taken)
  );

  // What happens to the instruction in Execute.
  logic executes, interrupt, interrupt_external, is_jump, is_access, is_illegal, misaligned_jump, misaligned_access, trap;
  assign executes          = state_q == Execute;
  assign is_jump           = operation.jal || operation.jalr || (operation.branch && taken);
  assign is_access         = operation.load || operation.store;
  assign is_illegal        = operation == '0;
  assign misaligned_jump   = is_jump && address[1];
  assign misaligned_access = is_access && ((funct3[0] && address[0]) || (funct3[1] && address[1:0] != 2'd0));
  assign trap              = interrupt || is_illegal || operation.ecall || operation.ebreak || misaligned_jump || misaligned_access;

  logic [4:0] cause;
  always_comb begin
    if (interrupt) cause = interrupt_external ? rv32_pkg::CauseExternal : rv32_pkg::CauseTimer;
    else if (operation.ecall) cause = rv32_pkg::CauseEcall;
    else if (operation.ebreak) cause = rv32_pkg::CauseBreakpoint;
    else if (operation.load) cause = rv32_pkg::CauseLoadMisaligned;
    else if (operation.store) cause = rv32_pkg::CauseStoreMisaligned;
    else if (is_illegal) cause = rv32_pkg::CauseIllegal;
    else cause = rv32_pkg::CauseFetchMisaligned;
  end

  logic        product_done;
  logic [31:0] product;
  if (HasM) begin : g_muldiv
    rv32_muldiv u_muldiv (
        .clk_i, .rst_ni, .start_i(executes && operation.muldiv && !interrupt), .funct3_i(funct3), .a_i(a), .b_i(b),
        .done_o(product_done), .result_o(product)
    );
  end else begin : g_no_muldiv
    assign product_done = 1'b0;
    assign product      = '0;
  end

  // Bus.
  logic goes_on, starts_access, starts_fetch, accepted;
  assign starts_access = (executes && is_access && !misaligned_access && !interrupt) || state_q == Access;
  assign goes_on       = operation.alu || operation.lui || operation.auipc || operation.fence || operation.wfi || (operation.branch && !taken);
  assign starts_fetch  = state_q == Fetch || (executes && goes_on && !interrupt)
                      || (state_q == Memory && response_valid_i && !response_error_i) || (state_q == Iterate && product_done);
  assign bus_valid_o   = starts_access || starts_fetch;
  assign bus_write_o   = starts_access && operation.store;
  assign bus_address_o = {starts_access ? address[31:2] : fetch_q[31:2], 2'd0};
  assign accepted      = bus_valid_o && bus_ready_i;

  always_comb begin
    bus_data_o   = b;
    bus_strobe_o = '1;
    if (funct3[1:0] == 2'd0) begin
      bus_data_o   = {4{b[7:0]}};
      bus_strobe_o = 4'd1 << address[1:0];
    end else if (funct3[1:0] == 2'd1) begin
      bus_data_o   = {2{b[15:0]}};
      bus_strobe_o = address[1] ? 4'b1100 : 4'b0011;
    end
  end

  logic [15:0] half;
  logic [7:0]  octet;
  logic [31:0] loaded;
  assign half  = address[1] ? response_data_i[31:16] : response_data_i[15:0];
  assign octet = address[0] ? half[15:8] : half[7:0];
  always_comb begin
    case (funct3[1:0])
      2'd0: loaded = {{24{octet[7] && !funct3[2]}}, octet};
      2'd1: loaded = {{16{half[15] && !funct3[2]}}, half};
      default: loaded = response_data_i;
    endcase
  end

  // Control registers.
  logic        csr_in_file, csr_write;
  logic [31:0] csr, csr_flags, csr_operand, csr_new;
  assign csr_in_file = instruction_q[31:20] == rv32_pkg::CsrMtvec
                    || (instruction_q[31:22] == rv32_pkg::CsrMscratch[11:2]);
  assign csr         = csr_in_file ? b : csr_flags;
  assign csr_operand = funct3[2] ? {27'd0, instruction_q[19:15]} : a;
  assign csr_write   = funct3[1:0] == 2'd1 || instruction_q[19:15] != '0;
  always_comb begin
    csr_new = funct3[1] ? (funct3[0] ? csr & ~csr_operand : csr | csr_operand) : csr_operand;
    // mepc and mtvec are multiples of 4; the other three of the file keep all bits.
    if (csr_in_file && instruction_q[21:20] == 2'b01) csr_new[1:0] = '0;
  end
  rv32_csr #(.HasM(HasM)) u_csr (
      .clk_i, .rst_ni, .address_i(instruction_q[31:20]), .value_o(csr_flags),
      .write_i(state_q == WriteCsr && csr_write && !csr_in_file), .new_i(csr_new),
      .trap_i(state_q == SaveMepc), .return_i(executes && operation.mret && !interrupt),
      .timer_interrupt_i, .external_interrupt_i, .interrupt_o(interrupt), .interrupt_external_o(interrupt_external)
  );

  // Register file.
  logic        write;
  logic [5:0]  write_address, address_b, csr_slot;
  logic [31:0] write_data;
  logic        reads_vector, reads_operands;
  assign csr_slot = {2'b10, instruction_q[26], instruction_q[22:20]};
  always_comb begin
    write         = 1'b0;
    write_address = {1'b0, instruction_q[11:7]};
    write_data    = arithmetic;
    case (state_q)
      Execute: begin
        // Not !trap: a branch's condition has no say here, and would be the longest path.
        write = !interrupt && (operation.alu || operation.lui || operation.auipc || ((operation.jal || operation.jalr) && !address[1]));
        if (operation.lui || operation.auipc) write_data = address;
        if (operation.jal || operation.jalr) write_data = fetch_q;
      end
      Memory: begin
        write      = operation.load && response_valid_i && !response_error_i;
        write_data = loaded;
      end
      Iterate: begin
        write      = product_done;
        write_data = product;
      end
      ReadCsr: begin
        write      = 1'b1;
        write_data = csr;
      end
      WriteCsr: begin
        write         = csr_in_file && csr_write;
        write_address = csr_slot;
        write_data    = csr_new;
      end
      SaveMepc: begin
        write         = 1'b1;
        write_address = rv32_pkg::SlotMepc;
        write_data    = pc_q;
      end
      SaveMcause: begin
        write         = 1'b1;
        write_address = rv32_pkg::SlotMcause;
        write_data    = {cause_q[4], 27'd0, cause_q[3:0]};
      end
      SaveMtval: begin
        write         = 1'b1;
        write_address = rv32_pkg::SlotMtval;
        write_data    = tval_q ? {address[31:1], address[0] && is_access} : '0;
      end
      default: ;
    endcase
  end

  assign reads_operands = state_q == Wait;
  assign reads_vector   = state_q == SaveMtval || (executes && (operation.csr || operation.mret));
  always_comb begin
    if (reads_operands) address_b = {1'b0, response_data_i[24:20]};
    else if (state_q == SaveMtval) address_b = rv32_pkg::SlotMtvec;
    else if (operation.mret) address_b = rv32_pkg::SlotMepc;
    else address_b = csr_slot;
  end
  rv32_registers u_registers (
      .clk_i, .clear_i(state_q == Clear), .write_i(write), .write_address_i(write_address), .write_data_i(write_data),
      .read_a_i(reads_operands), .address_a_i({1'b0, response_data_i[19:15]}), .data_a_o(a),
      .read_b_i(reads_operands || reads_vector), .address_b_i(address_b), .data_b_o(b)
  );

  always_ff @(posedge clk_i) begin
    if (!rst_ni) state_q <= Clear;
    else begin
      case (state_q)
        Clear: state_q <= Fetch;
        Fetch: if (accepted) state_q <= Wait;
        Wait: if (response_valid_i) state_q <= response_error_i ? SaveMepc : Execute;
        Execute:
          if (trap) state_q <= SaveMepc;
          else if (is_access) state_q <= accepted ? Memory : Access;
          else if (operation.csr) state_q <= ReadCsr;
          else if (operation.mret) state_q <= Vector;
          else if (operation.muldiv) state_q <= Iterate;
          else state_q <= accepted ? Wait : Fetch;
        Access: if (accepted) state_q <= Memory;
        Memory: if (response_valid_i) state_q <= response_error_i ? SaveMepc : accepted ? Wait : Fetch;
        Iterate: if (product_done) state_q <= accepted ? Wait : Fetch;
        ReadCsr: state_q <= WriteCsr;
        WriteCsr, Vector: state_q <= Fetch;
        SaveMepc: state_q <= SaveMcause;
        SaveMcause: state_q <= SaveMtval;
        default: state_q <= Vector;
      endcase
    end

    if (state_q == Clear) fetch_q <= ResetVector;
    else if (state_q == Vector) fetch_q <= {b[31:2], 2'd0};
    else if (executes && is_jump) fetch_q <= {address[31:1], 1'b0};
    else if (accepted && starts_fetch) fetch_q <= fetch_q + 32'd4;

    if (accepted && starts_fetch) pc_q <= fetch_q;
    if (state_q == Wait && response_valid_i) instruction_q <= response_data_i;

    if (executes) begin
      cause_q <= cause;
      tval_q  <= !interrupt && (misaligned_jump || misaligned_access);
    end else if (response_valid_i) begin
      cause_q <= state_q == Wait ? rv32_pkg::CauseFetchFault : operation.load ? rv32_pkg::CauseLoadFault : rv32_pkg::CauseStoreFault;
      tval_q  <= state_q == Memory;
    end
  end
endmodule
`default_nettype wire
