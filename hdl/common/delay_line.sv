// data_o is data_i of Stages enabled cycles ago. A cycle counts only while ce_i is high, so that a delay line stalls with the pipeline
// that it runs beside. Not reset: the parent qualifies the data with a valid bit that is.
// Few bits shift. Many bits stay where they are, in a ring of words that an index runs round: the index may start anywhere, for only the
// distance from writing to reading counts.
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
  end else if (Stages == 1) begin : g_register
    always_ff @(posedge clk_i) begin
      if (ce_i) data_o <= data_i;
    end
  end else if (Width * Stages <= 64) begin : g_shift
    logic [Stages*Width-1:0] stages_q;
    assign data_o = stages_q[(Stages-1)*Width+:Width];
    always_ff @(posedge clk_i) begin
      if (ce_i) stages_q <= {stages_q[(Stages-1)*Width-1:0], data_i};
    end
  end else begin : g_ring
    localparam int unsigned IndexWidth = $clog2(Stages);
    (* ram_style = "distributed" *)
    logic [Width-1:0]      word_q [2**IndexWidth];
    logic [IndexWidth-1:0] index_q = '0;
    always_ff @(posedge clk_i) begin
      if (ce_i) begin
        index_q         <= index_q + 1'b1;
        word_q[index_q] <= data_i;
        data_o          <= word_q[index_q-IndexWidth'(Stages-1)];
      end
    end
  end
endmodule
`default_nettype wire
