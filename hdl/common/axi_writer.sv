// Writes ranges of 32-byte elements through AXI4, one element a cycle.
//
// A request is an address, a multiple of 32, and a count of elements, at least 1; the elements follow on their own stream, in order.
// Bursts have at most 16 beats and end at 1 KB boundaries, so none crosses 4 KB; strobes leave the other half of an odd beat alone.
// A burst's address leaves only when all its data is here, so the write channel is never kept waiting. done_o pulses when the memory has
// acknowledged the last burst of a request, in the order of the requests; error_o pulses when it answers SLVERR or DECERR, together with
// done_o if that was the last burst. halt_i keeps further bursts from starting; drained_o says that none is outstanding.
// Depth is in beats; BurstsMax bounds the bursts outstanding: to write single elements at one a cycle it must exceed the latency.
`default_nettype none
module axi_writer #(
    parameter int unsigned AddrWidth   = 40,
    parameter int unsigned LengthWidth = 33,
    parameter int unsigned Depth       = 32,
    parameter int unsigned BurstsMax   = 128
) (
    input  wire logic                   clk_i,
    input  wire logic                   rst_ni,
    input  wire logic                   halt_i,
    output logic                        drained_o,
    output logic                        error_o,
    output logic                        done_o,

    input  wire logic                   request_valid_i,
    output logic                        request_ready_o,
    input  wire logic [AddrWidth-1:0]   request_addr_i,
    input  wire logic [LengthWidth-1:0] request_elements_i,
    input  wire logic                   valid_i,
    output logic                        ready_o,
    input  wire logic [255:0]           data_i,

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
  if (Depth < 16) $error("axi_writer: Depth must be at least 16");
  if (AddrWidth < 12) $error("axi_writer: AddrWidth must be at least 12");
  if (BurstsMax < 1) $error("axi_writer: BurstsMax must be at least 1");

  // The request under way: the next element's number and how many remain.
  logic                   active_q, low_valid_q;
  logic [AddrWidth-6:0]   element_q;
  logic [LengthWidth-1:0] remaining_q;
  logic [255:0]           low_q;
  logic [3:0]             burst_beats_q;  // beats of the burst before the one being made, 0 to 15

  logic                   take, last, high, push, burst_ends, beats_ready, bursts_ready;
  logic [AddrWidth-7:0]   burst_beat;

  assign last            = remaining_q == LengthWidth'(1);
  assign high            = element_q[0];
  assign ready_o         = active_q && beats_ready && bursts_ready;
  assign take            = valid_i && ready_o;
  assign push            = take && (high || last);
  assign burst_ends      = last || element_q[4:0] == '1;
  assign burst_beat      = element_q[AddrWidth-6:1] - (AddrWidth - 6)'(burst_beats_q);
  assign request_ready_o = !active_q || (take && last);

  always_ff @(posedge clk_i) begin
    if (!rst_ni) active_q <= 1'b0;
    else if (request_ready_o) active_q <= request_valid_i;
    if (request_ready_o && request_valid_i) begin
      element_q     <= request_addr_i[AddrWidth-1:5];
      remaining_q   <= request_elements_i;
      low_valid_q   <= 1'b0;
      burst_beats_q <= '0;
    end else if (take) begin
      element_q     <= element_q + 1'b1;
      remaining_q   <= remaining_q - 1'b1;
      low_valid_q   <= !high;
      burst_beats_q <= burst_ends ? '0 : burst_beats_q + 4'(push);
    end
    if (take && !high) low_q <= data_i;
  end

  // A beat's upper strobe is high, its lower one low or an element held from before.
  logic       burst_valid, burst_last, pending_ready, aw_take;
  logic       strb_high, strb_low;
  logic [3:0] burst_len;
  logic [AddrWidth-7:0] burst_addr;
  logic [$clog2(Depth+1)-1:0] beats_count, bursts_count;
  fifo #(.Width(512 + 3), .Depth(Depth)) u_beats (
      .clk_i, .rst_ni, .valid_i(push), .ready_o(beats_ready),
      .data_i({burst_ends, high, high ? low_valid_q : 1'b1, high ? {data_i, low_q} : {256'd0, data_i}}),
      .valid_o(wvalid_o), .ready_i(wready_i), .data_o({wlast_o, strb_high, strb_low, wdata_o}), .count_o(beats_count)
  );
  assign wstrb_o = {{32{strb_high}}, {32{strb_low}}};

  fifo #(.Width(AddrWidth - 6 + 4 + 1), .Depth(Depth)) u_bursts (
      .clk_i, .rst_ni, .valid_i(push && burst_ends), .ready_o(bursts_ready), .data_i({last, burst_beats_q, burst_beat}),
      .valid_o(burst_valid), .ready_i(aw_take), .data_o({burst_last, burst_len, burst_addr}), .count_o(bursts_count)
  );

  assign aw_take = burst_valid && pending_ready && !halt_i && (!awvalid_o || awready_i);
  always_ff @(posedge clk_i) begin
    if (!rst_ni) awvalid_o <= 1'b0;
    else if (!awvalid_o || awready_i) awvalid_o <= aw_take;
    if (aw_take) begin
      awaddr_o <= {burst_addr, 6'd0};
      awlen_o  <= {4'd0, burst_len};
    end
  end

  // Bursts that wait for their acknowledgement; each knows whether it ends a request.
  logic pending_valid, pending_last;
  logic [$clog2(BurstsMax+1)-1:0] pending_count;
  fifo #(.Width(1), .Depth(BurstsMax)) u_pending (
      .clk_i, .rst_ni, .valid_i(aw_take), .ready_o(pending_ready), .data_i(burst_last),
      .valid_o(pending_valid), .ready_i(bvalid_i), .data_o(pending_last), .count_o(pending_count)
  );
  assign bready_o  = 1'b1;
  assign drained_o = !pending_valid;
  always_ff @(posedge clk_i) begin
    done_o  <= rst_ni && bvalid_i && pending_last;
    error_o <= rst_ni && bvalid_i && bresp_i[1];
  end

  logic unused;
  assign unused = &{1'b0, request_addr_i[4:0], bresp_i[0], beats_count, bursts_count, pending_count};
endmodule
`default_nettype wire
