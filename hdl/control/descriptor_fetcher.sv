// Fetches descriptors from the ring in device memory, in order, up to Ahead of them before they are taken.
//
// Runs while enable_i is high and tail_i is ahead. head_o counts the descriptors handed on, whose slots may be reused. A ring that is
// misaligned, too large or outside the memory, a tail further ahead than the ring is long, and a read error stop it until reset:
// fault_o pulses with the code in fault_status_o, and faulted_o stays high. Base and size may change only while enable_i is low.
`default_nettype none
module descriptor_fetcher #(
    parameter int unsigned AddrWidth  = 40,
    parameter int unsigned MemoryLog2 = 34,
    parameter int unsigned Ahead      = 4
) (
    input  wire logic                 clk_i,
    input  wire logic                 rst_ni,
    input  wire logic                 halt_i,
    output logic                      drained_o,

    input  wire logic                 enable_i,
    input  wire logic [63:0]          base_i,
    input  wire logic [31:0]          log2_i,
    input  wire logic [31:0]          tail_i,
    output logic [31:0]               head_o,
    output logic                      fault_o,
    output logic [7:0]                fault_status_o,
    output logic                      faulted_o,
    output logic                      busy_o,

    output logic                      valid_o,
    input  wire logic                 ready_i,
    output logic [511:0]              descriptor_o,

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
  localparam int unsigned RingLog2Max = accel_regs_pkg::RingLog2Max;

  logic [31:0] issued_q, ahead, entries;
  logic        wanted, legal, request_valid, request_ready, request, read_error, beat_valid, beat_ready, ring_ok;

  ring_check #(.MemoryLog2(MemoryLog2)) u_ring (.clk_i, .base_i, .log2_i, .ok_o(ring_ok));

  assign entries       = 32'd1 << log2_i[4:0];  // at most 2^16 when ring_ok
  assign ahead         = tail_i - issued_q;
  assign wanted        = enable_i && !faulted_o && ahead != '0 && issued_q - head_o < Ahead;
  assign legal         = ring_ok && ahead <= entries && log2_i <= RingLog2Max;
  assign request_valid = wanted && legal;
  assign request       = request_valid && request_ready;

  logic [AddrWidth-1:0] address;
  assign address = base_i[AddrWidth-1:0] + AddrWidth'({(issued_q & (entries - 32'd1)), 6'd0});

  assign fault_o        = read_error || (wanted && !legal);
  assign fault_status_o = read_error ? accel_regs_pkg::StatusDescriptorFault : accel_regs_pkg::StatusRingFault;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      issued_q  <= '0;
      head_o    <= '0;
      faulted_o <= 1'b0;
    end else begin
      if (request) issued_q <= issued_q + 32'd1;
      if (valid_o && ready_i) head_o <= head_o + 32'd1;
      if (fault_o) faulted_o <= 1'b1;
    end
  end

  // A read error shows in the cycle in which its beat comes up at the earliest.
  assign valid_o    = beat_valid && !read_error && !faulted_o;
  assign beat_ready = ready_i && !read_error && !faulted_o;
  assign busy_o     = issued_q != head_o || wanted;

  logic [1:0] halves;
  logic       last;
  axi_reader #(.AddrWidth(AddrWidth), .LengthWidth(8), .Depth(16)) u_reader (
      .clk_i, .rst_ni, .halt_i, .drained_o, .error_o(read_error),
      .request_valid_i(request_valid), .request_ready_o(request_ready), .request_addr_i(address), .request_elements_i(8'd2),
      .arvalid_o, .arready_i, .araddr_o, .arlen_o, .rvalid_i, .rready_o, .rdata_i, .rresp_i, .rlast_i,
      .valid_o(beat_valid), .ready_i(beat_ready), .data_o(descriptor_o), .halves_o(halves), .last_o(last)
  );
  logic unused;
  assign unused = &{1'b0, halves, last};
endmodule
`default_nettype wire
