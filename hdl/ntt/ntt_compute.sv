// Transforms the tiles in the buffers in place: a tile of R rows and C columns (element r C + c) gets C transforms of size R over r,
// by log2 R stages of decimation in frequency, natural order in, bit-reversed out: row k of the result is left in row rev(k).
// Lanes butterflies start each cycle, in natural order; butterfly t of stage s joins the elements that differ in bit b = log2(R C) - 1 - s
// and whose other bits are t.
//
// Stages follow each other without draining when they may. Stage s + 1 butterfly t needs stage s butterflies up to t + 2^(b-1), started
// G - 2^(b-1) / Lanes cycles before it, G = R C / (2 Lanes) being a stage's cycles. A result can be read LoopLatency cycles after its
// butterfly started, so the next stage waits max(0, LoopLatency - G + 2^(b-1) / Lanes) cycles: none once R C / (4 Lanes) >= LoopLatency.
// Tiles share nothing; the next one starts one cycle after the last butterfly of this one.
//
// Tiles smaller than 2 * Lanes leave lanes idle; those read and write elements behind the tile's end, which nobody reads.
// Every lane has its own table of the 2^(TileLog2 - 1) powers of the root of order 2^TileLog2, written through the twiddle port.
`default_nettype none
module ntt_compute #(
    parameter int unsigned      Width          = 254,
    parameter int unsigned      RBits          = 256,
    parameter logic [Width-1:0] Modulus        = '1,
    parameter logic [RBits-1:0] NegInv         = 1,
    parameter int unsigned      KaratsubaDepth = 2,
    parameter int unsigned      Lanes          = 1,
    parameter int unsigned      TileLog2       = 12,
    parameter int unsigned      AddressBits    = 12,
    localparam int unsigned     BufferBits     = 2,
    localparam int unsigned     LaneBits       = $clog2(Lanes),
    localparam int unsigned     Banks          = 2 * Lanes,
    localparam int unsigned     RowBits        = AddressBits - LaneBits - 1,
    localparam int unsigned     TwiddleRows    = 1 << (TileLog2 - 1),
    localparam int unsigned     TwiddleBits    = TileLog2 > 1 ? TileLog2 - 1 : 1
) (
    input  wire logic                        clk_i,
    input  wire logic                        rst_ni,

    input  wire logic                        twiddle_write_i,
    input  wire logic [TwiddleBits-1:0]      twiddle_row_i,
    input  wire logic [Width-1:0]            twiddle_data_i,

    // A tile that has been loaded; computed_o pulses when its results can be read.
    input  wire logic                        tile_valid_i,
    output logic                             tile_ready_o,
    input  wire logic [4:0]                  log_rows_i,
    input  wire logic [4:0]                  log_columns_i,
    input  wire logic                        inverse_i,
    input  wire logic                        final_i,
    output logic                             computed_o,
    output logic                             issuing_o,
    output logic [$clog2(Lanes+1)-1:0]       butterflies_o,        // started in this cycle
    output logic                             command_ends_o,       // with the last of a command's,
    output logic [47:0]                      command_butterflies_o,  // this many in all

    output logic                             memory_ce_o,
    output logic                             memory_read_o,
    output logic [BufferBits-1:0]            memory_buffer_o,
    output logic [2*RowBits-1:0]             memory_row_o,
    output logic [BufferBits-1:0]            memory_select_o,
    input  wire logic [Banks*Width-1:0]      memory_data_i,
    output logic                             memory_write_o,
    output logic [BufferBits-1:0]            memory_write_buffer_o,
    output logic [2*RowBits-1:0]             memory_write_row_o,
    output logic [Banks*Width-1:0]           memory_write_data_o
);
  // Latencies, counted from the cycle in which a group is issued: rows registered 1, memory 2, operands registered 1, lane, results
  // registered 1 and written; the row is presented again in cycle 1 at the earliest, one after the write.
  localparam int unsigned ReadLatency = 2;
  localparam int unsigned TwiddleLag  = 2 * field_pkg::AddLatency;
  localparam int unsigned LaneLatency = TwiddleLag + field_pkg::mul_latency(KaratsubaDepth);
  localparam int unsigned LoopLatency = 1 + ReadLatency + 1 + LaneLatency + 1;
  localparam int unsigned WaitBits    = $clog2(LoopLatency + 1);
  localparam int unsigned SelectBits  = $clog2(LaneBits + 1) > 0 ? $clog2(LaneBits + 1) : 1;

  if (Lanes != 1 && Lanes != 2 && Lanes != 4) $error("ntt_compute: Lanes must be 1, 2 or 4");
  if (AddressBits < TileLog2 || AddressBits < LaneBits + 2) $error("ntt_compute: AddressBits must be at least TileLog2 and log2(Lanes) + 2");

  // The sequence of groups of Lanes butterflies.
  typedef enum logic [1:0] {Idle, Run, Wait} state_e;
  state_e                 state_q;
  logic [4:0]             bit_q, columns_q;
  logic                   inverse_q, final_q;
  logic [AddressBits-1:0] half_q;  // butterflies in a stage
  logic [RowBits:0]       groups_q;
  logic [RowBits-1:0]     group_q;
  logic [WaitBits-1:0]    wait_q;
  logic [BufferBits-1:0]  buffer_q;
  logic [47:0]            count_q;
  logic                   group_last, stage_last;
  logic [RowBits:0]       gap;  // cycles between a butterfly and the first that needs it, without waiting
  logic [AddressBits-1:0] half;

  assign half         = AddressBits'(1) << (log_rows_i + log_columns_i - 5'd1);
  assign group_last   = {1'b0, group_q} == groups_q - 1'b1;
  assign stage_last   = bit_q == columns_q;
  assign gap          = groups_q - (RowBits + 1)'(((AddressBits + 1)'(1) << bit_q) >> (LaneBits + 1));
  assign tile_ready_o = state_q == Idle;
  assign issuing_o    = state_q == Run;

  assign butterflies_o         = !issuing_o ? '0 : half_q < AddressBits'(Lanes) ? ($clog2(Lanes+1))'(half_q) : ($clog2(Lanes+1))'(Lanes);
  assign command_butterflies_o = count_q + 48'(butterflies_o);
  assign command_ends_o        = issuing_o && group_last && stage_last && final_q;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      state_q  <= Idle;
      buffer_q <= '0;
      count_q  <= '0;
    end else begin
      case (state_q)
        Idle: if (tile_valid_i) begin
          state_q   <= Run;
          bit_q     <= log_rows_i + log_columns_i - 5'd1;
          columns_q <= log_columns_i;
          inverse_q <= inverse_i;
          final_q   <= final_i;
          half_q    <= half;
          groups_q  <= (half >> LaneBits) == '0 ? (RowBits + 1)'(1) : (RowBits + 1)'(half >> LaneBits);
          group_q   <= '0;
        end
        Run: begin
          count_q <= command_ends_o ? '0 : command_butterflies_o;
          group_q <= group_last ? '0 : group_q + 1'b1;
          if (group_last) begin
            bit_q  <= bit_q - 5'd1;
            wait_q <= WaitBits'(LoopLatency - 1) - WaitBits'(gap);
            if (stage_last) begin
              state_q  <= Idle;
              buffer_q <= buffer_q == 2'd2 ? '0 : buffer_q + 1'b1;
            end else if (32'(gap) < LoopLatency) begin
              state_q <= Wait;
            end
          end
        end
        default: begin
          wait_q <= wait_q - 1'b1;
          if (wait_q == '0) state_q <= Run;
        end
      endcase
    end
  end

  // Which bits of the pipeline hold a group, and which hold a tile's last one. Position i is cycle i + 1 after the issue.
  logic [LoopLatency-1:0] valid_q, last_q;
  logic                   ce;
  assign ce          = state_q != Idle || valid_q != '0;
  assign memory_ce_o = ce;
  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      valid_q <= '0;
      last_q  <= '0;
    end else if (ce) begin
      valid_q <= {valid_q[LoopLatency-2:0], issuing_o};
      last_q  <= {last_q[LoopLatency-2:0], issuing_o && group_last && stage_last};
    end
  end
  assign memory_read_o  = valid_q[0];
  assign memory_write_o = valid_q[LoopLatency-1];
  assign computed_o     = last_q[LoopLatency-1];

  // Cycle 1: rows and twiddles. With the group's number g, the lanes' butterflies are t = {g, lane}; inserting bit b - LaneBits into g
  // gives the address above the lanes' bits. When b is one of the lanes' bits all 2 * Lanes elements are in row g.
  logic [4:0]                        row_bit;
  logic [RowBits:0]                  hot, spread;
  logic [RowBits-1:0]                row_first, row_second;
  logic                              parity, parity_q;
  logic [2*RowBits-1:0]              row_q;
  logic [SelectBits-1:0]             select, select_q;
  logic [BufferBits-1:0]             buffer1_q;
  logic                              halve_q;
  logic [Lanes*TwiddleBits-1:0]      twiddle_index_q;
  logic [Lanes-1:0]                  negate_q;

  assign row_bit    = bit_q > 5'(LaneBits) ? bit_q - 5'(LaneBits) : 5'd0;
  assign hot        = (RowBits + 1)'(1) << row_bit;
  assign spread     = (({1'b0, group_q} & ~(hot - 1'b1)) << 1) | ({1'b0, group_q} & (hot - 1'b1));
  assign row_first  = RowBits'(spread >> 1);
  assign row_second = RowBits'((spread | hot) >> 1);
  assign parity     = ^group_q;
  if (Lanes == 1) begin : g_select_one
    assign select = '0;
  end else begin : g_select
    assign select = bit_q < 5'(LaneBits) ? SelectBits'(bit_q) : SelectBits'(LaneBits);
  end

  // With the bits of the column masked off, t mod 2^b moved up to the table's width is the exponent of the root of order 2^TileLog2.
  function automatic logic [TwiddleBits-1:0] twiddle_index(input logic [AddressBits-2:0] t, input logic [4:0] position, input logic [4:0] columns);
    logic [AddressBits-1:0] below;
    below = {1'b0, t} & ((AddressBits'(1) << position) - 1'b1) & ~((AddressBits'(1) << columns) - 1'b1);
    twiddle_index = TwiddleBits'(below << (5'(TileLog2 - 1) - position));
  endfunction

  always_ff @(posedge clk_i) begin
    if (ce) begin
      row_q     <= parity ? {row_first, row_second} : {row_second, row_first};
      parity_q  <= parity;
      select_q  <= select;
      buffer1_q <= buffer_q;
      halve_q   <= inverse_q;
    end
  end
  for (genvar j = 0; j < Lanes; j++) begin : g_index
    logic [TwiddleBits-1:0] index;
    if (Lanes == 1) begin : g_one
      assign index = twiddle_index(group_q, bit_q, columns_q);
    end else begin : g_more
      assign index = twiddle_index({group_q, LaneBits'(j)}, bit_q, columns_q);
    end
    always_ff @(posedge clk_i) begin
      if (ce) begin
        twiddle_index_q[j*TwiddleBits+:TwiddleBits] <= inverse_q ? -index : index;
        negate_q[j] <= inverse_q && index != '0;
      end
    end
  end
  assign memory_buffer_o = buffer1_q;
  assign memory_row_o    = row_q;

  // Cycle 3: the lanes' operands out of the banks.
  localparam int unsigned TagBits = SelectBits + 1;
  logic [SelectBits-1:0] read_select, write_select;
  logic                  read_parity, write_parity;
  delay_line #(.Width(TagBits + BufferBits), .Stages(ReadLatency)) u_read_tag (
      .clk_i, .ce_i(ce), .data_i({select_q, parity_q, buffer1_q}), .data_o({read_select, read_parity, memory_select_o}));

  logic [Lanes-1:0]                  negate, halve;
  logic [Lanes*TwiddleBits-1:0]      twiddle_row;
  logic                              halve_all;
  delay_line #(.Width(Lanes + 1), .Stages(ReadLatency + 1)) u_flags (
      .clk_i, .ce_i(ce), .data_i({negate_q, halve_q}), .data_o({negate, halve_all}));
  delay_line #(.Width(Lanes * TwiddleBits), .Stages(ReadLatency + 1 + TwiddleLag - 2)) u_twiddle_row (
      .clk_i, .ce_i(ce), .data_i(twiddle_index_q), .data_o(twiddle_row));
  assign halve = {Lanes{halve_all}};

  // Lane j's side h is word 2 j + h.
  logic [2*Lanes*Width-1:0] operand_q, result;

  // The element of lane j's side h when the butterfly's bit is lane bit e: all of a row's 2 * Lanes elements are in use.
  function automatic int unsigned insert(input int unsigned j, input int unsigned e, input int unsigned h);
    insert = ((j >> e) << (e + 1)) | (h << e) | (j & ((1 << e) - 1));
  endfunction
  function automatic int unsigned remove(input int unsigned k, input int unsigned e);
    remove = ((k >> (e + 1)) << e) | (k & ((1 << e) - 1));
  endfunction

  for (genvar j = 0; j < Lanes; j++) begin : g_lane
    for (genvar h = 0; h < 2; h++) begin : g_side
      logic [(LaneBits+1)*Width-1:0] operand;
      assign operand[LaneBits*Width+:Width] = read_parity == 1'(h) ? memory_data_i[j*Width+:Width] : memory_data_i[(j+Lanes)*Width+:Width];
      for (genvar e = 0; e < LaneBits; e++) begin : g_low
        localparam int unsigned Element = insert(j, e, h);
        localparam int unsigned Low     = Element % Lanes;
        assign operand[e*Width+:Width] =
            read_parity == 1'(Element / Lanes) ? memory_data_i[Low*Width+:Width] : memory_data_i[(Low+Lanes)*Width+:Width];
      end
      always_ff @(posedge clk_i) begin
        if (ce) operand_q[(2*j+h)*Width+:Width] <= operand[32'(read_select)*Width+:Width];
      end
    end

    logic [Width-1:0] twiddle;
    ntt_ram #(.Width(Width), .Rows(TwiddleRows)) u_twiddles (
        .clk_i, .write_i(twiddle_write_i), .write_row_i(twiddle_row_i), .write_data_i(twiddle_data_i),
        .read_ce_i(ce), .read_i(1'b1), .read_row_i(twiddle_row[j*TwiddleBits+:TwiddleBits]), .data_o(twiddle));
    ntt_lane #(
        .Width(Width), .RBits(RBits), .Modulus(Modulus), .NegInv(NegInv), .KaratsubaDepth(KaratsubaDepth)
    ) u_lane (
        .clk_i, .ce_i(ce), .a_i(operand_q[2*j*Width+:Width]), .b_i(operand_q[(2*j+1)*Width+:Width]),
        .negate_i(negate[j]), .halve_i(halve[j]), .twiddle_i(twiddle), .upper_o(result[2*j*Width+:Width]), .lower_o(result[(2*j+1)*Width+:Width]));
  end

  // Results back into the banks they came from.
  localparam int unsigned WriteLag = ReadLatency + 1 + LaneLatency;
  logic [2*RowBits-1:0]    write_row;
  logic [BufferBits-1:0]   write_buffer;
  delay_line #(.Width(TagBits + BufferBits + 2 * RowBits), .Stages(WriteLag)) u_write_tag (
      .clk_i, .ce_i(ce), .data_i({select_q, parity_q, buffer1_q, row_q}),
      .data_o({write_select, write_parity, write_buffer, write_row}));

  always_ff @(posedge clk_i) begin
    if (ce) begin
      memory_write_row_o    <= write_row;
      memory_write_buffer_o <= write_buffer;
    end
  end
  for (genvar k = 0; k < Banks; k++) begin : g_write
    localparam int unsigned Low = k % Lanes;
    localparam bit          Odd = k >= Lanes;
    logic [(LaneBits+1)*Width-1:0] word;
    assign word[LaneBits*Width+:Width] = write_parity == Odd ? result[2*Low*Width+:Width] : result[(2*Low+1)*Width+:Width];
    for (genvar e = 0; e < LaneBits; e++) begin : g_low
      localparam int unsigned Side = (Low >> e) & 1;
      localparam int unsigned Lane = remove(Low, e);
      assign word[e*Width+:Width] =
          write_parity == Odd ? result[(2*Lane+Side)*Width+:Width] : result[(2*Lane+Lanes+Side)*Width+:Width];
    end
    always_ff @(posedge clk_i) begin
      if (ce) memory_write_data_o[k*Width+:Width] <= word[32'(write_select)*Width+:Width];
    end
  end
endmodule
`default_nettype wire
