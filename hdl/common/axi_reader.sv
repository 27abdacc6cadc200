// Reads ranges of 32-byte elements through AXI4 and hands them on as 64-byte beats, in order.
//
// A request is an address, a multiple of 32, and a count of elements, at least 1. It becomes bursts of at most 16 beats that end at
// 1 KB boundaries, and so never cross 4 KB. Out comes every beat the range touches: halves_o says which of its two elements belong to
// the range, last_o marks the range's last beat. One request, one burst and one beat a cycle, so that a request for one element costs one
// cycle. A burst starts only when the queue has room for all of it (credits), so rready is never withheld.
// halt_i keeps further bursts from starting; drained_o says that none is outstanding. error_o pulses when the memory answers SLVERR or
// DECERR; the beat goes on like any other. Depth is in beats: to stream at one beat a cycle it must exceed the memory's latency.
`default_nettype none
module axi_reader #(
    parameter int unsigned AddrWidth   = 40,
    parameter int unsigned LengthWidth = 33,
    parameter int unsigned Depth       = 128,
    localparam int unsigned ElementBits = 256,
    localparam int unsigned BeatBits    = 512
) (
    input  wire logic                   clk_i,
    input  wire logic                   rst_ni,
    input  wire logic                   halt_i,
    output logic                        drained_o,
    output logic                        error_o,

    input  wire logic                   request_valid_i,
    output logic                        request_ready_o,
    input  wire logic [AddrWidth-1:0]   request_addr_i,
    input  wire logic [LengthWidth-1:0] request_elements_i,

    output logic                        arvalid_o,
    input  wire logic                   arready_i,
    output logic [AddrWidth-1:0]        araddr_o,
    output logic [7:0]                  arlen_o,
    input  wire logic                   rvalid_i,
    output logic                        rready_o,
    input  wire logic [BeatBits-1:0]    rdata_i,
    input  wire logic [1:0]             rresp_i,
    input  wire logic                   rlast_i,

    output logic                        valid_o,
    input  wire logic                   ready_i,
    output logic [BeatBits-1:0]         data_o,
    output logic [1:0]                  halves_o,
    output logic                        last_o
);
  localparam int unsigned BurstBeatsMax = 16;
  localparam int unsigned CountWidth = $clog2(Depth + 1);

  if (Depth < BurstBeatsMax) $error("axi_reader: Depth must be at least 16");
  if (AddrWidth < 12) $error("axi_reader: AddrWidth must be at least 12");
  if (2 * ElementBits != BeatBits) $error("axi_reader: a beat is two elements");

  // The request under way: next beat's number and how many beats remain. One bit more than the request's, for the half beats at both ends.
  logic                   active_q, first_q, skip_low_q, skip_high_q;
  logic [AddrWidth-7:0]   beat_q;
  logic [LengthWidth-1:0] remaining_q;
  logic [LengthWidth:0]   halves_spanned;

  logic                   issue, burst_ends_request, room;
  logic [4:0]             to_boundary, beats;  // 1 to 16
  logic [CountWidth-1:0]  credits_q, outstanding_q;
  logic                   pop, received;

  // At most 2^LengthWidth elements from a second half on: one more half than elements.
  assign halves_spanned     = {1'b0, request_elements_i} + (LengthWidth + 1)'(request_addr_i[5]);
  assign to_boundary        = 5'(BurstBeatsMax) - {1'b0, beat_q[3:0]};
  assign burst_ends_request = remaining_q <= LengthWidth'(to_boundary);
  assign beats              = burst_ends_request ? remaining_q[4:0] : to_boundary;
  assign room               = credits_q >= CountWidth'(beats);
  assign issue              = active_q && room && !halt_i && (!arvalid_o || arready_i);
  assign request_ready_o    = !active_q || (issue && burst_ends_request);

  always_ff @(posedge clk_i) begin
    if (!rst_ni) active_q <= 1'b0;
    else if (request_ready_o) active_q <= request_valid_i;
    if (request_ready_o && request_valid_i) begin
      beat_q      <= request_addr_i[AddrWidth-1:6];
      remaining_q <= LengthWidth'(halves_spanned[LengthWidth:1]) + LengthWidth'(halves_spanned[0]);
      skip_low_q  <= request_addr_i[5];
      skip_high_q <= halves_spanned[0];
      first_q     <= 1'b1;
    end else if (issue) begin
      beat_q      <= beat_q + (AddrWidth - 6)'(beats);
      remaining_q <= remaining_q - LengthWidth'(beats);
      first_q     <= 1'b0;
    end
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni) arvalid_o <= 1'b0;
    else if (!arvalid_o || arready_i) arvalid_o <= issue;
    if (issue) begin
      araddr_o <= {beat_q, 6'd0};
      arlen_o  <= {3'd0, beats} - 8'd1;
    end
  end

  // Credits: beats that the queue can still take. Outstanding: beats asked for and not yet received.
  assign rready_o  = 1'b1;
  assign received  = rvalid_i;
  assign pop       = valid_o && ready_i;
  assign drained_o = outstanding_q == '0;
  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      credits_q     <= CountWidth'(Depth);
      outstanding_q <= '0;
      error_o       <= 1'b0;
    end else begin
      if (issue || pop) credits_q <= credits_q - (issue ? CountWidth'(beats) : '0) + CountWidth'(pop);
      if (issue || received) outstanding_q <= outstanding_q + (issue ? CountWidth'(beats) : '0) - CountWidth'(received);
      error_o <= received && rresp_i[1];
    end
  end

  // What each burst needs to know of its request; as many bursts as beats can be outstanding.
  logic burst_ready, burst_valid, skip_low, skip_high, ends_request, started_q;
  logic [CountWidth-1:0] burst_count, beat_count;
  fifo #(.Width(3), .Depth(Depth)) u_bursts (
      .clk_i, .rst_ni, .valid_i(issue), .ready_o(burst_ready),
      .data_i({first_q && skip_low_q, burst_ends_request && skip_high_q, burst_ends_request}),
      .valid_o(burst_valid), .ready_i(received && rlast_i), .data_o({skip_low, skip_high, ends_request}), .count_o(burst_count)
  );
  always_ff @(posedge clk_i) begin
    if (!rst_ni) started_q <= 1'b0;
    else if (received) started_q <= !rlast_i;
  end

  logic beat_ready;
  fifo #(.Width(BeatBits + 3), .Depth(Depth)) u_beats (
      .clk_i, .rst_ni, .valid_i(received), .ready_o(beat_ready),
      .data_i({ends_request && rlast_i, !(skip_high && rlast_i), !(skip_low && !started_q), rdata_i}),
      .valid_o, .ready_i, .data_o({last_o, halves_o, data_o}), .count_o(beat_count)
  );

  logic unused;
  assign unused = &{1'b0, rresp_i[0], request_addr_i[4:0], burst_ready, burst_valid, burst_count, beat_ready, beat_count};

`ifdef FORMAL
  // Proved by scripts/formal.mjs: every beat asked for has its place in the queue, so none is refused when it comes; an address that
  // the memory has not taken does not change.
  logic                 f_past_q = 1'b0;
  logic                 f_refused_q;
  logic [AddrWidth-1:0] f_addr_q;
  logic [7:0]           f_len_q;

  always_ff @(posedge clk_i) begin
    f_past_q    <= 1'b1;
    f_refused_q <= rst_ni && arvalid_o && !arready_i;
    f_addr_q    <= araddr_o;
    f_len_q     <= arlen_o;
  end

  always_comb begin
    if (!f_past_q) assume (!rst_ni);
    if (request_valid_i) assume (request_elements_i != 0);
    if (received) assume (outstanding_q != '0);
    if (f_past_q) begin
      assert (32'(credits_q) + 32'(outstanding_q) + 32'(beat_count) == Depth);
      assert (!active_q || remaining_q != 0);
      if (received) assert (beat_ready);
      if (f_refused_q) assert (arvalid_o && araddr_o == f_addr_q && arlen_o == f_len_q);
      if (arvalid_o) assert (arlen_o < 8'(BurstBeatsMax) && araddr_o[9:6] + arlen_o[3:0] >= araddr_o[9:6]);
    end
  end
`endif
endmodule
`default_nettype wire
