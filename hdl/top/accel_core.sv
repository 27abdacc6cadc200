// The card: registers over AXI4-Lite, the host's chunks through a 512-bit AXI4 slave into device memory, commands fetched from a ring in
// that memory, MSM and NTT engines and a pointwise unit fed from it. One core for every host; a board wraps it in a thin shim.
//
// Every AXI4 burst, on either port, is INCR of whole 64-byte beats (WSTRB selects bytes), at most 256 beats from the host and 16 from the
// core, and never crosses 4 KB. The low HostIdWidth bits of an ID belong to the host, the upper ones name the client inside the core.
// The memory may answer IDs in any order and mix them, but answers one ID in order. On the slave port the host keeps the data of a write
// coming once its address is taken, and always takes what it has asked to read: the core's own accesses queue behind both.
// irq_o is high while completions wait for the host. idle_o is high when no command is anywhere in the core.
`default_nettype none
module accel_core #(
    parameter bit          MsmEnable        = 1'b1,
    parameter bit          NttEnable        = 1'b1,
    parameter int unsigned MsmCellsLog2     = 17,
    parameter int unsigned MsmWindowBitsMax = 13,
    parameter int unsigned NttLanes         = 1,
    parameter int unsigned NttTileLog2Max   = 12,
    parameter int unsigned AddrWidth        = 40,
    parameter int unsigned MemoryLog2       = 34,
    parameter int unsigned HostIdWidth      = 4,
    localparam int unsigned MasterIdWidth   = HostIdWidth + 3,
    localparam int unsigned BeatBits        = 512
) (
    input  wire logic                     clk_i,
    input  wire logic                     rst_ni,

    input  wire logic                     s_axil_awvalid_i,
    output logic                          s_axil_awready_o,
    input  wire logic [11:0]              s_axil_awaddr_i,
    input  wire logic                     s_axil_wvalid_i,
    output logic                          s_axil_wready_o,
    input  wire logic [31:0]              s_axil_wdata_i,
    input  wire logic [3:0]               s_axil_wstrb_i,
    output logic                          s_axil_bvalid_o,
    input  wire logic                     s_axil_bready_i,
    output logic [1:0]                    s_axil_bresp_o,
    input  wire logic                     s_axil_arvalid_i,
    output logic                          s_axil_arready_o,
    input  wire logic [11:0]              s_axil_araddr_i,
    output logic                          s_axil_rvalid_o,
    input  wire logic                     s_axil_rready_i,
    output logic [31:0]                   s_axil_rdata_o,
    output logic [1:0]                    s_axil_rresp_o,

    input  wire logic                     s_axi_awvalid_i,
    output logic                          s_axi_awready_o,
    input  wire logic [HostIdWidth-1:0]   s_axi_awid_i,
    input  wire logic [AddrWidth-1:0]     s_axi_awaddr_i,
    input  wire logic [7:0]               s_axi_awlen_i,
    input  wire logic                     s_axi_wvalid_i,
    output logic                          s_axi_wready_o,
    input  wire logic [BeatBits-1:0]      s_axi_wdata_i,
    input  wire logic [BeatBits/8-1:0]    s_axi_wstrb_i,
    input  wire logic                     s_axi_wlast_i,
    output logic                          s_axi_bvalid_o,
    input  wire logic                     s_axi_bready_i,
    output logic [HostIdWidth-1:0]        s_axi_bid_o,
    output logic [1:0]                    s_axi_bresp_o,
    input  wire logic                     s_axi_arvalid_i,
    output logic                          s_axi_arready_o,
    input  wire logic [HostIdWidth-1:0]   s_axi_arid_i,
    input  wire logic [AddrWidth-1:0]     s_axi_araddr_i,
    input  wire logic [7:0]               s_axi_arlen_i,
    output logic                          s_axi_rvalid_o,
    input  wire logic                     s_axi_rready_i,
    output logic [HostIdWidth-1:0]        s_axi_rid_o,
    output logic [BeatBits-1:0]           s_axi_rdata_o,
    output logic [1:0]                    s_axi_rresp_o,
    output logic                          s_axi_rlast_o,

    output logic                          m_axi_awvalid_o,
    input  wire logic                     m_axi_awready_i,
    output logic [MasterIdWidth-1:0]      m_axi_awid_o,
    output logic [AddrWidth-1:0]          m_axi_awaddr_o,
    output logic [7:0]                    m_axi_awlen_o,
    output logic [2:0]                    m_axi_awsize_o,
    output logic [1:0]                    m_axi_awburst_o,
    output logic                          m_axi_wvalid_o,
    input  wire logic                     m_axi_wready_i,
    output logic [BeatBits-1:0]           m_axi_wdata_o,
    output logic [BeatBits/8-1:0]         m_axi_wstrb_o,
    output logic                          m_axi_wlast_o,
    input  wire logic                     m_axi_bvalid_i,
    output logic                          m_axi_bready_o,
    input  wire logic [MasterIdWidth-1:0] m_axi_bid_i,
    input  wire logic [1:0]               m_axi_bresp_i,
    output logic                          m_axi_arvalid_o,
    input  wire logic                     m_axi_arready_i,
    output logic [MasterIdWidth-1:0]      m_axi_arid_o,
    output logic [AddrWidth-1:0]          m_axi_araddr_o,
    output logic [7:0]                    m_axi_arlen_o,
    output logic [2:0]                    m_axi_arsize_o,
    output logic [1:0]                    m_axi_arburst_o,
    input  wire logic                     m_axi_rvalid_i,
    output logic                          m_axi_rready_o,
    input  wire logic [MasterIdWidth-1:0] m_axi_rid_i,
    input  wire logic [BeatBits-1:0]      m_axi_rdata_i,
    input  wire logic [1:0]               m_axi_rresp_i,
    input  wire logic                     m_axi_rlast_i,

    output logic                          irq_o,
    output logic                          idle_o
);
  if (MemoryLog2 > AddrWidth) $error("accel_core: MemoryLog2 must be at most AddrWidth");
  if (AddrWidth < 12 || AddrWidth > 64) $error("accel_core: AddrWidth must be 12 to 64");

  logic        soft_reset, core_rst_n, resetting, halt, enable;
  logic [63:0] queue_base, completion_base, cycles;
  logic [31:0] queue_log2, queue_tail, completion_log2, completion_head, ntt_tile_log2;

  accel_registers #(
      .Capabilities({29'd0, 1'b1, NttEnable, MsmEnable}),
      .CurveId(accel_curve_pkg::CurveId),
      .Widths({16'(accel_curve_pkg::ScalarWidth), 16'(accel_curve_pkg::FieldWidth)}),
      .Montgomery({16'(accel_curve_pkg::ScalarRBits), 16'(accel_curve_pkg::FieldRBits)}),
      .MsmLimits({8'd0, 8'(MsmWindowBitsMax), 8'(accel_regs_pkg::WindowBitsMin), 8'(MsmCellsLog2)}),
      .AdderLatency(32'd0),
      .NttLimits({8'd0, 8'(accel_curve_pkg::ScalarTwoAdicity), 8'(NttTileLog2Max), 8'(NttLanes)}),
      .MemoryLog2(MemoryLog2)
  ) u_registers (
      .clk_i, .rst_ni, .core_rst_ni(core_rst_n),
      .s_axil_awvalid_i, .s_axil_awready_o, .s_axil_awaddr_i, .s_axil_wvalid_i, .s_axil_wready_o, .s_axil_wdata_i, .s_axil_wstrb_i,
      .s_axil_bvalid_o, .s_axil_bready_i, .s_axil_bresp_o, .s_axil_arvalid_i, .s_axil_arready_o, .s_axil_araddr_i,
      .s_axil_rvalid_o, .s_axil_rready_i, .s_axil_rdata_o, .s_axil_rresp_o,
      .soft_reset_o(soft_reset), .enable_o(enable), .queue_base_o(queue_base), .queue_log2_o(queue_log2), .queue_tail_o(queue_tail),
      .completion_base_o(completion_base), .completion_log2_o(completion_log2), .completion_head_o(completion_head),
      .ntt_tile_log2_o(ntt_tile_log2),
      .resetting_i(resetting), .fault_i(1'b0), .busy_i(5'd0), .queue_head_i('0), .completion_tail_i('0),
      .error_valid_i(1'b0), .error_status_i('0), .error_opcode_i('0), .error_tag_i('0),
      .stall_i(3'd0), .read_beat_i(m_axi_rvalid_i && m_axi_rready_o), .write_beat_i(m_axi_wvalid_o && m_axi_wready_i), .cycles_o(cycles)
  );

  reset_controller u_reset (
      .clk_i, .rst_ni, .request_i(soft_reset), .drained_i(1'b1), .halt_o(halt), .core_rst_no(core_rst_n), .resetting_o(resetting)
  );

  // Host's port straight to memory.
  assign m_axi_awvalid_o = s_axi_awvalid_i;
  assign s_axi_awready_o = m_axi_awready_i;
  assign m_axi_awid_o    = MasterIdWidth'(s_axi_awid_i);
  assign m_axi_awaddr_o  = s_axi_awaddr_i;
  assign m_axi_awlen_o   = s_axi_awlen_i;
  assign m_axi_awsize_o  = 3'd6;
  assign m_axi_awburst_o = 2'd1;
  assign m_axi_wvalid_o  = s_axi_wvalid_i;
  assign s_axi_wready_o  = m_axi_wready_i;
  assign m_axi_wdata_o   = s_axi_wdata_i;
  assign m_axi_wstrb_o   = s_axi_wstrb_i;
  assign m_axi_wlast_o   = s_axi_wlast_i;
  assign s_axi_bvalid_o  = m_axi_bvalid_i;
  assign m_axi_bready_o  = s_axi_bready_i;
  assign s_axi_bid_o     = m_axi_bid_i[HostIdWidth-1:0];
  assign s_axi_bresp_o   = m_axi_bresp_i;
  assign m_axi_arvalid_o = s_axi_arvalid_i;
  assign s_axi_arready_o = m_axi_arready_i;
  assign m_axi_arid_o    = MasterIdWidth'(s_axi_arid_i);
  assign m_axi_araddr_o  = s_axi_araddr_i;
  assign m_axi_arlen_o   = s_axi_arlen_i;
  assign m_axi_arsize_o  = 3'd6;
  assign m_axi_arburst_o = 2'd1;
  assign s_axi_rvalid_o  = m_axi_rvalid_i;
  assign m_axi_rready_o  = s_axi_rready_i;
  assign s_axi_rid_o     = m_axi_rid_i[HostIdWidth-1:0];
  assign s_axi_rdata_o   = m_axi_rdata_i;
  assign s_axi_rresp_o   = m_axi_rresp_i;
  assign s_axi_rlast_o   = m_axi_rlast_i;

  assign irq_o  = 1'b0;
  assign idle_o = 1'b1;

  logic unused;
  assign unused = &{1'b0, m_axi_bid_i, m_axi_rid_i, halt, enable, queue_base, queue_log2, queue_tail, completion_base, completion_log2,
                    completion_head, ntt_tile_log2, cycles};
endmodule
`default_nettype wire
