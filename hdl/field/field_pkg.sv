// Latencies, in enabled cycles, of the units in this folder, as functions of their parameters, so that a parent can line its pipeline
// up before it instantiates them.
`default_nettype none
package field_pkg;
  // mod_add and mod_sub.
  localparam int unsigned AddLatency = 1;

  // karatsuba_multiplier: a leaf is a multiplication with a register inside and one behind; each level above it splits its operands,
  // puts the middle product together, and adds it in.
  localparam int unsigned LeafLatency  = 2;
  localparam int unsigned LevelLatency = 3;
  function automatic int unsigned product_latency(input int unsigned depth);
    product_latency = LeafLatency + LevelLatency * depth;
  endfunction

  // montgomery_multiplier: three products in a row, the final addition, and the final subtraction.
  function automatic int unsigned mul_latency(input int unsigned depth);
    mul_latency = 3 * product_latency(depth) + 2;
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
