// Generated from hdl/params/tiny31.json by scripts/gen-params.mjs; do not edit.
// y^2 = x^3 + 3 over F_31 has prime order 43; for exhaustive tests.
`default_nettype none
package accel_curve_pkg;
  localparam logic [31:0] CurveId = 32'd65567;

  // Coordinates: integers modulo FieldModulus, Montgomery with R = 2^FieldRBits. FieldNegInv = -1/FieldModulus mod R, FieldOne = R mod FieldModulus.
  localparam int unsigned FieldWidth = 5;
  localparam int unsigned FieldRBits = 10;
  localparam logic [FieldWidth-1:0] FieldModulus = 5'h1f;
  localparam logic [FieldRBits-1:0] FieldNegInv = 10'h21;
  localparam logic [FieldWidth-1:0] FieldOne = 5'h1;

  // Scalars: integers modulo ScalarModulus, the order of the curve. ScalarR2 = R^2 mod ScalarModulus takes a canonical value to Montgomery form.
  localparam int unsigned ScalarWidth = 6;
  localparam int unsigned ScalarRBits = 10;
  localparam logic [ScalarWidth-1:0] ScalarModulus = 6'h2b;
  localparam logic [ScalarRBits-1:0] ScalarNegInv = 10'h17d;
  localparam logic [ScalarWidth-1:0] ScalarOne = 6'h23;
  localparam logic [ScalarWidth-1:0] ScalarR2 = 6'h15;

  // 2^ScalarTwoAdicity divides ScalarModulus - 1. Word k of ScalarRoots is a primitive 2^k-th root of unity in Montgomery form, the square of word k+1.
  localparam int unsigned ScalarTwoAdicity = 1;
  localparam logic [(ScalarTwoAdicity+1)*ScalarWidth-1:0] ScalarRoots = {
    6'h8,
    6'h23
  };

  // y^2 = x^3 + b; CurveB3 = 3b.
  localparam int unsigned CurveB3 = 9;
endpackage
`default_nettype wire
