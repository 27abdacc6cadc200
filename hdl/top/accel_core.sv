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
    parameter int unsigned KaratsubaDepth   = 2,
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

    // The board's temperature sensor, on clk_i: VALID and SIXTEENTHS of the register TEMPERATURE. Tie both to 0 where there is none.
    input  wire logic                     temperature_valid_i,
    input  wire logic [15:0]              temperature_i,

    output logic                          irq_o,
    output logic                          idle_o
);
  if (MemoryLog2 > AddrWidth) $error("accel_core: MemoryLog2 must be at most AddrWidth");
  if (AddrWidth < 12 || AddrWidth > 64) $error("accel_core: AddrWidth must be 12 to 64");
  if (HostIdWidth < 1) $error("accel_core: HostIdWidth must be at least 1");

  localparam int unsigned FieldWidth     = accel_curve_pkg::FieldWidth;
  localparam int unsigned ScalarWidth    = accel_curve_pkg::ScalarWidth;
  localparam int unsigned SumsWidth      = $clog2(ScalarWidth + MsmWindowBitsMax + 1);
  localparam int unsigned AdderLatency   = curve_pkg::adder_latency(KaratsubaDepth, accel_curve_pkg::CurveB3);
  localparam int unsigned MsmCreditsLog2 = $clog2(AdderLatency + 24);  // see msm_engine: keeps an adder of this latency busy
  localparam int unsigned MsmTagWidth    = MsmCellsLog2 + 4;           // row and column cells can outnumber the buckets
  localparam int unsigned NttElementsWidth = 32;

  // Clients of the memory; their numbers are the upper bits of the IDs.
  localparam int unsigned ReadClients = 8, WriteClients = 5;
  localparam int unsigned Host = 0, Commands = 1;
  localparam int unsigned ReadMsm = 2, ReadNtt = 4, ReadPointwise = 5;  // two of the MSM's, three of the pointwise unit's
  localparam int unsigned WriteMsm = 2, WriteNtt = 3, WritePointwise = 4;

  // ---- Registers and reset -----------------------------------------------------------------------------------------------------------
  logic        soft_reset, core_rst_n, resetting, halt, drained, enable, fault, command_fault, completion_fault, completion_faulted_q;
  logic [63:0] queue_base, completion_base, cycles;
  logic [31:0] queue_log2, queue_tail, queue_head, completion_log2, completion_head, completion_tail, ntt_tile_log2;
  logic        command_busy, msm_busy, ntt_busy, pointwise_busy, completion_busy, msm_stall, ntt_stall, pointwise_stall;
  logic        command_drained, msm_drained, ntt_drained, pointwise_drained, completion_drained;
  logic        completion_error, command_faulted;
  logic [7:0]  command_fault_status, completion_status, completion_opcode;
  logic [15:0] completion_tag;

  accel_registers #(
      .Capabilities({29'd0, 1'b1, NttEnable, MsmEnable}),
      .CurveId(accel_curve_pkg::CurveId),
      .Widths({16'(ScalarWidth), 16'(FieldWidth)}),
      .Montgomery({16'(accel_curve_pkg::ScalarRBits), 16'(accel_curve_pkg::FieldRBits)}),
      .MsmLimits({8'd0, 8'(MsmWindowBitsMax), 8'(accel_regs_pkg::WindowBitsMin), 8'(MsmCellsLog2)}),
      .AdderLatency(AdderLatency),
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
      .resetting_i(resetting), .fault_i(fault), .busy_i({completion_busy, pointwise_busy, ntt_busy, msm_busy, command_busy}),
      .queue_head_i(queue_head), .completion_tail_i(completion_tail),
      .error_valid_i(completion_error || completion_fault || command_fault),
      .error_status_i(command_fault ? command_fault_status : completion_status),
      .error_opcode_i(command_fault ? 8'd0 : completion_opcode), .error_tag_i(command_fault ? 16'd0 : completion_tag),
      .temperature_valid_i, .temperature_i,
      .stall_i({pointwise_stall, ntt_stall, msm_stall}),
      .read_beat_i(m_axi_rvalid_i && m_axi_rready_o), .write_beat_i(m_axi_wvalid_o && m_axi_wready_i), .cycles_o(cycles)
  );

  assign drained = command_drained && completion_drained && msm_drained && ntt_drained && pointwise_drained;
  reset_controller u_reset (
      .clk_i, .rst_ni, .request_i(soft_reset), .drained_i(drained), .halt_o(halt), .core_rst_no(core_rst_n), .resetting_o(resetting)
  );

  assign fault  = command_faulted || completion_faulted_q;
  assign irq_o  = completion_tail != completion_head;
  assign idle_o = !resetting && !(command_busy || msm_busy || ntt_busy || pointwise_busy || completion_busy);
  always_ff @(posedge clk_i) begin
    if (!core_rst_n) completion_faulted_q <= 1'b0;
    else if (completion_fault) completion_faulted_q <= 1'b1;
  end

  // ---- Memory ------------------------------------------------------------------------------------------------------------------------
  // Only the host's path through the multiplexers survives a soft reset; the core's is drained by then.
  logic [ReadClients-1:0]              arvalid, arready, rvalid, rready;
  logic [ReadClients*HostIdWidth-1:0]  arid;
  logic [ReadClients*AddrWidth-1:0]    araddr;
  logic [ReadClients*8-1:0]            arlen;
  logic [BeatBits-1:0]                 rdata;
  logic [1:0]                          rresp, bresp;
  logic                                rlast;
  logic [WriteClients-1:0]             awvalid, awready, wvalid, wready, wlast, bvalid, bready;
  logic [WriteClients*HostIdWidth-1:0] awid;
  logic [WriteClients*AddrWidth-1:0]   awaddr;
  logic [WriteClients*8-1:0]           awlen;
  logic [WriteClients*BeatBits-1:0]    wdata;
  logic [WriteClients*BeatBits/8-1:0]  wstrb;

  axi_read_mux #(.Clients(ReadClients), .IdWidth(HostIdWidth), .AddrWidth(AddrWidth), .BeatBits(BeatBits)) u_read_mux (
      .clk_i, .rst_ni, .arvalid_i(arvalid), .arready_o(arready), .arid_i(arid), .araddr_i(araddr), .arlen_i(arlen),
      .rvalid_o(rvalid), .rready_i(rready), .rid_o(s_axi_rid_o), .rdata_o(rdata), .rresp_o(rresp), .rlast_o(rlast),
      .m_arvalid_o(m_axi_arvalid_o), .m_arready_i(m_axi_arready_i), .m_arid_o(m_axi_arid_o), .m_araddr_o(m_axi_araddr_o),
      .m_arlen_o(m_axi_arlen_o), .m_rvalid_i(m_axi_rvalid_i), .m_rready_o(m_axi_rready_o), .m_rid_i(m_axi_rid_i),
      .m_rdata_i(m_axi_rdata_i), .m_rresp_i(m_axi_rresp_i), .m_rlast_i(m_axi_rlast_i)
  );
  axi_write_mux #(.Clients(WriteClients), .IdWidth(HostIdWidth), .AddrWidth(AddrWidth), .BeatBits(BeatBits)) u_write_mux (
      .clk_i, .rst_ni, .awvalid_i(awvalid), .awready_o(awready), .awid_i(awid), .awaddr_i(awaddr), .awlen_i(awlen),
      .wvalid_i(wvalid), .wready_o(wready), .wdata_i(wdata), .wstrb_i(wstrb), .wlast_i(wlast),
      .bvalid_o(bvalid), .bready_i(bready), .bid_o(s_axi_bid_o), .bresp_o(bresp),
      .m_awvalid_o(m_axi_awvalid_o), .m_awready_i(m_axi_awready_i), .m_awid_o(m_axi_awid_o), .m_awaddr_o(m_axi_awaddr_o),
      .m_awlen_o(m_axi_awlen_o), .m_wvalid_o(m_axi_wvalid_o), .m_wready_i(m_axi_wready_i), .m_wdata_o(m_axi_wdata_o),
      .m_wstrb_o(m_axi_wstrb_o), .m_wlast_o(m_axi_wlast_o), .m_bvalid_i(m_axi_bvalid_i), .m_bready_o(m_axi_bready_o),
      .m_bid_i(m_axi_bid_i), .m_bresp_i(m_axi_bresp_i)
  );
  assign m_axi_awsize_o  = 3'd6;
  assign m_axi_arsize_o  = 3'd6;
  assign m_axi_awburst_o = 2'd1;
  assign m_axi_arburst_o = 2'd1;

  assign arvalid[Host]                  = s_axi_arvalid_i;
  assign s_axi_arready_o                = arready[Host];
  assign arid                           = (ReadClients*HostIdWidth)'(s_axi_arid_i);  // the core's own have ID 0
  assign araddr[0+:AddrWidth]           = s_axi_araddr_i;
  assign arlen[7:0]                     = s_axi_arlen_i;
  assign s_axi_rvalid_o                 = rvalid[Host];
  assign rready[Host]                   = s_axi_rready_i;
  assign s_axi_rdata_o                  = rdata;
  assign s_axi_rresp_o                  = rresp;
  assign s_axi_rlast_o                  = rlast;
  assign awvalid[Host]                  = s_axi_awvalid_i;
  assign s_axi_awready_o                = awready[Host];
  assign awid                           = (WriteClients*HostIdWidth)'(s_axi_awid_i);
  assign awaddr[0+:AddrWidth]           = s_axi_awaddr_i;
  assign awlen[7:0]                     = s_axi_awlen_i;
  assign wvalid[Host]                   = s_axi_wvalid_i;
  assign s_axi_wready_o                 = wready[Host];
  assign wdata[0+:BeatBits]             = s_axi_wdata_i;
  assign wstrb[0+:BeatBits/8]           = s_axi_wstrb_i;
  assign wlast[Host]                    = s_axi_wlast_i;
  assign s_axi_bvalid_o                 = bvalid[Host];
  assign bready[Host]                   = s_axi_bready_i;
  assign s_axi_bresp_o                  = bresp;

  // ---- Commands and completions ------------------------------------------------------------------------------------------------------
  localparam int unsigned Sources = 4;
  logic                   msm_valid, msm_ready, ntt_valid, ntt_ready, pointwise_valid, pointwise_ready;
  logic [511:0]           descriptor;
  logic [SumsWidth-1:0]   sums;
  logic [Sources-1:0]     completion_valid, completion_ready;  // command processor, MSM, NTT, pointwise
  logic [Sources*512-1:0] completion;

  command_processor #(
      .AddrWidth(AddrWidth), .MemoryLog2(MemoryLog2), .MsmEnable(MsmEnable), .NttEnable(NttEnable), .ScalarWidth(ScalarWidth),
      .ScalarModulus(accel_curve_pkg::ScalarModulus), .MsmCellsLog2(MsmCellsLog2), .MsmWindowBitsMax(MsmWindowBitsMax),
      .NttLog2Max(accel_curve_pkg::ScalarTwoAdicity), .NttTileLog2Max(NttTileLog2Max)
  ) u_commands (
      .clk_i, .rst_ni(core_rst_n), .halt_i(halt), .drained_o(command_drained), .busy_o(command_busy),
      .enable_i(enable && !completion_faulted_q), .queue_base_i(queue_base), .queue_log2_i(queue_log2), .queue_tail_i(queue_tail),
      .queue_head_o(queue_head), .completion_base_i(completion_base), .completion_log2_i(completion_log2),
      .completion_head_i(completion_head), .completed_i(completion_tail), .ntt_tile_log2_i(ntt_tile_log2), .cycles_i(cycles),
      .fault_o(command_fault), .fault_status_o(command_fault_status), .faulted_o(command_faulted),
      .msm_valid_o(msm_valid), .msm_ready_i(msm_ready), .ntt_valid_o(ntt_valid), .ntt_ready_i(ntt_ready),
      .pointwise_valid_o(pointwise_valid), .pointwise_ready_i(pointwise_ready), .descriptor_o(descriptor), .sums_o(sums),
      .completion_valid_o(completion_valid[0]), .completion_ready_i(completion_ready[0]), .completion_o(completion[0+:512]),
      .arvalid_o(arvalid[Commands]), .arready_i(arready[Commands]), .araddr_o(araddr[Commands*AddrWidth+:AddrWidth]),
      .arlen_o(arlen[Commands*8+:8]), .rvalid_i(rvalid[Commands]), .rready_o(rready[Commands]),
      .rdata_i(rdata), .rresp_i(rresp), .rlast_i(rlast)
  );
  completion_writer #(.AddrWidth(AddrWidth), .Sources(Sources)) u_completions (
      .clk_i, .rst_ni(core_rst_n), .halt_i(halt), .drained_o(completion_drained), .busy_o(completion_busy),
      .base_i(completion_base[AddrWidth-1:0]), .log2_i(completion_log2[4:0]), .tail_o(completion_tail),
      .valid_i(completion_valid), .ready_o(completion_ready), .completion_i(completion),
      .error_valid_o(completion_error), .fault_o(completion_fault), .tag_o(completion_tag), .status_o(completion_status),
      .opcode_o(completion_opcode),
      .awvalid_o(awvalid[Commands]), .awready_i(awready[Commands]), .awaddr_o(awaddr[Commands*AddrWidth+:AddrWidth]),
      .awlen_o(awlen[Commands*8+:8]), .wvalid_o(wvalid[Commands]), .wready_i(wready[Commands]),
      .wdata_o(wdata[Commands*BeatBits+:BeatBits]), .wstrb_o(wstrb[Commands*BeatBits/8+:BeatBits/8]), .wlast_o(wlast[Commands]),
      .bvalid_i(bvalid[Commands]), .bready_o(bready[Commands]), .bresp_i(bresp)
  );

  // ---- MSM ---------------------------------------------------------------------------------------------------------------------------
  if (MsmEnable) begin : g_msm
    logic                   engine_rst_n, start_valid, start_ready, start_illegal, start_first, start_last;
    logic [31:0]            start_count;
    logic [7:0]             start_window_bits;
    logic                   scalar_valid, scalar_ready, base_valid, base_ready, sum_valid, sum_ready, chunk_done, done;
    logic [ScalarWidth-1:0] scalar;
    logic [FieldWidth-1:0]  base_x, base_y, sum_x, sum_y, sum_z;
    logic [63:0]            accumulate_cycles, aggregate_cycles, adds, starved_cycles;
    logic                   engine_busy, engine_open, engine_clk;
    // An open multiplication still adds between its chunks.
    engine_clock u_clock (.clk_i, .rst_ni(core_rst_n), .busy_i(msm_busy || engine_busy || engine_open), .clk_o(engine_clk));
    msm_unit #(.AddrWidth(AddrWidth), .Width(FieldWidth), .ScalarWidth(ScalarWidth), .SumsWidth(SumsWidth)) u_unit (
        .clk_i(engine_clk), .rst_ni(core_rst_n), .halt_i(halt), .drained_o(msm_drained), .busy_o(msm_busy), .stall_o(msm_stall), .cycles_i(cycles),
        .valid_i(msm_valid), .ready_o(msm_ready), .descriptor_i(descriptor), .sums_i(sums),
        .completion_valid_o(completion_valid[1]), .completion_ready_i(completion_ready[1]), .completion_o(completion[512+:512]),
        .engine_rst_no(engine_rst_n), .start_valid_o(start_valid), .start_ready_i(start_ready), .start_first_o(start_first),
        .start_last_o(start_last), .start_count_o(start_count), .start_window_bits_o(start_window_bits),
        .scalar_valid_o(scalar_valid), .scalar_ready_i(scalar_ready), .scalar_o(scalar),
        .base_valid_o(base_valid), .base_ready_i(base_ready), .base_x_o(base_x), .base_y_o(base_y),
        .sum_valid_i(sum_valid), .sum_ready_o(sum_ready), .sum_x_i(sum_x), .sum_y_i(sum_y), .sum_z_i(sum_z),
        .chunk_done_i(chunk_done), .done_i(done), .accumulate_cycles_i(accumulate_cycles), .aggregate_cycles_i(aggregate_cycles), .adds_i(adds),
        .arvalid_o(arvalid[ReadMsm+:2]), .arready_i(arready[ReadMsm+:2]), .araddr_o(araddr[ReadMsm*AddrWidth+:2*AddrWidth]),
        .arlen_o(arlen[ReadMsm*8+:16]), .rvalid_i(rvalid[ReadMsm+:2]), .rready_o(rready[ReadMsm+:2]),
        .rdata_i(rdata), .rresp_i(rresp), .rlast_i(rlast),
        .awvalid_o(awvalid[WriteMsm]), .awready_i(awready[WriteMsm]), .awaddr_o(awaddr[WriteMsm*AddrWidth+:AddrWidth]),
        .awlen_o(awlen[WriteMsm*8+:8]), .wvalid_o(wvalid[WriteMsm]), .wready_i(wready[WriteMsm]),
        .wdata_o(wdata[WriteMsm*BeatBits+:BeatBits]), .wstrb_o(wstrb[WriteMsm*BeatBits/8+:BeatBits/8]), .wlast_o(wlast[WriteMsm]),
        .bvalid_i(bvalid[WriteMsm]), .bready_o(bready[WriteMsm]), .bresp_i(bresp)
    );

    logic                   pair_valid, pair_ready, added_valid, added_ready, added_is_infinity;
    logic [MsmTagWidth-1:0] pair_tag, added_tag;
    logic [FieldWidth-1:0]  a_x, a_y, a_z, b_x, b_y, b_z, added_x, added_y, added_z;
    msm_engine #(
        .Width(FieldWidth), .ScalarWidth(ScalarWidth), .WindowBitsMax(MsmWindowBitsMax), .CellsLog2(MsmCellsLog2), .TagWidth(MsmTagWidth),
        .CreditsLog2(MsmCreditsLog2), .Modulus(accel_curve_pkg::FieldModulus), .FieldOne(accel_curve_pkg::FieldOne)
    ) u_engine (
        .clk_i(engine_clk), .rst_ni(engine_rst_n), .start_valid_i(start_valid), .start_ready_o(start_ready), .start_illegal_o(start_illegal),
        .start_first_i(start_first), .start_last_i(start_last), .start_count_i(start_count), .start_window_bits_i(start_window_bits),
        .scalar_valid_i(scalar_valid), .scalar_ready_o(scalar_ready), .scalar_i(scalar),
        .base_valid_i(base_valid), .base_ready_o(base_ready), .base_x_i(base_x), .base_y_i(base_y),
        .pair_valid_o(pair_valid), .pair_ready_i(pair_ready), .pair_tag_o(pair_tag), .pair_a_x_o(a_x), .pair_a_y_o(a_y), .pair_a_z_o(a_z),
        .pair_b_x_o(b_x), .pair_b_y_o(b_y), .pair_b_z_o(b_z), .added_valid_i(added_valid), .added_ready_o(added_ready),
        .added_tag_i(added_tag), .added_x_i(added_x), .added_y_i(added_y), .added_z_i(added_z), .added_is_infinity_i(added_is_infinity),
        .sum_valid_o(sum_valid), .sum_ready_i(sum_ready), .sum_x_o(sum_x), .sum_y_o(sum_y), .sum_z_o(sum_z),
        .chunk_done_o(chunk_done), .done_o(done), .busy_o(engine_busy), .open_o(engine_open),
        .accumulate_cycles_o(accumulate_cycles), .aggregate_cycles_o(aggregate_cycles), .adds_o(adds), .starved_cycles_o(starved_cycles)
    );
    point_adder #(
        .Width(FieldWidth), .Modulus(accel_curve_pkg::FieldModulus), .RBits(accel_curve_pkg::FieldRBits),
        .NegInv(accel_curve_pkg::FieldNegInv), .CurveB3(accel_curve_pkg::CurveB3), .TagWidth(MsmTagWidth), .KaratsubaDepth(KaratsubaDepth)
    ) u_adder (
        .clk_i(engine_clk), .rst_ni(engine_rst_n), .in_valid_i(pair_valid), .in_ready_o(pair_ready), .in_tag_i(pair_tag),
        .a_x_i(a_x), .a_y_i(a_y), .a_z_i(a_z), .b_x_i(b_x), .b_y_i(b_y), .b_z_i(b_z),
        .out_valid_o(added_valid), .out_ready_i(added_ready), .out_tag_o(added_tag),
        .sum_x_o(added_x), .sum_y_o(added_y), .sum_z_o(added_z), .out_is_infinity_o(added_is_infinity)
    );
    logic unused;
    assign unused = &{1'b0, starved_cycles};
    // What the command processor and the unit let through is legal.
    always_ff @(posedge engine_clk) if (engine_rst_n) assert (!(start_valid && start_ready && start_illegal));
  end else begin : g_no_msm
    assign {msm_drained, msm_busy, msm_stall, msm_ready, completion_valid[1], completion[512+:512]} = {1'b1, 516'd0};
    assign {arvalid[ReadMsm+:2], araddr[ReadMsm*AddrWidth+:2*AddrWidth], arlen[ReadMsm*8+:16], rready[ReadMsm+:2]} = '0;
    assign {awvalid[WriteMsm], awaddr[WriteMsm*AddrWidth+:AddrWidth], awlen[WriteMsm*8+:8], wvalid[WriteMsm], wlast[WriteMsm],
            wdata[WriteMsm*BeatBits+:BeatBits], wstrb[WriteMsm*BeatBits/8+:BeatBits/8], bready[WriteMsm]} = '0;
    logic unused;
    assign unused = &{1'b0, msm_valid, completion_ready[1], arready[ReadMsm+:2], rvalid[ReadMsm+:2], awready[WriteMsm], wready[WriteMsm],
                      bvalid[WriteMsm], sums};
  end

  // ---- NTT ---------------------------------------------------------------------------------------------------------------------------
  if (NttEnable) begin : g_ntt
    logic                        engine_rst_n, start_valid, start_ready, start_inverse, start_coset;
    logic [4:0]                  start_log2_size, start_tile_log2_max;
    logic [255:0]                start_shift, read_element, write_element;
    logic [AddrWidth-1:0]        start_source, start_destination, start_scratch, read_address, write_address;
    logic                        read_request_valid, read_request_ready, read_valid, read_ready;
    logic                        write_request_valid, write_request_ready, write_valid, write_ready, write_done, write_done_ready;
    logic [NttElementsWidth-1:0] read_elements, write_elements;
    logic                        done_valid, done_ready, engine_busy, engine_clk;
    logic [47:0]                 done_butterflies, butterflies, busy_cycles, stall_cycles;
    engine_clock u_clock (.clk_i, .rst_ni(core_rst_n), .busy_i(ntt_busy || engine_busy), .clk_o(engine_clk));
    ntt_unit #(.AddrWidth(AddrWidth), .ElementsWidth(NttElementsWidth)) u_unit (
        .clk_i(engine_clk), .rst_ni(core_rst_n), .halt_i(halt), .drained_o(ntt_drained), .busy_o(ntt_busy), .stall_o(ntt_stall), .cycles_i(cycles),
        .tile_log2_i(ntt_tile_log2), .valid_i(ntt_valid), .ready_o(ntt_ready), .descriptor_i(descriptor),
        .completion_valid_o(completion_valid[2]), .completion_ready_i(completion_ready[2]), .completion_o(completion[2*512+:512]),
        .engine_rst_no(engine_rst_n), .start_valid_o(start_valid), .start_ready_i(start_ready), .start_log2_size_o(start_log2_size),
        .start_inverse_o(start_inverse), .start_coset_o(start_coset), .start_shift_o(start_shift), .start_source_o(start_source),
        .start_destination_o(start_destination), .start_scratch_o(start_scratch), .start_tile_log2_max_o(start_tile_log2_max),
        .read_request_valid_i(read_request_valid), .read_request_ready_o(read_request_ready), .read_request_address_i(read_address),
        .read_request_elements_i(read_elements), .read_element_valid_o(read_valid), .read_element_ready_i(read_ready),
        .read_element_o(read_element), .write_request_valid_i(write_request_valid), .write_request_ready_o(write_request_ready),
        .write_request_address_i(write_address), .write_request_elements_i(write_elements), .write_element_valid_i(write_valid),
        .write_element_ready_o(write_ready), .write_element_i(write_element), .write_done_o(write_done),
        .done_valid_i(done_valid), .done_ready_o(done_ready), .done_butterflies_i(done_butterflies), .stall_cycles_i(stall_cycles),
        .arvalid_o(arvalid[ReadNtt]), .arready_i(arready[ReadNtt]), .araddr_o(araddr[ReadNtt*AddrWidth+:AddrWidth]),
        .arlen_o(arlen[ReadNtt*8+:8]), .rvalid_i(rvalid[ReadNtt]), .rready_o(rready[ReadNtt]),
        .rdata_i(rdata), .rresp_i(rresp), .rlast_i(rlast),
        .awvalid_o(awvalid[WriteNtt]), .awready_i(awready[WriteNtt]), .awaddr_o(awaddr[WriteNtt*AddrWidth+:AddrWidth]),
        .awlen_o(awlen[WriteNtt*8+:8]), .wvalid_o(wvalid[WriteNtt]), .wready_i(wready[WriteNtt]),
        .wdata_o(wdata[WriteNtt*BeatBits+:BeatBits]), .wstrb_o(wstrb[WriteNtt*BeatBits/8+:BeatBits/8]), .wlast_o(wlast[WriteNtt]),
        .bvalid_i(bvalid[WriteNtt]), .bready_o(bready[WriteNtt]), .bresp_i(bresp)
    );
    ntt_engine #(
        .Width(ScalarWidth), .RBits(accel_curve_pkg::ScalarRBits), .Modulus(accel_curve_pkg::ScalarModulus),
        .NegInv(accel_curve_pkg::ScalarNegInv), .TwoAdicity(accel_curve_pkg::ScalarTwoAdicity), .Roots(accel_curve_pkg::ScalarRoots),
        .KaratsubaDepth(KaratsubaDepth), .Lanes(NttLanes), .TileLog2Max(NttTileLog2Max), .AddrWidth(AddrWidth),
        .ElementsWidth(NttElementsWidth)
    ) u_engine (
        .clk_i(engine_clk), .rst_ni(engine_rst_n), .start_valid_i(start_valid), .start_ready_o(start_ready), .start_log2_size_i(start_log2_size),
        .start_inverse_i(start_inverse), .start_coset_i(start_coset), .start_shift_i(start_shift), .start_source_i(start_source),
        .start_destination_i(start_destination), .start_scratch_i(start_scratch), .start_tile_log2_max_i(start_tile_log2_max),
        .read_request_valid_o(read_request_valid), .read_request_ready_i(read_request_ready), .read_request_address_o(read_address),
        .read_request_elements_o(read_elements), .read_element_valid_i(read_valid), .read_element_ready_o(read_ready),
        .read_element_i(read_element), .write_request_valid_o(write_request_valid), .write_request_ready_i(write_request_ready),
        .write_request_address_o(write_address), .write_request_elements_o(write_elements), .write_element_valid_o(write_valid),
        .write_element_ready_i(write_ready), .write_element_o(write_element), .write_done_valid_i(write_done),
        .write_done_ready_o(write_done_ready), .done_valid_o(done_valid), .done_ready_i(done_ready), .done_butterflies_o(done_butterflies),
        .busy_o(engine_busy), .butterflies_o(butterflies), .busy_cycles_o(busy_cycles), .stall_cycles_o(stall_cycles)
    );
    logic unused;
    assign unused = &{1'b0, write_done_ready, butterflies, busy_cycles};
  end else begin : g_no_ntt
    assign {ntt_drained, ntt_busy, ntt_stall, ntt_ready, completion_valid[2], completion[2*512+:512]} = {1'b1, 516'd0};
    assign {arvalid[ReadNtt], araddr[ReadNtt*AddrWidth+:AddrWidth], arlen[ReadNtt*8+:8], rready[ReadNtt]} = '0;
    assign {awvalid[WriteNtt], awaddr[WriteNtt*AddrWidth+:AddrWidth], awlen[WriteNtt*8+:8], wvalid[WriteNtt], wlast[WriteNtt],
            wdata[WriteNtt*BeatBits+:BeatBits], wstrb[WriteNtt*BeatBits/8+:BeatBits/8], bready[WriteNtt]} = '0;
    logic unused;
    assign unused = &{1'b0, ntt_valid, completion_ready[2], arready[ReadNtt], rvalid[ReadNtt], awready[WriteNtt], wready[WriteNtt],
                      bvalid[WriteNtt]};
  end

  // ---- Pointwise ---------------------------------------------------------------------------------------------------------------------
  logic pointwise_clk;
  engine_clock u_pointwise_clock (.clk_i, .rst_ni(core_rst_n), .busy_i(pointwise_busy), .clk_o(pointwise_clk));
  pointwise_unit #(
      .AddrWidth(AddrWidth), .Width(ScalarWidth), .RBits(accel_curve_pkg::ScalarRBits), .Modulus(accel_curve_pkg::ScalarModulus),
      .NegInv(accel_curve_pkg::ScalarNegInv), .R2(accel_curve_pkg::ScalarR2), .KaratsubaDepth(KaratsubaDepth)
  ) u_pointwise (
      .clk_i(pointwise_clk), .rst_ni(core_rst_n), .halt_i(halt), .drained_o(pointwise_drained), .busy_o(pointwise_busy), .stall_o(pointwise_stall),
      .cycles_i(cycles), .valid_i(pointwise_valid), .ready_o(pointwise_ready), .descriptor_i(descriptor),
      .completion_valid_o(completion_valid[3]), .completion_ready_i(completion_ready[3]), .completion_o(completion[3*512+:512]),
      .arvalid_o(arvalid[ReadPointwise+:3]), .arready_i(arready[ReadPointwise+:3]),
      .araddr_o(araddr[ReadPointwise*AddrWidth+:3*AddrWidth]), .arlen_o(arlen[ReadPointwise*8+:24]),
      .rvalid_i(rvalid[ReadPointwise+:3]), .rready_o(rready[ReadPointwise+:3]), .rdata_i(rdata), .rresp_i(rresp), .rlast_i(rlast),
      .awvalid_o(awvalid[WritePointwise]), .awready_i(awready[WritePointwise]), .awaddr_o(awaddr[WritePointwise*AddrWidth+:AddrWidth]),
      .awlen_o(awlen[WritePointwise*8+:8]), .wvalid_o(wvalid[WritePointwise]), .wready_i(wready[WritePointwise]),
      .wdata_o(wdata[WritePointwise*BeatBits+:BeatBits]), .wstrb_o(wstrb[WritePointwise*BeatBits/8+:BeatBits/8]),
      .wlast_o(wlast[WritePointwise]), .bvalid_i(bvalid[WritePointwise]), .bready_o(bready[WritePointwise]), .bresp_i(bresp)
  );
endmodule
`default_nettype wire
