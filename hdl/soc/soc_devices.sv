// Everything behind the core's bus (MAP.md): memories, devices, and the engines' registers over AXI4-Lite. Memories and devices answer in the cycle after the
// request, the engines when they do; an exchange over SPI makes its next access wait. What is not in the map is answered with an error: other regions, other
// offsets, writes to what is read-only, reads of what is write-only, and stores of less than a word to devices.
//
// rst_ni resets all; system_rst_no, which the watchdog pulls as well, is the core's reset and the devices'. AXI4-Lite is not reset by the watchdog: what is
// under way there ends, its answer is dropped, and only then the next access begins.
`default_nettype none
module soc_devices #(
    parameter int unsigned ClockHz       = 12_000_000,
    parameter int unsigned BootBytes     = 16384,
    parameter int unsigned RamBytes      = 16384,
    parameter int unsigned ClocksPerBit  = 104,
    parameter int unsigned QueueDepth    = 4,
    parameter int unsigned WatchdogLimit = 1 << 24
) (
    input  wire logic        clk_i,
    input  wire logic        rst_ni,
    output logic             system_rst_no,

    input  wire logic        bus_valid_i,
    output logic             bus_ready_o,
    input  wire logic        bus_write_i,
    input  wire logic [31:0] bus_address_i,
    input  wire logic [3:0]  bus_strobe_i,
    input  wire logic [31:0] bus_data_i,
    output logic             response_valid_o,
    output logic             response_error_o,
    output logic [31:0]      response_data_o,
    output logic             timer_interrupt_o,
    output logic             external_interrupt_o,

    input  wire logic        uart_i,
    output logic             uart_o,
    output logic             spi_select_no,
    output logic             spi_clock_o,
    output logic             spi_mosi_o,
    input  wire logic        spi_miso_i,
    output logic [3:0]       leds_o,

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
  function automatic logic in_region(input logic [31:0] address, input logic [31:0] base, input logic [31:0] mask);
    in_region = (address & mask) == base;
  endfunction

  logic in_boot, in_ram, in_system, in_uart, in_timer, in_watchdog, in_spi, in_engines, is_word, accepted;
  assign in_boot     = in_region(bus_address_i, accel_soc_pkg::BaseBoot, accel_soc_pkg::MaskBoot) && bus_address_i < BootBytes;
  assign in_ram      = in_region(bus_address_i, accel_soc_pkg::BaseRam, accel_soc_pkg::MaskRam) && (bus_address_i & ~accel_soc_pkg::MaskRam) < RamBytes;
  assign in_system   = in_region(bus_address_i, accel_soc_pkg::BaseSystem, accel_soc_pkg::MaskSystem);
  assign in_uart     = in_region(bus_address_i, accel_soc_pkg::BaseUart, accel_soc_pkg::MaskUart);
  assign in_timer    = in_region(bus_address_i, accel_soc_pkg::BaseTimer, accel_soc_pkg::MaskTimer);
  assign in_watchdog = in_region(bus_address_i, accel_soc_pkg::BaseWatchdog, accel_soc_pkg::MaskWatchdog);
  assign in_spi      = in_region(bus_address_i, accel_soc_pkg::BaseSpi, accel_soc_pkg::MaskSpi);
  assign in_engines  = in_region(bus_address_i, accel_soc_pkg::BaseEngines, accel_soc_pkg::MaskEngines);
  assign is_word     = !bus_write_i || bus_strobe_i == 4'hf;

  logic rst_n, spi_ready, bridge_ready;
  assign rst_n       = rst_ni && system_rst_no;
  assign bus_ready_o = rst_n && (!in_spi || spi_ready) && (!in_engines || bridge_ready);
  assign accepted    = bus_valid_i && bus_ready_o;

  logic [31:0] boot_data, ram_data;
  boot_rom #(.Bytes(BootBytes)) u_boot (.clk_i, .request_i(accepted && in_boot), .address_i(bus_address_i[$clog2(BootBytes)-1:2]), .data_o(boot_data));
  soc_memory #(.Bytes(RamBytes)) u_ram (
      .clk_i, .request_i(accepted && in_ram), .write_i(bus_write_i), .address_i(bus_address_i[$clog2(RamBytes)-1:2]), .strobe_i(bus_strobe_i),
      .data_i(bus_data_i), .data_o(ram_data)
  );

  logic        system_known, uart_known, timer_known, watchdog_known, spi_known;
  logic [31:0] system_data, uart_data, timer_data, watchdog_data, spi_data;
  system_info #(.ClockHz(ClockHz), .BootBytes(BootBytes), .RamBytes(RamBytes)) u_system (
      .clk_i, .rst_ni(rst_n), .request_i(accepted && in_system && is_word), .write_i(bus_write_i), .address_i(bus_address_i[11:0]), .data_i(bus_data_i[3:0]),
      .known_o(system_known), .data_o(system_data), .leds_o
  );
  uart #(.ClocksPerBit(ClocksPerBit), .QueueDepth(QueueDepth)) u_uart (
      .clk_i, .rst_ni(rst_n), .request_i(accepted && in_uart && is_word), .write_i(bus_write_i), .address_i(bus_address_i[11:0]), .data_i(bus_data_i[7:0]),
      .known_o(uart_known), .data_o(uart_data), .interrupt_o(external_interrupt_o), .line_i(uart_i), .line_o(uart_o)
  );
  timer u_timer (
      .clk_i, .rst_ni(rst_n), .request_i(accepted && in_timer && is_word), .write_i(bus_write_i), .address_i(bus_address_i[11:0]), .data_i(bus_data_i),
      .known_o(timer_known), .data_o(timer_data), .interrupt_o(timer_interrupt_o)
  );
  watchdog #(.LimitReset(WatchdogLimit)) u_watchdog (
      .clk_i, .rst_ni, .request_i(accepted && in_watchdog && is_word), .write_i(bus_write_i), .address_i(bus_address_i[11:0]), .data_i(bus_data_i),
      .known_o(watchdog_known), .data_o(watchdog_data), .system_rst_no
  );
  spi_master u_spi (
      .clk_i, .rst_ni(rst_n), .request_i(bus_valid_i && in_spi && is_word), .ready_o(spi_ready), .write_i(bus_write_i), .address_i(bus_address_i[11:0]),
      .data_i(bus_data_i), .known_o(spi_known), .data_o(spi_data), .select_no(spi_select_no), .clock_o(spi_clock_o), .mosi_o(spi_mosi_o), .miso_i(spi_miso_i)
  );

  logic        bridge_valid, bridge_error;
  logic [31:0] bridge_data;
  register_bridge #(.AddressBits(12)) u_bridge (
      .clk_i, .rst_ni, .request_i(bus_valid_i && in_engines && rst_n), .ready_o(bridge_ready), .write_i(bus_write_i), .address_i(bus_address_i[11:0]),
      .data_i(bus_data_i), .strobe_i(bus_strobe_i), .response_valid_o(bridge_valid), .response_error_o(bridge_error), .response_data_o(bridge_data),
      .m_axil_awvalid_o, .m_axil_awready_i, .m_axil_awaddr_o, .m_axil_wvalid_o, .m_axil_wready_i, .m_axil_wdata_o, .m_axil_wstrb_o,
      .m_axil_bvalid_i, .m_axil_bready_o, .m_axil_bresp_i, .m_axil_arvalid_o, .m_axil_arready_i, .m_axil_araddr_o,
      .m_axil_rvalid_i, .m_axil_rready_o, .m_axil_rdata_i, .m_axil_rresp_i
  );

  // Answers.
  logic        known, answered_q, known_q, boot_q, ram_q, waits_q;
  logic [31:0] device_data, device_data_q;
  always_comb begin
    known       = 1'b0;
    device_data = '0;
    if (in_system)   {known, device_data} = {system_known, system_data};
    if (in_uart)     {known, device_data} = {uart_known, uart_data};
    if (in_timer)    {known, device_data} = {timer_known, timer_data};
    if (in_watchdog) {known, device_data} = {watchdog_known, watchdog_data};
    if (in_spi)      {known, device_data} = {spi_known, spi_data};
  end
  always_ff @(posedge clk_i) begin
    if (!rst_n) begin
      answered_q <= 1'b0;
      waits_q    <= 1'b0;
    end else begin
      answered_q <= accepted && !in_engines;
      if (accepted) waits_q <= in_engines;
    end
    if (accepted) begin
      known_q       <= (known && is_word) || (in_boot && !bus_write_i) || in_ram;
      boot_q        <= in_boot;
      ram_q         <= in_ram;
      device_data_q <= device_data;
    end
  end
  // waits_q: an answer to what was sent before the watchdog's reset is nobody's.
  assign response_valid_o = answered_q || (bridge_valid && waits_q);
  assign response_error_o = waits_q ? bridge_error : !known_q;
  assign response_data_o  = waits_q ? bridge_data : boot_q ? boot_data : ram_q ? ram_data : device_data_q;
endmodule
`default_nettype wire
