// The card's end of the link with its pins: a UART or a USB FIFO on one side, accel_core's s_axil_*, s_axi_* and reset on the other, two clocks.
//
// link_clk_i is the pins' clock: the FIFO chip's own, or any clock that is ClocksPerBit times the UART's bits a second. core_clk_i is accel_core's.
// They need not know each other. What crosses between them is the stream, in two asynchronous FIFOs; the endpoint stands in the core's clock.
// That is a hundred flops and 16 words each way, where five AXI channels of 512 bits would cross on the other side of the endpoint; and the
// endpoint, which must copy payloads between frames and memory while others come in, gets the faster of the two clocks.
//
// Front chooses the pins (link_pkg::Front...); those of the other fronts are ignored, and rest. The FIFO's data is 8 bits wide for an FT245.
// rst_ni resets everything, at any time and for any length; either clock may stand still meanwhile. It ends when both clocks have run.
// active_o is high while something would change without another bit on the pins: the clock may stop 64 of its cycles after it has gone.
`default_nettype none
module link_top #(
    parameter int unsigned Front           = link_pkg::FrontUart,
    parameter int unsigned ClocksPerBit    = 8,
    parameter int unsigned BurstMax        = 512,
    parameter int unsigned PayloadBytesMax = 1032,
    parameter int unsigned WindowLog2      = 3,
    parameter int unsigned AnswersLog2     = 2,
    parameter int unsigned AddrWidth       = 40,
    parameter int unsigned CoreResetCycles = 16,
    parameter int unsigned WatchPollCycles = 32
) (
    input  wire logic                 rst_ni,

    input  wire logic                 link_clk_i,
    input  wire logic                 uart_rx_i,
    output logic                      uart_tx_o,
    input  wire logic                 fifo_rxf_n_i,
    input  wire logic                 fifo_txe_n_i,
    input  wire logic [31:0]          fifo_data_i,
    input  wire logic [3:0]           fifo_be_i,
    output logic [31:0]               fifo_data_o,
    output logic [3:0]                fifo_be_o,
    output logic                      fifo_data_oe_o,
    output logic                      fifo_oe_n_o,
    output logic                      fifo_rd_n_o,
    output logic                      fifo_wr_n_o,

    input  wire logic                 core_clk_i,
    output logic                      core_rst_no,
    output logic                      active_o,

    output logic                      m_axil_awvalid_o,
    input  wire logic                 m_axil_awready_i,
    output logic [11:0]               m_axil_awaddr_o,
    output logic                      m_axil_wvalid_o,
    input  wire logic                 m_axil_wready_i,
    output logic [31:0]               m_axil_wdata_o,
    output logic [3:0]                m_axil_wstrb_o,
    input  wire logic                 m_axil_bvalid_i,
    output logic                      m_axil_bready_o,
    input  wire logic [1:0]           m_axil_bresp_i,
    output logic                      m_axil_arvalid_o,
    input  wire logic                 m_axil_arready_i,
    output logic [11:0]               m_axil_araddr_o,
    input  wire logic                 m_axil_rvalid_i,
    output logic                      m_axil_rready_o,
    input  wire logic [31:0]          m_axil_rdata_i,
    input  wire logic [1:0]           m_axil_rresp_i,

    output logic                      m_axi_awvalid_o,
    input  wire logic                 m_axi_awready_i,
    output logic [AddrWidth-1:0]      m_axi_awaddr_o,
    output logic [7:0]                m_axi_awlen_o,
    output logic                      m_axi_wvalid_o,
    input  wire logic                 m_axi_wready_i,
    output logic [511:0]              m_axi_wdata_o,
    output logic [63:0]               m_axi_wstrb_o,
    output logic                      m_axi_wlast_o,
    input  wire logic                 m_axi_bvalid_i,
    output logic                      m_axi_bready_o,
    input  wire logic [1:0]           m_axi_bresp_i,
    output logic                      m_axi_arvalid_o,
    input  wire logic                 m_axi_arready_i,
    output logic [AddrWidth-1:0]      m_axi_araddr_o,
    output logic [7:0]                m_axi_arlen_o,
    input  wire logic                 m_axi_rvalid_i,
    output logic                      m_axi_rready_o,
    input  wire logic [511:0]         m_axi_rdata_i,
    input  wire logic [1:0]           m_axi_rresp_i,
    input  wire logic                 m_axi_rlast_i
);
  if (Front > link_pkg::FrontFt601) $error("link_top: Front must be link_pkg::FrontUart, FrontFt245 or FrontFt601");

  // ---- Reset ------------------------------------------------------------------------------------------------------------------------
  // Each side is in reset for edges of its own clock before the other one begins: the FIFOs' condition.
  logic core_ready, link_rst_n, endpoint_rst_n;
  reset_synchroniser u_core_ready (.clk_i(core_clk_i), .rst_ni, .release_i(1'b1), .rst_no(core_ready));
  reset_synchroniser u_link_reset (.clk_i(link_clk_i), .rst_ni, .release_i(core_ready), .rst_no(link_rst_n));
  reset_synchroniser u_core_reset (.clk_i(core_clk_i), .rst_ni, .release_i(link_rst_n), .rst_no(endpoint_rst_n));

  // ---- Pins, in the link's clock ----------------------------------------------------------------------------------------------------
  localparam int unsigned Bytes = Front == link_pkg::FrontFt601 ? 4 : 1;  // that the pins carry at once
  logic               in_valid, in_ready, out_valid, out_ready, sent_valid, sent_ready;
  logic [8*Bytes-1:0] in_data, sent_data;
  logic [Bytes-1:0]   in_be;
  logic [31:0]        out_word;

  if (Front == link_pkg::FrontUart) begin : g_uart
    // A byte every 40 cycles at most finds its place in the crossing; in the core's reset it may be lost, as any byte on a line.
    uart_receiver #(.ClocksPerBit(ClocksPerBit)) u_receiver (
        .clk_i(link_clk_i), .rst_ni(link_rst_n), .line_i(uart_rx_i), .valid_o(in_valid), .byte_o(in_data)
    );
    uart_transmitter #(.ClocksPerBit(ClocksPerBit)) u_transmitter (
        .clk_i(link_clk_i), .rst_ni(link_rst_n), .valid_i(sent_valid), .ready_o(sent_ready), .byte_i(sent_data), .line_o(uart_tx_o)
    );
    assign in_be          = 1'b1;
    assign fifo_data_o    = '0;
    assign fifo_be_o      = '0;
    assign fifo_data_oe_o = 1'b0;
    assign fifo_oe_n_o    = 1'b1;
    assign fifo_rd_n_o    = 1'b1;
    assign fifo_wr_n_o    = 1'b1;
    logic unused;
    assign unused = &{1'b0, in_ready, fifo_rxf_n_i, fifo_txe_n_i, fifo_data_i, fifo_be_i};
  end else begin : g_fifo
    logic [8*Bytes-1:0] data;
    logic [Bytes-1:0]   be;
    fifo_bridge #(.Bytes(Bytes), .BurstMax(BurstMax)) u_bridge (
        .clk_i(link_clk_i), .rst_ni(link_rst_n), .rxf_n_i(fifo_rxf_n_i), .txe_n_i(fifo_txe_n_i), .data_i(fifo_data_i[8*Bytes-1:0]),
        .be_i(fifo_be_i[Bytes-1:0] | {Bytes{Bytes == 1}}), .data_o(data), .be_o(be), .data_oe_o(fifo_data_oe_o), .oe_n_o(fifo_oe_n_o),
        .rd_n_o(fifo_rd_n_o), .wr_n_o(fifo_wr_n_o),
        .rx_valid_o(in_valid), .rx_ready_i(in_ready), .rx_data_o(in_data), .rx_be_o(in_be),
        .tx_valid_i(sent_valid), .tx_ready_o(sent_ready), .tx_data_i(sent_data)
    );
    assign fifo_data_o = 32'(data);
    assign fifo_be_o   = 4'(be);
    assign uart_tx_o   = 1'b1;
    logic unused;
    assign unused = &{1'b0, uart_rx_i, fifo_data_i, fifo_be_i};
  end

  // Words become bytes where the pins carry bytes.
  assign sent_valid = out_valid;
  if (Bytes == 4) begin : g_words
    assign sent_data = out_word;
    assign out_ready = sent_ready;
  end else begin : g_bytes
    logic [1:0] byte_q;
    assign sent_data = out_word[8*byte_q +: 8];
    assign out_ready = sent_ready && byte_q == 2'd3;
    always_ff @(posedge link_clk_i) begin
      if (!link_rst_n) byte_q <= '0;
      else if (sent_valid && sent_ready) byte_q <= byte_q + 2'd1;
    end
  end

  // ---- The crossing -----------------------------------------------------------------------------------------------------------------
  logic               rx_valid, tx_valid, tx_ready;
  logic [8*Bytes-1:0] rx_data;
  logic [Bytes-1:0]   rx_be;
  logic [31:0]        tx_word, rx_bytes_q;
  logic [2:0]         rx_count_q;
  async_fifo #(.Width(9 * Bytes), .DepthLog2(4)) u_rx_crossing (
      .write_clk_i(link_clk_i), .write_rst_ni(link_rst_n), .write_valid_i(in_valid), .write_ready_o(in_ready), .write_data_i({in_be, in_data}),
      .read_clk_i(core_clk_i), .read_rst_ni(endpoint_rst_n), .read_valid_o(rx_valid), .read_ready_i(1'b1), .read_data_o({rx_be, rx_data})
  );
  async_fifo #(.Width(32), .DepthLog2(4)) u_tx_crossing (
      .write_clk_i(core_clk_i), .write_rst_ni(endpoint_rst_n), .write_valid_i(tx_valid), .write_ready_o(tx_ready), .write_data_i(tx_word),
      .read_clk_i(link_clk_i), .read_rst_ni(link_rst_n), .read_valid_o(out_valid), .read_ready_i(out_ready), .read_data_o(out_word)
  );

  // The enabled bytes of a transfer are its lowest. A register ends the path out of the crossing's memory.
  logic [3:0] be;
  assign be = 4'(rx_be);
  always_ff @(posedge core_clk_i) begin
    if (!endpoint_rst_n || !rx_valid) rx_count_q <= '0;
    else rx_count_q <= be[3] ? 3'd4 : be[2] ? 3'd3 : be[1] ? 3'd2 : {2'd0, be[0]};
    if (rx_valid) rx_bytes_q <= 32'(rx_data);
  end

  link_endpoint #(
      .PayloadBytesMax(PayloadBytesMax), .WindowLog2(WindowLog2), .AnswersLog2(AnswersLog2), .AddrWidth(AddrWidth),
      .CoreResetCycles(CoreResetCycles), .WatchPollCycles(WatchPollCycles)
  ) u_endpoint (
      .clk_i(core_clk_i), .rst_ni(endpoint_rst_n), .core_rst_no, .active_o,
      .rx_count_i(rx_count_q), .rx_bytes_i(rx_bytes_q), .tx_valid_o(tx_valid), .tx_ready_i(tx_ready), .tx_word_o(tx_word),
      .m_axil_awvalid_o, .m_axil_awready_i, .m_axil_awaddr_o, .m_axil_wvalid_o, .m_axil_wready_i, .m_axil_wdata_o, .m_axil_wstrb_o,
      .m_axil_bvalid_i, .m_axil_bready_o, .m_axil_bresp_i, .m_axil_arvalid_o, .m_axil_arready_i, .m_axil_araddr_o, .m_axil_rvalid_i,
      .m_axil_rready_o, .m_axil_rdata_i, .m_axil_rresp_i, .m_axi_awvalid_o, .m_axi_awready_i, .m_axi_awaddr_o, .m_axi_awlen_o, .m_axi_wvalid_o,
      .m_axi_wready_i, .m_axi_wdata_o, .m_axi_wstrb_o, .m_axi_wlast_o, .m_axi_bvalid_i, .m_axi_bready_o, .m_axi_bresp_i, .m_axi_arvalid_o,
      .m_axi_arready_i, .m_axi_araddr_o, .m_axi_arlen_o, .m_axi_rvalid_i, .m_axi_rready_o, .m_axi_rdata_i, .m_axi_rresp_i, .m_axi_rlast_i
  );
endmodule
`default_nettype wire
