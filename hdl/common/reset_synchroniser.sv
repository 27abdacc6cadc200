// A reset for one clock: rst_no goes low with rst_ni at once, clock or not, and high in step with clk_i, once release_i has been high at two edges.
// release_i may come from another clock: it is what two flops stand before.
`default_nettype none
module reset_synchroniser (
    input  wire logic clk_i,
    input  wire logic rst_ni,
    input  wire logic release_i,
    output logic      rst_no
);
  logic meta_q;
  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) {rst_no, meta_q} <= 2'b00;
    else {rst_no, meta_q} <= {meta_q, release_i};
  end
endmodule
`default_nettype wire
