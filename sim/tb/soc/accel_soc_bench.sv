// accel_soc with a program in its boot memory: +firmware=FILE, words in hexadecimal.
`default_nettype none
module accel_soc_bench #(
    parameter int unsigned HasM          = 0,
    parameter int unsigned ClockHz       = 12_000_000,
    parameter int unsigned BootBytes     = 16384,
    parameter int unsigned RamBytes      = 16384,
    parameter int unsigned ClocksPerBit  = 104,
    parameter int unsigned QueueDepth    = 4,
    parameter int unsigned WatchdogLimit = 1 << 24,
    parameter int unsigned BoardId       = 0,
    parameter int unsigned IsGolden      = 1
) (
    input  wire logic        clk_i,
    input  wire logic        rst_ni,
    input  wire logic        uart_i,
    output logic             uart_o,
    output logic             spi_select_no,
    output logic             spi_clock_o,
    output logic             spi_mosi_o,
    input  wire logic        spi_miso_i,
    output logic [3:0]       leds_o,
    output logic             warm_boot_o,
    output logic [1:0]       warm_boot_image_o,

    output logic             m_axil_awvalid_o,
    input  wire logic        m_axil_awready_i,
    output logic [11:0]      m_axil_awaddr_o,
    output logic             m_axil_wvalid_o,
    input  wire logic        m_axil_wready_i,
    output logic [31:0]      m_axil_wdata_o,
    output logic [3:0]       m_axil_wstrb_o,
    input  wire logic        m_axil_bvalid_i,
    output logic             m_axil_bready_o,
    input  wire logic [1:0]  m_axil_bresp_i,
    output logic             m_axil_arvalid_o,
    input  wire logic        m_axil_arready_i,
    output logic [11:0]      m_axil_araddr_o,
    input  wire logic        m_axil_rvalid_i,
    output logic             m_axil_rready_o,
    input  wire logic [31:0] m_axil_rdata_i,
    input  wire logic [1:0]  m_axil_rresp_i
);
  accel_soc #(
      .HasM(HasM), .ClockHz(ClockHz), .BootBytes(BootBytes), .RamBytes(RamBytes), .ClocksPerBit(ClocksPerBit), .QueueDepth(QueueDepth),
      .WatchdogLimit(WatchdogLimit), .BoardId(BoardId), .IsGolden(IsGolden)
  ) u_soc (
      .clk_i, .rst_ni, .uart_i, .uart_o, .spi_select_no, .spi_clock_o, .spi_mosi_o, .spi_miso_i, .leds_o, .warm_boot_o, .warm_boot_image_o, .m_axil_awvalid_o, .m_axil_awready_i,
      .m_axil_awaddr_o, .m_axil_wvalid_o, .m_axil_wready_i, .m_axil_wdata_o, .m_axil_wstrb_o, .m_axil_bvalid_i, .m_axil_bready_o, .m_axil_bresp_i,
      .m_axil_arvalid_o, .m_axil_arready_i, .m_axil_araddr_o, .m_axil_rvalid_i, .m_axil_rready_o, .m_axil_rdata_i, .m_axil_rresp_i
  );

  string file;
  initial begin
    if ($value$plusargs("firmware=%s", file) == 0) $fatal(1, "accel_soc_bench: +firmware=FILE is missing");
    $readmemh(file, u_soc.u_devices.u_boot.memory);
  end
endmodule
`default_nettype wire
