// Everything behind the core's bus (MAP.md): memories, devices, and the engines' registers over AXI4-Lite. A request is taken at once, also in the
// cycle of the answer before it, and one is under way at a time. Memories answer in the next cycle. Where else it leads is found out behind a
// register, so that the core's address adder has only the memories behind it: devices answer in the second cycle, SPI's DATA when no byte is under
// way, the engines when they do. What is not in the map is answered with an error: other regions, other offsets, writes to what is read-only,
// reads of what is write-only, and stores of less than a word to devices.
//
// rst_ni resets all; system_rst_no, which the watchdog pulls as well, is the core's reset and the devices'. AXI4-Lite is not reset by the
// watchdog: what is under way there ends, its answer is dropped, and only then the next access begins.
`default_nettype none
module soc_devices #(
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
  function automatic logic in_region(input logic [31:0] address, input logic [31:0] base, input logic [31:0] mask);
    in_region = (address & mask) == base;
  endfunction

  logic rst_n;
  assign rst_n       = rst_ni && system_rst_no;
  assign bus_ready_o = rst_n;

  // The request under way.
  logic        pending_q, write_q, is_word_q;
  logic [31:0] address_q, data_q;
  logic [3:0]  strobe_q;
  always_ff @(posedge clk_i) begin
    if (!rst_n) pending_q <= 1'b0;
    else if (bus_valid_i) pending_q <= 1'b1;
    else if (response_valid_o) pending_q <= 1'b0;
    if (bus_valid_i) begin
      address_q <= bus_address_i;
      data_q    <= bus_data_i;
      strobe_q  <= bus_strobe_i;
      write_q   <= bus_write_i;
      is_word_q <= !bus_write_i || bus_strobe_i == 4'hf;
    end
  end

  logic        writes_ram;
  logic [31:0] boot_data, ram_data;
  assign writes_ram = bus_write_i && in_region(bus_address_i, accel_soc_pkg::BaseRam, ~(RamBytes - 1));
  boot_rom #(.Bytes(BootBytes)) u_boot (.clk_i, .request_i(bus_valid_i), .address_i(bus_address_i[$clog2(BootBytes)-1:2]), .data_o(boot_data));
  soc_memory #(.Bytes(RamBytes)) u_ram (
      .clk_i, .request_i(bus_valid_i), .write_i(writes_ram), .address_i(bus_address_i[$clog2(RamBytes)-1:2]), .strobe_i(bus_strobe_i),
      .data_i(bus_data_i), .data_o(ram_data)
  );

  logic in_boot, in_ram, in_system, in_uart, in_timer, in_watchdog, in_spi, in_engines;
  assign in_boot     = in_region(address_q, accel_soc_pkg::BaseBoot, ~(BootBytes - 1));
  assign in_ram      = in_region(address_q, accel_soc_pkg::BaseRam, ~(RamBytes - 1));
  assign in_system   = in_region(address_q, accel_soc_pkg::BaseSystem, accel_soc_pkg::MaskSystem);
  assign in_uart     = in_region(address_q, accel_soc_pkg::BaseUart, accel_soc_pkg::MaskUart);
  assign in_timer    = in_region(address_q, accel_soc_pkg::BaseTimer, accel_soc_pkg::MaskTimer);
  assign in_watchdog = in_region(address_q, accel_soc_pkg::BaseWatchdog, accel_soc_pkg::MaskWatchdog);
  assign in_spi      = in_region(address_q, accel_soc_pkg::BaseSpi, accel_soc_pkg::MaskSpi);
  assign in_engines  = in_region(address_q, accel_soc_pkg::BaseEngines, accel_soc_pkg::MaskEngines);

  // A device is asked once; where there is none, nobody knows the address.
  logic request, spi_ready, answered_q;
  assign request = pending_q && !in_boot && !in_ram && !in_engines && !answered_q && (!in_spi || spi_ready);

  logic        system_known, uart_known, timer_known, watchdog_known, spi_known;
  logic [31:0] system_data, uart_data, timer_data, watchdog_data, spi_data;
  system_info #(.ClockHz(ClockHz), .BootBytes(BootBytes), .RamBytes(RamBytes), .BoardId(BoardId), .IsGolden(IsGolden)) u_system (
      .clk_i, .rst_ni(rst_n), .request_i(request && in_system && is_word_q), .write_i(write_q), .address_i(address_q[11:0]), .data_i(data_q),
      .known_o(system_known), .data_o(system_data), .leds_o, .warm_boot_o, .warm_boot_image_o
  );
  uart #(.ClocksPerBit(ClocksPerBit), .QueueDepth(QueueDepth)) u_uart (
      .clk_i, .rst_ni(rst_n), .request_i(request && in_uart && is_word_q), .write_i(write_q), .address_i(address_q[11:0]), .data_i(data_q[7:0]),
      .known_o(uart_known), .data_o(uart_data), .interrupt_o(external_interrupt_o), .line_i(uart_i), .line_o(uart_o)
  );
  timer u_timer (
      .clk_i, .rst_ni(rst_n), .request_i(request && in_timer && is_word_q), .write_i(write_q), .address_i(address_q[11:0]), .data_i(data_q),
      .known_o(timer_known), .data_o(timer_data), .interrupt_o(timer_interrupt_o)
  );
  watchdog #(.LimitReset(WatchdogLimit)) u_watchdog (
      .clk_i, .rst_ni, .request_i(request && in_watchdog && is_word_q), .write_i(write_q), .address_i(address_q[11:0]), .data_i(data_q),
      .known_o(watchdog_known), .data_o(watchdog_data), .system_rst_no
  );
  spi_master u_spi (
      .clk_i, .rst_ni(rst_n), .request_i(request && in_spi && is_word_q), .ready_o(spi_ready), .write_i(write_q), .address_i(address_q[11:0]),
      .data_i(data_q), .known_o(spi_known), .data_o(spi_data), .select_no(spi_select_no), .clock_o(spi_clock_o), .mosi_o(spi_mosi_o),
          .miso_i(spi_miso_i)
  );

  logic        sent_q, bridge_ready, bridge_valid, bridge_error;
  logic [31:0] bridge_data;
  register_bridge #(.AddressBits(12)) u_bridge (
      .clk_i, .rst_ni, .request_i(pending_q && in_engines && !sent_q && rst_n), .ready_o(bridge_ready), .write_i(write_q),
          .address_i(address_q[11:0]),
      .data_i(data_q), .strobe_i(strobe_q), .response_valid_o(bridge_valid), .response_error_o(bridge_error), .response_data_o(bridge_data),
      .m_axil_awvalid_o, .m_axil_awready_i, .m_axil_awaddr_o, .m_axil_wvalid_o, .m_axil_wready_i, .m_axil_wdata_o, .m_axil_wstrb_o,
      .m_axil_bvalid_i, .m_axil_bready_o, .m_axil_bresp_i, .m_axil_arvalid_o, .m_axil_arready_i, .m_axil_araddr_o,
      .m_axil_rvalid_i, .m_axil_rready_o, .m_axil_rdata_i, .m_axil_rresp_i
  );

  // Answers. One of the engines' that comes before this request was sent belongs to a request from before the watchdog's reset.
  logic        known, known_q;
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
      sent_q     <= 1'b0;
    end else begin
      answered_q <= request;
      if (bus_valid_i) sent_q <= 1'b0;
      else if (pending_q && in_engines && bridge_ready) sent_q <= 1'b1;
    end
    known_q       <= known && is_word_q;
    device_data_q <= device_data;
  end
  assign response_valid_o = pending_q && (in_boot || in_ram || answered_q || (in_engines && sent_q && bridge_valid));
  assign response_error_o = in_boot ? write_q : in_ram ? 1'b0 : in_engines ? bridge_error : !known_q;
  assign response_data_o  = in_boot ? boot_data : in_ram ? ram_data : in_engines ? bridge_data : device_data_q;
endmodule
`default_nettype wire
