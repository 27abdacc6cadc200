// The core's bus as an AXI4-Lite master, one access at a time. A refused access (SLVERR, DECERR) comes back as an error. address_i, write_i and
// data_i are taken with the request; the response pulses one cycle after AXI's.
`default_nettype none
module register_bridge #(
    parameter int unsigned AddressBits = 12
) (
    input  wire logic                   clk_i,
    input  wire logic                   rst_ni,
    input  wire logic                   request_i,
    output logic                        ready_o,
    input  wire logic                   write_i,
    input  wire logic [AddressBits-1:0] address_i,
    input  wire logic [31:0]            data_i,
    input  wire logic [3:0]             strobe_i,
    output logic                        response_valid_o,
    output logic                        response_error_o,
    output logic [31:0]                 response_data_o,

    output logic                        m_axil_awvalid_o,
    input  wire logic                   m_axil_awready_i,
    output logic [AddressBits-1:0]      m_axil_awaddr_o,
    output logic                        m_axil_wvalid_o,
    input  wire logic                   m_axil_wready_i,
    output logic [31:0]                 m_axil_wdata_o,
    output logic [3:0]                  m_axil_wstrb_o,
    input  wire logic                   m_axil_bvalid_i,
    output logic                        m_axil_bready_o,
    input  wire logic [1:0]             m_axil_bresp_i,
    output logic                        m_axil_arvalid_o,
    input  wire logic                   m_axil_arready_i,
    output logic [AddressBits-1:0]      m_axil_araddr_o,
    input  wire logic                   m_axil_rvalid_i,
    output logic                        m_axil_rready_o,
    input  wire logic [31:0]            m_axil_rdata_i,
    input  wire logic [1:0]             m_axil_rresp_i
);
  logic                   busy_q;
  logic [AddressBits-1:0] address_q;

  assign ready_o         = !busy_q;
  assign m_axil_awaddr_o = address_q;
  assign m_axil_araddr_o = address_q;
  assign m_axil_bready_o = 1'b1;
  assign m_axil_rready_o = 1'b1;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      busy_q           <= 1'b0;
      response_valid_o <= 1'b0;
      m_axil_awvalid_o <= 1'b0;
      m_axil_wvalid_o  <= 1'b0;
      m_axil_arvalid_o <= 1'b0;
    end else begin
      response_valid_o <= busy_q && (m_axil_bvalid_i || m_axil_rvalid_i);
      if (request_i && ready_o) begin
        busy_q           <= 1'b1;
        m_axil_awvalid_o <= write_i;
        m_axil_wvalid_o  <= write_i;
        m_axil_arvalid_o <= !write_i;
      end else begin
        if (m_axil_bvalid_i || m_axil_rvalid_i) busy_q <= 1'b0;
        if (m_axil_awready_i) m_axil_awvalid_o <= 1'b0;
        if (m_axil_wready_i) m_axil_wvalid_o <= 1'b0;
        if (m_axil_arready_i) m_axil_arvalid_o <= 1'b0;
      end
    end

    if (request_i && ready_o) begin
      address_q      <= address_i;
      m_axil_wdata_o <= data_i;
      m_axil_wstrb_o <= strobe_i;
    end
    response_error_o <= m_axil_bvalid_i ? m_axil_bresp_i[1] : m_axil_rresp_i[1];
    response_data_o  <= m_axil_rdata_i;
  end

  // EXOKAY does not exist here: bit 1 tells a refusal.
  wire unused = &{1'b0, m_axil_bresp_i[0], m_axil_rresp_i[0]};
endmodule
`default_nettype wire
