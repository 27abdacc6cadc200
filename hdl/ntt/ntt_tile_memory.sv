// The on-chip tiles: Buffers tile buffers of 2 * Lanes banks, each bank with one read and one write port. At any time a buffer is being
// loaded, computed on, or stored, so that it needs no more.
//
// Element a of a tile lies in bank {^a[top:l], a[l-1:0]}, row a[top:l+1], with l = log2(Lanes). The butterflies of one cycle differ from
// each other in the l lowest bits not counting the butterfly's own bit b, and each one's two elements differ in bit b: for b >= l the
// low bits tell the lanes apart and the parity the two elements, for b < l they are 2 * Lanes neighbours. No bank is met twice.
//
// Reads take two enabled cycles (ntt_ram). compute_select_i and store_select_i choose among the buffers' outputs, which the parent
// registers.
`default_nettype none
module ntt_tile_memory #(
    parameter int unsigned  Width       = 254,
    parameter int unsigned  Lanes       = 1,
    parameter int unsigned  AddressBits = 12,
    localparam int unsigned Buffers     = 3,
    localparam int unsigned BufferBits  = 2,
    localparam int unsigned LaneBits    = $clog2(Lanes),
    localparam int unsigned Banks       = 2 * Lanes,
    localparam int unsigned BankBits    = LaneBits + 1,
    localparam int unsigned RowBits     = AddressBits - BankBits
) (
    input  wire logic                        clk_i,

    input  wire logic                        load_write_i,
    input  wire logic [BufferBits-1:0]       load_buffer_i,
    input  wire logic [AddressBits-1:0]      load_address_i,
    input  wire logic [Width-1:0]            load_data_i,

    // A row for the banks of even parity and, above it, one for those of odd parity; bank k's word is at k * Width.
    input  wire logic                        compute_ce_i,
    input  wire logic                        compute_read_i,
    input  wire logic [BufferBits-1:0]       compute_buffer_i,
    input  wire logic [2*RowBits-1:0]        compute_row_i,
    input  wire logic [BufferBits-1:0]       compute_select_i,
    output logic [Banks*Width-1:0]           compute_data_o,
    input  wire logic                        compute_write_i,
    input  wire logic [BufferBits-1:0]       compute_write_buffer_i,
    input  wire logic [2*RowBits-1:0]        compute_write_row_i,
    input  wire logic [Banks*Width-1:0]      compute_write_data_i,

    // store_owns_i: the buffers whose read ports belong to the store side.
    input  wire logic                        store_ce_i,
    input  wire logic                        store_read_i,
    input  wire logic [Buffers-1:0]          store_owns_i,
    input  wire logic [BufferBits-1:0]       store_buffer_i,
    input  wire logic [AddressBits-1:0]      store_address_i,
    input  wire logic [BufferBits-1:0]       store_select_i,
    input  wire logic [BankBits-1:0]         store_select_bank_i,
    output logic [Width-1:0]                 store_data_o
);
  function automatic logic [BankBits-1:0] bank_of(input logic [AddressBits-1:0] address);
    logic parity;
    parity  = ^(address >> LaneBits);
    bank_of = BankBits'(parity ? Lanes : 0) | BankBits'(address & AddressBits'(Lanes - 1));
  endfunction

  logic [BankBits-1:0] load_bank;
  logic [RowBits-1:0]  load_row, store_row;
  assign load_bank = bank_of(load_address_i);
  assign load_row  = load_address_i[AddressBits-1:BankBits];
  assign store_row = store_address_i[AddressBits-1:BankBits];

  logic unused;
  assign unused = &{1'b0, store_address_i};

  logic [Buffers*Banks*Width-1:0] words;
  for (genvar u = 0; u < Buffers; u++) begin : g_buffer
    logic compute_writes, loads, read_ce, read;
    assign compute_writes = compute_write_i && compute_write_buffer_i == BufferBits'(u);
    assign loads          = load_write_i && load_buffer_i == BufferBits'(u);
    assign read_ce        = store_owns_i[u] ? store_ce_i : compute_ce_i;
    assign read           = store_owns_i[u] ? store_read_i && store_buffer_i == BufferBits'(u)
                                            : compute_read_i && compute_buffer_i == BufferBits'(u);
    for (genvar k = 0; k < Banks; k++) begin : g_bank
      localparam int unsigned Odd = k / Lanes;
      ntt_ram #(.Width(Width), .Rows(1 << RowBits)) u_ram (
          .clk_i,
          .write_i(compute_writes || (loads && load_bank == BankBits'(k))),
          .write_row_i(compute_writes ? compute_write_row_i[Odd*RowBits+:RowBits] : load_row),
          .write_data_i(compute_writes ? compute_write_data_i[k*Width+:Width] : load_data_i),
          .read_ce_i(read_ce), .read_i(read),
          .read_row_i(store_owns_i[u] ? store_row : compute_row_i[Odd*RowBits+:RowBits]),
          .data_o(words[(u*Banks+k)*Width+:Width]));
    end
  end

  logic [Banks*Width-1:0] store_words;
  assign compute_data_o = compute_select_i == 2'd0 ? words[0+:Banks*Width] :
                          compute_select_i == 2'd1 ? words[Banks*Width+:Banks*Width] : words[2*Banks*Width+:Banks*Width];
  assign store_words    = store_select_i == 2'd0 ? words[0+:Banks*Width] :
                          store_select_i == 2'd1 ? words[Banks*Width+:Banks*Width] : words[2*Banks*Width+:Banks*Width];
  assign store_data_o   = store_words[32'(store_select_bank_i)*Width+:Width];
endmodule
`default_nettype wire
