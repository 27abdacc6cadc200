// Finds frames in a stream of bytes (host/docs/link.md): hunts for the sync bytes, checks the header, hands on the payload as words, checks it.
//
// Up to four bytes a cycle, always taken: count_i of them in bytes_i, the first lowest. A frame is whole words from its sync bytes on, wherever those
// lie in what comes: up to three bytes wait for the rest of their word, and at most one word goes on in a cycle. header_o holds from the end of a
// header to the end of the frame. word_valid_o brings the payload's words as they come, before its check is known. frame_o pulses in the cycle after
// a frame's last byte; good_o beside it says whether the payload's check passed. Headers that fail their check, with an unknown type or a length
// that is no whole number of words up to PayloadBytesMax, leave no trace.
// No byte is looked at twice, so one CRC of a word a cycle is enough, and no frame is stored.
`default_nettype none
module frame_receiver #(
    parameter int unsigned PayloadBytesMax = 1032,
    localparam int unsigned IndexWidth     = $clog2(PayloadBytesMax / 4 + 1)
) (
    input  wire logic               clk_i,
    input  wire logic               rst_ni,
    input  wire logic [2:0]         count_i,
    input  wire logic [31:0]        bytes_i,

    output link_pkg::header_t       header_o,
    output logic                    word_valid_o,
    output logic [31:0]             word_o,
    output logic [IndexWidth-1:0]   word_index_o,
    output logic                    frame_o,
    output logic                    good_o
);
  if (PayloadBytesMax % 4 != 0 || PayloadBytesMax < 16 || PayloadBytesMax > 65532)
    $error("frame_receiver: PayloadBytesMax must be a multiple of 4 from 16 to 65532");

  localparam logic [1:0] Hunt = 2'd0, Header = 2'd1, Payload = 2'd2, Check = 2'd3;

  // ---- Words ------------------------------------------------------------------------------------------------------------------------
  // What waits and what comes: at most 3 + 4 bytes, of which at least a word or all but three go. The sync bytes differ from each other, so that
  // they lie in seven bytes once at most.
  logic [1:0]  state_q, rest_count_q;
  logic [23:0] rest_q;
  logic [55:0] window;
  logic [23:0] remaining;
  logic [2:0]  total, used;
  logic [3:0]  found;
  logic        take;
  assign window = ({24'd0, bytes_i} << {rest_count_q, 3'd0}) | {32'd0, rest_q};
  assign total  = {1'b0, rest_count_q} + count_i;
  assign take   = state_q != Hunt && total[2];
  always_comb begin
    for (int unsigned i = 0; i < 4; i++) found[i] = 32'(total) >= 4 + i && window[8*i +: 32] == link_pkg::Sync;
    if (state_q == Hunt) used = found[0] ? 3'd4 : found[1] ? 3'd5 : found[2] ? 3'd6 : found[3] ? 3'd7 : total[2] ? total - 3'd3 : 3'd0;
    else used = total[2] ? 3'd4 : 3'd0;
  end
  assign remaining = 24'(window >> {used, 3'd0});

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      rest_count_q <= '0;
      rest_q       <= '0;
    end else if (count_i != 3'd0 || used != 3'd0) begin
      rest_count_q <= 2'(total - used);
      // Bytes of bytes_i behind count_i are none.
      case (2'(total - used))
        2'd0:    rest_q <= '0;
        2'd1:    rest_q <= {16'd0, remaining[7:0]};
        2'd2:    rest_q <= {8'd0, remaining[15:0]};
        default: rest_q <= remaining[23:0];
      endcase
    end
  end

  // ---- Frames -----------------------------------------------------------------------------------------------------------------------
  logic [1:0]            count_q;           // word of the header
  logic [95:0]           fields_q;
  logic [IndexWidth-1:0] index_q, words_q;  // words_q: of this payload
  logic [31:0]           word, crc;
  logic                  in_fields, header_ends, header_good;

  assign word        = window[31:0];
  assign in_fields   = state_q == Header && count_q != 2'd3;
  assign header_ends = state_q == Header && count_q == 2'd3;
  assign header_o    = fields_q;
  assign header_good = word == crc && header_o.kind >= link_pkg::TypeHello && header_o.kind <= link_pkg::TypeReset
                       && header_o.length[1:0] == 2'd0 && 32'(header_o.length) <= PayloadBytesMax;

  crc32c #(.DataBits(32)) u_crc (
      .clk_i, .clear_i(state_q == Hunt), .add_i(take && (in_fields || state_q == Payload)), .data_i(word), .crc_o(crc)
  );

  always_ff @(posedge clk_i) begin
    frame_o <= 1'b0;
    if (!rst_ni) state_q <= Hunt;
    else begin
      case (state_q)
        Hunt: if (found != '0) state_q <= Header;
        Header:
          if (take && header_ends) begin
            state_q <= header_good && header_o.length != 16'd0 ? Payload : Hunt;
            frame_o <= header_good && header_o.length == 16'd0;
          end
        Payload: if (take && index_q == words_q - 1'b1) state_q <= Check;
        default:
          if (take) begin
            state_q <= Hunt;
            frame_o <= 1'b1;
          end
      endcase
    end

    if (state_q == Hunt) count_q <= '0;
    else if (take) count_q <= count_q + 2'd1;
    if (take) begin
      if (in_fields) fields_q <= {word, fields_q[95:32]};
      if (header_ends) begin
        words_q <= IndexWidth'(header_o.length[15:2]);
        index_q <= '0;
      end else index_q <= index_q + 1'b1;
      good_o <= word == crc;
    end
  end

  assign word_valid_o = take && state_q == Payload;
  assign word_o       = word;
  assign word_index_o = index_q;
endmodule
`default_nettype wire
