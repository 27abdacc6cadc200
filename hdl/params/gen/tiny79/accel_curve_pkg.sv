// Generated from hdl/params/tiny79.json by scripts/gen-params.mjs; do not edit.
// y^2 = x^3 + 3 over F_79 has prime order 97; for exhaustive tests.
`default_nettype none
package accel_curve_pkg;
  localparam logic [31:0] CurveId = 32'd65615;

  // Coordinates: integers modulo FieldModulus, Montgomery with R = 2^FieldRBits. FieldNegInv = -1/FieldModulus mod R, FieldOne = R mod FieldModulus.
  localparam int unsigned FieldWidth = 7;
  localparam int unsigned FieldRBits = 10;
  localparam logic [FieldWidth-1:0] FieldModulus = 7'h4f;
  localparam logic [FieldRBits-1:0] FieldNegInv = 10'h151;
  localparam logic [FieldWidth-1:0] FieldOne = 7'h4c;

  // Scalars: integers modulo ScalarModulus, the order of the curve. ScalarR2 = R^2 mod ScalarModulus takes a canonical value to Montgomery form.
  localparam int unsigned ScalarWidth = 7;
  localparam int unsigned ScalarRBits = 10;
  localparam logic [ScalarWidth-1:0] ScalarModulus = 7'h61;
  localparam logic [ScalarRBits-1:0] ScalarNegInv = 10'h5f;
  localparam logic [ScalarWidth-1:0] ScalarOne = 7'h36;
  localparam logic [ScalarWidth-1:0] ScalarR2 = 7'h6;

  // 2^ScalarTwoAdicity divides ScalarModulus - 1. Word k of ScalarRoots is a primitive 2^k-th root of unity in Montgomery form, the square of word k+1.
  localparam int unsigned ScalarTwoAdicity = 5;
  localparam logic [(ScalarTwoAdicity+1)*ScalarWidth-1:0] ScalarRoots = {
    7'h39,
    7'h2c,
    7'h3d,
    7'h18,
    7'h2b,
    7'h36
  };

  // y^2 = x^3 + b; CurveB3 = 3b.
  localparam int unsigned CurveB3 = 9;
endpackage
`default_nettype wire
