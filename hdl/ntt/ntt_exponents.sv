// The exponents of a tile's factors, one a cycle in the order in which its elements pass: for row k = 0 .. 2^log_rows - 1 and, inside,
// column c = 0 .. 2^log_columns - 1,   first + k row_step + c (column_step + k column_growth)   mod 2^ExponentBits.
// A coset's powers g^i have column_growth 0; a twiddle w^(kl) with l = l0 + c has row_step l0 w's step and column_growth w's step.
// Three running sums and no multiplication. A tile is taken when the one before has ended, with one idle cycle between.
`default_nettype none
module ntt_exponents #(
    parameter int unsigned ExponentBits = 28
) (
    input  wire logic                    clk_i,
    input  wire logic                    rst_ni,
    input  wire logic                    tile_valid_i,
    output logic                         tile_ready_o,
    input  wire logic [4:0]              log_rows_i,
    input  wire logic [4:0]              log_columns_i,
    input  wire logic [ExponentBits-1:0] first_i,
    input  wire logic [ExponentBits-1:0] row_step_i,
    input  wire logic [ExponentBits-1:0] column_step_i,
    input  wire logic [ExponentBits-1:0] column_growth_i,
    input  wire logic                    set_i,
    output logic                         exponent_valid_o,
    input  wire logic                    exponent_ready_i,
    output logic [ExponentBits-1:0]      exponent_o,
    output logic                         set_o
);
  logic                    active_q, set_q;
  logic [ExponentBits:0]   row_q, column_q, rows_last_q, columns_last_q;
  logic [ExponentBits-1:0] row_sum_q, sum_q, row_step_q, column_step_q, column_growth_q;

  assign tile_ready_o     = !active_q;
  assign exponent_valid_o = active_q;
  assign exponent_o       = sum_q;
  assign set_o            = set_q;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      active_q <= 1'b0;
    end else if (!active_q) begin
      active_q <= tile_valid_i;
    end else if (exponent_ready_i && column_q == columns_last_q && row_q == rows_last_q) begin
      active_q <= 1'b0;
    end
    if (!active_q) begin
      if (tile_valid_i) begin
        row_q           <= '0;
        column_q        <= '0;
        rows_last_q     <= ((ExponentBits + 1)'(1) << log_rows_i) - 1'b1;
        columns_last_q  <= ((ExponentBits + 1)'(1) << log_columns_i) - 1'b1;
        row_sum_q       <= first_i;
        sum_q           <= first_i;
        row_step_q      <= row_step_i;
        column_step_q   <= column_step_i;
        column_growth_q <= column_growth_i;
        set_q           <= set_i;
      end
    end else if (exponent_ready_i) begin
      if (column_q == columns_last_q) begin
        column_q      <= '0;
        row_q         <= row_q + 1'b1;
        row_sum_q     <= row_sum_q + row_step_q;
        sum_q         <= row_sum_q + row_step_q;
        column_step_q <= column_step_q + column_growth_q;
      end else begin
        column_q <= column_q + 1'b1;
        sum_q    <= sum_q + column_step_q;
      end
    end
  end
endmodule
`default_nettype wire
