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

  logic [Requests-1:0] above_q;  // the requests above the one served last
  logic [Requests-1:0] candidates;

  // The lowest of those above, else the lowest of all.
  assign candidates = (request_i & above_q) != '0 ? request_i & above_q : request_i;
  assign grant_o    = candidates & (~candidates + 1'b1);
  assign valid_o    = request_i != '0;

  always_comb begin
    index_o = '0;
    for (int unsigned i = 0; i < Requests; i++) index_o = index_o | (grant_o[i] ? IndexWidth'(i) : '0);
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni) above_q <= '1;
    else if (advance_i && valid_o) above_q <= ~(grant_o | (grant_o - 1'b1));
  end

`ifdef FORMAL
  // Proved by scripts/formal.mjs: exactly one requester is granted when there is one, and a request that stays up sees no other served
  // twice before it.
  logic                f_past_q = 1'b0;
  logic [Requests-1:0] f_served_q;  // since the watched request came up or was last served
  (* anyconst *) logic [Requests-1:0] f_watched;

  always_ff @(posedge clk_i) begin
    f_past_q <= 1'b1;
    if (!rst_ni || (request_i & f_watched) == '0 || (advance_i && (grant_o & f_watched) != '0)) f_served_q <= '0;
    else if (advance_i) f_served_q <= f_served_q | grant_o;
  end

  always_comb begin
    assume (f_watched != '0 && (f_watched & (f_watched - 1'b1)) == '0);
    if (!f_past_q) assume (!rst_ni);
    assert ((grant_o & ~request_i) == '0 && (grant_o & (grant_o - 1'b1)) == '0 && (grant_o != '0) == (request_i != '0));
    if (f_past_q) begin
      assert (((above_q << 1) & ~above_q) == '0);  // ones from some place up, or none
      if ((above_q & f_watched) != '0) assert ((f_served_q & above_q & (f_watched | (f_watched - 1'b1))) == '0);
      else assert ((f_served_q & (above_q | f_watched | (f_watched - 1'b1))) == '0);
      if (advance_i && (request_i & f_watched) != '0) assert ((f_served_q & grant_o) == '0);
    end
  end
`endif
endmodule
`default_nettype wire
