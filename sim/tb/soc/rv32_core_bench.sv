// rv32_core with what a bench looks at: when an instruction executes or an interrupt is taken instead, and every write to the register file.
`default_nettype none
module rv32_core_bench #(
    parameter int unsigned HasM        = 1,
    parameter logic [31:0] ResetVector = 32'h8000_0000
) (
    input  wire logic        clk_i,
    input  wire logic        rst_ni,
    input  wire logic        timer_interrupt_i,
    input  wire logic        external_interrupt_i,
    output logic             bus_valid_o,
    input  wire logic        bus_ready_i,
    output logic             bus_write_o,
    output logic [31:0]      bus_address_o,
    output logic [3:0]       bus_strobe_o,
    output logic [31:0]      bus_data_o,
    input  wire logic        response_valid_i,
    input  wire logic        response_error_i,
    input  wire logic [31:0] response_data_i,
    output logic             execute_o,
    output logic             interrupt_o,
    output logic [31:0]      pc_o,
    output logic             return_o,
    output logic [31:0]      mstatus_o,
    output logic             write_o,
    output logic [5:0]       write_address_o,
    output logic [31:0]      write_data_o
);
  rv32_core #(.HasM(HasM != 0), .ResetVector(ResetVector)) u_core (
      .clk_i, .rst_ni, .timer_interrupt_i, .external_interrupt_i, .bus_valid_o, .bus_ready_i, .bus_write_o, .bus_address_o, .bus_strobe_o,
          .bus_data_o,
      .response_valid_i, .response_error_i, .response_data_i
  );
  assign execute_o       = u_core.executes && !u_core.interrupt;
  assign interrupt_o     = u_core.executes && u_core.interrupt;
  assign pc_o            = u_core.pc_q;
  assign return_o        = execute_o && u_core.operation.mret;
  assign mstatus_o       = {24'd0, u_core.u_csr.mpie_q, 3'd0, u_core.u_csr.mie_q, 3'd0};
  assign write_o         = u_core.write && u_core.write_address != '0;
  assign write_address_o = u_core.write_address;
  assign write_data_o    = u_core.write_data;
endmodule
`default_nettype wire
