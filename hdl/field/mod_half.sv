// a_i / 2 mod Modulus with halve_i, else a_i, for a_i < Modulus and Modulus odd. Latency field_pkg::AddLatency, one result a cycle; a
// cycle counts only while ce_i is high. a/2 is a >> 1 for even a and (a + Modulus) >> 1 for odd a; the sum needs Width + 1 bits. Chunks of
// CarryBits are added in stage 1 and take their carries in stage 2, as in modular_sum.
`default_nettype none
module mod_half #(
    parameter int unsigned      Width     = 254,
    parameter logic [Width-1:0] Modulus   = '1,
    parameter int unsigned      CarryBits = field_pkg::CarryBits
) (
    input  wire logic             clk_i,
    input  wire logic             ce_i,
    input  wire logic             halve_i,
    input  wire logic [Width-1:0] a_i,
    output logic [Width-1:0]      half_o
);
  localparam int unsigned Chunks = (Width + CarryBits) / CarryBits;
  localparam int unsigned Padded = Chunks * CarryBits;

  logic [Padded-1:0] sum_q;
  logic [Chunks-1:0] carry_q;
  logic              halve_q;

  always_ff @(posedge clk_i) begin : add
    logic [Padded-1:0] a, b, sum;
    if (ce_i) begin
      a = Padded'(a_i);
      b = halve_i && a_i[0] ? Padded'(Modulus) : '0;
      for (int unsigned i = 0; i < Chunks; i++) begin
        sum[i*CarryBits+:CarryBits] = a[i*CarryBits+:CarryBits] + b[i*CarryBits+:CarryBits];
        carry_q[i] <= (a[(i+1)*CarryBits-1] & b[(i+1)*CarryBits-1]) | ((a[(i+1)*CarryBits-1] | b[(i+1)*CarryBits-1]) & ~sum[(i+1)*CarryBits-1]);
      end
      sum_q   <= sum;
      halve_q <= halve_i;
    end
  end

  logic [Padded-1:0] half_q;

  always_ff @(posedge clk_i) begin : shift
    logic [Padded-1:0] sum;
    logic              carry;
    if (ce_i) begin
      carry = 1'b0;
      for (int unsigned i = 0; i < Chunks; i++) begin
        sum[i*CarryBits+:CarryBits] = sum_q[i*CarryBits+:CarryBits] + CarryBits'(carry);
        carry = carry_q[i] | (carry & (sum_q[i*CarryBits+:CarryBits] == '1));
      end
      half_q <= halve_q ? sum >> 1 : sum;
    end
  end

  assign half_o = half_q[Width-1:0];
  logic unused;
  assign unused = &{1'b0, half_q, carry_q[Chunks-1]};
endmodule
`default_nettype wire
