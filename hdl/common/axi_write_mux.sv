// Clients AXI4 write masters in front of one: addresses take turns, data follows in the order of the addresses, the client's index in the
// upper bits of the ID brings the response back.
//
// One address, one beat and one response a cycle; a register on the address and one on the data. Data never leaves before its address. A
// client that keeps its data waiting blocks the others, so each has its burst ready when it asks. bready_i must be high whenever a
// client has a burst outstanding, or it blocks the others' responses. At most BurstsMax bursts have an address but not yet all data.
`default_nettype none
module axi_write_mux #(
    parameter int unsigned Clients   = 4,
    parameter int unsigned IdWidth   = 4,
    parameter int unsigned AddrWidth = 40,
    parameter int unsigned BeatBits  = 512,
    parameter int unsigned BurstsMax = 16,
    localparam int unsigned IndexWidth = Clients > 1 ? $clog2(Clients) : 1
) (
    input  wire logic                            clk_i,
    input  wire logic                            rst_ni,

    input  wire logic [Clients-1:0]              awvalid_i,
    output logic [Clients-1:0]                   awready_o,
    input  wire logic [Clients*IdWidth-1:0]      awid_i,
    input  wire logic [Clients*AddrWidth-1:0]    awaddr_i,
    input  wire logic [Clients*8-1:0]            awlen_i,
    input  wire logic [Clients-1:0]              wvalid_i,
    output logic [Clients-1:0]                   wready_o,
    input  wire logic [Clients*BeatBits-1:0]     wdata_i,
    input  wire logic [Clients*(BeatBits/8)-1:0] wstrb_i,
    input  wire logic [Clients-1:0]              wlast_i,
    output logic [Clients-1:0]                   bvalid_o,
    input  wire logic [Clients-1:0]              bready_i,
    output logic [IdWidth-1:0]                   bid_o,
    output logic [1:0]                           bresp_o,

    output logic                                 m_awvalid_o,
    input  wire logic                            m_awready_i,
    output logic [IndexWidth+IdWidth-1:0]        m_awid_o,
    output logic [AddrWidth-1:0]                 m_awaddr_o,
    output logic [7:0]                           m_awlen_o,
    output logic                                 m_wvalid_o,
    input  wire logic                            m_wready_i,
    output logic [BeatBits-1:0]                  m_wdata_o,
    output logic [BeatBits/8-1:0]                m_wstrb_o,
    output logic                                 m_wlast_o,
    input  wire logic                            m_bvalid_i,
    output logic                                 m_bready_o,
    input  wire logic [IndexWidth+IdWidth-1:0]   m_bid_i,
    input  wire logic [1:0]                      m_bresp_i
);
  if (BurstsMax < 2) $error("axi_write_mux: BurstsMax must be at least 2");
  localparam int unsigned StrbBits = BeatBits / 8;
  localparam int unsigned CountWidth = $clog2(BurstsMax + 1);

  logic                  any, take, order_ready, order_valid, order_pop;
  logic [Clients-1:0]    grant;
  logic [IndexWidth-1:0] index, head;
  logic [CountWidth-1:0] order_count;

  round_robin_arbiter #(.Requests(Clients)) u_arbiter (
      .clk_i, .rst_ni, .request_i(awvalid_i), .advance_i(take), .valid_o(any), .grant_o(grant), .index_o(index)
  );

  // One slot of the order stays free for the address in the register.
  assign take      = (!m_awvalid_o || m_awready_i) && order_count <= CountWidth'(BurstsMax - 2);
  assign awready_o = take ? grant : '0;
  always_ff @(posedge clk_i) begin
    if (!rst_ni) m_awvalid_o <= 1'b0;
    else if (take) m_awvalid_o <= any;
    else if (m_awready_i) m_awvalid_o <= 1'b0;
    if (take && any) begin
      m_awid_o   <= {index, awid_i[32'(index)*IdWidth+:IdWidth]};
      m_awaddr_o <= awaddr_i[32'(index)*AddrWidth+:AddrWidth];
      m_awlen_o  <= awlen_i[32'(index)*8+:8];
    end
  end

  // Whose data comes next: pushed when the address has left.
  fifo #(.Width(IndexWidth), .Depth(BurstsMax)) u_order (
      .clk_i, .rst_ni, .valid_i(m_awvalid_o && m_awready_i), .ready_o(order_ready), .data_i(m_awid_o[IdWidth+:IndexWidth]),
      .valid_o(order_valid), .ready_i(order_pop), .data_o(head), .count_o(order_count)
  );

  logic w_take, w_valid, w_last;
  assign w_take    = !m_wvalid_o || m_wready_i;
  assign w_valid   = order_valid && wvalid_i[head];
  assign w_last    = wlast_i[head];
  assign order_pop = w_take && w_valid && w_last;
  always_comb begin
    wready_o = '0;
    for (int unsigned i = 0; i < Clients; i++) wready_o[i] = w_take && order_valid && 32'(head) == i;
  end
  always_ff @(posedge clk_i) begin
    if (!rst_ni) m_wvalid_o <= 1'b0;
    else if (w_take) m_wvalid_o <= w_valid;
    if (w_take && w_valid) begin
      m_wdata_o <= wdata_i[32'(head)*BeatBits+:BeatBits];
      m_wstrb_o <= wstrb_i[32'(head)*StrbBits+:StrbBits];
      m_wlast_o <= w_last;
    end
  end

  always_comb begin
    bvalid_o = '0;
    for (int unsigned i = 0; i < Clients; i++) bvalid_o[i] = m_bvalid_i && 32'(m_bid_i[IdWidth+:IndexWidth]) == i;
  end
  assign m_bready_o = (bvalid_o & bready_i) != '0;
  assign bid_o      = m_bid_i[IdWidth-1:0];
  assign bresp_o    = m_bresp_i;

  logic unused;
  assign unused = &{1'b0, order_ready};
endmodule
`default_nettype wire
