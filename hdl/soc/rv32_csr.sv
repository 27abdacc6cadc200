// The machine's control registers that are more than storage: mstatus, mie, mip, mcycle, and constants. value_o is the one at address_i, and 0
// where there is none.
`default_nettype none
module rv32_csr #(
    parameter bit HasM = 1
) (
    input  wire logic        clk_i,
    input  wire logic        rst_ni,
    input  wire logic [11:0] address_i,
    output logic [31:0]      value_o,
    input  wire logic        write_i,
    input  wire logic [31:0] new_i,
    input  wire logic        trap_i,       // MPIE <- MIE <- 0
    input  wire logic        return_i,     // MIE <- MPIE <- 1
    input  wire logic        timer_interrupt_i,
    input  wire logic        external_interrupt_i,
    output logic             interrupt_o,
    output logic             interrupt_external_o
);
  // XLEN 32 and the letters' bits.
  localparam logic [31:0] Misa = 32'h4000_0100 | (HasM ? 32'h0000_1000 : '0);

  logic        mie_q, mpie_q, timer_enable_q, external_enable_q, interrupt_q, interrupt_external_q;
  logic [63:0] cycle_q;

  always_comb begin
    value_o = '0;
    case (address_i)
      rv32_pkg::CsrMstatus: begin
        value_o[rv32_pkg::MstatusMie]     = mie_q;
        value_o[rv32_pkg::MstatusMpie]    = mpie_q;
        value_o[rv32_pkg::MstatusMpp+:2]  = 2'b11;      // there is no other mode
      end
      rv32_pkg::CsrMisa: value_o = Misa;
      rv32_pkg::CsrMie: begin
        value_o[rv32_pkg::InterruptTimer]    = timer_enable_q;
        value_o[rv32_pkg::InterruptExternal] = external_enable_q;
      end
      rv32_pkg::CsrMip: begin
        value_o[rv32_pkg::InterruptTimer]    = timer_interrupt_i;
        value_o[rv32_pkg::InterruptExternal] = external_interrupt_i;
      end
      rv32_pkg::CsrMcycle: value_o  = cycle_q[31:0];
      rv32_pkg::CsrMcycleh: value_o = cycle_q[63:32];
      default: ;
    endcase
  end

  // A cycle old: a line that drops after it may still interrupt once more, with no harm but a handler that finds nothing to do.
  assign interrupt_o          = interrupt_q && mie_q;
  assign interrupt_external_o = interrupt_external_q;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      mie_q             <= 1'b0;
      mpie_q            <= 1'b0;
      timer_enable_q    <= 1'b0;
      external_enable_q <= 1'b0;
      cycle_q           <= '0;
    end else begin
      cycle_q <= cycle_q + 64'd1;
      if (trap_i) begin
        mie_q  <= 1'b0;
        mpie_q <= mie_q;
      end else if (return_i) begin
        mie_q  <= mpie_q;
        mpie_q <= 1'b1;
      end else if (write_i && address_i == rv32_pkg::CsrMstatus) begin
        mie_q  <= new_i[rv32_pkg::MstatusMie];
        mpie_q <= new_i[rv32_pkg::MstatusMpie];
      end
      if (write_i && address_i == rv32_pkg::CsrMie) begin
        timer_enable_q    <= new_i[rv32_pkg::InterruptTimer];
        external_enable_q <= new_i[rv32_pkg::InterruptExternal];
      end
    end
    interrupt_q          <= (timer_interrupt_i && timer_enable_q) || (external_interrupt_i && external_enable_q);
    interrupt_external_q <= external_interrupt_i && external_enable_q;
  end
endmodule
`default_nettype wire
