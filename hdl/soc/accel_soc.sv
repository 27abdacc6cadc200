// The soft core with its memories and devices (README.md, MAP.md): boots from its ROM, and drives the engines' registers through m_axil_*.
`default_nettype none
module accel_soc #(
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
  logic        system_rst_n, bus_valid, bus_ready, bus_write, response_valid, response_error, timer_interrupt, external_interrupt;
  logic [31:0] bus_address, bus_data, response_data;
  logic [3:0]  bus_strobe;

  rv32_core #(.HasM(HasM != 0), .ResetVector(accel_soc_pkg::BaseBoot)) u_core (
      .clk_i, .rst_ni(rst_ni && system_rst_n), .timer_interrupt_i(timer_interrupt), .external_interrupt_i(external_interrupt),
      .bus_valid_o(bus_valid), .bus_ready_i(bus_ready), .bus_write_o(bus_write), .bus_address_o(bus_address), .bus_strobe_o(bus_strobe),
          .bus_data_o(bus_data),
      .response_valid_i(response_valid), .response_error_i(response_error), .response_data_i(response_data)
  );

  soc_devices #(
      .ClockHz(ClockHz), .BootBytes(BootBytes), .RamBytes(RamBytes), .ClocksPerBit(ClocksPerBit), .QueueDepth(QueueDepth),
          .WatchdogLimit(WatchdogLimit), .BoardId(BoardId), .IsGolden(IsGolden)
  ) u_devices (
      .clk_i, .rst_ni, .system_rst_no(system_rst_n),
      .bus_valid_i(bus_valid), .bus_ready_o(bus_ready), .bus_write_i(bus_write), .bus_address_i(bus_address), .bus_strobe_i(bus_strobe),
          .bus_data_i(bus_data),
      .response_valid_o(response_valid), .response_error_o(response_error), .response_data_o(response_data),
      .timer_interrupt_o(timer_interrupt), .external_interrupt_o(external_interrupt),
      .uart_i, .uart_o, .spi_select_no, .spi_clock_o, .spi_mosi_o, .spi_miso_i, .leds_o, .warm_boot_o, .warm_boot_image_o,
      .m_axil_awvalid_o, .m_axil_awready_i, .m_axil_awaddr_o, .m_axil_wvalid_o, .m_axil_wready_i, .m_axil_wdata_o, .m_axil_wstrb_o,
      .m_axil_bvalid_i, .m_axil_bready_o, .m_axil_bresp_i, .m_axil_arvalid_o, .m_axil_arready_i, .m_axil_araddr_o,
      .m_axil_rvalid_i, .m_axil_rready_o, .m_axil_rdata_i, .m_axil_rresp_i
  );
endmodule
`default_nettype wire
