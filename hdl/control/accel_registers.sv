// The register map of accel_regs.json behind an AXI4-Lite slave, with the counters and the error record that it shows.
//
// One write and one read may be under way at a time; address and data of a write come in either order. A write takes effect in the cycle
// before its response, a read samples its register when its address is taken and has no side effect. An offset that is not in the map,
// a write to a read-only register, and any write during a soft reset are answered SLVERR.
// rst_ni resets the bus; core_rst_ni, which a soft reset pulls as well, resets the contents.
`default_nettype none
module accel_registers #(
    parameter logic [31:0] Capabilities = 0,
    parameter logic [31:0] CurveId      = 0,
    parameter logic [31:0] Widths       = 0,
    parameter logic [31:0] Montgomery   = 0,
    parameter logic [31:0] MsmLimits    = 0,
    parameter logic [31:0] AdderLatency = 0,
    parameter logic [31:0] NttLimits    = 0,
    parameter logic [31:0] MemoryLog2   = 0
) (
    input  wire logic        clk_i,
    input  wire logic        rst_ni,
    input  wire logic        core_rst_ni,

    input  wire logic        s_axil_awvalid_i,
    output logic             s_axil_awready_o,
    input  wire logic [accel_regs_pkg::RegisterAddressBits-1:0] s_axil_awaddr_i,
    input  wire logic        s_axil_wvalid_i,
    output logic             s_axil_wready_o,
    input  wire logic [31:0] s_axil_wdata_i,
    input  wire logic [3:0]  s_axil_wstrb_i,
    output logic             s_axil_bvalid_o,
    input  wire logic        s_axil_bready_i,
    output logic [1:0]       s_axil_bresp_o,
    input  wire logic        s_axil_arvalid_i,
    output logic             s_axil_arready_o,
    input  wire logic [accel_regs_pkg::RegisterAddressBits-1:0] s_axil_araddr_i,
    output logic             s_axil_rvalid_o,
    input  wire logic        s_axil_rready_i,
    output logic [31:0]      s_axil_rdata_o,
    output logic [1:0]       s_axil_rresp_o,

    // What the host has set.
    output logic             soft_reset_o,        // one cycle
    output logic             enable_o,
    output logic [63:0]      queue_base_o,
    output logic [31:0]      queue_log2_o,
    output logic [31:0]      queue_tail_o,
    output logic [63:0]      completion_base_o,
    output logic [31:0]      completion_log2_o,
    output logic [31:0]      completion_head_o,
    output logic [31:0]      ntt_tile_log2_o,

    // What the core shows.
    input  wire logic        resetting_i,
    input  wire logic        fault_i,
    input  wire logic [4:0]  busy_i,              // STATUS bits 4:0
    input  wire logic [31:0] queue_head_i,
    input  wire logic [31:0] completion_tail_i,
    input  wire logic        error_valid_i,       // a command completed with this error, or a ring failed
    input  wire logic [7:0]  error_status_i,
    input  wire logic [7:0]  error_opcode_i,
    input  wire logic [15:0] error_tag_i,
    input  wire logic        temperature_valid_i,
    input  wire logic [15:0] temperature_i,       // sixteenths of a degree Celsius, two's complement

    // What the core counts.
    input  wire logic [2:0]  stall_i,             // pointwise, NTT, MSM waits for memory
    input  wire logic        read_beat_i,
    input  wire logic        write_beat_i,
    output logic [63:0]      cycles_o
);
  localparam logic [1:0] RespOkay = 2'b00, RespSlvErr = 2'b10;

  // Counters, in the order of their offsets from CYCLES on.
  localparam int unsigned Counters = 9;
  logic [63:0]         counter_q [Counters];
  logic [Counters-1:0] count;
  assign count = {write_beat_i, read_beat_i,
                  stall_i[2], busy_i[accel_regs_pkg::StatusPointwiseBusyLsb],
                  stall_i[1], busy_i[accel_regs_pkg::StatusNttBusyLsb],
                  stall_i[0], busy_i[accel_regs_pkg::StatusMsmBusyLsb], 1'b1};
  for (genvar i = 0; i < Counters; i++) begin : g_counter
    always_ff @(posedge clk_i) begin
      if (!core_rst_ni) counter_q[i] <= '0;
      else if (count[i]) counter_q[i] <= counter_q[i] + 1'b1;
    end
  end
  assign cycles_o = counter_q[0];

  // Writes.
  logic                           aw_full_q, w_full_q;
  logic [accel_regs_pkg::RegisterAddressBits-1:0] aw_addr_q;
  logic [31:0]                    w_data_q, mask;
  logic [3:0]                     w_strb_q;
  logic                           write, write_ok;

  assign s_axil_awready_o = !aw_full_q;
  assign s_axil_wready_o  = !w_full_q;
  assign write = aw_full_q && w_full_q && !s_axil_bvalid_o;
  assign mask  = {{8{w_strb_q[3]}}, {8{w_strb_q[2]}}, {8{w_strb_q[1]}}, {8{w_strb_q[0]}}};

  always_comb begin
    case (aw_addr_q)
      accel_regs_pkg::RegControl, accel_regs_pkg::RegQueueBaseLo, accel_regs_pkg::RegQueueBaseHi, accel_regs_pkg::RegQueueLog2,
      accel_regs_pkg::RegQueueTail, accel_regs_pkg::RegCompletionBaseLo, accel_regs_pkg::RegCompletionBaseHi, accel_regs_pkg::RegCompletionLog2,
      accel_regs_pkg::RegCompletionHead, accel_regs_pkg::RegNttTileLog2:
        write_ok = core_rst_ni && !resetting_i;
      default: write_ok = 1'b0;
    endcase
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      aw_full_q       <= 1'b0;
      w_full_q        <= 1'b0;
      s_axil_bvalid_o <= 1'b0;
    end else begin
      if (write) aw_full_q <= 1'b0;
      else if (s_axil_awvalid_i) aw_full_q <= 1'b1;
      if (write) w_full_q <= 1'b0;
      else if (s_axil_wvalid_i) w_full_q <= 1'b1;
      if (write) s_axil_bvalid_o <= 1'b1;
      else if (s_axil_bready_i) s_axil_bvalid_o <= 1'b0;
    end
    if (s_axil_awvalid_i && s_axil_awready_o) aw_addr_q <= s_axil_awaddr_i;
    if (s_axil_wvalid_i && s_axil_wready_o) begin
      w_data_q <= s_axil_wdata_i;
      w_strb_q <= s_axil_wstrb_i;
    end
    if (write) s_axil_bresp_o <= write_ok ? RespOkay : RespSlvErr;
  end

  function automatic logic [31:0] merge(input logic [31:0] old, input logic [31:0] data, input logic [31:0] lanes);
    merge = (old & ~lanes) | (data & lanes);
  endfunction

  logic control_write, clear_error;
  assign control_write = write && write_ok && aw_addr_q == accel_regs_pkg::RegControl;
  assign clear_error   = control_write && w_data_q[accel_regs_pkg::ControlClearErrorLsb] && mask[accel_regs_pkg::ControlClearErrorLsb];
  assign soft_reset_o  = control_write && w_data_q[accel_regs_pkg::ControlSoftResetLsb] && mask[accel_regs_pkg::ControlSoftResetLsb];

  always_ff @(posedge clk_i) begin
    if (!core_rst_ni) begin
      enable_o          <= accel_regs_pkg::ResetControl[accel_regs_pkg::ControlEnableLsb];
      queue_base_o      <= {accel_regs_pkg::ResetQueueBaseHi, accel_regs_pkg::ResetQueueBaseLo};
      queue_log2_o      <= accel_regs_pkg::ResetQueueLog2;
      queue_tail_o      <= accel_regs_pkg::ResetQueueTail;
      completion_base_o <= {accel_regs_pkg::ResetCompletionBaseHi, accel_regs_pkg::ResetCompletionBaseLo};
      completion_log2_o <= accel_regs_pkg::ResetCompletionLog2;
      completion_head_o <= accel_regs_pkg::ResetCompletionHead;
      ntt_tile_log2_o   <= accel_regs_pkg::ResetNttTileLog2;
    end else if (write && write_ok) begin
      case (aw_addr_q)
        accel_regs_pkg::RegControl:          if (mask[accel_regs_pkg::ControlEnableLsb]) enable_o <= w_data_q[accel_regs_pkg::ControlEnableLsb];
        accel_regs_pkg::RegQueueBaseLo:      queue_base_o[31:0]       <= merge(queue_base_o[31:0], w_data_q, mask);
        accel_regs_pkg::RegQueueBaseHi:      queue_base_o[63:32]      <= merge(queue_base_o[63:32], w_data_q, mask);
        accel_regs_pkg::RegQueueLog2:        queue_log2_o             <= merge(queue_log2_o, w_data_q, mask);
        accel_regs_pkg::RegQueueTail:        queue_tail_o             <= merge(queue_tail_o, w_data_q, mask);
        accel_regs_pkg::RegCompletionBaseLo: completion_base_o[31:0]  <= merge(completion_base_o[31:0], w_data_q, mask);
        accel_regs_pkg::RegCompletionBaseHi: completion_base_o[63:32] <= merge(completion_base_o[63:32], w_data_q, mask);
        accel_regs_pkg::RegCompletionLog2:   completion_log2_o        <= merge(completion_log2_o, w_data_q, mask);
        accel_regs_pkg::RegCompletionHead:   completion_head_o        <= merge(completion_head_o, w_data_q, mask);
        accel_regs_pkg::RegNttTileLog2:      ntt_tile_log2_o          <= merge(ntt_tile_log2_o, w_data_q, mask);
        default: ;
      endcase
    end
  end

  // The error record: the first error, and how many.
  logic        error_q;
  logic [31:0] error_record_q, error_count_q;
  always_ff @(posedge clk_i) begin
    if (!core_rst_ni || clear_error) begin
      error_q        <= 1'b0;
      error_record_q <= '0;
      error_count_q  <= '0;
    end else if (error_valid_i) begin
      error_q <= 1'b1;
      if (!error_q) error_record_q <= {error_tag_i, error_opcode_i, error_status_i};
      if (error_count_q != '1) error_count_q <= error_count_q + 1'b1;
    end
  end

  // Reads.
  logic [31:0] status;
  always_comb begin
    status = '0;
    status[4:0]                = busy_i;
    status[accel_regs_pkg::StatusResettingLsb] = resetting_i;
    status[accel_regs_pkg::StatusErrorLsb]     = error_q;
    status[accel_regs_pkg::StatusFaultLsb]     = fault_i;
  end

  assign s_axil_arready_o = !s_axil_rvalid_o;
  always_ff @(posedge clk_i) begin
    if (!rst_ni) s_axil_rvalid_o <= 1'b0;
    else if (s_axil_arvalid_i && s_axil_arready_o) s_axil_rvalid_o <= 1'b1;
    else if (s_axil_rready_i) s_axil_rvalid_o <= 1'b0;

    if (s_axil_arvalid_i && s_axil_arready_o) begin
      s_axil_rresp_o <= RespOkay;
      case (s_axil_araddr_i)
        accel_regs_pkg::RegId:                     s_axil_rdata_o <= accel_regs_pkg::IdValue;
        accel_regs_pkg::RegVersion:                s_axil_rdata_o <= accel_regs_pkg::VersionValue;
        accel_regs_pkg::RegCapabilities:           s_axil_rdata_o <= Capabilities;
        accel_regs_pkg::RegCurveId:                s_axil_rdata_o <= CurveId;
        accel_regs_pkg::RegWidths:                 s_axil_rdata_o <= Widths;
        accel_regs_pkg::RegMontgomery:             s_axil_rdata_o <= Montgomery;
        accel_regs_pkg::RegMsmLimits:              s_axil_rdata_o <= MsmLimits;
        accel_regs_pkg::RegMsmAdderLatency:        s_axil_rdata_o <= AdderLatency;
        accel_regs_pkg::RegNttLimits:              s_axil_rdata_o <= NttLimits;
        accel_regs_pkg::RegMemoryLog2:             s_axil_rdata_o <= MemoryLog2;
        accel_regs_pkg::RegRingLog2Max:            s_axil_rdata_o <= accel_regs_pkg::RingLog2Max;
        accel_regs_pkg::RegControl:                s_axil_rdata_o <= 32'(enable_o) << accel_regs_pkg::ControlEnableLsb;
        accel_regs_pkg::RegStatus:                 s_axil_rdata_o <= status;
        accel_regs_pkg::RegError:                  s_axil_rdata_o <= error_record_q;
        accel_regs_pkg::RegErrorCount:             s_axil_rdata_o <= error_count_q;
        accel_regs_pkg::RegTemperature:            s_axil_rdata_o <= {temperature_valid_i, 15'd0, temperature_i};
        accel_regs_pkg::RegQueueBaseLo:            s_axil_rdata_o <= queue_base_o[31:0];
        accel_regs_pkg::RegQueueBaseHi:            s_axil_rdata_o <= queue_base_o[63:32];
        accel_regs_pkg::RegQueueLog2:              s_axil_rdata_o <= queue_log2_o;
        accel_regs_pkg::RegQueueTail:              s_axil_rdata_o <= queue_tail_o;
        accel_regs_pkg::RegQueueHead:              s_axil_rdata_o <= queue_head_i;
        accel_regs_pkg::RegCompletionBaseLo:       s_axil_rdata_o <= completion_base_o[31:0];
        accel_regs_pkg::RegCompletionBaseHi:       s_axil_rdata_o <= completion_base_o[63:32];
        accel_regs_pkg::RegCompletionLog2:         s_axil_rdata_o <= completion_log2_o;
        accel_regs_pkg::RegCompletionTail:         s_axil_rdata_o <= completion_tail_i;
        accel_regs_pkg::RegCompletionHead:         s_axil_rdata_o <= completion_head_o;
        accel_regs_pkg::RegNttTileLog2:            s_axil_rdata_o <= ntt_tile_log2_o;
        accel_regs_pkg::RegCyclesLo:               s_axil_rdata_o <= counter_q[0][31:0];
        accel_regs_pkg::RegCyclesHi:               s_axil_rdata_o <= counter_q[0][63:32];
        accel_regs_pkg::RegMsmBusyCyclesLo:        s_axil_rdata_o <= counter_q[1][31:0];
        accel_regs_pkg::RegMsmBusyCyclesHi:        s_axil_rdata_o <= counter_q[1][63:32];
        accel_regs_pkg::RegMsmStallCyclesLo:       s_axil_rdata_o <= counter_q[2][31:0];
        accel_regs_pkg::RegMsmStallCyclesHi:       s_axil_rdata_o <= counter_q[2][63:32];
        accel_regs_pkg::RegNttBusyCyclesLo:        s_axil_rdata_o <= counter_q[3][31:0];
        accel_regs_pkg::RegNttBusyCyclesHi:        s_axil_rdata_o <= counter_q[3][63:32];
        accel_regs_pkg::RegNttStallCyclesLo:       s_axil_rdata_o <= counter_q[4][31:0];
        accel_regs_pkg::RegNttStallCyclesHi:       s_axil_rdata_o <= counter_q[4][63:32];
        accel_regs_pkg::RegPointwiseBusyCyclesLo:  s_axil_rdata_o <= counter_q[5][31:0];
        accel_regs_pkg::RegPointwiseBusyCyclesHi:  s_axil_rdata_o <= counter_q[5][63:32];
        accel_regs_pkg::RegPointwiseStallCyclesLo: s_axil_rdata_o <= counter_q[6][31:0];
        accel_regs_pkg::RegPointwiseStallCyclesHi: s_axil_rdata_o <= counter_q[6][63:32];
        accel_regs_pkg::RegReadBeatsLo:            s_axil_rdata_o <= counter_q[7][31:0];
        accel_regs_pkg::RegReadBeatsHi:            s_axil_rdata_o <= counter_q[7][63:32];
        accel_regs_pkg::RegWriteBeatsLo:           s_axil_rdata_o <= counter_q[8][31:0];
        accel_regs_pkg::RegWriteBeatsHi:           s_axil_rdata_o <= counter_q[8][63:32];
        default: begin
          s_axil_rdata_o <= '0;
          s_axil_rresp_o <= RespSlvErr;
        end
      endcase
    end
  end
endmodule
`default_nettype wire
