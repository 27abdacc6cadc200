// Everything between MSM commands and the MSM engine: reads scalars and bases, writes sums, keeps the sequence of chunks, counts, computes
// the checksums, completes the commands in order, and recovers from memory errors. The engine and its adder are outside.
//
// Reads of a chunk begin while the chunk before it is still being fed. A chunk without FIRST while no sum is open, or with other window bits
// than its FIRST, completes with BAD_SEQUENCE; window bits and ranges have been checked before. After an error completion whatever was
// open is void. engine_rst_no resets engine and adder. Elements are canonical scalars and coordinates below the modulus in their low bits.
// A command's cycles run from when its turn comes (its reads may have begun during the command before) to its completion.
`default_nettype none
module msm_unit #(
    parameter int unsigned AddrWidth     = 40,
    parameter int unsigned Width         = 254,
    parameter int unsigned ScalarWidth   = 254,
    parameter int unsigned SumsWidth     = 9,
    parameter int unsigned ReaderDepth   = 128
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
    input  wire logic [SumsWidth-1:0]   sums_i,
    output logic                        completion_valid_o,
    input  wire logic                   completion_ready_i,
    output logic [511:0]                completion_o,

    // msm_engine.
    output logic                        engine_rst_no,
    output logic                        start_valid_o,
    input  wire logic                   start_ready_i,
    output logic                        start_first_o,
    output logic                        start_last_o,
    output logic [31:0]                 start_count_o,
    output logic [7:0]                  start_window_bits_o,
    output logic                        scalar_valid_o,
    input  wire logic                   scalar_ready_i,
    output logic [ScalarWidth-1:0]      scalar_o,
    output logic                        base_valid_o,
    input  wire logic                   base_ready_i,
    output logic [Width-1:0]            base_x_o,
    output logic [Width-1:0]            base_y_o,
    input  wire logic                   sum_valid_i,
    output logic                        sum_ready_o,
    input  wire logic [Width-1:0]       sum_x_i,
    input  wire logic [Width-1:0]       sum_y_i,
    input  wire logic [Width-1:0]       sum_z_i,
    input  wire logic                   chunk_done_i,
    input  wire logic                   done_i,
    input  wire logic [63:0]            accumulate_cycles_i,
    input  wire logic [63:0]            aggregate_cycles_i,
    input  wire logic [63:0]            adds_i,

    // Memory: scalars in bit 0, bases in bit 1; sums.
    output logic [1:0]                  arvalid_o,
    input  wire logic [1:0]             arready_i,
    output logic [2*AddrWidth-1:0]      araddr_o,
    output logic [15:0]                 arlen_o,
    input  wire logic [1:0]             rvalid_i,
    output logic [1:0]                  rready_o,
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
  // Elements of a request: 2^32 bases are 2^33 - 2 elements at most.
  localparam int unsigned LengthWidth = 34;

  // Recovery.
  logic       quiet, halt, flush, unit_rst_n, flushed;
  logic [7:0] fault_status;
  logic [1:0] read_error, read_drained;
  logic       write_error, write_drained;
  assign drained_o     = (&read_drained) && write_drained;
  assign unit_rst_n    = rst_ni && engine_rst_n;
  assign engine_rst_no = unit_rst_n;
  logic engine_rst_n;
  fault_controller u_fault (
      .clk_i, .rst_ni, .read_error_i(|read_error), .write_error_i(write_error), .drained_i(drained_o), .flushed_i(flushed),
      .quiet_o(quiet), .halt_o(halt), .engine_rst_no(engine_rst_n), .flush_o(flush), .status_o(fault_status)
  );

  // Accepting: check the sequence, ask for the data, pass the command on.
  logic [7:0]            flags, window_bits;
  logic [31:0]           count;
  logic                  first, last, sequence_ok, accept, entry_ready, read_legal;
  logic                  open_q;
  logic [7:0]            open_window_bits_q;
  logic [1:0]            asked_q, ask_valid, ask_ready;
  assign flags       = descriptor_i[accel_regs_pkg::DescriptorFlagsLsb+:8];
  assign count       = descriptor_i[accel_regs_pkg::DescriptorCountLsb+:32];
  assign window_bits = descriptor_i[accel_regs_pkg::DescriptorArgumentLsb+:8];
  assign first       = flags[accel_regs_pkg::FlagFirstBit];
  assign last        = flags[accel_regs_pkg::FlagLastBit];
  assign sequence_ok = first || (open_q && window_bits == open_window_bits_q);
  assign read_legal  = sequence_ok && count != '0;
  assign ask_valid   = valid_i && quiet && read_legal ? ~asked_q : 2'b00;
  assign accept      = valid_i && quiet && entry_ready && (!read_legal || (asked_q | (ask_valid & ask_ready)) == 2'b11);
  assign ready_o     = accept;
  always_ff @(posedge clk_i) begin
    if (!unit_rst_n) begin
      asked_q <= '0;
      open_q  <= 1'b0;
    end else begin
      if (accept) asked_q <= '0;
      else asked_q <= asked_q | (ask_valid & ask_ready);
      if (accept && sequence_ok) open_q <= !last;
    end
    if (accept && sequence_ok) open_window_bits_q <= window_bits;
  end

  // Commands whose data is on its way.
  localparam int unsigned EntryBits = 1 + 16 + 8 + 8 + 32 + AddrWidth + SumsWidth;
  logic [EntryBits-1:0] entry;
  logic                 entry_valid, entry_pop;
  logic [1:0]           entry_count;
  fifo #(.Width(EntryBits), .Depth(2)) u_entries (
      .clk_i, .rst_ni, .valid_i(accept), .ready_o(entry_ready),
      .data_i({!sequence_ok, descriptor_i[accel_regs_pkg::DescriptorTagLsb+:16], flags, window_bits, count,
               descriptor_i[accel_regs_pkg::DescriptorDestinationLsb+:AddrWidth], sums_i}),
      .valid_o(entry_valid), .ready_i(entry_pop), .data_o(entry), .count_o(entry_count)
  );

  // The command whose turn it is.
  localparam logic [2:0] Idle = 3'd0, Requesting = 3'd1, Starting = 3'd2, Feeding = 3'd3, Finishing = 3'd4, Completing = 3'd5;
  logic [2:0]           state_q;
  logic [7:0]           entry_flags;
  logic                 entry_bad, written_q, write_request_ready, write_done, running;
  logic [15:0]          tag_q;
  logic [7:0]           flags_q, status_q;
  logic [AddrWidth-1:0] destination_q;
  logic [SumsWidth-1:0] sums_q;
  logic [63:0]          start_q, stall_q, finish_q, accumulate_q, aggregate_q, adds_q;
  logic [31:0]          scalar_crc, base_crc, scalar_crc_q, base_crc_q;

  assign entry_bad   = entry[EntryBits-1];
  assign entry_flags = entry[EntryBits-1-1-16-:8];
  assign entry_pop = state_q == Idle && entry_valid && (quiet || flush);
  assign running   = state_q == Requesting || state_q == Starting || state_q == Feeding || state_q == Finishing;
  assign flushed   = !running && !entry_valid;

  assign start_first_o = flags_q[accel_regs_pkg::FlagFirstBit];
  assign start_last_o  = flags_q[accel_regs_pkg::FlagLastBit];
  assign start_valid_o = state_q == Starting;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      state_q <= Idle;
    end else if (flush && running) begin
      state_q <= Completing;
    end else begin
      case (state_q)
        Idle:       if (entry_pop) state_q <= entry_bad || flush ? Completing : entry_flags[accel_regs_pkg::FlagLastBit] ? Requesting : Starting;
        Requesting: if (write_request_ready) state_q <= Starting;
        Starting:   if (start_ready_i) state_q <= Feeding;
        Feeding:    if (chunk_done_i && quiet) state_q <= start_last_o ? Finishing : Completing;
        Finishing:  if (written_q && quiet) state_q <= Completing;
        default:    if (completion_ready_i) state_q <= Idle;
      endcase
    end
    if (entry_pop) begin
      {tag_q, flags_q, start_window_bits_o, start_count_o, destination_q, sums_q} <= entry[EntryBits-2:0];
      start_q      <= cycles_i;
      stall_q      <= '0;
      accumulate_q <= '0;
      aggregate_q  <= '0;
      adds_q       <= '0;
      scalar_crc_q <= '0;
      base_crc_q   <= '0;
      written_q    <= 1'b0;
      status_q     <= entry_bad ? accel_regs_pkg::StatusBadSequence : flush ? fault_status : accel_regs_pkg::StatusOk;
    end else if (flush && running) begin
      status_q <= fault_status;
    end else begin
      if (stall_o) stall_q <= stall_q + 64'd1;
      if (write_done) written_q <= 1'b1;
      if (state_q == Feeding && chunk_done_i) begin
        scalar_crc_q <= scalar_crc;
        base_crc_q   <= base_crc;
      end
      if (state_q == Finishing && done_i) begin
        accumulate_q <= accumulate_cycles_i;
        aggregate_q  <= aggregate_cycles_i;
        adds_q       <= adds_i;
      end
    end
    if (state_q != Completing) finish_q <= cycles_i;
  end
  assign completion_valid_o = state_q == Completing;
  always_comb begin
    completion_o = '0;
    completion_o[accel_regs_pkg::CompletionTagLsb+:16]              = tag_q;
    completion_o[accel_regs_pkg::CompletionStatusLsb+:8]            = status_q;
    completion_o[accel_regs_pkg::CompletionOpcodeLsb+:8]            = accel_regs_pkg::OpcodeMsm;
    completion_o[accel_regs_pkg::CompletionCyclesLsb+:64]           = finish_q - start_q;
    completion_o[accel_regs_pkg::CompletionTimestampLsb+:64]        = finish_q;
    completion_o[accel_regs_pkg::CompletionAccumulateCyclesLsb+:64] = accumulate_q;
    completion_o[accel_regs_pkg::CompletionAggregateCyclesLsb+:64]  = aggregate_q;
    completion_o[accel_regs_pkg::CompletionOperationsLsb+:64]       = adds_q;
    completion_o[accel_regs_pkg::CompletionScalarCrcLsb+:32]        = scalar_crc_q;
    completion_o[accel_regs_pkg::CompletionBaseCrcLsb+:32]          = base_crc_q;
    completion_o[accel_regs_pkg::CompletionStallCyclesLsb+:64]      = stall_q;
  end

  // Scalars and bases.
  logic [255:0] scalar_element;
  logic [511:0] base_beat;
  logic [1:0]   base_halves;
  logic         scalar_last, base_last, data_halt, scalar_take, base_take;
  assign data_halt = halt || halt_i;
  axi_element_reader #(.AddrWidth(AddrWidth), .LengthWidth(LengthWidth), .Depth(ReaderDepth)) u_scalars (
      .clk_i, .rst_ni(unit_rst_n), .halt_i(data_halt), .drained_o(read_drained[0]), .error_o(read_error[0]),
      .request_valid_i(ask_valid[0]), .request_ready_o(ask_ready[0]),
      .request_addr_i(descriptor_i[accel_regs_pkg::DescriptorSource0Lsb+:AddrWidth]), .request_elements_i({2'd0, count}),
      .arvalid_o(arvalid_o[0]), .arready_i(arready_i[0]), .araddr_o(araddr_o[0+:AddrWidth]), .arlen_o(arlen_o[7:0]),
      .rvalid_i(rvalid_i[0]), .rready_o(rready_o[0]), .rdata_i, .rresp_i, .rlast_i,
      .valid_o(scalar_valid_o), .ready_i(scalar_ready_i), .data_o(scalar_element), .last_o(scalar_last)
  );
  axi_reader #(.AddrWidth(AddrWidth), .LengthWidth(LengthWidth), .Depth(ReaderDepth)) u_bases (
      .clk_i, .rst_ni(unit_rst_n), .halt_i(data_halt), .drained_o(read_drained[1]), .error_o(read_error[1]),
      .request_valid_i(ask_valid[1]), .request_ready_o(ask_ready[1]),
      .request_addr_i(descriptor_i[accel_regs_pkg::DescriptorSource1Lsb+:AddrWidth]), .request_elements_i({1'b0, count, 1'b0}),
      .arvalid_o(arvalid_o[1]), .arready_i(arready_i[1]), .araddr_o(araddr_o[AddrWidth+:AddrWidth]), .arlen_o(arlen_o[15:8]),
      .rvalid_i(rvalid_i[1]), .rready_o(rready_o[1]), .rdata_i, .rresp_i, .rlast_i,
      .valid_o(base_valid_o), .ready_i(base_ready_i), .data_o(base_beat), .halves_o(base_halves), .last_o(base_last)
  );
  assign scalar_o    = scalar_element[ScalarWidth-1:0];
  assign base_x_o    = base_beat[Width-1:0];
  assign base_y_o    = base_beat[256+:Width];
  assign scalar_take = scalar_valid_o && scalar_ready_i;
  assign base_take   = base_valid_o && base_ready_i;
  crc32c #(.DataBits(256)) u_scalar_crc (.clk_i, .clear_i(start_valid_o), .add_i(scalar_take), .data_i(scalar_element), .crc_o(scalar_crc));
  crc32c #(.DataBits(512)) u_base_crc (.clk_i, .clear_i(start_valid_o), .add_i(base_take), .data_i(base_beat), .crc_o(base_crc));

  // Sums: X, Y, Z and a zero.
  logic [1:0]   part_q;
  logic [255:0] part;
  logic         part_ready;
  always_comb begin
    case (part_q)
      2'd0:    part = 256'(sum_x_i);
      2'd1:    part = 256'(sum_y_i);
      2'd2:    part = 256'(sum_z_i);
      default: part = '0;
    endcase
  end
  assign sum_ready_o = part_ready && part_q == 2'd3;
  always_ff @(posedge clk_i) begin
    if (!unit_rst_n) part_q <= '0;
    else if (sum_valid_i && part_ready) part_q <= part_q + 2'd1;
  end
  axi_writer #(.AddrWidth(AddrWidth), .LengthWidth(SumsWidth + 2), .Depth(32), .BurstsMax(16)) u_sums (
      .clk_i, .rst_ni(unit_rst_n), .halt_i(data_halt), .drained_o(write_drained), .error_o(write_error), .done_o(write_done),
      .request_valid_i(state_q == Requesting && quiet), .request_ready_o(write_request_ready), .request_addr_i(destination_q),
      .request_elements_i({sums_q, 2'd0}), .valid_i(sum_valid_i), .ready_o(part_ready), .data_i(part),
      .awvalid_o, .awready_i, .awaddr_o, .awlen_o, .wvalid_o, .wready_i, .wdata_o, .wstrb_o, .wlast_o, .bvalid_i, .bready_o, .bresp_i
  );

  assign busy_o  = state_q != Idle || entry_valid || valid_i || !quiet;
  assign stall_o = running && ((scalar_ready_i && !scalar_valid_o) || (base_ready_i && !base_valid_o) || (sum_valid_i && !part_ready));

  logic unused;
  assign unused = &{1'b0, descriptor_i, scalar_last, base_last, base_halves, entry_count, entry_flags, scalar_element, base_beat};
endmodule
`default_nettype wire
