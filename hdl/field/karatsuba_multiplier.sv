// product_o = a_i * b_i, exact, one product a cycle, latency field_pkg::product_latency(Depth); a cycle counts only while ce_i is high.
//
// Karatsuba and Ofman's recursion, Depth levels of it, in its subtractive form: with a = a0 + 2^Low a1 and b likewise,
//   a*b = a0 b0 + 2^Low (a0 b0 + a1 b1 - (a0 - a1)(b0 - b1)) + 2^(2 Low) a1 b1,
// three products of Low >= Width / 2 bits. |a0 - a1| fits Low bits, where a0 + a1 would need one more: the leaves of a 254- or
// 256-bit product keep to 64, 32, ... bits, which DSP slices tile well and a simulator multiplies in one machine word.
// At Depth 0 a leaf multiplies with '*'; its second register is there for the tool to move into the DSP slices.
//
// No carry chain of a level is longer than CarryBits: the halves are cut into chunks, every chunk is added without the carries of those
// below it, and takes its own carry a cycle later. A chunk passes a carry on if it made one, or if it is all ones and is given one.
// Each level needs operands of at least two bits: Width > 2^Depth.
`default_nettype none
module karatsuba_multiplier #(
    parameter int unsigned Width     = 254,
    parameter int unsigned Depth     = 2,
    parameter int unsigned CarryBits = field_pkg::CarryBits
) (
    input  wire logic               clk_i,
    input  wire logic               ce_i,
    input  wire logic [Width-1:0]   a_i,
    input  wire logic [Width-1:0]   b_i,
    output logic [2*Width-1:0]      product_o
);
  if (Depth > 0 && Width < 2) $error("karatsuba_multiplier: Depth must be 0 for operands of one bit");
  if (CarryBits < 2) $error("karatsuba_multiplier: CarryBits must be at least 2");

  if (Depth == 0) begin : g_leaf
    logic [2*Width-1:0] product_q;
    always_ff @(posedge clk_i) begin
      if (ce_i) begin
        product_q <= {{Width{1'b0}}, a_i} * {{Width{1'b0}}, b_i};
        product_o <= product_q;
      end
    end
  end else begin : g_split
    // Above 64 bits the halves are cut at a machine word, which leaves a simulator nothing to shift; then they are filled up to whole chunks.
    localparam int unsigned Half   = Width > 64 ? 32 * ((Width + 63) / 64) : (Width + 1) / 2;
    localparam int unsigned Chunks = (Half + CarryBits - 1) / CarryBits;
    localparam int unsigned Chunk  = (Half + Chunks - 1) / Chunks;
    localparam int unsigned Low    = Chunks * Chunk;

    // The carry out of a chunk whose top bits are a and b and whose sum has the top bit s is a & b | (a | b) & ~s. It is written out where
    // it is needed: a function's variables would give each instance its own code in the simulator (see montgomery_multiplier).

    // Stage 1: the halves {a1, b1, a0, b0}, and a0 - a1 - 1 and b0 - b1 - 1 without the carries between chunks.
    logic [4*Low-1:0]  halves_q;
    logic [Low-1:0]    a_difference_q, b_difference_q;
    logic [Chunks-1:0] a_carry_q, b_carry_q;

    always_ff @(posedge clk_i) begin : halve
      logic [Low-1:0] a0, b0, a1, b1, a_difference, b_difference;
      if (ce_i) begin
        a0 = a_i[Low-1:0];
        b0 = b_i[Low-1:0];
        a1 = Low'(a_i[Width-1:Low]);
        b1 = Low'(b_i[Width-1:Low]);
        halves_q <= {a1, b1, a0, b0};
        for (int unsigned i = 0; i < Chunks; i++) begin
          a_difference[i*Chunk+:Chunk] = a0[i*Chunk+:Chunk] + ~a1[i*Chunk+:Chunk];
          b_difference[i*Chunk+:Chunk] = b0[i*Chunk+:Chunk] + ~b1[i*Chunk+:Chunk];
          a_carry_q[i] <= (a0[(i+1)*Chunk-1] & ~a1[(i+1)*Chunk-1])
              | ((a0[(i+1)*Chunk-1] | ~a1[(i+1)*Chunk-1]) & ~a_difference[(i+1)*Chunk-1]);
          b_carry_q[i] <= (b0[(i+1)*Chunk-1] & ~b1[(i+1)*Chunk-1])
              | ((b0[(i+1)*Chunk-1] | ~b1[(i+1)*Chunk-1]) & ~b_difference[(i+1)*Chunk-1]);
        end
        a_difference_q <= a_difference;
        b_difference_q <= b_difference;
      end
    end

    // Stage 2: the absolute values of the differences; x = a0 - a1 - 1 carries out if a0 > a1: then x + 1 is the value, else ~x is. With the
    // halves in one register, so that every instance simulates by the same code: {|a0 - a1|, |b0 - b1|, a1, b1, a0, b0}.
    logic [6*Low-1:0] pieces_q;
    logic             negative_q, negative;

    always_ff @(posedge clk_i) begin : measure
      logic           a_positive, b_positive, a_in, b_in;
      logic [Low-1:0] a_distance, b_distance;
      if (ce_i) begin
        a_positive = 1'b0;
        b_positive = 1'b0;
        for (int unsigned i = 0; i < Chunks; i++) begin
          a_positive = a_carry_q[i] | (a_positive & (a_difference_q[i*Chunk+:Chunk] == '1));
          b_positive = b_carry_q[i] | (b_positive & (b_difference_q[i*Chunk+:Chunk] == '1));
        end
        a_in = a_positive;
        b_in = b_positive;
        for (int unsigned i = 0; i < Chunks; i++) begin
          a_distance[i*Chunk+:Chunk] = (a_difference_q[i*Chunk+:Chunk] + Chunk'(a_in)) ^ {Chunk{~a_positive}};
          b_distance[i*Chunk+:Chunk] = (b_difference_q[i*Chunk+:Chunk] + Chunk'(b_in)) ^ {Chunk{~b_positive}};
          a_in = a_carry_q[i] | (a_in & (a_difference_q[i*Chunk+:Chunk] == '1));
          b_in = b_carry_q[i] | (b_in & (b_difference_q[i*Chunk+:Chunk] == '1));
        end
        pieces_q   <= {a_distance, b_distance, halves_q};
        negative_q <= a_positive != b_positive;
      end
    end

    logic [2*Low-1:0] low, high, distance;

    karatsuba_multiplier #(.Width(Low), .Depth(Depth - 1), .CarryBits(CarryBits)) u_low (
        .clk_i, .ce_i, .a_i(pieces_q[Low+:Low]), .b_i(pieces_q[0+:Low]), .product_o(low));
    karatsuba_multiplier #(.Width(Low), .Depth(Depth - 1), .CarryBits(CarryBits)) u_high (
        .clk_i, .ce_i, .a_i(pieces_q[3*Low+:Low]), .b_i(pieces_q[2*Low+:Low]), .product_o(high));
    karatsuba_multiplier #(.Width(Low), .Depth(Depth - 1), .CarryBits(CarryBits)) u_distance (
        .clk_i, .ce_i, .a_i(pieces_q[5*Low+:Low]), .b_i(pieces_q[4*Low+:Low]), .product_o(distance));
    delay_line #(.Width(1), .Stages(field_pkg::product_latency(Depth - 1))) u_negative (
        .clk_i, .ce_i, .data_i(negative_q), .data_o(negative));

    // Stage 3: the upper three digits of Low bits, by chunks. On the two middle ones {h1, l1} + low + high -+ distance, with low = {l1, l0}
    // and high = {h1, h0}, is saved as sum and carry in two steps before it is added. What that carries out, less the sign of the distance,
    // goes to the top digit: -1 to 2.
    logic [4*Low-1:0]    joined_q;
    logic [3*Chunks-1:0] joined_carry_q;

    always_ff @(posedge clk_i) begin : join_middle
      logic [2*Low-1:0] outer, signed_distance, first_sum, first_carry, second_carry;
      logic [3*Low-1:0] x, y, sum;
      logic             first_out, second_out, below;
      if (ce_i) begin
        outer           = {high[0+:Low], low[Low+:Low]};
        signed_distance = distance ^ {2*Low{~negative}};
        first_sum                  = low ^ high ^ signed_distance;
        {first_out, first_carry}   = {(low & high) | ((low | high) & signed_distance), ~negative};
        {second_out, second_carry} = {(first_sum & first_carry) | ((first_sum | first_carry) & outer), 1'b0};
        x = {high[Low+:Low], first_sum ^ first_carry ^ outer};
        below = ~(negative | first_out | second_out);
        y = {
          Low'({{Low{below}}, below | (negative & first_out & second_out), first_out ^ second_out ^ ~negative}), second_carry
        };
        for (int unsigned i = 0; i < 3 * Chunks; i++) begin
          sum[i*Chunk+:Chunk] = x[i*Chunk+:Chunk] + y[i*Chunk+:Chunk];
          joined_carry_q[i] <= (x[(i+1)*Chunk-1] & y[(i+1)*Chunk-1]) | ((x[(i+1)*Chunk-1] | y[(i+1)*Chunk-1]) & ~sum[(i+1)*Chunk-1]);
        end
        joined_q <= {sum, low[0+:Low]};
      end
    end

    // Stage 4: the carries. The lowest digit and the chunk above it have none coming.
    logic [4*Low-1:0] whole_q;

    always_ff @(posedge clk_i) begin : take_carries
      logic [4*Low-1:0] whole;
      logic             carry_in;
      if (ce_i) begin
        whole    = joined_q;
        carry_in = 1'b0;
        for (int unsigned i = 0; i < 3 * Chunks; i++) begin
          whole[Low+i*Chunk+:Chunk] = joined_q[Low+i*Chunk+:Chunk] + Chunk'(carry_in);
          carry_in = joined_carry_q[i] | (carry_in & (joined_q[Low+i*Chunk+:Chunk] == '1));
        end
        whole_q <= whole;
      end
    end
    assign product_o = whole_q[2*Width-1:0];

    // The upper half is the shorter one: the upper bits of its square, and of what it adds to the middle, are zero.
    logic unused;
    assign unused = &{1'b0, whole_q, joined_carry_q[3*Chunks-1]};
  end
endmodule
`default_nettype wire
