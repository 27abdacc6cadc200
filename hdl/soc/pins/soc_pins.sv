// accel_soc with the pins that a small package has, for its size and speed alone: scripts/synth-soc.mjs. The engines' place is taken by 256 words
// of block RAM, and reset ends some cycles after the clock has begun.
`default_nettype none
module soc_pins #(
    parameter int unsigned HasM     = 0,
    parameter int unsigned RamBytes = 65536
) (
    input  wire logic        clk_i,
    input  wire logic        uart_i,
    output logic             uart_o,
    output logic             spi_select_no,
    output logic             spi_clock_o,
    output logic             spi_mosi_o,
    input  wire logic        spi_miso_i,
    output logic [3:0]       leds_o
);
  logic [3:0] started_q = '0;
  always_ff @(posedge clk_i) if (started_q != '1) started_q <= started_q + 4'd1;

  // A board with a warm boot primitive connects them to it.
  logic        warm_boot;
  logic [1:0]  warm_boot_image;
  logic        awvalid, wvalid, arvalid, bready, rready, bvalid_q, rvalid_q;
  logic [11:0] awaddr, araddr;
  logic [31:0] wdata, rdata_q;
  logic [3:0]  wstrb;
  logic [31:0] engines [256];
  always_ff @(posedge clk_i) begin
    bvalid_q <= awvalid;
    rvalid_q <= arvalid;
    if (awvalid && wstrb[0]) engines[awaddr[9:2]] <= wdata;
    rdata_q <= engines[araddr[9:2]];
  end

  accel_soc #(.HasM(HasM), .BootBytes(2048), .RamBytes(RamBytes)) u_soc (
      .clk_i, .rst_ni(started_q == '1), .uart_i, .uart_o, .spi_select_no, .spi_clock_o, .spi_mosi_o, .spi_miso_i, .leds_o, .warm_boot_o(warm_boot),
      .warm_boot_image_o(warm_boot_image),
      .m_axil_awvalid_o(awvalid), .m_axil_awready_i(1'b1), .m_axil_awaddr_o(awaddr), .m_axil_wvalid_o(wvalid), .m_axil_wready_i(1'b1),
      .m_axil_wdata_o(wdata), .m_axil_wstrb_o(wstrb), .m_axil_bvalid_i(bvalid_q), .m_axil_bready_o(bready), .m_axil_bresp_i(2'b00),
      .m_axil_arvalid_o(arvalid), .m_axil_arready_i(1'b1), .m_axil_araddr_o(araddr), .m_axil_rvalid_i(rvalid_q), .m_axil_rready_o(rready),
      .m_axil_rdata_i(rdata_q), .m_axil_rresp_i(2'b00)
  );
  wire unused = &{1'b0, warm_boot, warm_boot_image, wvalid, bready, rready, awaddr, araddr, wstrb};
endmodule
`default_nettype wire
