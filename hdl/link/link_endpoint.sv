// The card's end of the link (host/docs/link.md): bytes in, bytes out; requests become register accesses (AXI4-Lite) and bursts to memory (AXI4, 512
// bits).
//
// Up to four bytes come in a cycle, the first lowest, and are always taken; words go out with valid/ready. There is no timer: whatever is lost, the
// host asks again. Received frames wait in 2^WindowLog2 places, unacknowledged answers in 2^AnswersLog2; both are PayloadBytesMax long, rounded up to
// a power of two. Requests are carried out one after another. While one is answered the next frames come in and earlier answers leave, so a stream of
// up to two bytes a cycle fills the link as long as memory keeps up.
//
// rst_ni resets the link and, through core_rst_no, the core. core_rst_no also goes low for CoreResetCycles when a session with the flag RESET is
// opened; then
// whatever the core owed on its ports is forgotten on both sides. Without that flag a session is opened between two requests, so that no transfer is
// broken off.
// The device's numbers are taken from a counter of cycles that no reset touches.
//
// active_o is low when nothing here would change until another byte comes, whatever waits for the host: then the clock may stop.
`default_nettype none
module link_endpoint #(
    parameter int unsigned PayloadBytesMax = 1032,
    parameter int unsigned WindowLog2      = 3,
    parameter int unsigned AnswersLog2     = 2,
    parameter int unsigned AddrWidth       = 40,
    parameter int unsigned CoreResetCycles = 16,
    parameter int unsigned WatchPollCycles = 32
) (
    input  wire logic                 clk_i,
    input  wire logic                 rst_ni,
    output logic                      core_rst_no,
    output logic                      active_o,

    input  wire logic [2:0]           rx_count_i,
    input  wire logic [31:0]          rx_bytes_i,
    output logic                      tx_valid_o,
    input  wire logic                 tx_ready_i,
    output logic [31:0]               tx_word_o,

    output logic                      m_axil_awvalid_o,
    input  wire logic                 m_axil_awready_i,
    output logic [11:0]               m_axil_awaddr_o,
    output logic                      m_axil_wvalid_o,
    input  wire logic                 m_axil_wready_i,
    output logic [31:0]               m_axil_wdata_o,
    output logic [3:0]                m_axil_wstrb_o,
    input  wire logic                 m_axil_bvalid_i,
    output logic                      m_axil_bready_o,
    input  wire logic [1:0]           m_axil_bresp_i,
    output logic                      m_axil_arvalid_o,
    input  wire logic                 m_axil_arready_i,
    output logic [11:0]               m_axil_araddr_o,
    input  wire logic                 m_axil_rvalid_i,
    output logic                      m_axil_rready_o,
    input  wire logic [31:0]          m_axil_rdata_i,
    input  wire logic [1:0]           m_axil_rresp_i,

    output logic                      m_axi_awvalid_o,
    input  wire logic                 m_axi_awready_i,
    output logic [AddrWidth-1:0]      m_axi_awaddr_o,
    output logic [7:0]                m_axi_awlen_o,
    output logic                      m_axi_wvalid_o,
    input  wire logic                 m_axi_wready_i,
    output logic [511:0]              m_axi_wdata_o,
    output logic [63:0]               m_axi_wstrb_o,
    output logic                      m_axi_wlast_o,
    input  wire logic                 m_axi_bvalid_i,
    output logic                      m_axi_bready_o,
    input  wire logic [1:0]           m_axi_bresp_i,
    output logic                      m_axi_arvalid_o,
    input  wire logic                 m_axi_arready_i,
    output logic [AddrWidth-1:0]      m_axi_araddr_o,
    output logic [7:0]                m_axi_arlen_o,
    input  wire logic                 m_axi_rvalid_i,
    output logic                      m_axi_rready_o,
    input  wire logic [511:0]         m_axi_rdata_i,
    input  wire logic [1:0]           m_axi_rresp_i,
    input  wire logic                 m_axi_rlast_i
);
  if (PayloadBytesMax % 64 != 8 || PayloadBytesMax < 72) $error("link_endpoint: PayloadBytesMax must be 8 more than a multiple of 64, at least 72");
  if (WindowLog2 > 8) $error("link_endpoint: WindowLog2 must be at most 8");
  if (AnswersLog2 < 1 || AnswersLog2 > 8) $error("link_endpoint: AnswersLog2 must be 1 to 8");

  localparam int unsigned IndexWidth   = $clog2(PayloadBytesMax / 4 + 1);
  localparam int unsigned ResetWidth   = $clog2(CoreResetCycles + 1);
  localparam int unsigned WindowFrames = 1 << WindowLog2, AnswerFrames = 1 << AnswersLog2;

  // ---- Receiving --------------------------------------------------------------------------------------------------------------------
  link_pkg::header_t     got;
  logic                  word_valid, frame, good;
  logic [31:0]           word;
  logic [IndexWidth-1:0] word_index;
  frame_receiver #(.PayloadBytesMax(PayloadBytesMax)) u_receiver (
      .clk_i, .rst_ni, .count_i(rx_count_i), .bytes_i(rx_bytes_i), .header_o(got),
      .word_valid_o(word_valid), .word_o(word), .word_index_o(word_index), .frame_o(frame), .good_o(good)
  );

  logic hello_resets_q;
  always_ff @(posedge clk_i) if (word_valid && word_index == IndexWidth'(1)) hello_resets_q <= word[0];

  // ---- Sessions ---------------------------------------------------------------------------------------------------------------------
  logic        open_q, pending_q, pending_resets_q, switching_q, generation_valid_q;
  logic [31:0] open_host_q, open_tag_q, pending_host_q, pending_number_q, generation_q, number_q, open_number_q;
  logic        welcome_due_q, strange_due_q;
  logic [31:0] strange_tag_q;
  logic        welcome_is_open_q;  // the answer is about the open session, not the pending one
  logic        sender_ready, send_welcome, send_strange, send_gap, send_nak, send_data, send_ack, sends_welcome_q;
  logic [7:0]  answer_channel;
  logic [15:0] answer_length;
  logic        is_hello, is_session_kind, is_open, is_pending, switch_now, idle, core_busy;
  logic [ResetWidth-1:0] reset_left_q;

  // One that comes while a WELCOME leaves would change what that says; the host repeats it.
  assign is_hello        = frame && good && got.kind == link_pkg::TypeHello && got.length == 16'(link_pkg::HelloBytes) && !switching_q
                           && (sender_ready || !sends_welcome_q);
  assign is_session_kind = frame && got.kind >= link_pkg::TypeData && got.kind <= link_pkg::TypePoll;
  assign is_pending      = is_session_kind && good && pending_q && got.session == (pending_host_q ^ pending_number_q);
  assign is_open         = is_session_kind && open_q && !switching_q && got.session == open_tag_q;
  assign core_busy       = reset_left_q != '0;
  assign switch_now      = switching_q && (idle || pending_resets_q) && !core_busy;
  assign core_rst_no     = rst_ni && !core_busy;

  // Counts on through every reset.
  always_ff @(posedge clk_i) number_q <= number_q + 32'd1;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      open_q             <= 1'b0;
      pending_q          <= 1'b0;
      switching_q        <= 1'b0;
      generation_valid_q <= 1'b0;
      welcome_due_q      <= 1'b0;
      strange_due_q      <= 1'b0;
      reset_left_q       <= '0;
    end else begin
      if (core_busy) reset_left_q <= reset_left_q - 1'b1;
      if (is_hello) begin
        welcome_due_q     <= 1'b1;
        welcome_is_open_q <= open_q && got.session == open_host_q;
        if (!(open_q && got.session == open_host_q) && !(pending_q && got.session == pending_host_q)) begin
          pending_q        <= 1'b1;
          pending_host_q   <= got.session;
          pending_number_q <= number_q;
          pending_resets_q <= hello_resets_q;
        end
      end else if (send_welcome) welcome_due_q <= 1'b0;

      if (is_pending) switching_q <= 1'b1;
      if (switch_now) begin
        switching_q        <= 1'b0;
        pending_q          <= 1'b0;
        open_q             <= 1'b1;
        generation_valid_q <= 1'b1;
        if (pending_resets_q) reset_left_q <= ResetWidth'(CoreResetCycles);
        open_host_q   <= pending_host_q;
        open_tag_q    <= pending_host_q ^ pending_number_q;
        open_number_q <= pending_number_q;
        if (pending_resets_q || !generation_valid_q) generation_q <= pending_number_q;
      end

      if (is_session_kind && good && !is_pending && !is_open && !switching_q) begin
        strange_due_q <= 1'b1;
        strange_tag_q <= got.session;
      end else if (send_strange) strange_due_q <= 1'b0;
    end
  end

  // ---- Windows ----------------------------------------------------------------------------------------------------------------------
  // Received: carried <= expected <= carried + WindowFrames. Answers: oldest <= next <= sent <= end <= oldest + AnswerFrames.
  logic [15:0] expected_q, carried_q, oldest_q, next_q, sent_q, end_q, acknowledged, in_flight;
  logic        restart, has_place, take, is_data, is_refuse, is_poll, has_answer_place, carried, answered;
  logic        ack_due_q, nak_due_q, has_refused_q, gap_due_q, acknowledges;
  logic [7:0]  place_channel_q [WindowFrames];
  logic [15:0] place_length_q [WindowFrames];
  logic [7:0]  answer_channel_q [AnswerFrames];
  logic [15:0] answer_length_q [AnswerFrames];

  assign restart          = switch_now;
  assign is_data          = is_open && got.kind == link_pkg::TypeData;
  assign is_refuse        = is_open && good && got.kind == link_pkg::TypeNak;
  assign is_poll          = is_open && good && got.kind == link_pkg::TypePoll;
  assign has_place        = 16'(expected_q - carried_q) != 16'(WindowFrames);
  assign take             = is_data && good && got.sequence_number == expected_q && has_place;
  assign has_answer_place = 16'(end_q - oldest_q) != 16'(AnswerFrames);
  assign acknowledged     = got.acknowledge - oldest_q;
  assign in_flight        = sent_q - oldest_q;
  assign acknowledges     = is_open && good && acknowledged <= in_flight;

  logic [15:0] oldest_d, next_d, ahead;
  assign next_d   = next_q + 16'(send_data);
  assign oldest_d = acknowledges ? got.acknowledge : oldest_q;
  assign ahead    = got.sequence_number - expected_q;

  always_ff @(posedge clk_i) begin
    if (!rst_ni || restart) begin
      expected_q    <= '0;
      carried_q     <= '0;
      oldest_q      <= '0;
      next_q        <= '0;
      sent_q        <= '0;
      end_q         <= '0;
      ack_due_q     <= rst_ni;  // of the frame that opened the session
      nak_due_q     <= 1'b0;
      has_refused_q <= 1'b0;
      gap_due_q     <= 1'b0;
    end else begin
      if (take) expected_q <= expected_q + 16'd1;
      if (carried) carried_q <= carried_q + 16'd1;
      oldest_q <= oldest_d;
      if (answered) end_q <= end_q + 16'd1;

      // Going back wins over sending on; what is just being sent comes again.
      if (is_poll || is_refuse || (acknowledges && 16'(next_d - oldest_q) < acknowledged)) next_q <= oldest_d;
      else next_q <= next_d;
      if (send_data && next_q == sent_q) sent_q <= sent_q + 16'd1;

      if (is_poll || is_refuse) gap_due_q <= 1'b1;
      else if (send_gap) gap_due_q <= 1'b0;

      if (carried || is_poll || (is_data && good && ahead[15])) ack_due_q <= 1'b1;
      else if (send_ack || send_data || send_nak) ack_due_q <= 1'b0;

      // Once for each gap, until the frame that is missing has come.
      if (take) begin
        has_refused_q <= 1'b0;
        nak_due_q     <= 1'b0;
      end else if (is_data && (!good || (ahead != 16'd0 && !ahead[15])) && !has_refused_q) begin
        has_refused_q <= 1'b1;
        nak_due_q     <= 1'b1;
      end else if (send_nak) nak_due_q <= 1'b0;
    end
    if (take) begin
      place_channel_q[expected_q[WindowLog2-1:0]] <= got.channel;
      place_length_q[expected_q[WindowLog2-1:0]]  <= got.length;
    end
    if (answered) begin
      answer_channel_q[end_q[AnswersLog2-1:0]] <= answer_channel;
      answer_length_q[end_q[AnswersLog2-1:0]]  <= answer_length;
    end
  end

  // A payload goes to the place of the frame that is expected, before it is known to be that frame: nothing else is there.
  logic [31:0]           request_word;
  logic [WindowLog2-1:0] request_place;
  logic [IndexWidth-1:0] request_index;
  link_buffer #(.AddressWidth(WindowLog2 + IndexWidth)) u_requests (
      .clk_i, .write_i(word_valid && has_place), .write_address_i({expected_q[WindowLog2-1:0], word_index}), .write_data_i(word),
      .read_address_i({request_place, request_index}), .read_data_o(request_word)
  );

  // ---- Sending ----------------------------------------------------------------------------------------------------------------------
  link_pkg::header_t      sending;
  logic [IndexWidth-1:0]  sender_index;
  logic [31:0]            answer_word, welcome_word_q;
  logic [AnswersLog2-1:0] sending_place_q;

  assign send_welcome = sender_ready && welcome_due_q;
  assign send_strange = sender_ready && !welcome_due_q && strange_due_q;
  assign send_gap     = sender_ready && !welcome_due_q && !strange_due_q && open_q && gap_due_q;
  assign send_nak     = sender_ready && !welcome_due_q && !strange_due_q && open_q && !gap_due_q && nak_due_q;
  assign send_data    = sender_ready && !welcome_due_q && !strange_due_q && open_q && !gap_due_q && !nak_due_q && next_q != end_q && !switching_q;
  assign send_ack     = sender_ready && !welcome_due_q && !strange_due_q && open_q && !gap_due_q && !nak_due_q && next_q == end_q && ack_due_q
                        && !switching_q;

  always_comb begin
    sending             = '0;
    sending.session     = open_tag_q;
    sending.acknowledge = carried_q;
    if (send_welcome) begin
      sending.kind        = link_pkg::TypeWelcome;
      sending.session     = welcome_is_open_q ? open_host_q : pending_host_q;
      sending.length      = 16'(link_pkg::WelcomeBytes);
      sending.acknowledge = '0;
    end else if (send_strange) begin
      sending.kind        = link_pkg::TypeReset;
      sending.session     = strange_tag_q;
      sending.acknowledge = '0;
    end else if (send_nak) sending.kind = link_pkg::TypeNak;
    else if (send_data) begin
      sending.kind            = link_pkg::TypeData;
      sending.channel         = answer_channel_q[next_q[AnswersLog2-1:0]];
      sending.length          = answer_length_q[next_q[AnswersLog2-1:0]];
      sending.sequence_number = next_q;
    end else sending.kind = link_pkg::TypeAck;
  end

  always_ff @(posedge clk_i) begin
    if (sender_ready) begin
      sends_welcome_q <= send_welcome;
      sending_place_q <= next_q[AnswersLog2-1:0];
    end
    case (sender_index[1:0])
      2'd0:    welcome_word_q <= {link_pkg::VersionMinor, link_pkg::VersionMajor};
      2'd1:    welcome_word_q <= welcome_is_open_q ? open_number_q : pending_number_q;
      2'd2:    welcome_word_q <= welcome_is_open_q || (generation_valid_q && !pending_resets_q) ? generation_q : pending_number_q;
      default: welcome_word_q <= {16'(PayloadBytesMax), 16'(WindowFrames)};
    endcase
  end

  frame_sender #(.PayloadBytesMax(PayloadBytesMax)) u_sender (
      .clk_i, .rst_ni, .frame_valid_i(send_welcome || send_strange || send_gap || send_nak || send_data || send_ack), .frame_ready_o(sender_ready),
      .frame_is_gap_i(send_gap), .frame_header_i(sending), .word_index_o(sender_index), .word_i(sends_welcome_q ? welcome_word_q : answer_word),
      .valid_o(tx_valid_o), .ready_i(tx_ready_i), .word_o(tx_word_o)
  );

  logic                  answer_write;
  logic [IndexWidth-1:0] answer_index;
  logic [31:0]           answer_data;
  link_buffer #(.AddressWidth(AnswersLog2 + IndexWidth)) u_answers (
      .clk_i, .write_i(answer_write), .write_address_i({end_q[AnswersLog2-1:0], answer_index}), .write_data_i(answer_data),
      .read_address_i({sending_place_q, sender_index}), .read_data_o(answer_word)
  );

  // ---- Carrying out -----------------------------------------------------------------------------------------------------------------
  logic carrier_rst_n, busy;
  assign carrier_rst_n = rst_ni && !core_busy && !(restart && pending_resets_q);

  request_carrier #(
      .PayloadBytesMax(PayloadBytesMax), .AddrWidth(AddrWidth), .WatchPollCycles(WatchPollCycles)
  ) u_carrier (
      .clk_i, .rst_ni(carrier_rst_n), .stop_i(switching_q), .forget_i(restart), .idle_o(idle), .busy_o(busy),
      .request_valid_i(expected_q != carried_q && !switching_q), .request_channel_i(place_channel_q[carried_q[WindowLog2-1:0]]),
      .request_length_i(place_length_q[carried_q[WindowLog2-1:0]]), .request_index_o(request_index), .request_word_i(request_word),
      .carried_o(carried),
      .answer_place_i(has_answer_place), .answer_write_o(answer_write), .answer_index_o(answer_index), .answer_data_o(answer_data),
      .answered_o(answered), .answer_channel_o(answer_channel), .answer_length_o(answer_length),
      .m_axil_awvalid_o, .m_axil_awready_i, .m_axil_awaddr_o, .m_axil_wvalid_o, .m_axil_wready_i, .m_axil_wdata_o, .m_axil_wstrb_o,
      .m_axil_bvalid_i, .m_axil_bready_o, .m_axil_bresp_i, .m_axil_arvalid_o, .m_axil_arready_i, .m_axil_araddr_o,
      .m_axil_rvalid_i, .m_axil_rready_o, .m_axil_rdata_i, .m_axil_rresp_i,
      .m_axi_awvalid_o, .m_axi_awready_i, .m_axi_awaddr_o, .m_axi_awlen_o, .m_axi_wvalid_o, .m_axi_wready_i, .m_axi_wdata_o, .m_axi_wstrb_o,
      .m_axi_wlast_o, .m_axi_bvalid_i, .m_axi_bready_o, .m_axi_bresp_i, .m_axi_arvalid_o, .m_axi_arready_i, .m_axi_araddr_o, .m_axi_arlen_o,
      .m_axi_rvalid_i, .m_axi_rready_o, .m_axi_rdata_i, .m_axi_rresp_i, .m_axi_rlast_i
  );
  assign request_place = carried_q[WindowLog2-1:0];

  assign active_o = busy || frame || switching_q || core_busy || !sender_ready || welcome_due_q || strange_due_q
                    || (open_q && (gap_due_q || nak_due_q || ack_due_q || next_q != end_q));
endmodule
`default_nettype wire
