// data_o is data_i of Stages enabled cycles ago. A cycle counts only while ce_i is high, so that a delay line stalls with the pipeline
// that it runs beside. Not reset: the parent qualifies the data with a valid bit that is.
`default_nettype none
module delay_line #(
    parameter int unsigned Width  = 1,
    parameter int unsigned Stages = 1
) (
    input  wire logic             clk_i,
    input  wire logic             ce_i,
    input  wire logic [Width-1:0] data_i,
    output logic [Width-1:0]      data_o
);
  if (Stages == 0) begin : g_wire
    logic unused;
    assign unused = &{1'b0, clk_i, ce_i};
    assign data_o = data_i;
  end else begin : g_stages
    logic [Width-1:0] stage_q [Stages];
    assign data_o = stage_q[Stages-1];
    always_ff @(posedge clk_i) begin
      if (ce_i) begin
        stage_q[0] <= data_i;
        for (int unsigned i = 1; i < Stages; i++) stage_q[i] <= stage_q[i-1];
      end
    end
  end
endmodule
`default_nettype wire
