// Latencies, in enabled cycles, of the units in this folder, as functions of their parameters, so that a parent can line its pipeline
// up before it instantiates them.
`default_nettype none
package field_pkg;
  // The longest carry chain in this folder, unless a unit's CarryBits says otherwise. Whatever is wider is added in chunks of this many
  // bits in one cycle, and each chunk takes its carry in the next. Latencies do not depend on it. 64 bits are a simulator's machine word.
  localparam int unsigned CarryBits = 64;

  // mod_add, mod_sub and mod_half: the chunks' sums, then their carries and the choice between sum and reduced sum.
  localparam int unsigned AddLatency = 2;

  // karatsuba_multiplier: a leaf is a multiplication with a register inside and one behind; each level above it takes two cycles to split
  // its operands and two to put the three products together.
  localparam int unsigned LeafLatency  = 2;
  localparam int unsigned LevelLatency = 4;
  function automatic int unsigned product_latency(input int unsigned depth);
    product_latency = LeafLatency + LevelLatency * depth;
  endfunction

  // montgomery_multiplier: three products in a row and a modular addition.
  function automatic int unsigned mul_latency(input int unsigned depth);
    mul_latency = 3 * product_latency(depth) + AddLatency;
  endfunction

  // small_multiple: a doubling for each bit of the factor but the first, and an addition for each of those bits that is set.
  function automatic int unsigned multiple_latency(input int unsigned factor);
    multiple_latency = 0;
    for (int unsigned i = 0; i < 31; i++) begin
      if ((factor >> (i + 1)) != 0) begin
        multiple_latency = multiple_latency + AddLatency;
        if (((factor >> i) & 1) != 0) multiple_latency = multiple_latency + AddLatency;
      end
    end
  endfunction
endpackage
`default_nettype wire
