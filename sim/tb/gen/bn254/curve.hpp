// Generated from hdl/params/bn254.json by scripts/gen-params.mjs; do not edit.
#pragma once
#include "reference.hpp"
namespace curve {
inline constexpr const char* kName = "bn254";
inline constexpr unsigned kCurveId = 1u;
inline constexpr ref::Modulus kField{{0x3c208c16d87cfd47ull, 0x97816a916871ca8dull, 0xb85045b68181585dull, 0x30644e72e131a029ull}, 254, 256};
inline constexpr ref::Modulus kScalar{{0x43e1f593f0000001ull, 0x2833e84879b97091ull, 0xb85045b68181585dull, 0x30644e72e131a029ull}, 254, 256};
inline constexpr unsigned kTwoAdicity = 28;
inline constexpr unsigned kB = 3;
/* Primitive 2^k-th roots of unity modulo the scalar modulus, canonical. */
inline constexpr ref::U256 kRoots[kTwoAdicity + 1] = {
    ref::U256{0x1ull, 0x0ull, 0x0ull, 0x0ull},
    ref::U256{0x43e1f593f0000000ull, 0x2833e84879b97091ull, 0xb85045b68181585dull, 0x30644e72e131a029ull},
    ref::U256{0x231204708f703636ull, 0x5cea24f6fd736becull, 0x48b6e193fd84104ull, 0x30644e72e131a029ull},
    ref::U256{0x948dad4ac1bd5e80ull, 0x52627366f8170a0aull, 0xec9b9e2f96afef36ull, 0x2b337de1c8c14f22ull},
    ref::U256{0xb11509c6e306460bull, 0x996dfbe1174efb98ull, 0x1c6e4f4594dd508cull, 0x21082ca216cbbf4eull},
    ref::U256{0x3eed4c533bb512d0ull, 0x9c18d51b838eeb1dull, 0x9678200d47c0b2a9ull, 0x9c532c6306b93d2ull},
    ref::U256{0xdb94fb05118f023aull, 0x46a6cb2426e324beull, 0xc24cdb7649bdadf2ull, 0x1418144d5b080fcaull},
    ref::U256{0x9d0e470cba9d1811ull, 0x1dcb5564b6f24c79ull, 0xdf5ce19ce85943e0ull, 0x16e73dfdad310991ull},
    ref::U256{0xc893619174a57a76ull, 0x617942546750f230ull, 0xf086204a9f36ffb0ull, 0x7b0c561a6148404ull},
    ref::U256{0x893a7fa1470157ceull, 0xe8302a41fc782d75ull, 0xffc02c0edd9b0675ull, 0xf1ded1ef6e72f5bull},
    ref::U256{0x11f995e1bc2e5912ull, 0x39ba79c0a8d2d7abull, 0xebbebc2bb08771e3ull, 0x6fd19c17017a420ull},
    ref::U256{0xd00a58f9769a2ee2ull, 0xb8c12c177494f0caull, 0xb4027fd7a5355d71ull, 0x27a358499c5042bull},
    ref::U256{0x1c4775720042d43aull, 0x76f169c76f039bb9ull, 0x1ddd073fd5a90a9ull, 0x931d596de2fd10full},
    ref::U256{0x4aa49b8d9bbdd310ull, 0xd31bf3e28e3a2d76ull, 0x1deac878b2667bull, 0x6fab49b869ae62ull},
    ref::U256{0xadaa01c2617c6e85ull, 0xb4a93ee17420aae6ull, 0x1f4e51b80ddca8a8ull, 0x2d965651cdd9e481ull},
    ref::U256{0xa93458fd4e26ecfbull, 0x22a2a2d4115a009ull, 0x17171fa69ec2bd0ull, 0x2d1ba66f5941dc91ull},
    ref::U256{0xd1628ba2daac43b7ull, 0x16c8601de4347e7dull, 0x649abebde081dcffull, 0xeeb2cb5981ed45ull},
    ref::U256{0x276e5858ce8f58e5ull, 0x512eca95655210eull, 0xc3708cc6e70e61f3ull, 0x1bf82deba7d74902ull},
    ref::U256{0x84c6bfa57dcdc0e0ull, 0xc57088ff13f4d1bdull, 0x5c0176fbb5b95e4dull, 0x19ddbcaf3a8d46c1ull},
    ref::U256{0x5c1d597f613f6cbdull, 0x305258418357473aull, 0x51829353968e4915ull, 0x2260e724844bca52ull},
    ref::U256{0x53422da953337857ull, 0xac616632dbed349full, 0x27508aba06d1e303ull, 0x26125da10a0ed063ull},
    ref::U256{0xb2c87885fcd0b523ull, 0x58f50577ca5a5ce3ull, 0x4222150e8598fc8cull, 0x1ded8980ae2bdd1aull},
    ref::U256{0xa76dde56a219447eull, 0xec1a1f05359eebbbull, 0xcda0ceb68be08215ull, 0x1ad92f46b1f8d9a7ull},
    ref::U256{0xb54d4506ab80c59dull, 0x5680c64022dd991full, 0x6b7bcf70bc23a139ull, 0x210fe635ab4c74dull},
    ref::U256{0x1c25f1e3e32b045bull, 0x145e0db82e832696ull, 0x852e2a0371c6441full, 0xc9fabc7845d50d2ull},
    ref::U256{0xeccd4f3eb878331aull, 0x7b26b7488dc6d26eull, 0xa19b0361d9130cd4ull, 0x2a734ebb326341efull},
    ref::U256{0x1c79bd572f4e9212ull, 0x605b52b63d68f9aeull, 0x113eff9b8d89d4aull, 0x1067569af1ff73b2ull},
    ref::U256{0x34afc4580928c44ull, 0xb4823532f6437da2ull, 0x5f256a9f6dc6e364ull, 0x49ae702b363ebe8ull},
    ref::U256{0x9bd61b6e725b19f0ull, 0x402d111e41112ed4ull, 0xe0a7eb8ef62abcull, 0x2a3c09f0a58a7e85ull}};
}  // namespace curve
