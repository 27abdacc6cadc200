// Writes completions to their ring in device memory: sources take turns, each entry gets its sequence number, and tail_o counts it when
// the memory has acknowledged it. One entry at a time. A source has reserved a slot, so the ring has room (command_processor).
//
// error_valid_o pulses for each accepted entry whose status is not 0. A refused write is a fault: fault_o pulses, nothing more is
// written until reset. The entry's CYCLES and TIMESTAMP come from its source, which must hold it still while valid.
`default_nettype none
module completion_writer #(
    parameter int unsigned AddrWidth = 40,
    parameter int unsigned Sources   = 4
) (
    input  wire logic                   clk_i,
    input  wire logic                   rst_ni,
    input  wire logic                   halt_i,
    output logic                        drained_o,
    output logic                        busy_o,
    input  wire logic [AddrWidth-1:0]   base_i,
    input  wire logic [4:0]             log2_i,
    output logic [31:0]                 tail_o,

    input  wire logic [Sources-1:0]     valid_i,
    output logic [Sources-1:0]          ready_o,
    input  wire logic [Sources*512-1:0] completion_i,

    output logic                        error_valid_o,
    output logic                        fault_o,
    output logic [15:0]                 tag_o,        // of the entry that error_valid_o or fault_o is about
    output logic [7:0]                  status_o,
    output logic [7:0]                  opcode_o,

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
  localparam int unsigned IndexWidth = Sources > 1 ? $clog2(Sources) : 1;
  localparam logic [2:0] Idle = 3'd0, Requesting = 3'd1, Low = 3'd2, High = 3'd3, Acknowledging = 3'd4, Faulted = 3'd5;

  logic [2:0]            state_q;
  logic [511:0]          entry_q;
  logic                  any, take;
  logic [Sources-1:0]    grant;
  logic [IndexWidth-1:0] index;
  round_robin_arbiter #(.Requests(Sources)) u_arbiter (
      .clk_i, .rst_ni, .request_i(valid_i), .advance_i(take), .valid_o(any), .grant_o(grant), .index_o(index)
  );
  assign take    = state_q == Idle && any;
  assign ready_o = state_q == Idle ? grant : '0;
  assign busy_o  = state_q != Idle && state_q != Faulted;

  logic [AddrWidth-1:0] address;
  logic                 request_ready, data_ready, done, error;
  assign address = base_i + AddrWidth'({(tail_o & ((32'd1 << log2_i) - 32'd1)), 6'd0});

  axi_writer #(.AddrWidth(AddrWidth), .LengthWidth(2), .Depth(16), .BurstsMax(2)) u_writer (
      .clk_i, .rst_ni, .halt_i, .drained_o, .error_o(error), .done_o(done),
      .request_valid_i(state_q == Requesting), .request_ready_o(request_ready), .request_addr_i(address), .request_elements_i(2'd2),
      .valid_i(state_q == Low || state_q == High), .ready_o(data_ready), .data_i(state_q == High ? entry_q[511:256] : entry_q[255:0]),
      .awvalid_o, .awready_i, .awaddr_o, .awlen_o, .wvalid_o, .wready_i, .wdata_o, .wstrb_o, .wlast_o, .bvalid_i, .bready_o, .bresp_i
  );

  assign tag_o         = entry_q[accel_regs_pkg::CompletionTagLsb+:16];
  assign opcode_o      = entry_q[accel_regs_pkg::CompletionOpcodeLsb+:8];
  assign error_valid_o = state_q == Requesting && request_ready && entry_q[accel_regs_pkg::CompletionStatusLsb+:8] != accel_regs_pkg::StatusOk;
  assign fault_o       = state_q == Acknowledging && done && error;
  assign status_o      = fault_o ? accel_regs_pkg::StatusCompletionFault : entry_q[accel_regs_pkg::CompletionStatusLsb+:8];

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      state_q <= Idle;
      tail_o  <= '0;
    end else begin
      case (state_q)
        Idle:       if (any) state_q <= Requesting;
        Requesting: if (request_ready) state_q <= Low;
        Low:        if (data_ready) state_q <= High;
        High:       if (data_ready) state_q <= Acknowledging;
        Acknowledging:
          if (done) begin
            state_q <= error ? Faulted : Idle;
            if (!error) tail_o <= tail_o + 32'd1;
          end
        default: ;
      endcase
    end
    if (take) begin
      entry_q <= completion_i[32'(index)*512+:512];
      entry_q[accel_regs_pkg::CompletionSequenceLsb+:32] <= tail_o;
    end
  end
endmodule
`default_nettype wire
