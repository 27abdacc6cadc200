// Carries out the link's requests one after another (host/docs/link.md, Channels): register accesses over AXI4-Lite, transfers over AXI4, and one
// watch beside them.
//
// A request is there while request_valid_i is high: its channel, its length in bytes, and its words, each a cycle after its index. carried_o pulses
// when it is
// done and its place is free. Answers are written word by word into the place that answer_place_i says is free; answered_o pulses with the last word.
// A request that has an answer waits for a place before it does anything, so that it can be left alone until then.
//
// stop_i: go idle at the next point where nothing is under way on a bus, answers or not; then forget_i drops the watch and the status of the writes.
// A register
// access or a burst under way ends in good order. busy_o is low while nothing is to be done, or only a place for an answer is waited for.
// PayloadBytesMax, which bounds a request and an answer, is 8 more than a multiple of 64.
`default_nettype none
module request_carrier #(
    parameter int unsigned PayloadBytesMax = 1032,
    parameter int unsigned AddrWidth       = 40,
    parameter int unsigned WatchPollCycles = 32,
    localparam int unsigned IndexWidth     = $clog2(PayloadBytesMax / 4 + 1)
) (
    input  wire logic                  clk_i,
    input  wire logic                  rst_ni,
    input  wire logic                  stop_i,
    input  wire logic                  forget_i,
    output logic                       idle_o,
    output logic                       busy_o,

    input  wire logic                  request_valid_i,
    input  wire logic [7:0]            request_channel_i,
    input  wire logic [15:0]           request_length_i,
    output logic [IndexWidth-1:0]      request_index_o,
    input  wire logic [31:0]           request_word_i,
    output logic                       carried_o,

    input  wire logic                  answer_place_i,
    output logic                       answer_write_o,
    output logic [IndexWidth-1:0]      answer_index_o,
    output logic [31:0]                answer_data_o,
    output logic                       answered_o,
    output logic [7:0]                 answer_channel_o,
    output logic [15:0]                answer_length_o,

    output logic                       m_axil_awvalid_o,
    input  wire logic                  m_axil_awready_i,
    output logic [11:0]                m_axil_awaddr_o,
    output logic                       m_axil_wvalid_o,
    input  wire logic                  m_axil_wready_i,
    output logic [31:0]                m_axil_wdata_o,
    output logic [3:0]                 m_axil_wstrb_o,
    input  wire logic                  m_axil_bvalid_i,
    output logic                       m_axil_bready_o,
    input  wire logic [1:0]            m_axil_bresp_i,
    output logic                       m_axil_arvalid_o,
    input  wire logic                  m_axil_arready_i,
    output logic [11:0]                m_axil_araddr_o,
    input  wire logic                  m_axil_rvalid_i,
    output logic                       m_axil_rready_o,
    input  wire logic [31:0]           m_axil_rdata_i,
    input  wire logic [1:0]            m_axil_rresp_i,

    output logic                       m_axi_awvalid_o,
    input  wire logic                  m_axi_awready_i,
    output logic [AddrWidth-1:0]       m_axi_awaddr_o,
    output logic [7:0]                 m_axi_awlen_o,
    output logic                       m_axi_wvalid_o,
    input  wire logic                  m_axi_wready_i,
    output logic [511:0]               m_axi_wdata_o,
    output logic [63:0]                m_axi_wstrb_o,
    output logic                       m_axi_wlast_o,
    input  wire logic                  m_axi_bvalid_i,
    output logic                       m_axi_bready_o,
    input  wire logic [1:0]            m_axi_bresp_i,
    output logic                       m_axi_arvalid_o,
    input  wire logic                  m_axi_arready_i,
    output logic [AddrWidth-1:0]       m_axi_araddr_o,
    output logic [7:0]                 m_axi_arlen_o,
    input  wire logic                  m_axi_rvalid_i,
    output logic                       m_axi_rready_o,
    input  wire logic [511:0]          m_axi_rdata_i,
    input  wire logic [1:0]            m_axi_rresp_i,
    input  wire logic                  m_axi_rlast_i
);
  localparam int unsigned PieceBytes   = PayloadBytesMax - 8;
  localparam int unsigned ElementWidth = $clog2(PieceBytes / 32 + 32);  // the reader wants 5 bits at least
  localparam int unsigned PollWidth    = $clog2(WatchPollCycles + 1);

  localparam logic [3:0] Idle = 4'd0, Fetch = 4'd1, Decide = 4'd2, RegisterRead = 4'd3, RegisterWrite = 4'd4, WriteData = 4'd5, WriteEnd = 4'd6,
                         ReadPiece = 4'd7, ReadData = 4'd8, Answer = 4'd9, ReadDone = 4'd10;

  // The request, as it was fetched: up to four words.
  logic [3:0]            state_q;
  logic [2:0]            fetch_q;
  logic [31:0]           argument_q [4];
  logic [31:0]           answer_q [4];
  logic [1:0]            answer_count_q, answer_last_q;   // words of the answer, less one
  logic [7:0]            channel_q;
  logic [15:0]           length_q;
  logic [IndexWidth-1:0] index_q;
  logic                  is_watch_q;                      // what is under way is a look of the watch
  logic                  address_sent_q, data_sent_q;
  logic [63:0]           address_q;
  logic [31:0]           left_q;
  logic                  error_q, writes_failed_q;

  // The watch.
  logic                  watching_q, watch_ends;
  logic [11:0]           watch_offset_q;
  logic [31:0]           watch_seen_q;
  logic [63:0]           watch_cycles_q, watch_elapsed_q;
  logic [PollWidth-1:0]  watch_poll_q;

  logic [7:0]  channel;
  logic        responds, fits_register, fits_memory, needs_place, looks;
  logic        is_register_read, is_register_write, is_memory_write, is_memory_read, is_watch;
  assign channel           = {1'b0, channel_q[6:0]};
  assign responds          = channel_q[link_pkg::RespondBit];
  assign fits_register     = argument_q[0][31:12] == '0;
  assign fits_memory       = {argument_q[1], argument_q[0]} >> AddrWidth == '0 && argument_q[0][5:0] == '0;
  assign is_register_read  = channel_q == link_pkg::ChannelRegisterRead && length_q == 16'd4;
  assign is_register_write = channel_q == link_pkg::ChannelRegisterWrite && length_q == 16'd8;
  assign is_memory_write   = channel == link_pkg::ChannelMemoryWrite && length_q[5:0] == 6'd8 && fits_memory;
  assign is_memory_read    = channel_q == link_pkg::ChannelMemoryRead && length_q == 16'd16 && fits_memory
                             && argument_q[2] != '0 && argument_q[2][5:0] == '0 && argument_q[3] == '0;
  assign is_watch          = channel_q == link_pkg::ChannelWatch && length_q == 16'd16 && fits_register;
  assign needs_place       = !is_watch && !(is_memory_write && !responds);
  assign looks             = watching_q && watch_poll_q == '0 && answer_place_i;
  assign idle_o            = state_q == Idle;
  assign busy_o            = state_q == Idle ? request_valid_i || carried_o || (watching_q && (answer_place_i || watch_elapsed_q != watch_cycles_q))
                             : !((state_q == Decide && needs_place) || state_q == ReadPiece) || answer_place_i || stop_i;

  // ---- Memory -----------------------------------------------------------------------------------------------------------------------
  logic                    write_request, write_taken, element_ready, write_done, write_error, write_drained;
  logic                    read_request, read_taken, beat_valid, beat_ready, read_error, read_drained, beat_last;
  logic [1:0]              beat_halves;
  logic [511:0]            beat;
  logic [255:0]            element_q;
  logic [2:0]              element_words_q;
  logic                    element_full_q, words_end;
  logic [ElementWidth-1:0] elements, piece_elements;
  logic [31:0]             piece;
  logic [511:0]            beat_q;
  logic [3:0]              beat_words_q;
  logic                    beat_full_q, piece_ends_q;

  assign elements       = ElementWidth'((length_q - 16'd8) >> 5);
  assign piece          = left_q < 32'(PieceBytes) ? left_q : 32'(PieceBytes);
  assign piece_elements = ElementWidth'(piece >> 5);
  assign write_request  = state_q == WriteData && !address_sent_q;
  assign read_request   = state_q == ReadPiece && answer_place_i && !stop_i;

  axi_writer #(.AddrWidth(AddrWidth), .LengthWidth(ElementWidth), .Depth(16), .BurstsMax(4)) u_writer (
      .clk_i, .rst_ni, .halt_i(1'b0), .drained_o(write_drained), .error_o(write_error), .done_o(write_done),
      .request_valid_i(write_request), .request_ready_o(write_taken), .request_addr_i(address_q[AddrWidth-1:0]), .request_elements_i(elements),
      .valid_i(element_full_q), .ready_o(element_ready), .data_i(element_q),
      .awvalid_o(m_axi_awvalid_o), .awready_i(m_axi_awready_i), .awaddr_o(m_axi_awaddr_o), .awlen_o(m_axi_awlen_o),
      .wvalid_o(m_axi_wvalid_o), .wready_i(m_axi_wready_i), .wdata_o(m_axi_wdata_o), .wstrb_o(m_axi_wstrb_o), .wlast_o(m_axi_wlast_o),
      .bvalid_i(m_axi_bvalid_i), .bready_o(m_axi_bready_o), .bresp_i(m_axi_bresp_i)
  );
  axi_reader #(.AddrWidth(AddrWidth), .LengthWidth(ElementWidth), .Depth(16)) u_reader (
      .clk_i, .rst_ni, .halt_i(1'b0), .drained_o(read_drained), .error_o(read_error),
      .request_valid_i(read_request), .request_ready_o(read_taken), .request_addr_i(address_q[AddrWidth-1:0]), .request_elements_i(piece_elements),
      .arvalid_o(m_axi_arvalid_o), .arready_i(m_axi_arready_i), .araddr_o(m_axi_araddr_o), .arlen_o(m_axi_arlen_o),
      .rvalid_i(m_axi_rvalid_i), .rready_o(m_axi_rready_o), .rdata_i(m_axi_rdata_i), .rresp_i(m_axi_rresp_i), .rlast_i(m_axi_rlast_i),
      .valid_o(beat_valid), .ready_i(beat_ready), .data_o(beat), .halves_o(beat_halves), .last_o(beat_last)
  );

  // Words of a request become elements, eight in ten cycles. The memory's word lags its index by one.
  logic word_lags_q, shifts;
  assign request_index_o = index_q;
  assign words_end       = index_q == IndexWidth'(length_q >> 2);
  assign shifts          = state_q == WriteData && word_lags_q;

  // Words of an answer leave the beat that was read.
  assign beat_ready = state_q == ReadData && !beat_full_q;

  // ---- Registers --------------------------------------------------------------------------------------------------------------------
  assign m_axil_awvalid_o = state_q == RegisterWrite && !address_sent_q;
  assign m_axil_wvalid_o  = state_q == RegisterWrite && !data_sent_q;
  assign m_axil_awaddr_o  = argument_q[0][11:0];
  assign m_axil_wdata_o   = argument_q[1];
  assign m_axil_wstrb_o   = '1;
  assign m_axil_bready_o  = 1'b1;
  assign m_axil_arvalid_o = state_q == RegisterRead && !address_sent_q;
  assign m_axil_araddr_o  = is_watch_q ? watch_offset_q : argument_q[0][11:0];
  assign m_axil_rready_o  = 1'b1;
  assign watch_ends       = m_axil_rdata_i != watch_seen_q || watch_elapsed_q == watch_cycles_q || m_axil_rresp_i[1];

  // ---- Answers ----------------------------------------------------------------------------------------------------------------------
  always_comb begin
    answer_write_o   = state_q == Answer || state_q == ReadDone || (state_q == ReadData && beat_full_q);
    answer_index_o   = state_q == Answer ? IndexWidth'(answer_count_q) : state_q == ReadDone ? '0 : index_q;
    answer_data_o    = state_q == Answer ? answer_q[answer_count_q] : state_q == ReadDone ? {31'd0, error_q} : beat_q[31:0];
    answered_o       = (state_q == Answer && answer_count_q == answer_last_q) || state_q == ReadDone;
    answer_channel_o = is_watch_q ? link_pkg::ChannelWatch : channel;
    answer_length_o  = state_q == Answer ? 16'(answer_last_q) * 16'd4 + 16'd4 : 16'(piece) + 16'd4;
  end

  always_ff @(posedge clk_i) begin
    carried_o <= 1'b0;
    if (!rst_ni) begin
      state_q         <= Idle;
      watching_q      <= 1'b0;
      writes_failed_q <= 1'b0;
      element_full_q  <= 1'b0;
      beat_full_q     <= 1'b0;
      word_lags_q     <= 1'b0;
    end else begin
      word_lags_q <= 1'b0;
      if (watching_q && watch_elapsed_q != watch_cycles_q) watch_elapsed_q <= watch_elapsed_q + 64'd1;
      if (watch_poll_q != '0) watch_poll_q <= watch_poll_q - 1'b1;
      if (write_error) writes_failed_q <= 1'b1;
      if (read_error) error_q <= 1'b1;

      case (state_q)
        Idle: begin
          index_q        <= '0;
          fetch_q        <= '0;
          address_sent_q <= 1'b0;
          data_sent_q    <= 1'b0;
          answer_count_q <= '0;
          error_q        <= 1'b0;
          channel_q      <= request_channel_i;
          length_q       <= request_length_i;
          is_watch_q     <= looks && !stop_i;
          if (forget_i) begin
            watching_q      <= 1'b0;
            writes_failed_q <= 1'b0;
          end else if (!stop_i && !carried_o) begin
            if (looks) state_q <= RegisterRead;
            else if (request_valid_i) state_q <= Fetch;
          end
        end

        Fetch: begin
          // The first word is there in the second cycle.
          index_q <= index_q + 1'b1;
          fetch_q <= fetch_q + 3'd1;
          if (fetch_q != 3'd0) argument_q[2'(fetch_q - 3'd1)] <= request_word_i;
          if (fetch_q == 3'd4) state_q <= Decide;
        end

        Decide: begin
          address_q <= {argument_q[1], argument_q[0]};
          left_q    <= argument_q[2];
          index_q   <= IndexWidth'(is_memory_read ? 1 : 2);
          element_words_q <= '0;
          if (stop_i) state_q <= Idle;
          else if (!needs_place || answer_place_i) begin
            answer_q[0]   <= link_pkg::StatusNotUnderstood;
            answer_last_q <= 2'd0;
            if (is_register_read && fits_register) state_q <= RegisterRead;
            else if (is_register_write && fits_register) state_q <= RegisterWrite;
            else if (is_memory_write) state_q <= elements == '0 ? WriteEnd : WriteData;
            else if (is_memory_read) state_q <= ReadPiece;
            else if (is_watch) begin
              watching_q      <= 1'b1;
              watch_offset_q  <= argument_q[0][11:0];
              watch_seen_q    <= argument_q[1];
              watch_cycles_q  <= {argument_q[3], argument_q[2]};
              watch_elapsed_q <= '0;
              watch_poll_q    <= '0;
              carried_o       <= 1'b1;
              state_q         <= Idle;
            end else state_q <= Answer;
          end
        end

        RegisterRead: begin
          if (m_axil_arready_i) address_sent_q <= 1'b1;
          if (m_axil_rvalid_i) begin
            answer_q[0]   <= m_axil_rresp_i[1] ? link_pkg::StatusBusError : link_pkg::StatusDone;
            answer_q[1]   <= m_axil_rdata_i;
            answer_q[2]   <= watch_elapsed_q[31:0];
            answer_q[3]   <= watch_elapsed_q[63:32];
            answer_last_q <= is_watch_q ? 2'd3 : 2'd1;
            watch_poll_q  <= PollWidth'(WatchPollCycles);
            if (is_watch_q && !watch_ends) state_q <= Idle;
            else state_q <= Answer;
            if (is_watch_q && watch_ends) watching_q <= 1'b0;
          end
        end

        RegisterWrite: begin
          if (m_axil_awready_i) address_sent_q <= 1'b1;
          if (m_axil_wready_i) data_sent_q <= 1'b1;
          if (m_axil_bvalid_i) begin
            answer_q[0] <= m_axil_bresp_i[1] ? link_pkg::StatusBusError : link_pkg::StatusDone;
            state_q     <= Answer;
          end
        end

        WriteData: begin
          if (write_taken) address_sent_q <= 1'b1;
          if (element_full_q && element_ready) element_full_q <= 1'b0;
          // Eight words in a row while the element before them has left.
          if (!words_end && !element_full_q && !(shifts && element_words_q == 3'd7)) begin
            index_q     <= index_q + 1'b1;
            word_lags_q <= 1'b1;
          end
          if (shifts) begin
            element_q       <= {request_word_i, element_q[255:32]};
            element_words_q <= element_words_q + 3'd1;
            if (element_words_q == 3'd7) element_full_q <= 1'b1;
          end
          if (write_done) state_q <= WriteEnd;
        end

        WriteEnd: begin
          answer_q[0] <= {31'd0, writes_failed_q};
          if (responds) begin
            writes_failed_q <= 1'b0;
            state_q         <= Answer;
          end else begin
            carried_o <= 1'b1;
            state_q   <= Idle;
          end
        end

        ReadPiece: begin
          index_q      <= IndexWidth'(1);
          beat_words_q <= '0;
          error_q      <= 1'b0;
          piece_ends_q <= 1'b0;
          if (stop_i) state_q <= Idle;
          else if (read_request && read_taken) state_q <= ReadData;
        end

        ReadData: begin
          if (beat_ready && beat_valid) begin
            beat_q       <= beat;
            beat_full_q  <= 1'b1;
            piece_ends_q <= beat_last;
          end
          if (beat_full_q) begin
            beat_q       <= {32'd0, beat_q[511:32]};
            beat_words_q <= beat_words_q + 4'd1;
            index_q      <= index_q + 1'b1;
            if (beat_words_q == 4'd15) begin
              beat_full_q <= 1'b0;
              if (piece_ends_q) state_q <= ReadDone;
            end
          end
        end

        ReadDone: begin
          address_q <= address_q + 64'(piece);
          left_q    <= left_q - piece;
          if (left_q == piece) begin
            carried_o <= 1'b1;
            state_q   <= Idle;
          end else state_q <= ReadPiece;
        end

        default: begin  // Answer
          answer_count_q <= answer_count_q + 2'd1;
          if (answer_count_q == answer_last_q) begin
            carried_o <= !is_watch_q;
            state_q   <= Idle;
          end
        end
      endcase
    end
  end

  logic unused;
  assign unused = &{1'b0, write_drained, read_drained, beat_halves, m_axil_bresp_i[0], m_axil_rresp_i[0]};
endmodule
`default_nettype wire
