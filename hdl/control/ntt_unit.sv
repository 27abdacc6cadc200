// Everything between NTT commands and the NTT engine: elements from and to memory, completions in order, counters, and recovery from memory
// errors. The engine is outside; several commands may be inside it at once. engine_rst_no resets it.
// A command's cycles run from when the engine takes it to its completion; its stall cycles are those since then or since the completion
// before, whichever is later, so that they add up.
`default_nettype none
module ntt_unit #(
    parameter int unsigned AddrWidth     = 40,
    parameter int unsigned ElementsWidth = 32,
    parameter int unsigned CommandsMax   = 16,
    parameter int unsigned ReaderDepth   = 256,
    parameter int unsigned BurstsMax     = 256
) (
    input  wire logic                     clk_i,
    input  wire logic                     rst_ni,
    input  wire logic                     halt_i,
    output logic                          drained_o,
    output logic                          busy_o,
    output logic                          stall_o,
    input  wire logic [63:0]              cycles_i,
    input  wire logic [31:0]              tile_log2_i,       // the register NTT_TILE_LOG2

    input  wire logic                     valid_i,
    output logic                          ready_o,
    input  wire logic [511:0]             descriptor_i,
    output logic                          completion_valid_o,
    input  wire logic                     completion_ready_i,
    output logic [511:0]                  completion_o,

    // ntt_engine.
    output logic                          engine_rst_no,
    output logic                          start_valid_o,
    input  wire logic                     start_ready_i,
    output logic [4:0]                    start_log2_size_o,
    output logic                          start_inverse_o,
    output logic                          start_coset_o,
    output logic [255:0]                  start_shift_o,
    output logic [AddrWidth-1:0]          start_source_o,
    output logic [AddrWidth-1:0]          start_destination_o,
    output logic [AddrWidth-1:0]          start_scratch_o,
    output logic [4:0]                    start_tile_log2_max_o,
    input  wire logic                     read_request_valid_i,
    output logic                          read_request_ready_o,
    input  wire logic [AddrWidth-1:0]     read_request_address_i,
    input  wire logic [ElementsWidth-1:0] read_request_elements_i,
    output logic                          read_element_valid_o,
    input  wire logic                     read_element_ready_i,
    output logic [255:0]                  read_element_o,
    input  wire logic                     write_request_valid_i,
    output logic                          write_request_ready_o,
    input  wire logic [AddrWidth-1:0]     write_request_address_i,
    input  wire logic [ElementsWidth-1:0] write_request_elements_i,
    input  wire logic                     write_element_valid_i,
    output logic                          write_element_ready_o,
    input  wire logic [255:0]             write_element_i,
    output logic                          write_done_o,
    input  wire logic                     done_valid_i,
    output logic                          done_ready_o,
    input  wire logic [47:0]              done_butterflies_i,
    input  wire logic [47:0]              stall_cycles_i,

    output logic                          arvalid_o,
    input  wire logic                     arready_i,
    output logic [AddrWidth-1:0]          araddr_o,
    output logic [7:0]                    arlen_o,
    input  wire logic                     rvalid_i,
    output logic                          rready_o,
    input  wire logic [511:0]             rdata_i,
    input  wire logic [1:0]               rresp_i,
    input  wire logic                     rlast_i,
    output logic                          awvalid_o,
    input  wire logic                     awready_i,
    output logic [AddrWidth-1:0]          awaddr_o,
    output logic [7:0]                    awlen_o,
    output logic                          wvalid_o,
    input  wire logic                     wready_i,
    output logic [511:0]                  wdata_o,
    output logic [63:0]                   wstrb_o,
    output logic                          wlast_o,
    input  wire logic                     bvalid_i,
    output logic                          bready_o,
    input  wire logic [1:0]               bresp_i
);
  // Recovery.
  logic       quiet, halt, flush, unit_rst_n, engine_rst_n, read_error, write_error, read_drained, write_drained;
  logic [7:0] fault_status;
  assign drained_o     = read_drained && write_drained;
  assign unit_rst_n    = rst_ni && engine_rst_n;
  assign engine_rst_no = unit_rst_n;
  fault_controller u_fault (
      .clk_i, .rst_ni, .read_error_i(read_error), .write_error_i(write_error), .drained_i(drained_o), .flushed_i(!entry_valid),
      .quiet_o(quiet), .halt_o(halt), .engine_rst_no(engine_rst_n), .flush_o(flush), .status_o(fault_status)
  );

  // Starting.
  logic       entry_valid, entry_ready, entry_pop, start;
  logic [7:0] flags;
  assign flags                 = descriptor_i[accel_regs_pkg::DescriptorFlagsLsb+:8];
  assign start_valid_o         = valid_i && quiet && entry_ready;
  assign start                 = start_valid_o && start_ready_i;
  assign ready_o               = start;
  assign start_log2_size_o     = descriptor_i[accel_regs_pkg::DescriptorCountLsb+:5];
  assign start_inverse_o       = flags[accel_regs_pkg::FlagInverseBit];
  assign start_coset_o         = flags[accel_regs_pkg::FlagCosetBit];
  assign start_shift_o         = descriptor_i[accel_regs_pkg::DescriptorArgumentLsb+:256];
  assign start_source_o        = descriptor_i[accel_regs_pkg::DescriptorSource0Lsb+:AddrWidth];
  assign start_scratch_o       = descriptor_i[accel_regs_pkg::DescriptorSource1Lsb+:AddrWidth];
  assign start_destination_o   = descriptor_i[accel_regs_pkg::DescriptorDestinationLsb+:AddrWidth];
  assign start_tile_log2_max_o = tile_log2_i > 32'd31 ? 5'd31 : tile_log2_i[4:0];

  // Commands in the engine, with the cycle in which they were taken.
  localparam int unsigned CountWidth = $clog2(CommandsMax + 1);
  logic [15:0]           tag;
  logic [63:0]           start_cycle;
  logic [CountWidth-1:0] entry_count;
  fifo #(.Width(16 + 64), .Depth(CommandsMax)) u_entries (
      .clk_i, .rst_ni, .valid_i(start), .ready_o(entry_ready), .data_i({descriptor_i[accel_regs_pkg::DescriptorTagLsb+:16], cycles_i}),
      .valid_o(entry_valid), .ready_i(entry_pop), .data_o({tag, start_cycle}), .count_o(entry_count)
  );

  // Completing.
  logic        completed_q, take_done, take_flush;
  logic [15:0] tag_q;
  logic [7:0]  status_q;
  logic [63:0] cycles_q, finish_q;
  logic [47:0] butterflies_q, stall_q, stall_before_q;
  assign done_ready_o = quiet && !completed_q;
  assign take_done    = done_valid_i && done_ready_o;
  assign take_flush   = flush && !completed_q && entry_valid;
  assign entry_pop    = take_done || take_flush;
  always_ff @(posedge clk_i) begin
    if (!rst_ni) completed_q <= 1'b0;
    else if (entry_pop) completed_q <= 1'b1;
    else if (completion_ready_i) completed_q <= 1'b0;
    if (entry_pop) begin
      tag_q         <= tag;
      status_q      <= take_done ? accel_regs_pkg::StatusOk : fault_status;
      cycles_q      <= cycles_i - start_cycle;
      finish_q      <= cycles_i;
      butterflies_q <= take_done ? done_butterflies_i : '0;
      stall_q       <= take_done ? stall_cycles_i - stall_before_q : '0;
    end
    if (!unit_rst_n) stall_before_q <= '0;
    else if (take_done || (start && !entry_valid)) stall_before_q <= stall_cycles_i;
  end

  assign completion_valid_o = completed_q;
  always_comb begin
    completion_o = '0;
    completion_o[accel_regs_pkg::CompletionTagLsb+:16]         = tag_q;
    completion_o[accel_regs_pkg::CompletionStatusLsb+:8]       = status_q;
    completion_o[accel_regs_pkg::CompletionOpcodeLsb+:8]       = accel_regs_pkg::OpcodeNtt;
    completion_o[accel_regs_pkg::CompletionCyclesLsb+:64]      = cycles_q;
    completion_o[accel_regs_pkg::CompletionTimestampLsb+:64]   = finish_q;
    completion_o[accel_regs_pkg::CompletionOperationsLsb+:64]  = 64'(butterflies_q);
    completion_o[accel_regs_pkg::CompletionStallCyclesLsb+:64] = 64'(stall_q);
  end

  // Memory.
  logic data_halt, element_last;
  assign data_halt = halt || halt_i;
  axi_element_reader #(.AddrWidth(AddrWidth), .LengthWidth(ElementsWidth), .Depth(ReaderDepth)) u_reader (
      .clk_i, .rst_ni(unit_rst_n), .halt_i(data_halt), .drained_o(read_drained), .error_o(read_error),
      .request_valid_i(read_request_valid_i), .request_ready_o(read_request_ready_o), .request_addr_i(read_request_address_i),
      .request_elements_i(read_request_elements_i), .arvalid_o, .arready_i, .araddr_o, .arlen_o,
      .rvalid_i, .rready_o, .rdata_i, .rresp_i, .rlast_i,
      .valid_o(read_element_valid_o), .ready_i(read_element_ready_i), .data_o(read_element_o), .last_o(element_last)
  );
  axi_writer #(.AddrWidth(AddrWidth), .LengthWidth(ElementsWidth), .Depth(64), .BurstsMax(BurstsMax)) u_writer (
      .clk_i, .rst_ni(unit_rst_n), .halt_i(data_halt), .drained_o(write_drained), .error_o(write_error), .done_o(write_done_o),
      .request_valid_i(write_request_valid_i), .request_ready_o(write_request_ready_o), .request_addr_i(write_request_address_i),
      .request_elements_i(write_request_elements_i),
      .valid_i(write_element_valid_i), .ready_o(write_element_ready_o), .data_i(write_element_i),
      .awvalid_o, .awready_i, .awaddr_o, .awlen_o, .wvalid_o, .wready_i, .wdata_o, .wstrb_o, .wlast_o, .bvalid_i, .bready_o, .bresp_i
  );

  // The engine's own count says when memory kept it from working.
  logic [47:0] stall_seen_q;
  assign stall_o = stall_cycles_i != stall_seen_q;
  always_ff @(posedge clk_i) stall_seen_q <= unit_rst_n ? stall_cycles_i : '0;
  assign busy_o = entry_valid || completed_q || valid_i || !quiet;

  logic unused;
  assign unused = &{1'b0, descriptor_i, element_last, entry_count};
endmodule
`default_nettype wire
