// The points of the cells: a true dual-port memory, each port reads or writes one word a cycle.
// The two ports must not touch one address in one cycle unless both read: rendezvous never does (two visits to one cell meet outside
// the memory), and what a read returns then is left undefined so that it maps to block or ultra RAM as it is.
// a_data_o and b_data_o follow a read by ReadLatency cycles in which ce is high; without ce a port holds still.
`default_nettype none
module cell_memory #(
    parameter int unsigned Width        = 8,
    parameter int unsigned AddressWidth = 7,
    parameter int unsigned ReadLatency  = 2
) (
    input  wire logic                    clk_i,
    input  wire logic                    a_ce_i,
    input  wire logic                    a_enable_i,
    input  wire logic                    a_write_i,
    input  wire logic [AddressWidth-1:0] a_address_i,
    input  wire logic [Width-1:0]        a_data_i,
    output logic      [Width-1:0]        a_data_o,
    input  wire logic                    b_ce_i,
    input  wire logic                    b_enable_i,
    input  wire logic                    b_write_i,
    input  wire logic [AddressWidth-1:0] b_address_i,
    input  wire logic [Width-1:0]        b_data_i,
    output logic      [Width-1:0]        b_data_o
);
  if (ReadLatency < 1) $error("cell_memory: ReadLatency must be at least 1");

  // Toggles of every stored bit would swamp the report and its build:
  // verilator coverage_off
  logic [Width-1:0] memory [2**AddressWidth];
  // verilator coverage_on
  logic [Width-1:0] a_read_q, b_read_q;
  logic             same;

  assign same = a_enable_i && b_enable_i && a_address_i == b_address_i;

  always_ff @(posedge clk_i) begin
    if (a_ce_i && a_enable_i) begin
      if (a_write_i) memory[a_address_i] <= a_data_i;
      else a_read_q <= same && b_write_i ? 'x : memory[a_address_i];
    end
  end

  always_ff @(posedge clk_i) begin
    if (b_ce_i && b_enable_i) begin
      if (b_write_i) memory[b_address_i] <= b_data_i;
      else b_read_q <= same && a_write_i ? 'x : memory[b_address_i];
    end
  end

  delay_line #(.Width(Width), .Stages(ReadLatency - 1)) u_a_delay (.clk_i, .ce_i(a_ce_i), .data_i(a_read_q), .data_o(a_data_o));
  delay_line #(.Width(Width), .Stages(ReadLatency - 1)) u_b_delay (.clk_i, .ce_i(b_ce_i), .data_i(b_read_q), .data_o(b_data_o));

`ifdef FORMAL
  // An arbitrary point, for the proof of rendezvous to say which.
  (* anyconst *) logic [AddressWidth-1:0] f_address;
  logic [Width-1:0] f_word;
  assign f_word = memory[f_address];
`endif
endmodule
`default_nettype wire
