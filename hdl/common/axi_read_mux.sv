// Clients AXI4 read masters in front of one: addresses take turns, the client's index in the upper bits of the ID brings the data back.
//
// One address and one beat a cycle; a register on the address and one on the data. A client that does not take its data blocks the
// others, so each client owns space for all it asks for. Client i's ID is arid_i[i*IdWidth +: IdWidth], and likewise the other fields.
`default_nettype none
module axi_read_mux #(
    parameter int unsigned Clients   = 4,
    parameter int unsigned IdWidth   = 4,
    parameter int unsigned AddrWidth = 40,
    parameter int unsigned BeatBits  = 512,
    localparam int unsigned IndexWidth = Clients > 1 ? $clog2(Clients) : 1
) (
    input  wire logic                          clk_i,
    input  wire logic                          rst_ni,

    input  wire logic [Clients-1:0]            arvalid_i,
    output logic [Clients-1:0]                 arready_o,
    input  wire logic [Clients*IdWidth-1:0]    arid_i,
    input  wire logic [Clients*AddrWidth-1:0]  araddr_i,
    input  wire logic [Clients*8-1:0]          arlen_i,
    output logic [Clients-1:0]                 rvalid_o,
    input  wire logic [Clients-1:0]            rready_i,
    output logic [IdWidth-1:0]                 rid_o,    // these go to every client; rvalid_o says whose they are
    output logic [BeatBits-1:0]                rdata_o,
    output logic [1:0]                         rresp_o,
    output logic                               rlast_o,

    output logic                               m_arvalid_o,
    input  wire logic                          m_arready_i,
    output logic [IndexWidth+IdWidth-1:0]      m_arid_o,
    output logic [AddrWidth-1:0]               m_araddr_o,
    output logic [7:0]                         m_arlen_o,
    input  wire logic                          m_rvalid_i,
    output logic                               m_rready_o,
    input  wire logic [IndexWidth+IdWidth-1:0] m_rid_i,
    input  wire logic [BeatBits-1:0]           m_rdata_i,
    input  wire logic [1:0]                    m_rresp_i,
    input  wire logic                          m_rlast_i
);
  logic                  any, take;
  logic [Clients-1:0]    grant;
  logic [IndexWidth-1:0] index;

  round_robin_arbiter #(.Requests(Clients)) u_arbiter (
      .clk_i, .rst_ni, .request_i(arvalid_i), .advance_i(take), .valid_o(any), .grant_o(grant), .index_o(index)
  );

  assign take      = !m_arvalid_o || m_arready_i;
  assign arready_o = take ? grant : '0;
  always_ff @(posedge clk_i) begin
    if (!rst_ni) m_arvalid_o <= 1'b0;
    else if (take) m_arvalid_o <= any;
    if (take && any) begin
      m_arid_o   <= {index, arid_i[32'(index)*IdWidth+:IdWidth]};
      m_araddr_o <= araddr_i[32'(index)*AddrWidth+:AddrWidth];
      m_arlen_o  <= arlen_i[32'(index)*8+:8];
    end
  end

  logic                  r_valid_q;
  logic [IndexWidth-1:0] r_client_q;
  always_comb begin
    rvalid_o = '0;
    for (int unsigned i = 0; i < Clients; i++) rvalid_o[i] = r_valid_q && 32'(r_client_q) == i;
  end
  assign m_rready_o = !r_valid_q || (rvalid_o & rready_i) != '0;
  always_ff @(posedge clk_i) begin
    if (!rst_ni) r_valid_q <= 1'b0;
    else if (m_rready_o) r_valid_q <= m_rvalid_i;
    if (m_rready_o && m_rvalid_i) begin
      {r_client_q, rid_o} <= m_rid_i;
      rdata_o             <= m_rdata_i;
      rresp_o             <= m_rresp_i;
      rlast_o             <= m_rlast_i;
    end
  end
endmodule
`default_nettype wire
