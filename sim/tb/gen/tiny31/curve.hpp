// Generated from hdl/params/tiny31.json by scripts/gen-params.mjs; do not edit.
#pragma once
#include "reference.hpp"
namespace curve {
inline constexpr const char* kName = "tiny31";
inline constexpr unsigned kCurveId = 65567u;
inline constexpr ref::Modulus kField{{0x1full, 0x0ull, 0x0ull, 0x0ull}, 5, 10};
inline constexpr ref::Modulus kScalar{{0x2bull, 0x0ull, 0x0ull, 0x0ull}, 6, 10};
inline constexpr unsigned kTwoAdicity = 1;
inline constexpr unsigned kB = 3;
/* Primitive 2^k-th roots of unity modulo the scalar modulus, canonical. */
inline constexpr ref::U256 kRoots[kTwoAdicity + 1] = {
    ref::U256{0x1ull, 0x0ull, 0x0ull, 0x0ull},
    ref::U256{0x2aull, 0x0ull, 0x0ull, 0x0ull}};
}  // namespace curve
