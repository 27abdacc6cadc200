// Picks one of Requests requests, the one that has waited longest since it was last served: after a grant taken with advance_i, the search
// starts one above it. Combinational from request_i; index_o and grant_o (one-hot) mean something while valid_o is high.
// A request that stays up is served within Requests grants.
`default_nettype none
module round_robin_arbiter #(
    parameter int unsigned Requests = 4,
    localparam int unsigned IndexWidth = Requests > 1 ? $clog2(Requests) : 1
) (
    input  wire logic                  clk_i,
    input  wire logic                  rst_ni,
    input  wire logic [Requests-1:0]   request_i,
    input  wire logic                  advance_i,
    output logic                       valid_o,
    output logic [Requests-1:0]        grant_o,
    output logic [IndexWidth-1:0]      index_o
);
  if (Requests < 1) $error("round_robin_arbiter: Requests must be at least 1");

  logic [IndexWidth-1:0] first_q;  // where the search starts
  logic [Requests-1:0]   above;

  assign valid_o = request_i != '0;

  // Lowest request at or above first_q, else the lowest of all.
  always_comb begin
    above = '0;
    for (int unsigned i = 0; i < Requests; i++) above[i] = request_i[i] && i >= 32'(first_q);
    index_o = '0;
    for (int unsigned i = Requests; i > 0; i--) if (above != '0 ? above[i-1] : request_i[i-1]) index_o = IndexWidth'(i - 1);
    grant_o = '0;
    for (int unsigned i = 0; i < Requests; i++) grant_o[i] = valid_o && 32'(index_o) == i;
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni) first_q <= '0;
    else if (advance_i && valid_o) first_q <= index_o == IndexWidth'(Requests - 1) ? '0 : index_o + 1'b1;
  end
endmodule
`default_nettype wire
