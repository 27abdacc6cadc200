// Reads a computed tile out of its buffer in natural order (row k lies in row rev(k), columns inside), multiplies each element by its
// factor (a twiddle between passes, a power of a coset's shift, or one) and sends it on. A tile is taken when computed_i says that one is
// there; owns_o names the buffers whose read ports are in use, freed_o pulses when a buffer has been read.
// One element a cycle, one idle cycle between tiles. The output goes through a FIFO, so that a refusal stops the pipeline from a register.
`default_nettype none
module ntt_storer #(
    parameter int unsigned      Width          = 254,
    parameter int unsigned      RBits          = 256,
    parameter logic [Width-1:0] Modulus        = '1,
    parameter logic [RBits-1:0] NegInv         = 1,
    parameter logic [Width-1:0] One            = 1,
    parameter int unsigned      KaratsubaDepth = 2,
    parameter int unsigned      Lanes          = 1,
    parameter int unsigned      AddressBits    = 12,
    localparam int unsigned     Buffers        = 3,
    localparam int unsigned     BufferBits     = 2,
    localparam int unsigned     BankBits       = $clog2(Lanes) + 1
) (
    input  wire logic                   clk_i,
    input  wire logic                   rst_ni,

    input  wire logic                   tile_valid_i,
    output logic                        tile_ready_o,
    input  wire logic [4:0]             log_rows_i,
    input  wire logic [4:0]             log_columns_i,
    input  wire logic                   factor_i,
    input  wire logic                   computed_i,
    output logic                        freed_o,
    output logic [Buffers-1:0]          owns_o,

    output logic                        memory_ce_o,
    output logic                        memory_read_o,
    output logic [BufferBits-1:0]       memory_buffer_o,
    output logic [AddressBits-1:0]      memory_address_o,
    output logic [BufferBits-1:0]       memory_select_o,
    output logic [BankBits-1:0]         memory_select_bank_o,
    input  wire logic [Width-1:0]       memory_data_i,

    input  wire logic                   power_valid_i,
    output logic                        power_ready_o,
    input  wire logic [Width-1:0]       power_i,
    output logic                        element_valid_o,
    input  wire logic                   element_ready_i,
    output logic [Width-1:0]            element_o
);
  localparam int unsigned LaneBits   = $clog2(Lanes);
  localparam int unsigned MulLatency = field_pkg::mul_latency(KaratsubaDepth);

  logic                   active_q, factor_q;
  logic [4:0]             rows_q, columns_q;
  logic [AddressBits-1:0] count_q, count_last_q, row, reversed, address;
  logic [BufferBits-1:0]  buffer_q;
  logic                   advance, last;

  assign tile_ready_o = !active_q && computed_i;
  assign last         = count_q == count_last_q;
  assign row          = count_q >> columns_q;
  for (genvar i = 0; i < AddressBits; i++) begin : g_reverse
    assign reversed[i] = row[AddressBits-1-i];
  end
  assign address = ((reversed >> (5'(AddressBits) - rows_q)) << columns_q) | (count_q & ((AddressBits'(1) << columns_q) - 1'b1));

  // Stages: 1 address, 2 and 3 the memory's, 4 the word.
  logic [4:1]                 valid_q, factor_pipe_q;
  logic [3:1]                 last_q;
  logic [BufferBits-1:0]      buffer1_q, buffer2_q, buffer3_q;
  logic [BankBits-1:0]        bank1_q, bank2_q, bank3_q;
  logic [AddressBits-1:0]     address_q;
  logic [Width-1:0]           word_q;
  logic                       join_ready, joins;

  assign joins   = valid_q[4] && join_ready;
  assign advance = !valid_q[4] || joins;
  assign freed_o = advance && valid_q[3] && last_q[3];

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      active_q <= 1'b0;
      buffer_q <= '0;
      valid_q  <= '0;
      owns_o   <= '0;
    end else begin
      if (!active_q) begin
        active_q <= tile_valid_i && computed_i;
      end else if (advance && last) begin
        active_q <= 1'b0;
        buffer_q <= buffer_q == 2'd2 ? '0 : buffer_q + 1'b1;
      end
      if (freed_o) owns_o[buffer3_q] <= 1'b0;
      if (!active_q && tile_valid_i && computed_i) owns_o[buffer_q] <= 1'b1;
      if (advance) valid_q <= {valid_q[3:1], active_q};
    end
    if (!active_q) begin
      if (tile_valid_i) begin
        rows_q       <= log_rows_i;
        columns_q    <= log_columns_i;
        factor_q     <= factor_i;
        count_q      <= '0;
        count_last_q <= (AddressBits'(1) << (log_rows_i + log_columns_i)) - 1'b1;  // a full buffer wraps to all ones
      end
    end else if (advance) begin
      count_q <= count_q + 1'b1;
    end
    if (memory_ce_o) begin
      last_q        <= {last_q[2:1], last};
      factor_pipe_q <= {factor_pipe_q[3:1], factor_q};
      buffer1_q     <= buffer_q;
      buffer2_q     <= buffer1_q;
      buffer3_q     <= buffer2_q;
      bank1_q       <= BankBits'((^(address >> LaneBits)) ? Lanes : 0) | BankBits'(address & AddressBits'(Lanes - 1));
      bank2_q       <= bank1_q;
      bank3_q       <= bank2_q;
      address_q     <= address;
      word_q        <= memory_data_i;
    end
  end
  assign memory_ce_o          = advance && (active_q || valid_q != '0);
  assign memory_read_o        = valid_q[1];
  assign memory_buffer_o      = buffer1_q;
  assign memory_address_o     = address_q;
  assign memory_select_o      = buffer3_q;
  assign memory_select_bank_o = bank3_q;

  // The multiplier moves unless a finished product is refused.
  logic [MulLatency-1:0] product_valid_q;
  logic                  move, output_ready;
  logic [Width-1:0]      product;
  assign move          = output_ready || !product_valid_q[MulLatency-1];
  assign join_ready    = move && (!factor_pipe_q[4] || power_valid_i);
  assign power_ready_o = valid_q[4] && factor_pipe_q[4] && move;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) product_valid_q <= '0;
    else if (move) product_valid_q <= {product_valid_q[MulLatency-2:0], joins};
  end
  montgomery_multiplier #(
      .Width(Width), .RBits(RBits), .Modulus(Modulus), .NegInv(NegInv), .KaratsubaDepth(KaratsubaDepth)
  ) u_multiply (
      .clk_i, .ce_i(move && (joins || product_valid_q != '0)), .a_i(word_q), .b_i(factor_pipe_q[4] ? power_i : One), .product_o(product));

  logic [2:0] unused_count;
  logic       unused;
  assign unused = &{1'b0, unused_count};
  fifo #(.Width(Width), .Depth(4)) u_output (
      .clk_i, .rst_ni, .valid_i(product_valid_q[MulLatency-1]), .ready_o(output_ready), .data_i(product),
      .valid_o(element_valid_o), .ready_i(element_ready_i), .data_o(element_o), .count_o(unused_count));
endmodule
`default_nettype wire
