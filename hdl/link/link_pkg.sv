// The link's constants; host/docs/link.md describes them.
`default_nettype none
package link_pkg;
  localparam logic [31:0] Sync = 32'h5b1fceac;  // first byte lowest

  localparam logic [7:0] TypeHello = 8'd1, TypeWelcome = 8'd2, TypeData = 8'd3, TypeAck = 8'd4, TypeNak = 8'd5, TypePoll = 8'd6, TypeReset = 8'd7;

  localparam logic [7:0] ChannelRegisterRead = 8'd1, ChannelRegisterWrite = 8'd2, ChannelMemoryWrite = 8'd3, ChannelMemoryRead = 8'd4,
                         ChannelWatch = 8'd5;
  localparam int unsigned RespondBit = 7;

  localparam logic [31:0] StatusDone = 32'd0, StatusBusError = 32'd1, StatusNotUnderstood = 32'd2;

  localparam logic [15:0] VersionMajor = 16'd1, VersionMinor = 16'd0;
  localparam int unsigned HelloBytes = 8, WelcomeBytes = 16;
  localparam int unsigned GapBytes = 20;

  localparam int unsigned FrontUart = 0, FrontFt245 = 1, FrontFt601 = 2;  // what link_top's pins belong to

  typedef struct packed {
    logic [15:0] acknowledge;
    logic [15:0] sequence_number;
    logic [31:0] session;
    logic [15:0] length;
    logic [7:0]  channel;
    logic [7:0]  kind;
  } header_t;  // bytes 4 to 15, first byte lowest
endpackage
`default_nettype wire
