// base^exponent for any exponent, one a cycle: the exponent is three digits, each looks up a table of powers, and two multiplications
// join them, base^(d0) * base^(2^Digit0 d1) * base^(2^(Digit0 + Digit1) d2). Bases and powers are in Montgomery form, so that a product
// of two is the power again. There are Sets sets of tables; set_i says which base an exponent belongs to.
//
// Exponents stream in, powers stream out in the same order, Latency enabled cycles later; the pipeline stops when its result is refused
// and is not clocked while it is empty.
//
// fill_i (a pulse, while idle: no exponent inside, filling_o low) writes the tables of fill_set_i for exponents below 2^fill_bits_i by
// doubling: with t[0 .. 2^k) written and p = base^(2^k), t[2^k + i] = t[i] * p, and p * p ends the round. A round takes 2^k + MulLatency
// cycles and a few, 28 bits some 3,000 in all. Digits take ceil, and floor, of a third of ExponentBits, at least one bit each; entry 0
// of every table is always written, so that digits above fill_bits_i count as 1.
`default_nettype none
module ntt_powers #(
    parameter int unsigned      Width          = 254,
    parameter int unsigned      RBits          = 256,
    parameter logic [Width-1:0] Modulus        = '1,
    parameter logic [RBits-1:0] NegInv         = 1,
    parameter logic [Width-1:0] One            = 1,
    parameter int unsigned      KaratsubaDepth = 2,
    parameter int unsigned      ExponentBits   = 28,
    parameter int unsigned      Sets           = 1,
    localparam int unsigned     SetWidth       = Sets > 1 ? $clog2(Sets) : 1,
    localparam int unsigned     MulLatency     = field_pkg::mul_latency(KaratsubaDepth),
    localparam int unsigned     Latency        = 2 + 2 * MulLatency
) (
    input  wire logic                    clk_i,
    input  wire logic                    rst_ni,

    input  wire logic                    fill_i,
    input  wire logic [SetWidth-1:0]     fill_set_i,
    input  wire logic [Width-1:0]        fill_base_i,
    input  wire logic [5:0]              fill_bits_i,
    output logic                         filling_o,

    input  wire logic                    exponent_valid_i,
    output logic                         exponent_ready_o,
    input  wire logic [SetWidth-1:0]     set_i,
    input  wire logic [ExponentBits-1:0] exponent_i,
    output logic                         power_valid_o,
    input  wire logic                    power_ready_i,
    output logic [Width-1:0]             power_o
);
  localparam int unsigned Digit0 = ExponentBits > 2 ? (ExponentBits + 2) / 3 : 1;
  localparam int unsigned Digit1 = ExponentBits > 2 ? (ExponentBits + 1) / 3 : 1;
  localparam int unsigned Digit2 = ExponentBits > 2 ? ExponentBits / 3 : 1;
  localparam int unsigned PaddedBits = Digit0 + Digit1 + Digit2;

  // Lookup: the pipeline holds a valid bit per stage.
  logic [Latency-1:0]    valid_q;
  logic                  move, any;
  logic [PaddedBits-1:0] exponent;

  assign any              = valid_q != '0;
  assign move             = !filling_o && (power_ready_i || !power_valid_o);
  assign exponent_ready_o = move;
  assign power_valid_o    = valid_q[Latency-1];
  assign exponent         = PaddedBits'(exponent_i);

  always_ff @(posedge clk_i) begin
    if (!rst_ni) valid_q <= '0;
    else if (move && (any || exponent_valid_i)) valid_q <= {valid_q[Latency-2:0], exponent_valid_i};
  end

  // Filling. The read row runs through the part already written; row and write follow it through the multiplier.
  typedef enum logic [1:0] {Idle, Clear, Read, Drain} state_e;
  state_e              state_q;
  logic [SetWidth-1:0] fill_set_q;
  logic [5:0]          left_q;      // bits of the exponent still to do
  logic [1:0]          digit_q;
  logic [Digit0:0]     span_q;      // 2^k
  logic [Digit0:0]     row_q;       // 0 .. 2^k; row 2^k stands for p * p
  logic [Width-1:0]    p_q;
  logic                issue, square, arrived;
  logic [Digit0:0]     arrived_row;
  logic                digit_ends;

  assign filling_o = state_q != Idle;
  assign issue     = state_q == Read;

  logic ce;  // clocks tables and multipliers
  assign ce = filling_o || (move && (any || exponent_valid_i));

  logic [1+Digit0:0] issue_bundle, issued_bundle, arrived_bundle;
  assign issue_bundle              = {issue, row_q};
  assign {arrived, arrived_row}    = arrived_bundle;
  assign square                    = issued_bundle[Digit0:0] == span_q;
  // Not reset: filling starts with enough enabled cycles for the noise to pass (see Clear).
  delay_line #(.Width(2 + Digit0), .Stages(2)) u_issued (.clk_i, .ce_i(ce), .data_i(issue_bundle), .data_o(issued_bundle));
  delay_line #(.Width(2 + Digit0), .Stages(MulLatency)) u_arrived (.clk_i, .ce_i(ce), .data_i(issued_bundle), .data_o(arrived_bundle));

  localparam int unsigned ClearCycles = MulLatency + 3;
  localparam int unsigned ClearWidth  = $clog2(ClearCycles + 1);
  logic [ClearWidth-1:0] clear_q;

  assign digit_ends = span_q == (digit_q == 2'd0 ? (Digit0 + 1)'(1 << (Digit0 - 1)) :
                                 digit_q == 2'd1 ? (Digit0 + 1)'(1 << (Digit1 - 1)) : (Digit0 + 1)'(1 << (Digit2 - 1)));

  logic [Width-1:0] product0;
  logic             write, write_one;

  assign write     = state_q != Idle && state_q != Clear && arrived && arrived_row != span_q;
  assign write_one = state_q == Clear;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      state_q <= Idle;
    end else begin
      case (state_q)
        Idle: if (fill_i) begin
          state_q    <= Clear;
          fill_set_q <= fill_set_i;
          p_q        <= fill_base_i;
          left_q     <= fill_bits_i;
          digit_q    <= '0;
          span_q     <= (Digit0 + 1)'(1);
          row_q      <= '0;
          clear_q    <= ClearWidth'(ClearCycles);
        end
        Clear: begin
          clear_q <= clear_q - 1'b1;
          if (clear_q == '0) state_q <= left_q == '0 ? Idle : Read;
        end
        Read: begin
          row_q <= row_q + 1'b1;
          if (row_q == span_q) state_q <= Drain;
        end
        default: if (arrived && arrived_row == span_q) begin
          p_q    <= product0;
          row_q  <= '0;
          left_q <= left_q - 1'b1;
          span_q <= digit_ends ? (Digit0 + 1)'(1) : span_q << 1;
          if (digit_ends) digit_q <= digit_q + 1'b1;
          state_q <= left_q == 6'd1 || (digit_ends && digit_q == 2'd2) ? Idle : Read;
        end
      endcase
    end
  end

  // Tables, read two stages ahead of their multiplication.
  localparam int unsigned Rows0 = Sets << Digit0, Rows1 = Sets << Digit1, Rows2 = Sets << Digit2;
  localparam int unsigned RowWidth0 = $clog2(Rows0), RowWidth1 = $clog2(Rows1), RowWidth2 = $clog2(Rows2);
  logic [Width-1:0]           word0, word1, word2;
  logic [SetWidth-1:0]        read_set;
  logic [Digit0-1:0]          read0, write_row;
  logic [Digit1-1:0]          read1;
  logic [SetWidth+Digit2-1:0] exponent2;
  logic [RowWidth2-1:0]       read2;

  assign read_set  = filling_o ? fill_set_q : set_i;
  assign read0     = filling_o ? row_q[Digit0-1:0] : exponent[Digit0-1:0];
  assign read1     = filling_o ? row_q[Digit1-1:0] : exponent[Digit0+:Digit1];
  assign read2     = RowWidth2'(filling_o ? {fill_set_q, row_q[Digit2-1:0]} : exponent2);
  assign write_row = write_one ? '0 : Digit0'(arrived_row | span_q);  // arrived_row < span_q, a power of two

  delay_line #(.Width(SetWidth + Digit2), .Stages(MulLatency)) u_exponent2 (
      .clk_i, .ce_i(ce), .data_i({set_i, exponent[PaddedBits-1-:Digit2]}), .data_o(exponent2));

  ntt_ram #(.Width(Width), .Rows(Rows0)) u_table0 (
      .clk_i, .write_i(write_one || (write && digit_q == 2'd0)), .write_row_i(RowWidth0'({fill_set_q, write_row})),
      .write_data_i(write_one ? One : product0),
      .read_ce_i(ce), .read_i(1'b1), .read_row_i(RowWidth0'({read_set, read0})), .data_o(word0));
  ntt_ram #(.Width(Width), .Rows(Rows1)) u_table1 (
      .clk_i, .write_i(write_one || (write && digit_q == 2'd1)), .write_row_i(RowWidth1'({fill_set_q, write_row[Digit1-1:0]})),
      .write_data_i(write_one ? One : product0),
      .read_ce_i(ce), .read_i(1'b1), .read_row_i(RowWidth1'({read_set, read1})), .data_o(word1));
  ntt_ram #(.Width(Width), .Rows(Rows2)) u_table2 (
      .clk_i, .write_i(write_one || (write && digit_q == 2'd2)), .write_row_i(RowWidth2'({fill_set_q, write_row[Digit2-1:0]})),
      .write_data_i(write_one ? One : product0),
      .read_ce_i(ce), .read_i(1'b1), .read_row_i(read2), .data_o(word2));

  logic [Width-1:0] fill_word;
  assign fill_word = square ? p_q : digit_q == 2'd0 ? word0 : digit_q == 2'd1 ? word1 : word2;

  montgomery_multiplier #(
      .Width(Width), .RBits(RBits), .Modulus(Modulus), .NegInv(NegInv), .KaratsubaDepth(KaratsubaDepth)
  ) u_multiply0 (.clk_i, .ce_i(ce), .a_i(filling_o ? fill_word : word0), .b_i(filling_o ? p_q : word1), .product_o(product0));
  montgomery_multiplier #(
      .Width(Width), .RBits(RBits), .Modulus(Modulus), .NegInv(NegInv), .KaratsubaDepth(KaratsubaDepth)
  ) u_multiply1 (.clk_i, .ce_i(ce && !filling_o), .a_i(product0), .b_i(word2), .product_o(power_o));
endmodule
`default_nettype wire
