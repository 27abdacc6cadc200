// product_o = a_i * b_i, exact, one product a cycle, latency field_pkg::product_latency(Depth); a cycle counts only while ce_i is high.
//
// Karatsuba and Ofman's recursion, Depth levels of it, in its subtractive form: with a = a0 + 2^Low a1 and b likewise,
//   a*b = a0 b0 + 2^Low (a0 b0 + a1 b1 - (a0 - a1)(b0 - b1)) + 2^(2 Low) a1 b1,
// three products of Low = ceil(Width / 2) bits. |a0 - a1| fits Low bits, where a0 + a1 would need one more: the leaves of a 254- or
// 256-bit product keep to 64, 32, ... bits, which DSP slices tile well and a simulator multiplies in one machine word.
// At Depth 0 a leaf multiplies with '*'; its second register is there for the tool to move into the DSP slices.
// Each level needs operands of at least two bits: Width > 2^Depth.
`default_nettype none
module karatsuba_multiplier #(
    parameter int unsigned Width = 254,
    parameter int unsigned Depth = 2
) (
    input  wire logic               clk_i,
    input  wire logic               ce_i,
    input  wire logic [Width-1:0]   a_i,
    input  wire logic [Width-1:0]   b_i,
    output logic [2*Width-1:0]      product_o
);
  if (Depth > 0 && Width < 2) $error("karatsuba_multiplier: Depth must be 0 for operands of one bit");

  if (Depth == 0) begin : g_leaf
    logic [2*Width-1:0] product_q;
    always_ff @(posedge clk_i) begin
      if (ce_i) begin
        product_q <= {{Width{1'b0}}, a_i} * {{Width{1'b0}}, b_i};
        product_o <= product_q;
      end
    end
  end else begin : g_split
    // Above 64 bits the halves are cut at a machine word, which leaves a simulator nothing to shift.
    localparam int unsigned Low = Width > 64 ? 32 * ((Width + 63) / 64) : (Width + 1) / 2;

    // Stage 1: halves and the absolute values of their differences, in one register so that every instance simulates by the same code:
    // {|a0 - a1|, |b0 - b1|, a1, b1, a0, b0}.
    logic [6*Low-1:0] pieces_q;
    logic             negative_q, negative;

    always_ff @(posedge clk_i) begin : halve
      logic [Low:0] a_difference, b_difference;
      if (ce_i) begin
        a_difference = {1'b0, a_i[Low-1:0]} - (Low + 1)'(a_i[Width-1:Low]);
        b_difference = {1'b0, b_i[Low-1:0]} - (Low + 1)'(b_i[Width-1:Low]);
        pieces_q <= {
          a_difference[Low] ? -a_difference[Low-1:0] : a_difference[Low-1:0],
          b_difference[Low] ? -b_difference[Low-1:0] : b_difference[Low-1:0],
          Low'(a_i[Width-1:Low]), Low'(b_i[Width-1:Low]), a_i[Low-1:0], b_i[Low-1:0]
        };
        negative_q <= a_difference[Low] != b_difference[Low];
      end
    end

    logic [2*Low-1:0] low, high, distance;

    karatsuba_multiplier #(.Width(Low), .Depth(Depth - 1)) u_low (
        .clk_i, .ce_i, .a_i(pieces_q[Low+:Low]), .b_i(pieces_q[0+:Low]), .product_o(low));
    karatsuba_multiplier #(.Width(Low), .Depth(Depth - 1)) u_high (
        .clk_i, .ce_i, .a_i(pieces_q[3*Low+:Low]), .b_i(pieces_q[2*Low+:Low]), .product_o(high));
    karatsuba_multiplier #(.Width(Low), .Depth(Depth - 1)) u_distance (
        .clk_i, .ce_i, .a_i(pieces_q[5*Low+:Low]), .b_i(pieces_q[4*Low+:Low]), .product_o(distance));
    delay_line #(.Width(1), .Stages(field_pkg::product_latency(Depth - 1))) u_negative (
        .clk_i, .ce_i, .data_i(negative_q), .data_o(negative));

    // Stage 2: middle = a0 b1 + a1 b0 < 2^(2 Low + 1), above {a1 b1, a0 b0}.
    logic [6*Low:0] joined_q;

    always_ff @(posedge clk_i) begin : join_middle
      logic [2*Low:0] outer, middle;
      if (ce_i) begin
        outer  = {1'b0, low} + {1'b0, high};
        middle = negative ? outer + {1'b0, distance} : outer - {1'b0, distance};
        joined_q <= {middle, high, low};
      end
    end

    // Stage 3: the low half of the low product needs no addition.
    always_ff @(posedge clk_i) begin
      if (ce_i) begin
        product_o <= {joined_q[2*Width-1:Low] + (2*Width-Low)'(joined_q[6*Low:4*Low]), joined_q[Low-1:0]};
      end
    end

    // The upper half is the shorter one: the upper bits of its square, and of what it adds to the middle, are zero.
    logic unused;
    assign unused = &{1'b0, joined_q};
  end
endmodule
`default_nettype wire
