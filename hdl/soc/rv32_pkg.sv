// What the parts of the RV32 core say to each other: the kinds of instructions, the causes of traps, the machine's control registers.
// Chapter and table names are those of the RISC-V manual: volume I (unprivileged, 20191213) and II (privileged, 20211203).
`default_nettype none
package rv32_pkg;
  // The kind of an instruction. Exactly one bit is set; none is an illegal instruction.
  typedef struct packed {
    logic lui;
    logic auipc;
    logic jal;
    logic jalr;
    logic branch;
    logic load;
    logic store;
    logic alu;        // register or immediate arithmetic
    logic muldiv;
    logic fence;      // also FENCE.I: nothing is cached, and accesses are in order
    logic ecall;
    logic ebreak;
    logic mret;
    logic wfi;        // goes on at once, as the manual allows
    logic csr;
  } operation_t;

  // The parts of the core and the bench take some of these each.
  /* verilator lint_off UNUSEDPARAM */

  // mcause (volume II, table 3.6). The top bit of the five says that it is an interrupt.
  localparam logic [4:0] CauseFetchMisaligned = 5'h00, CauseFetchFault = 5'h01, CauseIllegal = 5'h02, CauseBreakpoint = 5'h03,
    CauseLoadMisaligned = 5'h04, CauseLoadFault = 5'h05, CauseStoreMisaligned = 5'h06, CauseStoreFault = 5'h07, CauseEcall = 5'h0b,
    CauseTimer = 5'h17, CauseExternal = 5'h1b;

  // Bits of mstatus, mie and mip.
  localparam int unsigned MstatusMie = 3, MstatusMpie = 7, MstatusMpp = 11, InterruptTimer = 7, InterruptExternal = 11;

  // Control registers by address.
  localparam logic [11:0] CsrMstatus = 12'h300, CsrMisa = 12'h301, CsrMie = 12'h304, CsrMtvec = 12'h305, CsrMstatush = 12'h310,
    CsrMscratch = 12'h340, CsrMepc = 12'h341, CsrMcause = 12'h342, CsrMtval = 12'h343, CsrMip = 12'h344,
    CsrMcycle = 12'hb00, CsrMcycleh = 12'hb80, CsrMvendorid = 12'hf11, CsrMarchid = 12'hf12, CsrMimpid = 12'hf13, CsrMhartid = 12'hf14;

  // Five of them live in the register file, above x31, at {2'b10, bit 6, bits 2:0 of their address}.
  localparam logic [5:0] SlotMtvec = 6'h25, SlotMepc = 6'h29, SlotMcause = 6'h2a, SlotMtval = 6'h2b;
  /* verilator lint_on UNUSEDPARAM */
endpackage
`default_nettype wire
