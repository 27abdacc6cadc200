// sum_o = (a_i + b_i + carry_i) mod Modulus, or with Subtract (a_i - b_i - 1 + carry_i) mod Modulus, for operands whose sum is in
// [0, 2 * Modulus), or whose difference is in [-Modulus, Modulus). Latency field_pkg::AddLatency, one result a cycle; a cycle counts only
// while ce_i is high. Everything is made under ce_i, so that a simulator spends nothing on it while the pipeline stands still.
//
// Two candidates, in two's complement of Width + 1 bits, go side by side: the plain sum and the one that is off by the modulus. When the
// one that may be negative is, it is the other. Stage 1 adds chunks of CarryBits without a carry in. In stage 2 a chunk passes a carry on
// if it made one, or if it is all ones and is given one: that finds all carries at once, and each chunk takes its own with the choice.
`default_nettype none
module modular_sum #(
    parameter int unsigned      Width     = 254,
    parameter logic [Width-1:0] Modulus   = '1,
    parameter bit               Subtract  = 1'b0,
    parameter int unsigned      CarryBits = field_pkg::CarryBits
) (
    input  wire logic             clk_i,
    input  wire logic             ce_i,
    input  wire logic [Width-1:0] a_i,
    input  wire logic [Width-1:0] b_i,
    input  wire logic             carry_i,
    output logic [Width-1:0]      sum_o
);
  localparam int unsigned Chunks = (Width + CarryBits) / CarryBits;  // of Width + 1 bits, the last one filled up
  localparam int unsigned Padded = Chunks * CarryBits;
  localparam int unsigned Top    = Width - (Chunks - 1) * CarryBits;  // where the sign is in the last chunk
  localparam logic [Padded-1:0]    Extended = {{Padded - Width{1'b0}}, Modulus};
  localparam logic [Padded-1:0]    Offset   = Subtract ? Extended : -Extended;
  localparam logic [CarryBits-1:0] FromSign = '1 << Top;

  if (CarryBits < 2) $error("modular_sum: CarryBits must be at least 2");

  // The carry out of a chunk whose top bits are a and b and whose sum has the top bit s is a & b | (a | b) & ~s. It is written out where
  // it is needed: a function's variables would give each instance its own code in the simulator (see montgomery_multiplier).
  logic [Padded-1:0] plain_q, other_q;
  logic [Chunks-1:0] plain_carry_q, other_carry_q;
  logic              carry_q;

  always_ff @(posedge clk_i) begin : add
    logic [Padded-1:0] a, b, saved_sum, saved_carry, plain, other;
    if (ce_i) begin
      a = {{Padded - Width{1'b0}}, a_i};
      b = {{Padded - Width{1'b0}}, b_i} ^ {Padded{Subtract}};
      saved_sum   = a ^ b ^ Offset;
      saved_carry = ((a & b) | ((a | b) & Offset)) << 1;
      for (int unsigned i = 0; i < Chunks; i++) begin
        plain[i*CarryBits+:CarryBits] = a[i*CarryBits+:CarryBits] + b[i*CarryBits+:CarryBits];
        other[i*CarryBits+:CarryBits] = saved_sum[i*CarryBits+:CarryBits] + saved_carry[i*CarryBits+:CarryBits];
        plain_carry_q[i] <= (a[(i+1)*CarryBits-1] & b[(i+1)*CarryBits-1])
            | ((a[(i+1)*CarryBits-1] | b[(i+1)*CarryBits-1]) & ~plain[(i+1)*CarryBits-1]);
        other_carry_q[i] <= (saved_sum[(i+1)*CarryBits-1] & saved_carry[(i+1)*CarryBits-1])
            | ((saved_sum[(i+1)*CarryBits-1] | saved_carry[(i+1)*CarryBits-1]) & ~other[(i+1)*CarryBits-1]);
      end
      plain_q <= plain;
      other_q <= other;
      carry_q <= carry_i;
    end
  end

  logic [Padded-1:0] sum_q;

  always_ff @(posedge clk_i) begin : select
    logic [Padded-1:0] sum;
    logic [Chunks-1:0] plain_in, other_in, in;
    logic              negative;
    if (ce_i) begin
      plain_in[0] = carry_q;
      other_in[0] = carry_q;
      for (int unsigned i = 1; i < Chunks; i++) begin
        plain_in[i] = plain_carry_q[i-1] | (plain_in[i-1] & (plain_q[(i-1)*CarryBits+:CarryBits] == '1));
        other_in[i] = other_carry_q[i-1] | (other_in[i-1] & (other_q[(i-1)*CarryBits+:CarryBits] == '1));
      end
      // The sign is flipped by a carry that runs through all the bits below it.
      if (Subtract) begin
        negative = plain_q[Width] ^ (plain_in[Chunks-1] & ((plain_q[(Chunks-1)*CarryBits+:CarryBits] | FromSign) == '1));
      end else begin
        negative = other_q[Width] ^ (other_in[Chunks-1] & ((other_q[(Chunks-1)*CarryBits+:CarryBits] | FromSign) == '1));
      end
      in = negative == Subtract ? other_in : plain_in;
      for (int unsigned i = 0; i < Chunks; i++) begin
        sum[i*CarryBits+:CarryBits] =
            (negative == Subtract ? other_q[i*CarryBits+:CarryBits] : plain_q[i*CarryBits+:CarryBits]) + CarryBits'(in[i]);
      end
      sum_q <= sum;
    end
  end

  assign sum_o = sum_q[Width-1:0];
  logic unused;
  assign unused = &{1'b0, sum_q, plain_carry_q[Chunks-1], other_carry_q[Chunks-1]};
endmodule
`default_nettype wire
