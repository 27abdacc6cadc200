// Generated from hdl/params/bn254.json by scripts/gen-params.mjs; do not edit.
// EIP-196; r - 1 = 2^28 * odd, 5 generates the multiplicative group of Fr.
`default_nettype none
package accel_curve_pkg;
  localparam logic [31:0] CurveId = 32'd1;

  // Coordinates: integers modulo FieldModulus, Montgomery with R = 2^FieldRBits. FieldNegInv = -1/FieldModulus mod R, FieldOne = R mod FieldModulus.
  localparam int unsigned FieldWidth = 254;
  localparam int unsigned FieldRBits = 256;
  localparam logic [FieldWidth-1:0] FieldModulus = 254'h30644e72e131a029b85045b68181585d97816a916871ca8d3c208c16d87cfd47;
  localparam logic [FieldRBits-1:0] FieldNegInv = 256'hf57a22b791888c6bd8afcbd01833da809ede7d651eca6ac987d20782e4866389;
  localparam logic [FieldWidth-1:0] FieldOne = 254'he0a77c19a07df2f666ea36f7879462c0a78eb28f5c70b3dd35d438dc58f0d9d;

  // Scalars: integers modulo ScalarModulus, the order of the curve. ScalarR2 = R^2 mod ScalarModulus takes a canonical value to Montgomery form.
  localparam int unsigned ScalarWidth = 254;
  localparam int unsigned ScalarRBits = 256;
  localparam logic [ScalarWidth-1:0] ScalarModulus = 254'h30644e72e131a029b85045b68181585d2833e84879b9709143e1f593f0000001;
  localparam logic [ScalarRBits-1:0] ScalarNegInv = 256'h73f82f1d0d8341b2e39a9828990623916586864b4c6911b3c2e1f593efffffff;
  localparam logic [ScalarWidth-1:0] ScalarOne = 254'he0a77c19a07df2f666ea36f7879462e36fc76959f60cd29ac96341c4ffffffb;
  localparam logic [ScalarWidth-1:0] ScalarR2 = 254'h216d0b17f4e44a58c49833d53bb808553fe3ab1e35c59e31bb8e645ae216da7;

  // 2^ScalarTwoAdicity divides ScalarModulus - 1. Word k of ScalarRoots is a primitive 2^k-th root of unity in Montgomery form, the square of word k+1.
  localparam int unsigned ScalarTwoAdicity = 28;
  localparam logic [(ScalarTwoAdicity+1)*ScalarWidth-1:0] ScalarRoots = {
    254'h1860ef942963f9e756452ac01eb203d8a22bf3742445ffd6636e735580d13d9c,
    254'h284517dd65e6ea1249004fdd52a6b17e4a3a78b5e4c003498759641480890267,
    254'h28fc14c00c3a82b6e1ba4a6ed44582f773d462ca65935c9da0a29422c98a20fe,
    254'h1ac6e5b8084d2e39aa79abed81e7ad37552373494b8f9ac5400efaff575c07e2,
    254'h1652a7b269fb275cfb727ed745f3a7e9600e4a26cf52162cc722bd69d84fd030,
    254'h164a6c3c1a94ca8a40227793a5ebe110d7591c7590025b26e482404c09e9100,
    254'ha3893037882a3bc538dd257d5a7bb3d9e45f1abdf406b609b8e226ebcef1af2,
    254'h128ff3f025e139a63a8623bca053c069b11884e9658fe9a727ea2192f5322f3c,
    254'hd3b668781d6021a247bab46e4c8b0852669f68561808f9cda32d465aa8d931a,
    254'h287c8390a688795e8424b45a3ace9ed4efebe603053edbbc049ea3b7e6a27a36,
    254'h56d2ece39d1cd34d9398f59575058f133183a76a0bf86602566c62f09700b84,
    254'h40fcafbd62dd59235358e27849e892c48322ae606308d41da05b8d81204dc7c,
    254'h1b821f01ee6ad556a134125174f75f436d3a3a920d1c24d147b3e75939397433,
    254'h1d461c35f1c406c7fcc95a68b2fe89cb7aa76b7140ceeaf2804ef7055bfdb854,
    254'h6be15d7fee394dab503922c8ca5a05a2e015d6311ab3116ba13a0c74d05eab8,
    254'h12ebe4109a806f4e59a1b62bd7dbc15f956cde6a44d30787894cdcbe79a04ed6,
    254'h1b92f6b86194f846be9c7d66b3d555e868222a93d055f3ad1dd4522fb3ecdbd3,
    254'h28a98c2ecd9c1d77ff4d8a35ea9b2e0a0a03fb3c8df85a0748e72189ae4fcfb2,
    254'h2348c4b965dfc08cb8063b6cc5a36518cf7ad4c2ae5e2a2c1ef4b3b4280c1184,
    254'hf04c8db23d50820dbc7546409ac005642a9d127cdf6e0d9c533be722a423de,
    254'h187bb1a6c52d25495e7566080286dd1992f255d9525d536ea2afb83f83a24acc,
    254'h7ab33f3632f04cb6ca27d50241e6de7bb2cc7c99537df00a79c43026817bb1,
    254'h2690966be529aa3c53dceecd3f01534e8c9bbf349bf8fec28e9003e5818f61bf,
    254'h2b81fb59dc176d03e57584a8b0ad75cd28f9232ff7317df22214f7b1bf574c64,
    254'h167c2951d2b63cfe8ce5bcef1bfb576a681b2ddc63d068ccf4b67d7c742f8f03,
    254'h24407ce73f9ad9a9d976fd2b5d9429f72d60c6ff83cb85bef8ad4ae2b5ad7c3f,
    254'h2b377b3539c108cf8db1627974096c6e5f3f172cb14791207f753d979edcef8b,
    254'h2259d6b14729c0fa51e1a2470908122ef13771b2da58a367974bc177a0000006,
    254'he0a77c19a07df2f666ea36f7879462e36fc76959f60cd29ac96341c4ffffffb
  };

  // y^2 = x^3 + b; CurveB3 = 3b.
  localparam int unsigned CurveB3 = 9;
endpackage
`default_nettype wire
