// RV32M (volume I, chapter 7), a bit a cycle: 33 cycles from start_i to done_o for a product, 35 for a quotient or remainder. Operands stay as they
// are from start_i to done_o; result_o holds in the cycle of done_o.
//
// A product grows in {high_q, low_q}: the multiplier leaves low_q to the right while the sum enters high_q's side. The last bit of a signed
// multiplier weighs -2^31, so the last addition subtracts. 33 bits hold the sum: a signed multiplicand has |high_q| <= 2^31, so |sum| <= 2^32, and
// an unsigned one high_q < 2^32 and sum < 2^33, without a sign to carry on.
// A division is restoring, on magnitudes: the dividend leaves low_q to the left into high_q, quotient bits enter on the right. Dividing by 0 leaves
// all ones and the dividend by itself, and -2^31 / -1 wraps to what the manual asks, if the quotient's sign is not set for a divisor of 0.
`default_nettype none
module rv32_muldiv (
    input  wire logic        clk_i,
    input  wire logic        rst_ni,
    input  wire logic        start_i,
    input  wire logic [2:0]  funct3_i,
    input  wire logic [31:0] a_i,
    input  wire logic [31:0] b_i,
    output logic             done_o,
    output logic [31:0]      result_o
);
  localparam logic [5:0] StepsProduct = 6'd32, StepsQuotient = 6'd34;

  logic        is_division, is_remainder, a_signed, b_signed, a_negative, b_negative, negate;
  logic [5:0]  left_q;
  logic [32:0] high_q;
  logic [31:0] low_q;
  assign is_division  = funct3_i[2];
  assign is_remainder = funct3_i[1];
  assign a_signed     = is_division ? !funct3_i[0] : funct3_i[1:0] != 2'd3;    // MULH, MULHSU; MUL's low half does not care
  assign b_signed     = is_division ? !funct3_i[0] : !funct3_i[1];
  assign a_negative   = a_signed && a_i[31];
  assign b_negative   = b_signed && b_i[31];
  assign negate       = is_remainder ? a_negative : (a_negative != b_negative && b_i != '0);

  // One adder: the product's addition, the division's trial subtraction of |b|, and the negations of the dividend and of the result.
  logic        prepare, finish, last, subtract;
  logic [32:0] left, right, addend, sum;
  assign prepare  = is_division && left_q == StepsQuotient;
  assign finish   = is_division && left_q == 6'd1;
  assign last     = left_q == 6'd1;
  assign left     = prepare || finish ? '0 : is_division ? {high_q[31:0], low_q[31]} : high_q;
  assign right    = prepare ? {1'b0, a_i} : finish ? {1'b0, is_remainder ? high_q[31:0] : low_q}
                  : is_division ? {b_negative, b_i} : low_q[0] ? {a_negative, a_i} : '0;
  assign subtract = prepare || finish || (is_division ? !b_negative : last && b_signed);
  assign addend   = right ^ {33{subtract}};
  assign sum      = left + addend + 33'(subtract);

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      left_q <= '0;
      done_o <= 1'b0;
    end else begin
      done_o <= last;
      if (start_i) left_q <= is_division ? StepsQuotient : StepsProduct;
      else if (left_q != '0) left_q <= left_q - 6'd1;
    end

    if (start_i) begin
      high_q <= '0;
      low_q  <= is_division ? a_i : b_i;
    end else if (left_q != '0) begin
      if (prepare) begin
        if (a_negative) low_q <= sum[31:0];
      end else if (finish) begin
        if (negate && is_remainder) high_q[31:0] <= sum[31:0];
        if (negate && !is_remainder) low_q <= sum[31:0];
      end else if (is_division) begin
        // The trial's top bit says that it went below 0: both sides are below 2^32 in size.
        high_q <= {1'b0, sum[32] ? {high_q[30:0], low_q[31]} : sum[31:0]};
        low_q  <= {low_q[30:0], !sum[32]};
      end else begin
        high_q <= {a_signed && sum[32], sum[32:1]};
        low_q  <= {sum[0], low_q[31:1]};
      end
    end
  end
  assign result_o = (is_division ? is_remainder : funct3_i[1:0] != 2'd0) ? high_q[31:0] : low_q;
endmodule
`default_nettype wire
