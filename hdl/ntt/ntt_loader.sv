// Takes a tile's elements from memory, multiplies each by its factor (a power of a coset's shift, or one) and writes it to the buffer.
// Elements come row by row, or with transposed_i column by column; element r, c goes to address r 2^log_columns + c. A tile is taken when
// free_i says that a buffer is free; loaded_o pulses with the write of its last element. One element a cycle, one idle cycle between tiles.
`default_nettype none
module ntt_loader #(
    parameter int unsigned      Width          = 254,
    parameter int unsigned      RBits          = 256,
    parameter logic [Width-1:0] Modulus        = '1,
    parameter logic [RBits-1:0] NegInv         = 1,
    parameter logic [Width-1:0] One            = 1,
    parameter int unsigned      KaratsubaDepth = 2,
    parameter int unsigned      AddressBits    = 12,
    localparam int unsigned     BufferBits     = 2
) (
    input  wire logic                   clk_i,
    input  wire logic                   rst_ni,

    input  wire logic                   tile_valid_i,
    output logic                        tile_ready_o,
    input  wire logic [4:0]             log_rows_i,
    input  wire logic [4:0]             log_columns_i,
    input  wire logic                   transposed_i,
    input  wire logic                   factor_i,
    input  wire logic                   free_i,
    output logic                        loaded_o,
    output logic                        starved_o,

    input  wire logic                   element_valid_i,
    output logic                        element_ready_o,
    input  wire logic [Width-1:0]       element_i,
    input  wire logic                   power_valid_i,
    output logic                        power_ready_o,
    input  wire logic [Width-1:0]       power_i,

    output logic                        write_o,
    output logic [BufferBits-1:0]       write_buffer_o,
    output logic [AddressBits-1:0]      write_address_o,
    output logic [Width-1:0]            write_data_o
);
  localparam int unsigned MulLatency = field_pkg::mul_latency(KaratsubaDepth);

  logic                   active_q, transposed_q, factor_q;
  logic [4:0]             rows_q, columns_q;
  logic [AddressBits-1:0] count_q, count_last_q, address;
  logic [BufferBits-1:0]  buffer_q;
  logic                   fire, last;

  assign tile_ready_o    = !active_q && free_i;
  assign element_ready_o = active_q && (!factor_q || power_valid_i);
  assign power_ready_o   = active_q && factor_q && element_valid_i;
  assign fire            = element_valid_i && element_ready_o;
  assign last            = count_q == count_last_q;
  assign starved_o       = element_ready_o && !element_valid_i;
  assign address         = transposed_q ? ((count_q & ((AddressBits'(1) << rows_q) - 1'b1)) << columns_q) | (count_q >> rows_q) : count_q;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      active_q <= 1'b0;
      buffer_q <= '0;
    end else if (!active_q) begin
      active_q <= tile_valid_i && free_i;
    end else if (fire && last) begin
      active_q <= 1'b0;
      buffer_q <= buffer_q == 2'd2 ? '0 : buffer_q + 1'b1;
    end
    if (!active_q) begin
      if (tile_valid_i) begin
        rows_q       <= log_rows_i;
        columns_q    <= log_columns_i;
        transposed_q <= transposed_i;
        factor_q     <= factor_i;
        count_q      <= '0;
        count_last_q <= (AddressBits'(1) << (log_rows_i + log_columns_i)) - 1'b1;  // a full buffer wraps to all ones
      end
    end else if (fire) begin
      count_q <= count_q + 1'b1;
    end
  end

  logic [MulLatency-1:0] valid_q, last_q;
  logic                  ce;
  assign ce = fire || valid_q != '0;
  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      valid_q <= '0;
      last_q  <= '0;
    end else if (ce) begin
      valid_q <= {valid_q[MulLatency-2:0], fire};
      last_q  <= {last_q[MulLatency-2:0], fire && last};
    end
  end
  assign write_o  = valid_q[MulLatency-1];
  assign loaded_o = last_q[MulLatency-1];

  delay_line #(.Width(BufferBits + AddressBits), .Stages(MulLatency)) u_place (
      .clk_i, .ce_i(ce), .data_i({buffer_q, address}), .data_o({write_buffer_o, write_address_o}));
  montgomery_multiplier #(
      .Width(Width), .RBits(RBits), .Modulus(Modulus), .NegInv(NegInv), .KaratsubaDepth(KaratsubaDepth)
  ) u_multiply (.clk_i, .ce_i(ce), .a_i(element_i), .b_i(factor_q ? power_i : One), .product_o(write_data_o));
endmodule
`default_nettype wire
