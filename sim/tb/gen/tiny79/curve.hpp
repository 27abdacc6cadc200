// Generated from hdl/params/tiny79.json by scripts/gen-params.mjs; do not edit.
#pragma once
#include "reference.hpp"
namespace curve {
inline constexpr const char* kName = "tiny79";
inline constexpr unsigned kCurveId = 65615u;
inline constexpr ref::Modulus kField{{0x4full, 0x0ull, 0x0ull, 0x0ull}, 7, 10};
inline constexpr ref::Modulus kScalar{{0x61ull, 0x0ull, 0x0ull, 0x0ull}, 7, 10};
inline constexpr unsigned kTwoAdicity = 5;
inline constexpr unsigned kB = 3;
/* Primitive 2^k-th roots of unity modulo the scalar modulus, canonical. */
inline constexpr ref::U256 kRoots[kTwoAdicity + 1] = {
    ref::U256{0x1ull, 0x0ull, 0x0ull, 0x0ull},
    ref::U256{0x60ull, 0x0ull, 0x0ull, 0x0ull},
    ref::U256{0x16ull, 0x0ull, 0x0ull, 0x0ull},
    ref::U256{0x40ull, 0x0ull, 0x0ull, 0x0ull},
    ref::U256{0x8ull, 0x0ull, 0x0ull, 0x0ull},
    ref::U256{0x1cull, 0x0ull, 0x0ull, 0x0ull}};
}  // namespace curve
