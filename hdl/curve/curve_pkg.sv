// Latency, in enabled cycles, of the units in this folder, as a function of their parameters.
`default_nettype none
package curve_pkg;
  // point_adder: sums of coordinates, six products, their combination (two additions and a multiplication by 3b), six products, sums.
  function automatic int unsigned adder_latency(input int unsigned depth, input int unsigned curve_b3);
    adder_latency = 4 * field_pkg::AddLatency + field_pkg::multiple_latency(curve_b3) + 2 * field_pkg::mul_latency(depth);
  endfunction
endpackage
`default_nettype wire
