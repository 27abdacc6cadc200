// Takes descriptors from the ring one after the other, checks each completely, waits for its FENCE and for a free slot in the completion
// ring, and hands it to its engine. A malformed one, and a NOP, gets its completion at once and touches nothing else.
//
// A command counts as outstanding from here until its completion is in memory (completed_i). A slot is reserved when a command is handed on,
// so the ring is never overrun: completions ever reserved - completion_head_i <= entries. A completion head ahead of what was completed
// is a ring fault, like a bad ring (descriptor_fetcher). enable_i low stops fetching; what was fetched is still done.
// Some 12 cycles a command when its descriptor is here. The command and its sums_o are stable while valid.
`default_nettype none
module command_processor #(
    parameter int unsigned AddrWidth        = 40,
    parameter int unsigned MemoryLog2       = 34,
    parameter bit          MsmEnable        = 1'b1,
    parameter bit          NttEnable        = 1'b1,
    parameter int unsigned ScalarWidth      = 254,
    parameter logic [ScalarWidth-1:0] ScalarModulus = '1,
    parameter int unsigned MsmCellsLog2     = 17,
    parameter int unsigned MsmWindowBitsMax = 13,
    parameter int unsigned NttLog2Max       = 28,
    parameter int unsigned NttTileLog2Max   = 12,
    localparam int unsigned SumsWidth = $clog2(ScalarWidth + MsmWindowBitsMax + 1)
) (
    input  wire logic                 clk_i,
    input  wire logic                 rst_ni,
    input  wire logic                 halt_i,
    output logic                      drained_o,
    output logic                      busy_o,

    input  wire logic                 enable_i,
    input  wire logic [63:0]          queue_base_i,
    input  wire logic [31:0]          queue_log2_i,
    input  wire logic [31:0]          queue_tail_i,
    output logic [31:0]               queue_head_o,
    input  wire logic [63:0]          completion_base_i,
    input  wire logic [31:0]          completion_log2_i,
    input  wire logic [31:0]          completion_head_i,
    input  wire logic [31:0]          completed_i,          // completions in memory
    input  wire logic [31:0]          ntt_tile_log2_i,
    input  wire logic [63:0]          cycles_i,
    output logic                      fault_o,              // one cycle
    output logic [7:0]                fault_status_o,
    output logic                      faulted_o,            // until reset

    // One valid per engine; descriptor and sums go to all.
    output logic                      msm_valid_o,
    input  wire logic                 msm_ready_i,
    output logic                      ntt_valid_o,
    input  wire logic                 ntt_ready_i,
    output logic                      pointwise_valid_o,
    input  wire logic                 pointwise_ready_i,
    output logic [511:0]              descriptor_o,
    output logic [SumsWidth-1:0]      sums_o,

    output logic                      completion_valid_o,
    input  wire logic                 completion_ready_i,
    output logic [511:0]              completion_o,

    output logic                      arvalid_o,
    input  wire logic                 arready_i,
    output logic [AddrWidth-1:0]      araddr_o,
    output logic [7:0]                arlen_o,
    input  wire logic                 rvalid_i,
    output logic                      rready_o,
    input  wire logic [511:0]         rdata_i,
    input  wire logic [1:0]           rresp_i,
    input  wire logic                 rlast_i
);
  localparam logic [2:0] Waiting = 3'd0, Starting = 3'd1, Checking = 3'd2, Holding = 3'd3, Dispatching = 3'd4;

  logic         fetched_valid, fetched_ready, fetch_busy, fetch_fault, fetch_faulted;
  logic [7:0]   fetch_fault_status;
  logic [511:0] fetched;
  descriptor_fetcher #(.AddrWidth(AddrWidth), .MemoryLog2(MemoryLog2)) u_fetcher (
      .clk_i, .rst_ni, .halt_i, .drained_o, .enable_i(enable_i && !faulted_o), .base_i(queue_base_i), .log2_i(queue_log2_i), .tail_i(queue_tail_i),
      .head_o(queue_head_o), .fault_o(fetch_fault), .fault_status_o(fetch_fault_status), .faulted_o(fetch_faulted), .busy_o(fetch_busy),
      .valid_o(fetched_valid), .ready_i(fetched_ready), .descriptor_o(fetched),
      .arvalid_o, .arready_i, .araddr_o, .arlen_o, .rvalid_i, .rready_o, .rdata_i, .rresp_i, .rlast_i
  );

  logic [2:0]  state_q;
  logic [7:0]  status_q, check_status;
  logic        check_done, completion_ring_ok;
  logic [63:0] start_q;
  assign fetched_ready = state_q == Waiting && !faulted_o;

  descriptor_checker #(
      .MsmEnable(MsmEnable), .NttEnable(NttEnable), .MemoryLog2(MemoryLog2), .ScalarWidth(ScalarWidth), .ScalarModulus(ScalarModulus),
      .MsmCellsLog2(MsmCellsLog2), .MsmWindowBitsMax(MsmWindowBitsMax), .NttLog2Max(NttLog2Max), .NttTileLog2Max(NttTileLog2Max)
  ) u_checker (
      .clk_i, .rst_ni, .start_i(state_q == Starting), .descriptor_i(descriptor_o), .ntt_tile_log2_i,
      .done_o(check_done), .status_o(check_status), .sums_o
  );
  ring_check #(.MemoryLog2(MemoryLog2)) u_completion_ring (
      .clk_i, .base_i(completion_base_i), .log2_i(completion_log2_i), .ok_o(completion_ring_ok)
  );

  // Slots of the completion ring.
  logic [31:0] reserved_q, entries, unconsumed;
  logic        room, fence, fence_over, ring_bad, dispatched, to_engine;
  assign entries    = 32'd1 << completion_log2_i[4:0];
  assign unconsumed = reserved_q - completion_head_i;
  assign room       = unconsumed < entries;
  assign ring_bad   = state_q == Holding && (!completion_ring_ok || unconsumed > entries || completed_i - completion_head_i > entries);
  assign fence      = descriptor_o[accel_regs_pkg::DescriptorFlagsLsb+accel_regs_pkg::FlagFenceBit];
  assign fence_over = !fence || reserved_q == completed_i;

  // Where the command goes.
  logic [7:0] opcode;
  assign opcode             = descriptor_o[accel_regs_pkg::DescriptorOpcodeLsb+:8];
  assign to_engine          = status_q == accel_regs_pkg::StatusOk && opcode != accel_regs_pkg::OpcodeNop;
  assign msm_valid_o        = state_q == Dispatching && to_engine && opcode == accel_regs_pkg::OpcodeMsm;
  assign ntt_valid_o        = state_q == Dispatching && to_engine && opcode == accel_regs_pkg::OpcodeNtt;
  assign pointwise_valid_o  = state_q == Dispatching && to_engine && opcode == accel_regs_pkg::OpcodePointwise;
  assign completion_valid_o = state_q == Dispatching && !to_engine;
  assign dispatched         = (msm_valid_o && msm_ready_i) || (ntt_valid_o && ntt_ready_i) || (pointwise_valid_o && pointwise_ready_i) ||
                              (completion_valid_o && completion_ready_i);

  assign fault_o        = fetch_fault || ring_bad;
  assign fault_status_o = fetch_fault ? fetch_fault_status : accel_regs_pkg::StatusRingFault;
  assign busy_o         = fetch_busy || state_q != Waiting;

  logic ring_faulted_q;
  assign faulted_o = fetch_faulted || ring_faulted_q;
  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      state_q        <= Waiting;
      reserved_q     <= '0;
      ring_faulted_q <= 1'b0;
    end else begin
      if (ring_bad) ring_faulted_q <= 1'b1;
      case (state_q)
        Waiting:  if (fetched_valid && fetched_ready) state_q <= Starting;
        Starting: state_q <= Checking;
        Checking: if (check_done) state_q <= Holding;
        Holding:
          if (ring_bad) state_q <= Waiting;
          else if (room && (fence_over || status_q != accel_regs_pkg::StatusOk)) begin
            state_q    <= Dispatching;
            reserved_q <= reserved_q + 32'd1;
          end
        default:  if (dispatched) state_q <= Waiting;
      endcase
    end
    if (fetched_valid && fetched_ready) begin
      descriptor_o <= fetched;
      start_q      <= cycles_i;
    end
    if (check_done) status_q <= check_status;
  end

  always_comb begin
    completion_o = '0;
    completion_o[accel_regs_pkg::CompletionTagLsb+:16]       = descriptor_o[accel_regs_pkg::DescriptorTagLsb+:16];
    completion_o[accel_regs_pkg::CompletionStatusLsb+:8]     = status_q;
    completion_o[accel_regs_pkg::CompletionOpcodeLsb+:8]     = opcode;
    completion_o[accel_regs_pkg::CompletionCyclesLsb+:64]    = cycles_i - start_q;
    completion_o[accel_regs_pkg::CompletionTimestampLsb+:64] = cycles_i;
  end
endmodule
`default_nettype wire
