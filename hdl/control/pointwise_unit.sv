// Everything about POINTWISE commands: three streams of elements in, d = a * b - c through the pointwise pipeline, one stream out, a
// completion, counters, and recovery from memory errors. One command at a time; a count of 0 completes at once.
`default_nettype none
module pointwise_unit #(
    parameter int unsigned      AddrWidth      = 40,
    parameter int unsigned      Width          = 254,
    parameter int unsigned      RBits          = 256,
    parameter logic [Width-1:0] Modulus        = '1,
    parameter logic [RBits-1:0] NegInv         = 1,
    parameter logic [Width-1:0] R2             = 0,
    parameter int unsigned      KaratsubaDepth = 2,
    parameter int unsigned      ReaderDepth    = 128
) (
    input  wire logic                   clk_i,
    input  wire logic                   rst_ni,
    input  wire logic                   halt_i,
    output logic                        drained_o,
    output logic                        busy_o,
    output logic                        stall_o,
    input  wire logic [63:0]            cycles_i,

    input  wire logic                   valid_i,
    output logic                        ready_o,
    input  wire logic [511:0]           descriptor_i,
    output logic                        completion_valid_o,
    input  wire logic                   completion_ready_i,
    output logic [511:0]                completion_o,

    // Memory: a, b, c from bit 0 up; d.
    output logic [2:0]                  arvalid_o,
    input  wire logic [2:0]             arready_i,
    output logic [3*AddrWidth-1:0]      araddr_o,
    output logic [23:0]                 arlen_o,
    input  wire logic [2:0]             rvalid_i,
    output logic [2:0]                  rready_o,
    input  wire logic [511:0]           rdata_i,
    input  wire logic [1:0]             rresp_i,
    input  wire logic                   rlast_i,
    output logic                        awvalid_o,
    input  wire logic                   awready_i,
    output logic [AddrWidth-1:0]        awaddr_o,
    output logic [7:0]                  awlen_o,
    output logic                        wvalid_o,
    input  wire logic                   wready_i,
    output logic [511:0]                wdata_o,
    output logic [63:0]                 wstrb_o,
    output logic                        wlast_o,
    input  wire logic                   bvalid_i,
    output logic                        bready_o,
    input  wire logic [1:0]             bresp_i
);
  localparam int unsigned LengthWidth = 33;  // elements: a 32-bit count, and room to add the other half of a beat
  localparam logic [1:0] Idle = 2'd0, Requesting = 2'd1, Running = 2'd2, Completing = 2'd3;

  // Recovery.
  logic       quiet, halt, flush, unit_rst_n, engine_rst_n, write_error, write_drained;
  logic [2:0] read_error, read_drained;
  logic [7:0] fault_status;
  logic       in_memory;
  assign drained_o  = (&read_drained) && write_drained;
  assign unit_rst_n = rst_ni && engine_rst_n;
  fault_controller u_fault (
      .clk_i, .rst_ni, .read_error_i(|read_error), .write_error_i(write_error), .drained_i(drained_o), .flushed_i(!in_memory),
      .quiet_o(quiet), .halt_o(halt), .engine_rst_no(engine_rst_n), .flush_o(flush), .status_o(fault_status)
  );

  logic [1:0]  state_q;
  logic [15:0] tag_q;
  logic [31:0] count_q, count;
  logic [7:0]  status_q;
  logic [AddrWidth-1:0] address_q [4];
  logic [63:0] start_q, finish_q, stall_q;
  logic [3:0]  asked_q, ask_valid, ask_ready;
  logic        write_done, take;

  assign count     = descriptor_i[accel_regs_pkg::DescriptorCountLsb+:32];
  assign in_memory = state_q == Requesting || state_q == Running;
  assign ready_o   = state_q == Idle && quiet;
  assign take      = valid_i && ready_o;
  assign ask_valid = state_q == Requesting && quiet ? ~asked_q : 4'd0;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      state_q <= Idle;
    end else if (flush && in_memory) begin
      state_q <= Completing;
    end else begin
      case (state_q)
        Idle:       if (take) state_q <= count == '0 ? Completing : Requesting;
        Requesting: if ((asked_q | (ask_valid & ask_ready)) == 4'b1111) state_q <= Running;
        Running:    if (write_done && quiet) state_q <= Completing;
        default:    if (completion_ready_i) state_q <= Idle;
      endcase
    end
    if (take) begin
      asked_q      <= '0;
      tag_q        <= descriptor_i[accel_regs_pkg::DescriptorTagLsb+:16];
      count_q      <= count;
      address_q[0] <= descriptor_i[accel_regs_pkg::DescriptorSource0Lsb+:AddrWidth];
      address_q[1] <= descriptor_i[accel_regs_pkg::DescriptorSource1Lsb+:AddrWidth];
      address_q[2] <= descriptor_i[accel_regs_pkg::DescriptorArgumentLsb+:AddrWidth];
      address_q[3] <= descriptor_i[accel_regs_pkg::DescriptorDestinationLsb+:AddrWidth];
      status_q     <= accel_regs_pkg::StatusOk;
      start_q      <= cycles_i;
      stall_q      <= '0;
    end else begin
      asked_q <= asked_q | (ask_valid & ask_ready);
      if (flush && in_memory) status_q <= fault_status;
      if (stall_o) stall_q <= stall_q + 64'd1;
    end
    if (state_q != Completing) finish_q <= cycles_i;
  end

  assign completion_valid_o = state_q == Completing;
  always_comb begin
    completion_o = '0;
    completion_o[accel_regs_pkg::CompletionTagLsb+:16]         = tag_q;
    completion_o[accel_regs_pkg::CompletionStatusLsb+:8]       = status_q;
    completion_o[accel_regs_pkg::CompletionOpcodeLsb+:8]       = accel_regs_pkg::OpcodePointwise;
    completion_o[accel_regs_pkg::CompletionCyclesLsb+:64]      = finish_q - start_q;
    completion_o[accel_regs_pkg::CompletionTimestampLsb+:64]   = finish_q;
    completion_o[accel_regs_pkg::CompletionStallCyclesLsb+:64] = stall_q;
  end

  // Data.
  logic         data_halt, in_ready, in_valid, out_valid, out_ready;
  logic [2:0]   element_valid, element_last;
  logic [767:0] element;
  logic [Width-1:0] result;
  assign data_halt = halt || halt_i;
  assign in_valid  = &element_valid;
  for (genvar i = 0; i < 3; i++) begin : g_reader
    axi_element_reader #(.AddrWidth(AddrWidth), .LengthWidth(LengthWidth), .Depth(ReaderDepth)) u_reader (
        .clk_i, .rst_ni(unit_rst_n), .halt_i(data_halt), .drained_o(read_drained[i]), .error_o(read_error[i]),
        .request_valid_i(ask_valid[i]), .request_ready_o(ask_ready[i]), .request_addr_i(address_q[i]),
        .request_elements_i({1'b0, count_q}),
        .arvalid_o(arvalid_o[i]), .arready_i(arready_i[i]), .araddr_o(araddr_o[i*AddrWidth+:AddrWidth]), .arlen_o(arlen_o[i*8+:8]),
        .rvalid_i(rvalid_i[i]), .rready_o(rready_o[i]), .rdata_i, .rresp_i, .rlast_i,
        .valid_o(element_valid[i]), .ready_i(in_valid && in_ready), .data_o(element[i*256+:256]), .last_o(element_last[i])
    );
  end
  pointwise #(.Width(Width), .RBits(RBits), .Modulus(Modulus), .NegInv(NegInv), .R2(R2), .KaratsubaDepth(KaratsubaDepth)) u_pointwise (
      .clk_i, .rst_ni(unit_rst_n), .valid_i(in_valid), .ready_o(in_ready),
      .a_i(element[0+:Width]), .b_i(element[256+:Width]), .c_i(element[512+:Width]),
      .valid_o(out_valid), .ready_i(out_ready), .d_o(result)
  );
  axi_writer #(.AddrWidth(AddrWidth), .LengthWidth(LengthWidth), .Depth(32), .BurstsMax(32)) u_writer (
      .clk_i, .rst_ni(unit_rst_n), .halt_i(data_halt), .drained_o(write_drained), .error_o(write_error), .done_o(write_done),
      .request_valid_i(ask_valid[3]), .request_ready_o(ask_ready[3]), .request_addr_i(address_q[3]),
      .request_elements_i({1'b0, count_q}), .valid_i(out_valid), .ready_o(out_ready), .data_i(256'(result)),
      .awvalid_o, .awready_i, .awaddr_o, .awlen_o, .wvalid_o, .wready_i, .wdata_o, .wstrb_o, .wlast_o, .bvalid_i, .bready_o, .bresp_i
  );

  assign busy_o  = state_q != Idle || valid_i || !quiet;
  assign stall_o = state_q == Running && ((in_ready && !in_valid) || (out_valid && !out_ready));

  logic unused;
  assign unused = &{1'b0, descriptor_i, element_last, element};
endmodule
`default_nettype wire
