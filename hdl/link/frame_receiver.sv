// Finds frames in a stream of bytes (host/docs/link.md): hunts for the sync bytes, checks the header, hands on the payload as words, checks it.
//
// A byte a cycle, always taken. header_o holds from the end of a header to the end of the frame. word_valid_o brings the payload's words as they
// come, before its check
// is known. frame_o pulses in the cycle after a frame's last byte; good_o beside it says whether the payload's check passed. Headers
// that fail their check, with an unknown type or a length that is no whole number of words up to PayloadBytesMax, leave no trace.
// No byte is looked at twice, so one CRC of a byte a cycle is enough, and no byte is stored.
`default_nettype none
module frame_receiver #(
    parameter int unsigned PayloadBytesMax = 1032,
    localparam int unsigned IndexWidth     = $clog2(PayloadBytesMax / 4 + 1)
) (
    input  wire logic               clk_i,
    input  wire logic               rst_ni,
    input  wire logic               valid_i,
    input  wire logic [7:0]         byte_i,

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
  localparam logic [3:0] HeaderLast = 4'd15;  // 12 bytes of fields, 4 of check

  logic [1:0]            state_q;
  logic [1:0]            match_q;       // sync bytes seen
  logic [3:0]            count_q;       // byte of the header, or of a word
  logic                  wrong_q;       // a byte of a check differed
  logic [95:0]           fields_q;
  logic [23:0]           word_q;
  logic [IndexWidth-1:0] index_q, words_q;  // words_q: of this payload

  logic [7:0]  sync_byte, check_byte;
  logic [31:0] crc;
  logic        in_fields, header_ends, header_good, differs, word_ends;

  assign sync_byte   = link_pkg::Sync[8*match_q +: 8];
  assign check_byte  = crc[8*count_q[1:0] +: 8];
  assign differs     = wrong_q || byte_i != check_byte;
  assign in_fields   = state_q == Header && count_q < 4'd12;
  assign header_ends = state_q == Header && count_q == HeaderLast;
  assign header_o    = fields_q;
  assign header_good = !differs && header_o.kind >= link_pkg::TypeHello && header_o.kind <= link_pkg::TypeReset
                       && header_o.length[1:0] == 2'd0 && 32'(header_o.length) <= PayloadBytesMax;
  assign word_ends   = state_q == Payload && count_q[1:0] == 2'd3;

  crc32c #(.DataBits(8)) u_crc (
      .clk_i, .clear_i(valid_i && state_q == Hunt), .add_i(valid_i && (in_fields || state_q == Payload)), .data_i(byte_i), .crc_o(crc)
  );

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      state_q <= Hunt;
      match_q <= '0;
      frame_o <= 1'b0;
    end else begin
      frame_o <= 1'b0;
      if (valid_i) begin
        case (state_q)
          Hunt: begin
            // The sync bytes differ from each other: a byte that breaks a match can only begin another.
            match_q <= byte_i == sync_byte ? match_q + 2'd1 : {1'b0, byte_i == link_pkg::Sync[7:0]};
            if (byte_i == sync_byte && match_q == 2'd3) state_q <= Header;
          end
          Header:
            if (header_ends) begin
              state_q <= !header_good ? Hunt : header_o.length != 16'd0 ? Payload : Hunt;
              frame_o <= header_good && header_o.length == 16'd0;
            end
          Payload: if (word_ends && index_q == words_q - 1'b1) state_q <= Check;
          default:
            if (count_q[1:0] == 2'd3) begin
              state_q <= Hunt;
              frame_o <= 1'b1;
            end
        endcase
      end
    end

    if (valid_i) begin
      count_q <= state_q == Hunt ? '0 : header_ends ? '0 : state_q == Header ? count_q + 4'd1 : {2'd0, count_q[1:0] + 2'd1};
      wrong_q <= (header_ends || state_q == Hunt) ? 1'b0 : in_fields || state_q == Payload ? 1'b0 : differs;
      if (in_fields) fields_q <= {byte_i, fields_q[95:8]};
      if (header_ends) begin
        words_q <= IndexWidth'(header_o.length[15:2]);
        index_q <= '0;
      end else if (word_ends) index_q <= index_q + 1'b1;
      word_q <= {byte_i, word_q[23:8]};
      good_o <= !differs;
    end
  end

  assign word_valid_o = valid_i && word_ends;
  assign word_o       = {byte_i, word_q};
  assign word_index_o = index_q;
endmodule
`default_nettype wire
