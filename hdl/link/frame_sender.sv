// Turns a header and the words of its payload into the words of a frame (host/docs/link.md), checks included; or sends a gap of zeros. The first byte
// of a word is its lowest.
//
// A frame is taken with valid/ready; its header must not be changed by what comes meanwhile, so it is copied. The payload is read word by word:
// word_i is the word at the word_index_o of the cycle before, as a memory gives it. A word a cycle while ready_i is high, without a pause inside a
// frame: word_index_o follows ready_i within the cycle. One cycle lies between frames.
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
    output logic [31:0]                  word_o
);
  localparam logic [2:0] Idle = 3'd0, Gap = 3'd1, Sync = 3'd2, Fields = 3'd3, HeaderCheck = 3'd4, Payload = 3'd5, PayloadCheck = 3'd6;
  localparam logic [2:0] GapLast = 3'(link_pkg::GapBytes / 4 - 1);

  logic [2:0]            state_q, count_q;  // count: word of the gap or of the fields
  logic [95:0]           fields_q;
  logic [IndexWidth-1:0] words_q, index_q;
  logic [31:0]           crc;
  logic                  take;

  assign frame_ready_o = state_q == Idle;
  assign valid_o       = state_q != Idle;
  assign take          = valid_o && ready_i;
  assign word_index_o  = index_q + IndexWidth'(take && state_q == Payload);

  always_comb begin
    case (state_q)
      Sync:         word_o = link_pkg::Sync;
      Fields:       word_o = fields_q[31:0];
      HeaderCheck,
      PayloadCheck: word_o = crc;
      Payload:      word_o = word_i;
      default:      word_o = 32'd0;
    endcase
  end

  crc32c #(.DataBits(32)) u_crc (
      .clk_i, .clear_i(take && state_q == Sync), .add_i(take && (state_q == Fields || state_q == Payload)), .data_i(word_o), .crc_o(crc)
  );

  always_ff @(posedge clk_i) begin
    if (!rst_ni) state_q <= Idle;
    else if (frame_valid_i && frame_ready_o) state_q <= frame_is_gap_i ? Gap : Sync;
    else if (take) begin
      case (state_q)
        Gap:         if (count_q == GapLast) state_q <= Idle;
        Sync:        state_q <= Fields;
        Fields:      if (count_q == 3'd2) state_q <= HeaderCheck;
        HeaderCheck: state_q <= words_q == '0 ? Idle : Payload;
        Payload:     if (index_q == words_q - 1'b1) state_q <= PayloadCheck;
        default:     state_q <= Idle;
      endcase
    end

    if (frame_ready_o) begin
      fields_q <= frame_header_i;
      words_q  <= IndexWidth'(frame_header_i.length[15:2]);
      index_q  <= '0;
      count_q  <= '0;
    end else if (take) begin
      index_q <= word_index_o;
      if (state_q == Gap || state_q == Fields) count_q <= count_q + 3'd1;
      if (state_q == Fields) fields_q <= {32'd0, fields_q[95:32]};
    end
  end
endmodule
`default_nettype wire
