// Signed digits of a scalar for window bits c chosen at run time: s = Σ_k d_k·2^(c·k), -2^(c-1) < d_k <= 2^(c-1), k < W = ⌊ScalarWidth/c⌋ + 1.
// With O = Σ_{k<W} (2^(c-1) - 1)·2^(c·k) the windows of s + O are e_k = d_k + 2^(c-1) - 1, each of c bits: one addition, no carry from digit to
// digit. (The topmost window of s has at most c - 1 bits, so s + O < 2^(c·W) <= 2^SumWidth and W covers every scalar below 2^ScalarWidth.)
// nonzero_o has a bit per window, sum_o is s + O. Digits k >= W read as zero.
// One scalar a cycle, zeros included; latency AddStages + 1. window_bits_i must not change while a scalar is inside.
`default_nettype none
module digit_recoder #(
    parameter int unsigned ScalarWidth   = 254,
    parameter int unsigned WindowBitsMax = 15,
    parameter int unsigned AddBits       = 64,
    localparam int unsigned SumWidth     = ScalarWidth + WindowBitsMax,
    localparam int unsigned DigitsMax    = ScalarWidth / 2 + 1,
    localparam int unsigned BitsWidth    = $clog2(WindowBitsMax + 1)
) (
    input  wire logic                   clk_i,
    input  wire logic                   rst_ni,
    input  wire logic [BitsWidth-1:0]   window_bits_i,
    input  wire logic                   valid_i,
    output logic                        ready_o,
    input  wire logic [ScalarWidth-1:0] scalar_i,
    output logic                        valid_o,
    input  wire logic                   ready_i,
    output logic      [DigitsMax-1:0]   nonzero_o,
    output logic      [SumWidth-1:0]    sum_o,
    output logic                        empty_o
);
  if (WindowBitsMax < 2) $error("digit_recoder: WindowBitsMax must be at least 2");

  localparam int unsigned AddStages = (SumWidth + AddBits - 1) / AddBits;
  localparam int unsigned Padded    = AddStages * AddBits;

  function automatic logic [SumWidth-1:0] offset(input int unsigned bits);
    offset = '0;
    for (int unsigned k = 0; k < ScalarWidth / bits + 1; k++)
      for (int unsigned i = 0; i + 1 < bits; i++) offset[k*bits+i] = 1'b1;
  endfunction

  // Constant while scalars are inside.
  logic [SumWidth-1:0]  offsets [WindowBitsMax-1];  // of window bits 2 and up
  logic [SumWidth-1:0]  offset_q;
  logic [BitsWidth-1:0] offset_bits_q;
  logic                 offset_stale;
  for (genvar bits = 2; bits <= WindowBitsMax; bits++) begin : g_offset
    localparam logic [SumWidth-1:0] Offset = offset(bits);
    assign offsets[bits-2] = Offset;
  end
  assign offset_stale = offset_bits_q != window_bits_i;
  always_ff @(posedge clk_i) begin
    if (!rst_ni) offset_bits_q <= '0;
    else if (offset_stale) offset_bits_q <= window_bits_i;
    if (offset_stale)
      for (int unsigned bits = 2; bits <= WindowBitsMax; bits++) if (window_bits_i == BitsWidth'(bits)) offset_q <= offsets[bits-2];
  end

  logic               ce;
  logic [AddStages:0] valid_q;
  logic [Padded-1:0]  sum_q [AddStages];
  logic [AddStages-1:0] carry_q;
  logic               unused_carry;  // out of the last part there is none

  assign ce      = !valid_q[AddStages] || ready_i;
  assign ready_o = ce && !offset_stale;
  assign valid_o = valid_q[AddStages];
  assign empty_o = valid_q == '0;
  assign unused_carry = carry_q[AddStages-1];

  logic [Padded-1:0] offset_part;
  assign offset_part = Padded'(offset_q);

  logic [DigitsMax-1:0] nonzero;
  logic [SumWidth-1:0]  differs;  // from the offset: a window that does not is the digit 0
  always_comb begin
    nonzero = '0;
    differs = '0;
    if (valid_q[AddStages-1]) begin
      differs = sum_q[AddStages-1][SumWidth-1:0] ^ offset_q;
      for (int unsigned bits = 2; bits <= WindowBitsMax; bits++)
        if (window_bits_i == BitsWidth'(bits))
          for (int unsigned k = 0; k < ScalarWidth / bits + 1; k++) nonzero[k] = |(differs[k*bits+:WindowBitsMax] & WindowBitsMax'((1 << bits) - 1));
    end
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni) valid_q <= '0;
    else if (ce) valid_q <= {valid_q[AddStages-1:0], valid_i && !offset_stale};
    if (ce && valid_q[AddStages-1]) begin
      nonzero_o <= nonzero;
      sum_o     <= sum_q[AddStages-1][SumWidth-1:0];
    end
  end

  // Stage i adds bits [AddBits·i, AddBits·(i+1)).
  for (genvar i = 0; i < AddStages; i++) begin : g_add
    logic              valid_in, carry_in;
    logic [Padded-1:0] sum_in;
    if (i == 0) begin : g_first
      assign valid_in = valid_i;
      assign carry_in = 1'b0;
      assign sum_in   = Padded'(scalar_i);
    end else begin : g_later
      assign valid_in = valid_q[i-1];
      assign carry_in = carry_q[i-1];
      assign sum_in   = sum_q[i-1];
    end
    always_ff @(posedge clk_i) begin
      if (ce && valid_in) begin
        sum_q[i] <= sum_in;
        {carry_q[i], sum_q[i][i*AddBits+:AddBits]} <=
            {1'b0, sum_in[i*AddBits+:AddBits]} + {1'b0, offset_part[i*AddBits+:AddBits]} + (AddBits + 1)'(carry_in);
      end
    end
  end
endmodule
`default_nettype wire
