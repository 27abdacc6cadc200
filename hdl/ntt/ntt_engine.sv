// Number-theoretic transforms of 2^1 .. 2^TwoAdicity points over memory, natural order in and out, forward, inverse and coset:
//   out[k] = sum_i in[i] w^(ik)        in[i] g^i for in[i] with coset        w^-1 for w, and / n, with inverse; then out[k] shift^k with coset.
// Elements are residues below Modulus and stay in the form they have; roots and the shift are in Montgomery form.
//
// ntt_scheduler cuts commands into tiles. Each tile is read by ntt_requests, brought into one of three buffers by ntt_loader, transformed
// by ntt_compute, read out by ntt_storer and its writes asked for by ntt_requests, all five at work on different tiles, and on different
// commands, at once. See README.md for the dataflow.
//
// Requests are for elements of ElementBits at a byte address. Read elements come in the order asked for; written ones go in the order asked
// for; a write_done beat says that the oldest write not yet acknowledged is in memory. done has a beat a command, in order, when its last write
// is acknowledged, with the butterflies it took. A read request is sent as soon as the space behind it takes it, so whoever answers must
// own the space for what it accepts. Commands must not depend on commands that are not done; they may share the scratch area.
//
// The tables of the roots are made when the first command comes: about 3,000 + 2^TileLog2 / 2 cycles; those of a new shift in at most 3,000.
// Counters run from reset: butterflies, cycles with a command inside, and of these the cycles in which no butterfly started while
// the loader was waiting for an element, the storer for its element to be taken, or the scheduler for writes to be acknowledged.
`default_nettype none
module ntt_engine #(
    parameter int unsigned                           Width          = 254,
    parameter int unsigned                           RBits          = 256,
    parameter logic [Width-1:0]                      Modulus        = '1,
    parameter logic [RBits-1:0]                      NegInv         = 1,
    parameter int unsigned                           TwoAdicity     = 28,
    parameter logic [(TwoAdicity+1)*Width-1:0]       Roots          = '0,  // root of order 2^k at k * Width
    parameter int unsigned                           KaratsubaDepth = 2,
    parameter int unsigned                           Lanes          = 1,
    parameter int unsigned                           TileLog2Max    = 12,
    parameter int unsigned                           AddrWidth      = 64,
    parameter int unsigned                           ElementBits    = 256,
    parameter int unsigned                           ElementsWidth  = 32
) (
    input  wire logic                     clk_i,
    input  wire logic                     rst_ni,

    input  wire logic                     start_valid_i,
    output logic                          start_ready_o,
    input  wire logic [4:0]               start_log2_size_i,
    input  wire logic                     start_inverse_i,
    input  wire logic                     start_coset_i,
    input  wire logic [ElementBits-1:0]   start_shift_i,
    input  wire logic [AddrWidth-1:0]     start_source_i,
    input  wire logic [AddrWidth-1:0]     start_destination_i,
    input  wire logic [AddrWidth-1:0]     start_scratch_i,
    input  wire logic [4:0]               start_tile_log2_max_i,

    output logic                          read_request_valid_o,
    input  wire logic                     read_request_ready_i,
    output logic [AddrWidth-1:0]          read_request_address_o,
    output logic [ElementsWidth-1:0]      read_request_elements_o,
    input  wire logic                     read_element_valid_i,
    output logic                          read_element_ready_o,
    input  wire logic [ElementBits-1:0]   read_element_i,

    output logic                          write_request_valid_o,
    input  wire logic                     write_request_ready_i,
    output logic [AddrWidth-1:0]          write_request_address_o,
    output logic [ElementsWidth-1:0]      write_request_elements_o,
    output logic                          write_element_valid_o,
    input  wire logic                     write_element_ready_i,
    output logic [ElementBits-1:0]        write_element_o,
    input  wire logic                     write_done_valid_i,
    output logic                          write_done_ready_o,

    output logic                          done_valid_o,
    input  wire logic                     done_ready_i,
    output logic [47:0]                   done_butterflies_o,

    output logic                          busy_o,
    output logic [47:0]                   butterflies_o,
    output logic [47:0]                   busy_cycles_o,
    output logic [47:0]                   stall_cycles_o
);
  localparam int unsigned TileLog2    = TileLog2Max < TwoAdicity ? TileLog2Max : TwoAdicity;
  localparam int unsigned LaneBits    = $clog2(Lanes);
  localparam int unsigned AddressBits = TileLog2 > LaneBits + 2 ? TileLog2 : LaneBits + 2;
  localparam int unsigned Banks       = 2 * Lanes;
  localparam int unsigned BankBits    = LaneBits + 1;
  localparam int unsigned RowBits     = AddressBits - BankBits;
  localparam int unsigned Buffers     = 3;
  localparam int unsigned BufferBits  = 2;
  localparam int unsigned TwiddleRows = 1 << (TileLog2 - 1);
  localparam int unsigned TwiddleBits = TileLog2 > 1 ? TileLog2 - 1 : 1;
  localparam logic [Width-1:0] One    = Roots[Width-1:0];
  localparam int unsigned TilesAhead  = 4;  // descriptions between the scheduler and each of its readers

  if (TileLog2Max < 1) $error("ntt_engine: TileLog2Max must be at least 1");
  if (TwoAdicity < 1 || TwoAdicity > 28) $error("ntt_engine: TwoAdicity must be 1 to 28");
  if (ElementBits < Width) $error("ntt_engine: ElementBits must be at least Width");
  if (ElementsWidth <= TileLog2) $error("ntt_engine: ElementsWidth must hold 2^TileLog2Max");

  logic unused;
  assign unused = &{1'b0, start_shift_i, read_element_i};

  // ---- Scheduler and the five queues of tiles.
  logic                     scheduler_busy, barrier, quiet, tile_valid, tile_ready, tile_take;
  logic                     roots_fill, twiddles_fill, load_fill, store_fill, fill_busy;
  logic [Width-1:0]         fill_shift;
  logic [5:0]               fill_bits;
  logic [4:0]               log_rows, log_columns, read_log_bursts, write_log_bursts;
  logic                     inverse, final_tile, transposed, load_factor, store_factor, store_set;
  logic [AddrWidth-1:0]     read_address, read_stride, write_address, write_stride;
  logic [ElementsWidth-1:0] read_elements, write_elements;
  logic [TwoAdicity-1:0]    load_first, load_row_step, store_first, store_row_step, store_column_step, store_column_growth;

  ntt_scheduler #(
      .Width(Width), .TwoAdicity(TwoAdicity), .TileLog2(TileLog2), .AddrWidth(AddrWidth), .ElementBits(ElementBits), .ElementsWidth(ElementsWidth)
  ) u_scheduler (
      .clk_i, .rst_ni, .start_valid_i, .start_ready_o, .start_log2_size_i, .start_inverse_i, .start_coset_i,
      .start_shift_i(start_shift_i[Width-1:0]), .start_source_i, .start_destination_i, .start_scratch_i, .start_tile_log2_max_i,
      .quiet_i(quiet), .busy_o(scheduler_busy), .barrier_o(barrier),
      .roots_fill_o(roots_fill), .twiddles_fill_o(twiddles_fill), .load_fill_o(load_fill), .store_fill_o(store_fill),
      .fill_shift_o(fill_shift), .fill_bits_o(fill_bits), .fill_busy_i(fill_busy),
      .tile_valid_o(tile_valid), .tile_ready_i(tile_ready), .log_rows_o(log_rows), .log_columns_o(log_columns), .inverse_o(inverse),
      .final_o(final_tile), .transposed_o(transposed),
      .read_address_o(read_address), .read_stride_o(read_stride), .read_elements_o(read_elements), .read_log_bursts_o(read_log_bursts),
      .write_address_o(write_address), .write_stride_o(write_stride), .write_elements_o(write_elements),
      .write_log_bursts_o(write_log_bursts),
      .load_factor_o(load_factor), .load_first_o(load_first), .load_row_step_o(load_row_step),
      .store_factor_o(store_factor), .store_set_o(store_set), .store_first_o(store_first), .store_row_step_o(store_row_step),
      .store_column_step_o(store_column_step), .store_column_growth_o(store_column_growth));

  localparam int unsigned RequestBits = 2 * AddrWidth + ElementsWidth + 5;
  logic [6:0] queue_ready;
  assign tile_ready = &queue_ready;
  assign tile_take  = tile_valid && tile_ready;

  localparam int unsigned CountBits = $clog2(TilesAhead + 1);
  logic [7*CountBits-1:0] unused_counts;
  logic                   unused_count;
  assign unused_count = &{1'b0, unused_counts};

  logic                   reads_valid, reads_ready;
  logic [RequestBits-1:0] reads_tile;
  fifo #(.Width(RequestBits), .Depth(TilesAhead)) u_reads (
      .clk_i, .rst_ni, .valid_i(tile_take), .ready_o(queue_ready[0]),
      .data_i({read_address, read_stride, read_elements, read_log_bursts}),
      .valid_o(reads_valid), .ready_i(reads_ready), .data_o(reads_tile), .count_o(unused_counts[0*CountBits+:CountBits]));

  logic                 load_valid, load_ready, load_transposed, load_multiplies;
  logic [4:0]           load_rows, load_columns;
  fifo #(.Width(12), .Depth(TilesAhead)) u_loads (
      .clk_i, .rst_ni, .valid_i(tile_take), .ready_o(queue_ready[1]), .data_i({log_rows, log_columns, transposed, load_factor}),
      .valid_o(load_valid), .ready_i(load_ready), .data_o({load_rows, load_columns, load_transposed, load_multiplies}),
      .count_o(unused_counts[1*CountBits+:CountBits]));

  logic                           load_powers_valid, load_powers_ready;
  logic [4:0]                     load_powers_rows, load_powers_columns;
  logic [2*TwoAdicity-1:0]        load_powers_steps;
  fifo #(.Width(10 + 2 * TwoAdicity), .Depth(TilesAhead)) u_load_powers (
      .clk_i, .rst_ni, .valid_i(tile_take && load_factor), .ready_o(queue_ready[2]),
      .data_i({log_rows, log_columns, load_row_step, load_first}),
      .valid_o(load_powers_valid), .ready_i(load_powers_ready), .data_o({load_powers_rows, load_powers_columns, load_powers_steps}),
      .count_o(unused_counts[2*CountBits+:CountBits]));

  logic       compute_valid, compute_ready, compute_inverse, compute_final;
  logic [4:0] compute_rows, compute_columns;
  fifo #(.Width(12), .Depth(TilesAhead)) u_computes (
      .clk_i, .rst_ni, .valid_i(tile_take), .ready_o(queue_ready[3]), .data_i({log_rows, log_columns, inverse, final_tile}),
      .valid_o(compute_valid), .ready_i(compute_ready), .data_o({compute_rows, compute_columns, compute_inverse, compute_final}),
      .count_o(unused_counts[3*CountBits+:CountBits]));

  logic       store_valid, store_ready, store_multiplies;
  logic [4:0] store_rows, store_columns;
  fifo #(.Width(11), .Depth(TilesAhead)) u_stores (
      .clk_i, .rst_ni, .valid_i(tile_take), .ready_o(queue_ready[4]), .data_i({log_rows, log_columns, store_factor}),
      .valid_o(store_valid), .ready_i(store_ready), .data_o({store_rows, store_columns, store_multiplies}),
      .count_o(unused_counts[4*CountBits+:CountBits]));

  logic                       store_powers_valid, store_powers_ready, store_powers_set;
  logic [4:0]                 store_powers_rows, store_powers_columns;
  logic [4*TwoAdicity-1:0]    store_powers_steps;
  fifo #(.Width(11 + 4 * TwoAdicity), .Depth(TilesAhead)) u_store_powers (
      .clk_i, .rst_ni, .valid_i(tile_take && store_factor), .ready_o(queue_ready[5]),
      .data_i({log_rows, log_columns, store_set, store_column_growth, store_column_step, store_row_step, store_first}),
      .valid_o(store_powers_valid), .ready_i(store_powers_ready),
      .data_o({store_powers_rows, store_powers_columns, store_powers_set, store_powers_steps}), .count_o(unused_counts[5*CountBits+:CountBits]));

  logic                   writes_valid, writes_ready, writes_final;
  logic [RequestBits-1:0] writes_tile;
  fifo #(.Width(RequestBits + 1), .Depth(TilesAhead)) u_writes (
      .clk_i, .rst_ni, .valid_i(tile_take), .ready_o(queue_ready[6]),
      .data_i({final_tile, write_address, write_stride, write_elements, write_log_bursts}),
      .valid_o(writes_valid), .ready_i(writes_ready), .data_o({writes_final, writes_tile}), .count_o(unused_counts[6*CountBits+:CountBits]));

  // ---- Buffers change hands in order: free, loaded, computed, storable, which is computed and its write requests begun.
  logic                  loaded, computed, freed, load_take, compute_take, store_take, writes_take;
  logic [BufferBits-1:0] free_q, loaded_q, computed_q, storable_q;
  logic                  compute_tile_ready, store_tile_ready, request_tile_ready;

  assign load_take     = load_valid && load_ready;
  assign compute_ready = compute_tile_ready && loaded_q != '0;
  assign compute_take  = compute_valid && compute_ready;
  assign store_ready   = store_tile_ready;
  assign store_take    = store_valid && store_ready;
  assign writes_ready  = request_tile_ready && computed_q != '0;
  assign writes_take   = writes_valid && writes_ready;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      free_q     <= BufferBits'(Buffers);
      loaded_q   <= '0;
      computed_q <= '0;
      storable_q <= '0;
    end else begin
      free_q     <= free_q + BufferBits'(freed) - BufferBits'(load_take);
      loaded_q   <= loaded_q + BufferBits'(loaded) - BufferBits'(compute_take);
      computed_q <= computed_q + BufferBits'(computed) - BufferBits'(writes_take);
      storable_q <= storable_q + BufferBits'(writes_take) - BufferBits'(store_take);
    end
  end

  // ---- Reading.
  logic unused_read_last;
  ntt_requests #(.AddrWidth(AddrWidth), .ElementsWidth(ElementsWidth)) u_read_requests (
      .clk_i, .rst_ni, .tile_valid_i(reads_valid), .tile_ready_o(reads_ready),
      .address_i(reads_tile[RequestBits-1-:AddrWidth]), .stride_i(reads_tile[5+ElementsWidth+:AddrWidth]),
      .elements_i(reads_tile[5+:ElementsWidth]), .log_bursts_i(reads_tile[4:0]),
      .request_valid_o(read_request_valid_o), .request_ready_i(read_request_ready_i), .request_address_o(read_request_address_o),
      .request_elements_o(read_request_elements_o), .last_o(unused_read_last));

  logic                  load_exponent_valid, load_exponent_ready, unused_load_set, load_power_valid, load_power_ready, load_filling;
  logic [TwoAdicity-1:0] load_exponent;
  logic [Width-1:0]      load_power;
  ntt_exponents #(.ExponentBits(TwoAdicity)) u_load_exponents (
      .clk_i, .rst_ni, .tile_valid_i(load_powers_valid), .tile_ready_o(load_powers_ready),
      .log_rows_i(load_powers_rows), .log_columns_i(load_powers_columns), .first_i(load_powers_steps[0*TwoAdicity+:TwoAdicity]),
      .row_step_i(load_powers_steps[1*TwoAdicity+:TwoAdicity]),
      .column_step_i(TwoAdicity'(1)), .column_growth_i('0), .set_i(1'b0),
      .exponent_valid_o(load_exponent_valid), .exponent_ready_i(load_exponent_ready), .exponent_o(load_exponent), .set_o(unused_load_set));
  ntt_powers #(
      .Width(Width), .RBits(RBits), .Modulus(Modulus), .NegInv(NegInv), .One(One), .KaratsubaDepth(KaratsubaDepth),
      .ExponentBits(TwoAdicity), .Sets(1)
  ) u_load_power (
      .clk_i, .rst_ni, .fill_i(load_fill), .fill_set_i(1'b0), .fill_base_i(fill_shift), .fill_bits_i(fill_bits), .filling_o(load_filling),
      .exponent_valid_i(load_exponent_valid), .exponent_ready_o(load_exponent_ready), .set_i(1'b0), .exponent_i(load_exponent),
      .power_valid_o(load_power_valid), .power_ready_i(load_power_ready), .power_o(load_power));

  logic                   load_write, starved;
  logic [BufferBits-1:0]  load_buffer;
  logic [AddressBits-1:0] load_address;
  logic [Width-1:0]       load_data;
  ntt_loader #(
      .Width(Width), .RBits(RBits), .Modulus(Modulus), .NegInv(NegInv), .One(One), .KaratsubaDepth(KaratsubaDepth), .AddressBits(AddressBits)
  ) u_loader (
      .clk_i, .rst_ni, .tile_valid_i(load_valid), .tile_ready_o(load_ready), .log_rows_i(load_rows), .log_columns_i(load_columns),
      .transposed_i(load_transposed), .factor_i(load_multiplies), .free_i(free_q != '0), .loaded_o(loaded), .starved_o(starved),
      .element_valid_i(read_element_valid_i), .element_ready_o(read_element_ready_o), .element_i(read_element_i[Width-1:0]),
      .power_valid_i(load_power_valid), .power_ready_o(load_power_ready), .power_i(load_power),
      .write_o(load_write), .write_buffer_o(load_buffer), .write_address_o(load_address), .write_data_o(load_data));

  // ---- Computing.
  logic                        memory_ce, memory_read, memory_write;
  logic [BufferBits-1:0]       memory_buffer, memory_select, memory_write_buffer;
  logic [2*RowBits-1:0]        memory_row, memory_write_row;
  logic [Banks*Width-1:0]      memory_data, memory_write_data;
  logic                        issuing, command_ends, twiddle_write;
  logic [$clog2(Lanes+1)-1:0]  butterflies;
  logic [47:0]                 command_butterflies;
  logic [TwiddleBits-1:0]      twiddle_row;
  logic [Width-1:0]            store_power;

  ntt_compute #(
      .Width(Width), .RBits(RBits), .Modulus(Modulus), .NegInv(NegInv), .KaratsubaDepth(KaratsubaDepth), .Lanes(Lanes), .TileLog2(TileLog2),
      .AddressBits(AddressBits)
  ) u_compute (
      .clk_i, .rst_ni, .twiddle_write_i(twiddle_write), .twiddle_row_i(twiddle_row), .twiddle_data_i(store_power),
      .tile_valid_i(compute_take), .tile_ready_o(compute_tile_ready), .log_rows_i(compute_rows), .log_columns_i(compute_columns),
      .inverse_i(compute_inverse), .final_i(compute_final), .computed_o(computed), .issuing_o(issuing), .butterflies_o(butterflies),
      .command_ends_o(command_ends), .command_butterflies_o(command_butterflies),
      .memory_ce_o(memory_ce), .memory_read_o(memory_read), .memory_buffer_o(memory_buffer), .memory_row_o(memory_row),
      .memory_select_o(memory_select), .memory_data_i(memory_data), .memory_write_o(memory_write),
      .memory_write_buffer_o(memory_write_buffer), .memory_write_row_o(memory_write_row), .memory_write_data_o(memory_write_data));

  logic                   store_ce, store_read;
  logic [Buffers-1:0]     store_owns;
  logic [BufferBits-1:0]  store_buffer, store_select;
  logic [AddressBits-1:0] store_address;
  logic [BankBits-1:0]    store_select_bank;
  logic [Width-1:0]       store_data;
  ntt_tile_memory #(.Width(Width), .Lanes(Lanes), .AddressBits(AddressBits)) u_tiles (
      .clk_i, .load_write_i(load_write), .load_buffer_i(load_buffer), .load_address_i(load_address), .load_data_i(load_data),
      .compute_ce_i(memory_ce), .compute_read_i(memory_read), .compute_buffer_i(memory_buffer), .compute_row_i(memory_row),
      .compute_select_i(memory_select), .compute_data_o(memory_data), .compute_write_i(memory_write),
      .compute_write_buffer_i(memory_write_buffer), .compute_write_row_i(memory_write_row), .compute_write_data_i(memory_write_data),
      .store_ce_i(store_ce), .store_read_i(store_read), .store_owns_i(store_owns), .store_buffer_i(store_buffer),
      .store_address_i(store_address), .store_select_i(store_select), .store_select_bank_i(store_select_bank), .store_data_o(store_data));

  // ---- Storing. The store side's powers also make the lanes' twiddles: root^(j 2^(TwoAdicity - TileLog2)) for j = 0, 1, ...
  logic                  twiddles_q;
  logic [TwiddleBits:0]  twiddle_in_q, twiddle_out_q;
  logic                  store_exponent_valid, store_exponent_ready, store_exponent_set, store_power_valid, store_power_ready, store_filling;
  logic                  power_exponent_ready, power_ready;
  logic [TwoAdicity-1:0] store_exponent;
  assign twiddle_write        = twiddles_q && store_power_valid;
  assign twiddle_row          = twiddle_out_q[TwiddleBits-1:0];
  assign store_exponent_ready = power_exponent_ready && !twiddles_q;
  assign power_ready          = store_power_ready || twiddles_q;
  assign fill_busy            = load_filling || store_filling || twiddles_q;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      twiddles_q <= 1'b0;
    end else if (twiddles_fill) begin
      twiddles_q    <= 1'b1;
      twiddle_in_q  <= '0;
      twiddle_out_q <= '0;
    end else if (twiddles_q) begin
      if (twiddle_in_q != (TwiddleBits + 1)'(TwiddleRows) && power_exponent_ready) twiddle_in_q <= twiddle_in_q + 1'b1;
      if (store_power_valid) begin
        twiddle_out_q <= twiddle_out_q + 1'b1;
        if (twiddle_out_q == (TwiddleBits + 1)'(TwiddleRows - 1)) twiddles_q <= 1'b0;
      end
    end
  end

  ntt_exponents #(.ExponentBits(TwoAdicity)) u_store_exponents (
      .clk_i, .rst_ni, .tile_valid_i(store_powers_valid), .tile_ready_o(store_powers_ready),
      .log_rows_i(store_powers_rows), .log_columns_i(store_powers_columns), .first_i(store_powers_steps[0*TwoAdicity+:TwoAdicity]),
      .row_step_i(store_powers_steps[1*TwoAdicity+:TwoAdicity]), .column_step_i(store_powers_steps[2*TwoAdicity+:TwoAdicity]),
      .column_growth_i(store_powers_steps[3*TwoAdicity+:TwoAdicity]),
      .set_i(store_powers_set),
      .exponent_valid_o(store_exponent_valid), .exponent_ready_i(store_exponent_ready), .exponent_o(store_exponent), .set_o(store_exponent_set));
  ntt_powers #(
      .Width(Width), .RBits(RBits), .Modulus(Modulus), .NegInv(NegInv), .One(One), .KaratsubaDepth(KaratsubaDepth),
      .ExponentBits(TwoAdicity), .Sets(2)
  ) u_store_power (
      .clk_i, .rst_ni, .fill_i(roots_fill || store_fill), .fill_set_i(store_fill),
      .fill_base_i(store_fill ? fill_shift : Roots[TwoAdicity*Width+:Width]),
      .fill_bits_i(store_fill ? fill_bits : 6'(TwoAdicity)), .filling_o(store_filling),
      .exponent_valid_i(twiddles_q ? twiddle_in_q != (TwiddleBits + 1)'(TwiddleRows) : store_exponent_valid),
      .exponent_ready_o(power_exponent_ready), .set_i(!twiddles_q && store_exponent_set),
      .exponent_i(twiddles_q ? TwoAdicity'(twiddle_in_q) << (TwoAdicity - TileLog2) : store_exponent),
      .power_valid_o(store_power_valid), .power_ready_i(power_ready), .power_o(store_power));

  logic [Width-1:0] stored;
  ntt_storer #(
      .Width(Width), .RBits(RBits), .Modulus(Modulus), .NegInv(NegInv), .One(One), .KaratsubaDepth(KaratsubaDepth), .Lanes(Lanes),
      .AddressBits(AddressBits)
  ) u_storer (
      .clk_i, .rst_ni, .tile_valid_i(store_valid), .tile_ready_o(store_tile_ready), .log_rows_i(store_rows), .log_columns_i(store_columns),
      .factor_i(store_multiplies), .computed_i(storable_q != '0), .freed_o(freed), .owns_o(store_owns),
      .memory_ce_o(store_ce), .memory_read_o(store_read), .memory_buffer_o(store_buffer), .memory_address_o(store_address),
      .memory_select_o(store_select), .memory_select_bank_o(store_select_bank), .memory_data_i(store_data),
      .power_valid_i(store_power_valid && !twiddles_q), .power_ready_o(store_power_ready), .power_i(store_power),
      .element_valid_o(write_element_valid_o), .element_ready_i(write_element_ready_i), .element_o(stored));
  assign write_element_o = ElementBits'(stored);

  // ---- Write requests, their acknowledgements, and the end of each command.
  logic        request_valid, request_ready, request_last, request_final_q, ends, ends_ready, ends_valid, counts_valid, counts_ready;
  logic [31:0] issued_q, acknowledged_q, ends_at;
  logic [31:0] behind;
  logic [2:0]  tiles_q;  // emitted, requests not all issued: TilesAhead waiting and one at work

  ntt_requests #(.AddrWidth(AddrWidth), .ElementsWidth(ElementsWidth)) u_write_requests (
      .clk_i, .rst_ni, .tile_valid_i(writes_take), .tile_ready_o(request_tile_ready),
      .address_i(writes_tile[RequestBits-1-:AddrWidth]), .stride_i(writes_tile[5+ElementsWidth+:AddrWidth]),
      .elements_i(writes_tile[5+:ElementsWidth]), .log_bursts_i(writes_tile[4:0]),
      .request_valid_o(request_valid), .request_ready_i(request_ready), .request_address_o(write_request_address_o),
      .request_elements_o(write_request_elements_o), .last_o(request_last));

  logic request_take;
  assign ends                  = request_last && request_final_q;
  assign write_request_valid_o = request_valid && (!ends || ends_ready);
  assign request_ready         = write_request_ready_i && (!ends || ends_ready);
  assign request_take          = request_valid && request_ready;
  assign write_done_ready_o    = 1'b1;
  assign quiet                 = tiles_q == '0 && issued_q == acknowledged_q;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      issued_q       <= '0;
      acknowledged_q <= '0;
      tiles_q        <= '0;
    end else begin
      if (request_take) issued_q <= issued_q + 32'd1;
      if (write_done_valid_i) acknowledged_q <= acknowledged_q + 32'd1;
      tiles_q <= tiles_q + 3'(tile_take) - 3'(request_take && request_last);
    end
    if (writes_take) request_final_q <= writes_final;
  end

  logic [2:0] unused_ends_count;
  fifo #(.Width(32), .Depth(4)) u_ends (
      .clk_i, .rst_ni, .valid_i(request_take && ends), .ready_o(ends_ready), .data_i(issued_q + 32'd1),
      .valid_o(ends_valid), .ready_i(done_valid_o && done_ready_i), .data_o(ends_at), .count_o(unused_ends_count));
  // Commands that have been computed and are not done: three in the buffers, one in the requests, four in u_ends. It never fills.
  logic [3:0] unused_count_count;
  fifo #(.Width(48), .Depth(8)) u_counts (
      .clk_i, .rst_ni, .valid_i(command_ends), .ready_o(counts_ready), .data_i(command_butterflies),
      .valid_o(counts_valid), .ready_i(done_valid_o && done_ready_i), .data_o(done_butterflies_o), .count_o(unused_count_count));
  assign behind       = acknowledged_q - ends_at;
  assign done_valid_o = ends_valid && !behind[31];
  logic unused_done;
  assign unused_done = &{1'b0, unused_ends_count, unused_count_count, counts_valid, counts_ready, behind[30:0], unused_read_last, unused_load_set};

  // ---- Counters.
  assign busy_o = scheduler_busy || tiles_q != '0 || ends_valid;
  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      butterflies_o  <= '0;
      busy_cycles_o  <= '0;
      stall_cycles_o <= '0;
    end else if (busy_o) begin
      butterflies_o <= butterflies_o + 48'(butterflies);
      busy_cycles_o <= busy_cycles_o + 48'd1;
      if (!issuing && (starved || barrier || (write_element_valid_o && !write_element_ready_i))) stall_cycles_o <= stall_cycles_o + 48'd1;
    end
  end
endmodule
`default_nettype wire
