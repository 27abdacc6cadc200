// Cuts each transform into tiles that fit the chip and emits one description a tile, in the order in which the tiles are to be done.
//
// A transform of 2^n points is done in P passes over memory, one if n <= t, t = the on-chip limit in force; otherwise P is the least with
// ceil(n / P) <= max(t - 2, 1), so that a tile holds at least four columns where it can and bursts have four elements. The index's n bits
// are cut into P digits, i = (i_1, .., i_P) from the top, of widths w_1 >= .. >= w_P that differ by at most one (Bailey's four-step
// method, J. Supercomputing 4, 1990, applied again to the rows). With N_j = 2^w_j and M_j = N_(j+1) .. N_P:
//   pass j < P  transforms columns in place, element (h N_j + r) M_j + l over r, and multiplies row k's result by w_(N_j M_j)^(k l);
//               a tile is 2^c neighbouring columns l, read and written in bursts of 2^c
//   pass P      transforms rows, element (k_1, .., k_(P-1), r) over r, and writes row k's result to k_1 + N_1 k_2 + .. + (N / N_P) k, its
//               place in natural order; a tile is 2^c neighbouring k_1, read in bursts of N_P, written in bursts of 2^c
// Pass 1 reads the source, pass P writes the destination, all else is in the scratch area. Since a pass but the last writes a tile where
// it read it, and the last goes from scratch to destination, source and destination may be one. A pass starts when every write of the
// pass before has been acknowledged (quiet_i).
//
// Before a transform whose tables are not there (the roots after reset, a new coset shift) it waits for quiet_i and has them filled. The
// last shift of either direction stays in its tables, as long as no larger size needs more of its powers.
//
// A tile costs a few cycles, plus one per middle digit in the last pass, and runs ahead of the tile being loaded.
// Legal: 1 <= log2_size <= TwoAdicity. tile_log2_max is clamped to 1 .. TileLog2.
`default_nettype none
module ntt_scheduler #(
    parameter int unsigned Width       = 254,
    parameter int unsigned TwoAdicity  = 28,
    parameter int unsigned TileLog2    = 12,
    parameter int unsigned AddrWidth   = 64,
    parameter int unsigned ElementBits = 256,
    parameter int unsigned ElementsWidth = 32
) (
    input  wire logic                     clk_i,
    input  wire logic                     rst_ni,

    input  wire logic                     start_valid_i,
    output logic                          start_ready_o,
    input  wire logic [4:0]               start_log2_size_i,
    input  wire logic                     start_inverse_i,
    input  wire logic                     start_coset_i,
    input  wire logic [Width-1:0]         start_shift_i,
    input  wire logic [AddrWidth-1:0]     start_source_i,
    input  wire logic [AddrWidth-1:0]     start_destination_i,
    input  wire logic [AddrWidth-1:0]     start_scratch_i,
    input  wire logic [4:0]               start_tile_log2_max_i,

    // Every tile emitted has been written and its writes acknowledged.
    input  wire logic                     quiet_i,
    output logic                          busy_o,      // holds a transform
    output logic                          barrier_o,   // waits for writes to be acknowledged

    // Tables: roots_fill_o, then twiddles_fill_o, once after reset; the others when a shift changes. *_busy_i is high from the cycle after.
    output logic                          roots_fill_o,
    output logic                          twiddles_fill_o,
    output logic                          load_fill_o,
    output logic                          store_fill_o,
    output logic [Width-1:0]              fill_shift_o,
    output logic [5:0]                    fill_bits_o,
    input  wire logic                     fill_busy_i,

    output logic                          tile_valid_o,
    input  wire logic                     tile_ready_i,
    output logic [4:0]                    log_rows_o,      // size of each transform in the tile
    output logic [4:0]                    log_columns_o,   // number of transforms
    output logic                          inverse_o,
    output logic                          final_o,         // last tile of its command
    output logic                          transposed_o,    // elements arrive column by column
    output logic [AddrWidth-1:0]          read_address_o,
    output logic [AddrWidth-1:0]          read_stride_o,
    output logic [ElementsWidth-1:0]      read_elements_o,
    output logic [4:0]                    read_log_bursts_o,
    output logic [AddrWidth-1:0]          write_address_o,
    output logic [AddrWidth-1:0]          write_stride_o,
    output logic [ElementsWidth-1:0]      write_elements_o,
    output logic [4:0]                    write_log_bursts_o,
    output logic                          load_factor_o,   // multiply by powers of the coset's shift on the way in
    output logic [TwoAdicity-1:0]         load_first_o,
    output logic [TwoAdicity-1:0]         load_row_step_o,
    output logic                          store_factor_o,  // multiply by powers on the way out,
    output logic                          store_set_o,     // of the root (0) or of the shift (1)
    output logic [TwoAdicity-1:0]         store_first_o,
    output logic [TwoAdicity-1:0]         store_row_step_o,
    output logic [TwoAdicity-1:0]         store_column_step_o,
    output logic [TwoAdicity-1:0]         store_column_growth_o
);
  localparam int unsigned ElementShift = $clog2(ElementBits / 8);

  typedef enum logic [3:0] {
    Idle, Check, FillRoots, FillTwiddles, FillShift, Split, Share, Pass, Base, Digits, Address, Emit
  } state_e;
  state_e               state_q;
  logic                 filling_q;  // the fill of this state has been started

  logic [4:0]           size_q, tile_q;
  logic                 inverse_q, coset_q;
  logic [Width-1:0]     shift_q;
  logic [AddrWidth-1:0] source_q, destination_q, scratch_q;

  logic                 roots_ready_q, load_ready_q, store_ready_q;
  logic [Width-1:0]     load_shift_q, store_shift_q;
  logic [4:0]           load_bits_q, store_bits_q;
  logic                 shift_ready;

  assign shift_ready = !coset_q || (inverse_q ? store_ready_q && store_shift_q == shift_q && store_bits_q >= size_q
                                              : load_ready_q && load_shift_q == shift_q && load_bits_q >= size_q);

  // Digits: the first extra_q of passes_q digits have one bit more than digit_q.
  logic [4:0]  passes_q, digit_q, extra_q, left_q, digit_max;
  logic [4:0]  pass_q, done_q;  // done_q: bits of the digits before this pass's
  logic [4:0]  rows, first_rows, inner, room, columns_limit, columns;
  logic        last_pass;
  assign digit_max     = tile_q > 5'd2 ? tile_q - 5'd2 : 5'd1;
  assign rows          = digit_q + 5'(pass_q < extra_q);
  assign first_rows    = digit_q + 5'(extra_q != '0);
  assign last_pass     = pass_q == passes_q - 5'd1;
  assign inner         = size_q - done_q - rows;  // log2 of M_j
  assign room          = tile_q - rows;
  assign columns_limit = last_pass ? (passes_q == 5'd1 ? 5'd0 : first_rows) : inner;
  assign columns       = room < columns_limit ? room : columns_limit;

  logic [4:0]  rows_q, columns_q, inner_q, scan_q, middle_rows;
  logic        last_pass_q;
  logic [31:0] tile_index_q, tiles_last_q, high_q, low_q, reversed_q, scan_bits_q;
  logic [31:0] in_index, out_index, in_index_q, out_index_q;

  assign middle_rows = digit_q + 5'(scan_q - 5'd1 < extra_q);  // width of the digit that Digits is at, number scan_q - 1 from 0

  function automatic logic [31:0] ones(input logic [4:0] count);
    ones = (32'd1 << count) - 32'd1;
  endfunction

  // low_q: the tile's position among neighbouring columns (or first digits); high_q: the digits above (or between).
  assign in_index  = last_pass_q ? ((low_q << columns_q) << (size_q - first_rows)) | (high_q << rows_q)
                                 : ((high_q << rows_q) << inner_q) | (low_q << columns_q);
  assign out_index = last_pass_q ? (low_q << columns_q) | (reversed_q << first_rows) : in_index;

  assign start_ready_o   = state_q == Idle;
  assign busy_o          = state_q != Idle;
  assign barrier_o       = !quiet_i && (state_q == Check || state_q == Pass);
  assign roots_fill_o    = state_q == FillRoots && !filling_q;
  assign twiddles_fill_o = state_q == FillTwiddles && !filling_q;
  assign load_fill_o     = state_q == FillShift && !filling_q && !inverse_q;
  assign store_fill_o    = state_q == FillShift && !filling_q && inverse_q;
  assign fill_shift_o    = shift_q;
  assign fill_bits_o     = {1'b0, size_q};

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      state_q       <= Idle;
      filling_q     <= 1'b0;
      roots_ready_q <= 1'b0;
      load_ready_q  <= 1'b0;
      store_ready_q <= 1'b0;
    end else begin
      case (state_q)
        Idle: if (start_valid_i) state_q <= Check;
        Check: begin
          if (roots_ready_q && shift_ready) state_q <= size_q > tile_q ? Split : Pass;
          else if (quiet_i) state_q <= roots_ready_q ? FillShift : FillRoots;
        end
        FillRoots: begin
          filling_q <= 1'b1;
          if (filling_q && !fill_busy_i) begin
            filling_q <= 1'b0;
            state_q   <= FillTwiddles;
          end
        end
        FillTwiddles: begin
          filling_q <= 1'b1;
          if (filling_q && !fill_busy_i) begin
            filling_q     <= 1'b0;
            roots_ready_q <= 1'b1;
            state_q       <= Check;
          end
        end
        FillShift: begin
          filling_q <= 1'b1;
          if (!filling_q && !inverse_q) load_ready_q <= 1'b1;
          if (!filling_q && inverse_q) store_ready_q <= 1'b1;
          if (filling_q && !fill_busy_i) begin
            filling_q <= 1'b0;
            state_q   <= Check;
          end
        end
        Split: if (left_q <= digit_max) state_q <= Share;
        Share: if (left_q < passes_q) state_q <= Pass;
        Pass: if (pass_q == '0 || quiet_i) state_q <= Base;
        Base: state_q <= last_pass_q && passes_q > 5'd1 ? Digits : Address;
        Digits: if (scan_q == 5'd1) state_q <= Address;
        Address: state_q <= Emit;
        default: if (tile_ready_i) begin
          if (tile_index_q != tiles_last_q) state_q <= Base;
          else state_q <= last_pass_q ? Idle : Pass;
        end
      endcase
    end

    if (state_q == FillShift && !filling_q) begin
      if (inverse_q) begin
        store_shift_q <= shift_q;
        store_bits_q  <= size_q;
      end else begin
        load_shift_q <= shift_q;
        load_bits_q  <= size_q;
      end
    end

    case (state_q)
      Idle: if (start_valid_i) begin
        size_q        <= start_log2_size_i;
        tile_q        <= start_tile_log2_max_i > 5'(TileLog2) ? 5'(TileLog2) : start_tile_log2_max_i == '0 ? 5'd1 : start_tile_log2_max_i;
        inverse_q     <= start_inverse_i;
        coset_q       <= start_coset_i;
        shift_q       <= start_shift_i;
        source_q      <= start_source_i;
        destination_q <= start_destination_i;
        scratch_q     <= start_scratch_i;
        left_q        <= start_log2_size_i;
        passes_q      <= 5'd1;
        digit_q       <= start_log2_size_i;
        extra_q       <= '0;
        pass_q        <= '0;
        done_q        <= '0;
      end
      Split: begin  // ceil(size / digit_max) by subtraction
        if (left_q > digit_max) begin
          left_q   <= left_q - digit_max;
          passes_q <= passes_q + 5'd1;
        end else begin
          left_q  <= size_q;
          digit_q <= '0;
        end
      end
      Share: begin  // size = digit * passes + extra, by subtraction
        if (left_q >= passes_q) begin
          left_q  <= left_q - passes_q;
          digit_q <= digit_q + 5'd1;
        end
        extra_q <= left_q;
      end
      Pass: begin
        rows_q       <= rows;
        columns_q    <= columns;
        inner_q      <= inner;
        last_pass_q  <= last_pass;
        tile_index_q <= '0;
        tiles_last_q <= ones(size_q - rows - columns);
      end
      Base: begin
        if (last_pass_q) begin
          low_q  <= passes_q == 5'd1 ? '0 : tile_index_q & ones(first_rows - columns_q);
          high_q <= passes_q == 5'd1 ? '0 : tile_index_q >> (first_rows - columns_q);
        end else begin
          low_q  <= tile_index_q & ones(inner_q - columns_q);
          high_q <= tile_index_q >> (inner_q - columns_q);
        end
        scan_bits_q <= tile_index_q >> (first_rows - columns_q);
        scan_q      <= passes_q - 5'd1;
        reversed_q  <= '0;
      end
      Digits: begin  // k_(P-1) is the lowest digit of high_q and the highest of reversed_q
        if (scan_q != 5'd1) begin
          scan_q      <= scan_q - 5'd1;
          reversed_q  <= (reversed_q << middle_rows) | (scan_bits_q & ones(middle_rows));
          scan_bits_q <= scan_bits_q >> middle_rows;
        end
      end
      Address: begin
        in_index_q  <= in_index;
        out_index_q <= out_index;
      end
      Emit: if (tile_ready_i) begin
        tile_index_q <= tile_index_q + 32'd1;
        if (tile_index_q == tiles_last_q) begin
          pass_q <= pass_q + 5'd1;
          done_q <= done_q + rows_q;
        end
      end
      default: ;
    endcase
  end

  logic [31:0]                 stride_in, stride_out;
  logic [TwoAdicity-1:0]       unit, row_unit, low_index;
  logic                        twiddle;
  assign twiddle    = !last_pass_q;
  assign stride_in  = 32'd1 << (last_pass_q ? size_q - first_rows : inner_q);
  assign stride_out = 32'd1 << (last_pass_q ? size_q - rows_q : inner_q);
  assign unit       = TwoAdicity'(1) << (5'(TwoAdicity) - rows_q - inner_q);
  assign low_index  = TwoAdicity'(low_q << columns_q);
  assign row_unit   = low_index << (5'(TwoAdicity) - rows_q - inner_q);

  logic [AddrWidth-1:0] read_area, write_area;
  assign read_area  = pass_q == '0 ? source_q : scratch_q;
  assign write_area = last_pass_q ? destination_q : scratch_q;

  assign tile_valid_o       = state_q == Emit;
  assign log_rows_o         = rows_q;
  assign log_columns_o      = columns_q;
  assign inverse_o          = inverse_q;
  assign final_o            = last_pass_q && tile_index_q == tiles_last_q;
  assign transposed_o       = last_pass_q;
  assign read_address_o     = read_area + (AddrWidth'(in_index_q) << ElementShift);
  assign write_address_o    = write_area + (AddrWidth'(out_index_q) << ElementShift);
  // One pass: the whole transform is one burst each way.
  assign read_stride_o      = AddrWidth'(stride_in) << ElementShift;
  assign read_log_bursts_o  = last_pass_q ? columns_q : rows_q;
  assign read_elements_o    = ElementsWidth'(1) << (last_pass_q ? rows_q : columns_q);
  assign write_stride_o     = AddrWidth'(stride_out) << ElementShift;
  assign write_log_bursts_o = passes_q == 5'd1 ? '0 : rows_q;
  assign write_elements_o   = ElementsWidth'(1) << (passes_q == 5'd1 ? rows_q : columns_q);

  assign load_factor_o   = coset_q && !inverse_q && pass_q == '0;
  assign load_first_o    = low_index;
  assign load_row_step_o = TwoAdicity'(32'd1 << inner_q);

  // w^-e is w^(2^TwoAdicity - e).
  assign store_factor_o        = twiddle || (coset_q && inverse_q);
  assign store_set_o           = !twiddle;
  assign store_first_o         = twiddle ? '0 : TwoAdicity'(out_index_q);
  assign store_row_step_o      = twiddle ? (inverse_q ? -row_unit : row_unit) : TwoAdicity'(stride_out);
  assign store_column_step_o   = twiddle ? '0 : TwoAdicity'(1);
  assign store_column_growth_o = twiddle ? (inverse_q ? -unit : unit) : '0;
endmodule
`default_nettype wire
