// Checks a descriptor completely before anything is started on its account. The status with the lowest code wins.
//
// start_i begins a check of descriptor_i, which holds still until done_o pulses with status_o, 8 cycles later. sums_o is the number of sums
// an MSM with these window bits writes. The sequence of MSM chunks is not checked here, as only the MSM unit knows what has failed.
// Ranges are computed in 65 bits: an address below 2^64 and at most 2^39 bytes (2^32 bases of 64 and 2^28 elements of 32 are less).
`default_nettype none
module descriptor_checker #(
    parameter bit          MsmEnable        = 1'b1,
    parameter bit          NttEnable        = 1'b1,
    parameter int unsigned MemoryLog2       = 34,
    parameter int unsigned ScalarWidth      = 254,
    parameter logic [ScalarWidth-1:0] ScalarModulus = '1,
    parameter int unsigned MsmCellsLog2     = 17,
    parameter int unsigned MsmWindowBitsMax = 13,
    parameter int unsigned NttLog2Max       = 28,
    parameter int unsigned NttTileLog2Max   = 12,
    localparam int unsigned SumsWidth = $clog2(ScalarWidth + MsmWindowBitsMax + 1)
) (
    input  wire logic                 clk_i,
    input  wire logic                 rst_ni,
    input  wire logic                 start_i,
    input  wire logic [511:0]         descriptor_i,
    input  wire logic [31:0]          ntt_tile_log2_i,
    output logic                      done_o,
    output logic [7:0]                status_o,
    output logic [SumsWidth-1:0]      sums_o
);
  if (MemoryLog2 < 6 || MemoryLog2 > 63) $error("descriptor_checker: MemoryLog2 must be 6 to 63");

  localparam logic [64:0] MemoryBytes = 65'd1 << MemoryLog2;
  localparam int unsigned LogSizeMax = NttLog2Max < MemoryLog2 - 5 ? NttLog2Max : MemoryLog2 - 5;

  // Fields.
  logic [7:0]   opcode, flags, window_bits;
  logic [31:0]  count;
  logic [63:0]  source0, source1, destination, source2;
  logic [255:0] argument;
  assign opcode      = descriptor_i[accel_regs_pkg::DescriptorOpcodeLsb+:8];
  assign flags       = descriptor_i[accel_regs_pkg::DescriptorFlagsLsb+:8];
  assign count       = descriptor_i[accel_regs_pkg::DescriptorCountLsb+:32];
  assign source0     = descriptor_i[accel_regs_pkg::DescriptorSource0Lsb+:64];
  assign source1     = descriptor_i[accel_regs_pkg::DescriptorSource1Lsb+:64];
  assign destination = descriptor_i[accel_regs_pkg::DescriptorDestinationLsb+:64];
  assign argument    = descriptor_i[accel_regs_pkg::DescriptorArgumentLsb+:256];
  assign source2     = argument[63:0];
  assign window_bits = argument[7:0];

  logic nop, msm, ntt, pointwise, last, coset;
  assign nop       = opcode == accel_regs_pkg::OpcodeNop;
  assign msm       = opcode == accel_regs_pkg::OpcodeMsm;
  assign ntt       = opcode == accel_regs_pkg::OpcodeNtt;
  assign pointwise = opcode == accel_regs_pkg::OpcodePointwise;
  assign last      = flags[accel_regs_pkg::FlagLastBit];
  assign coset     = flags[accel_regs_pkg::FlagCosetBit];

  // What one look at the fields tells.
  localparam logic [7:0] Fence = 8'd1 << accel_regs_pkg::FlagFenceBit;
  localparam logic [7:0] MsmFlags = Fence | (8'd1 << accel_regs_pkg::FlagFirstBit) | (8'd1 << accel_regs_pkg::FlagLastBit);
  localparam logic [7:0] NttFlags = Fence | (8'd1 << accel_regs_pkg::FlagInverseBit) | (8'd1 << accel_regs_pkg::FlagCosetBit);
  logic [7:0] flags_legal;
  logic       bad_reserved, bad_size, bad_window, bad_alignment, bad_argument;

  // Window bits c need (ScalarWidth / c + 1) * 2^(c-1) buckets.
  function automatic logic fits(input int unsigned bits);
    fits = (ScalarWidth / bits + 1) * (1 << (bits - 1)) <= (1 << MsmCellsLog2);
  endfunction
  always_comb begin
    bad_window = 1'b1;
    sums_o     = '0;
    for (int unsigned bits = accel_regs_pkg::WindowBitsMin; bits <= MsmWindowBitsMax; bits++) begin
      if (fits(bits) && window_bits == 8'(bits)) begin
        bad_window = 1'b0;
        sums_o     = SumsWidth'((ScalarWidth / bits + 1) * bits);
      end
    end
  end

  always_comb begin
    flags_legal   = Fence;
    bad_reserved  = descriptor_i[511:accel_regs_pkg::DescriptorCountLsb] != '0;
    bad_size      = 1'b0;
    bad_alignment = 1'b0;
    bad_argument  = 1'b0;
    case (opcode)
      accel_regs_pkg::OpcodeMsm: begin
        flags_legal   = MsmFlags;
        bad_reserved  = argument[255:8] != '0 || (!last && destination != '0);
        bad_alignment = (source0[5:0] | source1[5:0] | destination[5:0]) != '0;
      end
      accel_regs_pkg::OpcodeNtt: begin
        flags_legal   = NttFlags;
        bad_reserved  = !coset && argument != '0;
        bad_size      = count < 32'd1 || count > LogSizeMax;
        bad_alignment = (source0[5:0] | source1[5:0] | destination[5:0]) != '0;
        bad_argument  = argument >= 256'(ScalarModulus);
      end
      accel_regs_pkg::OpcodePointwise: begin
        bad_reserved  = argument[255:64] != '0;
        bad_alignment = (source0[5:0] | source1[5:0] | destination[5:0] | source2[5:0]) != '0;
      end
      default: ;
    endcase
  end

  // Bytes of each range. The scratch area is in use above the on-chip size.
  logic        scratch_used;
  logic [31:0] tile_log2;
  logic [64:0] size_bytes, bases_bytes, sums_bytes;
  assign tile_log2    = ntt_tile_log2_i > NttTileLog2Max ? NttTileLog2Max : ntt_tile_log2_i;
  assign scratch_used = count > tile_log2 && count > 32'd1;
  assign size_bytes   = ntt ? 65'd32 << count[4:0] : {28'd0, count, 5'd0};
  assign bases_bytes  = {27'd0, count, 6'd0};
  assign sums_bytes   = last ? 65'({sums_o, 7'd0}) : '0;

  // One range a step, then one pair of ranges a step.
  logic [2:0]  step_q;
  logic        running_q, beyond, overlaps;
  logic [63:0] first, second;
  logic [64:0] bytes;
  logic        bad_address_q, bad_overlap_q;
  always_comb begin
    case (step_q)
      3'd0:    {first, bytes} = {source0, size_bytes};
      3'd1:    {first, bytes} = {source1, msm ? bases_bytes : ntt && !scratch_used ? 65'd0 : size_bytes};
      3'd2:    {first, bytes} = {destination, msm ? sums_bytes : size_bytes};
      3'd3:    {first, bytes} = {source2, pointwise ? size_bytes : 65'd0};
      3'd4:    {first, bytes} = {ntt ? source1 : destination, size_bytes};
      3'd5:    {first, bytes} = {ntt ? source1 : destination, size_bytes};
      default: {first, bytes} = {destination, size_bytes};
    endcase
    case (step_q)
      3'd4:    second = source0;
      3'd5:    second = ntt ? destination : source1;
      default: second = source2;
    endcase
  end

  logic [63:0] distance;
  assign distance = first < second ? second - first : first - second;
  assign overlaps = {1'b0, distance} < bytes;
  assign beyond   = {1'b0, first} + bytes > MemoryBytes;

  always_ff @(posedge clk_i) begin
    done_o <= rst_ni && running_q && step_q == 3'd6;
    if (!rst_ni) begin
      running_q <= 1'b0;
    end else if (start_i) begin
      running_q <= 1'b1;
      step_q    <= 3'd0;
    end else if (running_q) begin
      step_q <= step_q + 3'd1;
      if (step_q == 3'd6) running_q <= 1'b0;
    end
    if (start_i) begin
      bad_address_q <= 1'b0;
      bad_overlap_q <= 1'b0;
    end else if (running_q) begin
      // source2 is an address only to POINTWISE.
      if (step_q <= 3'd2 || (step_q == 3'd3 && pointwise)) bad_address_q <= bad_address_q || beyond;
      if (step_q == 3'd4 || step_q == 3'd5 || (step_q == 3'd6 && pointwise)) begin
        if (ntt && scratch_used) bad_overlap_q <= bad_overlap_q || overlaps;
        if (pointwise) bad_overlap_q <= bad_overlap_q || (overlaps && distance != '0);
      end
    end
  end

  always_comb begin
    if (!(nop || msm || ntt || pointwise))                 status_o = accel_regs_pkg::StatusBadOpcode;
    else if ((msm && !MsmEnable) || (ntt && !NttEnable))   status_o = accel_regs_pkg::StatusNotPresent;
    else if ((flags & ~flags_legal) != '0)                 status_o = accel_regs_pkg::StatusBadFlags;
    else if (bad_reserved)                                 status_o = accel_regs_pkg::StatusBadReserved;
    else if (bad_size)                                     status_o = accel_regs_pkg::StatusBadSize;
    else if (msm && bad_window)                            status_o = accel_regs_pkg::StatusBadWindow;
    else if (bad_alignment)                                status_o = accel_regs_pkg::StatusBadAlignment;
    else if (bad_address_q)                                status_o = accel_regs_pkg::StatusBadAddress;
    else if (bad_overlap_q)                                status_o = accel_regs_pkg::StatusBadOverlap;
    else if (bad_argument)                                 status_o = accel_regs_pkg::StatusBadArgument;
    else                                                   status_o = accel_regs_pkg::StatusOk;
  end
  logic unused;
  assign unused = &{1'b0, descriptor_i[accel_regs_pkg::DescriptorTagLsb+:16]};
endmodule
`default_nettype wire
