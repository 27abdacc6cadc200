// Generated from hdl/params/tiny19.json by scripts/gen-params.mjs; do not edit.
#pragma once
#include "reference.hpp"
namespace curve {
inline constexpr const char* kName = "tiny19";
inline constexpr unsigned kCurveId = 65555u;
inline constexpr ref::Modulus kField{{0x13ull, 0x0ull, 0x0ull, 0x0ull}, 5, 10};
inline constexpr ref::Modulus kScalar{{0xdull, 0x0ull, 0x0ull, 0x0ull}, 4, 10};
inline constexpr unsigned kTwoAdicity = 2;
inline constexpr unsigned kB = 3;
/* Primitive 2^k-th roots of unity modulo the scalar modulus, canonical. */
inline constexpr ref::U256 kRoots[kTwoAdicity + 1] = {
    ref::U256{0x1ull, 0x0ull, 0x0ull, 0x0ull},
    ref::U256{0xcull, 0x0ull, 0x0ull, 0x0ull},
    ref::U256{0x8ull, 0x0ull, 0x0ull, 0x0ull}};
}  // namespace curve
