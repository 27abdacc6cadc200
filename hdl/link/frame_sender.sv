// Turns a header and the words of its payload into the bytes of a frame (host/docs/link.md), checks included; or sends a gap of zeros.
//
// A frame is taken with valid/ready; its header must not be changed by what comes meanwhile, so it is copied. The payload is read word by word:
// word_i is the word
// at word_index_o one cycle later, as a memory gives it. A byte a cycle while ready_i is high, without a pause inside a frame: the next word is
// asked for
// while the four bytes of this one leave. One cycle lies between frames.
`default_nettype none
module frame_sender #(
    parameter int unsigned PayloadBytesMax = 1032,
    localparam int unsigned IndexWidth     = $clog2(PayloadBytesMax / 4 + 1)
) (
    input  wire logic                    clk_i,
    input  wire logic                    rst_ni,
    input  wire logic                    frame_valid_i,
    output logic                         frame_ready_o,
    input  wire logic                    frame_is_gap_i,
    input  wire link_pkg::header_t       frame_header_i,
    output logic [IndexWidth-1:0]        word_index_o,
    input  wire logic [31:0]             word_i,

    output logic                         valid_o,
    input  wire logic                    ready_i,
    output logic [7:0]                   byte_o
);
  localparam logic [2:0] Idle = 3'd0, Gap = 3'd1, Sync = 3'd2, Fields = 3'd3, HeaderCheck = 3'd4, Payload = 3'd5, PayloadCheck = 3'd6;

  logic [2:0]            state_q;
  logic [4:0]            count_q;      // byte of the part: at most 20, of a gap
  logic [95:0]           fields_q;
  logic [31:0]           word_q;
  logic [IndexWidth-1:0] words_q, left_q;
  logic [31:0]           crc, sync_word;
  logic                  take, part_ends;

  assign frame_ready_o = state_q == Idle;
  assign valid_o       = state_q != Idle;
  assign take          = valid_o && ready_i;
  assign sync_word     = link_pkg::Sync;

  always_comb begin
    case (state_q)
      Sync:         byte_o = sync_word[8*count_q[1:0] +: 8];
      Fields:       byte_o = fields_q[7:0];
      HeaderCheck,
      PayloadCheck: byte_o = crc[8*count_q[1:0] +: 8];
      Payload:      byte_o = word_q[8*count_q[1:0] +: 8];
      default:      byte_o = 8'd0;
    endcase
    case (state_q)
      Gap:     part_ends = count_q == 5'(link_pkg::GapBytes - 1);
      Fields:  part_ends = count_q == 5'd11;
      default: part_ends = count_q == 5'd3;
    endcase
  end

  crc32c #(.DataBits(8)) u_crc (
      .clk_i, .clear_i(take && state_q == Sync), .add_i(take && (state_q == Fields || state_q == Payload)), .data_i(byte_o), .crc_o(crc)
  );

  always_ff @(posedge clk_i) begin
    if (!rst_ni) state_q <= Idle;
    else if (frame_valid_i && frame_ready_o) state_q <= frame_is_gap_i ? Gap : Sync;
    else if (take && part_ends) begin
      case (state_q)
        Sync:        state_q <= Fields;
        Fields:      state_q <= HeaderCheck;
        HeaderCheck: state_q <= words_q == '0 ? Idle : Payload;
        Payload:     state_q <= left_q == IndexWidth'(1) ? PayloadCheck : Payload;
        default:     state_q <= Idle;
      endcase
    end

    if (frame_ready_o) begin
      count_q      <= '0;
      fields_q     <= frame_header_i;
      words_q      <= IndexWidth'(frame_header_i.length[15:2]);
      left_q       <= IndexWidth'(frame_header_i.length[15:2]);
      word_index_o <= '0;
    end else if (take) begin
      count_q <= part_ends ? '0 : count_q + 5'd1;
      if (state_q == Fields) fields_q <= {8'd0, fields_q[95:8]};
      if (part_ends && (state_q == HeaderCheck || state_q == Payload)) begin
        word_q       <= word_i;
        word_index_o <= word_index_o + 1'b1;
      end
      if (part_ends && state_q == Payload) left_q <= left_q - 1'b1;
    end
  end
endmodule
`default_nettype wire
