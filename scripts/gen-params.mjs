#!/usr/bin/env node
// Generates hdl/params/gen/<curve>/accel_curve_pkg.sv and sim/tb/gen/<curve>/curve.hpp from hdl/params/<curve>.json.
// usage: gen-params.mjs [--check]     --check writes nothing and fails when a generated file is stale
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const check = process.argv.includes('--check');

const bits = n => n.toString(2).length;
const modPow = (base, exponent, modulus) => {
  let result = 1n;
  for (let b = base % modulus, e = exponent; e > 0n; e >>= 1n, b = (b * b) % modulus) if (e & 1n) result = (result * b) % modulus;
  return result;
};
const inverse = (a, modulus) => {
  let [r0, r1, t0, t1] = [modulus, ((a % modulus) + modulus) % modulus, 0n, 1n];
  while (r1 > 0n) { const q = r0 / r1; [r0, r1, t0, t1] = [r1, r0 - q * r1, t1, t0 - q * t1]; }
  if (r0 !== 1n) throw new Error(`${a} has no inverse modulo ${modulus}`);
  return ((t0 % modulus) + modulus) % modulus;
};

function field({ modulus, rBits, generator }) {
  const p = BigInt(modulus), r = 1n << BigInt(rBits);
  if (r < 4n * p) throw new Error(`rBits ${rBits}: Montgomery's R must be at least four times the modulus ${p}`);
  const f = { p, rBits, width: bits(p), one: r % p, r2: (r * r) % p, negInv: r - inverse(p, r), half: inverse(2n, p) };
  if (generator !== undefined) {
    let twoAdicity = 0;
    while (((p - 1n) >> BigInt(twoAdicity)) % 2n === 0n) twoAdicity++;
    f.twoAdicity = twoAdicity;
    const top = modPow(BigInt(generator), (p - 1n) >> BigInt(twoAdicity), p);
    if (twoAdicity > 0 && modPow(top, 1n << BigInt(twoAdicity - 1), p) !== p - 1n) throw new Error(`${generator} is a square modulo ${p}`);
    f.roots = Array.from({ length: twoAdicity + 1 }, (_, k) => modPow(top, 1n << BigInt(twoAdicity - k), p));
  }
  return f;
}

const hex = (value, width) => `${width}'h${value.toString(16)}`;

function packageOf(curve, fq, fr) {
  const roots = fr.roots.map(root => hex((root * fr.one) % fr.p, fr.width)).reverse().join(',\n    ');
  return `// Generated from hdl/params/${curve.name}.json by scripts/gen-params.mjs; do not edit.
// ${curve.source}.
\`default_nettype none
package accel_curve_pkg;
  localparam logic [31:0] CurveId = 32'd${curve.id};

  // Coordinates: integers modulo FieldModulus, Montgomery with R = 2^FieldRBits. FieldNegInv = -1/FieldModulus mod R, FieldOne = R mod FieldModulus.
  localparam int unsigned FieldWidth = ${fq.width};
  localparam int unsigned FieldRBits = ${fq.rBits};
  localparam logic [FieldWidth-1:0] FieldModulus = ${hex(fq.p, fq.width)};
  localparam logic [FieldRBits-1:0] FieldNegInv = ${hex(fq.negInv, fq.rBits)};
  localparam logic [FieldWidth-1:0] FieldOne = ${hex(fq.one, fq.width)};

  // Scalars: integers modulo ScalarModulus, the order of the curve. ScalarR2 = R^2 mod ScalarModulus takes a canonical value to Montgomery form.
  localparam int unsigned ScalarWidth = ${fr.width};
  localparam int unsigned ScalarRBits = ${fr.rBits};
  localparam logic [ScalarWidth-1:0] ScalarModulus = ${hex(fr.p, fr.width)};
  localparam logic [ScalarRBits-1:0] ScalarNegInv = ${hex(fr.negInv, fr.rBits)};
  localparam logic [ScalarWidth-1:0] ScalarOne = ${hex(fr.one, fr.width)};
  localparam logic [ScalarWidth-1:0] ScalarR2 = ${hex(fr.r2, fr.width)};

  // 2^ScalarTwoAdicity divides ScalarModulus - 1. Word k of ScalarRoots is a primitive 2^k-th root of unity in Montgomery form, the square of word k+1.
  localparam int unsigned ScalarTwoAdicity = ${fr.twoAdicity};
  localparam logic [(ScalarTwoAdicity+1)*ScalarWidth-1:0] ScalarRoots = {
    ${roots}
  };

  // y^2 = x^3 + b; CurveB3 = 3b.
  localparam int unsigned CurveB3 = ${3n * BigInt(curve.curve.b)};
endpackage
\`default_nettype wire
`;
}

const limbs = value => `{${[0, 1, 2, 3].map(i => '0x' + ((value >> BigInt(64 * i)) & 0xffffffffffffffffn).toString(16) + 'ull').join(', ')}}`;

function headerOf(curve, fq, fr) {
  return `// Generated from hdl/params/${curve.name}.json by scripts/gen-params.mjs; do not edit.
#pragma once
#include "reference.hpp"
namespace curve {
inline constexpr const char* kName = "${curve.name}";
inline constexpr unsigned kCurveId = ${curve.id}u;
inline constexpr ref::Modulus kField{${limbs(fq.p)}, ${fq.width}, ${fq.rBits}};
inline constexpr ref::Modulus kScalar{${limbs(fr.p)}, ${fr.width}, ${fr.rBits}};
inline constexpr unsigned kTwoAdicity = ${fr.twoAdicity};
inline constexpr unsigned kB = ${curve.curve.b};
/* Primitive 2^k-th roots of unity modulo the scalar modulus, canonical. */
inline constexpr ref::U256 kRoots[kTwoAdicity + 1] = {
${fr.roots.map(r => '    ref::U256' + limbs(r)).join(',\n')}};
}  // namespace curve
`;
}

let stale = 0;
function emit(path, text) {
  const full = join(root, path);
  let present = null;
  try { present = readFileSync(full, 'utf8'); } catch { /* absent counts as stale */ }
  if (present === text) return;
  if (check) { console.error(`${path}: stale; run 'make gen'`); stale++; return; }
  mkdirSync(dirname(full), { recursive: true });
  writeFileSync(full, text);
  console.log(`wrote ${path}`);
}

for (const file of readdirSync(join(root, 'hdl/params')).filter(name => name.endsWith('.json'))) {
  const curve = JSON.parse(readFileSync(join(root, 'hdl/params', file), 'utf8'));
  const fq = field({ modulus: curve.field.modulus, rBits: curve.field.rBits });
  const fr = field(curve.scalar);
  emit(`hdl/params/gen/${curve.name}/accel_curve_pkg.sv`, packageOf(curve, fq, fr));
  emit(`sim/tb/gen/${curve.name}/curve.hpp`, headerOf(curve, fq, fr));
}
process.exit(stale ? 1 : 0);
