#!/usr/bin/env node
// Generates firmware/include/selftest_vectors.h, what the firmware's power-on self-test asks the engines, from the golden vectors of sim/vectors.
// usage: gen-selftest.mjs [--check]     --check writes nothing and fails when the file is stale
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const target = 'firmware/include/selftest_vectors.h';
const lines = name => readFileSync(join(root, 'sim/vectors', name), 'utf8').split('\n').filter(line => line !== '' && !line.startsWith('#')).map(line => line.split(' '));
const numbers = words => words.map(word => BigInt('0x' + word));
const params = JSON.parse(readFileSync(join(root, 'hdl/params/bn254.json'), 'utf8'));
const fieldModulus = BigInt(params.field.modulus), scalarModulus = BigInt(params.scalar.modulus);
const montgomery = 1n << BigInt(params.field.rBits);

const mod = (value, modulus) => ((value % modulus) + modulus) % modulus;
function power(base, exponent, modulus) {
  let result = 1n;
  for (let b = mod(base, modulus), e = exponent; e > 0n; e >>= 1n, b = (b * b) % modulus) if (e & 1n) result = (result * b) % modulus;
  return result;
}
// Of points that are neither equal nor opposite.
function add([x1, y1], [x2, y2]) {
  const p = fieldModulus, slope = mod((y2 - y1) * power(x2 - x1, p - 2n, p), p), x = mod(slope * slope - x1 - x2, p);
  return [x, mod(slope * (x1 - x) - y1, p)];
}
const same = (left, right) => left.every((value, i) => value === right[i]);

// Field multiplication: the golden product is a·b·2⁻²⁵⁶, the engine's a·b.
const products = lines('field.txt').filter(([field]) => field === 'fr').slice(-3).map(words => numbers(words.slice(1)));
for (const [a, b, product] of products) if (mod(product * montgomery, scalarModulus) !== mod(a * b, scalarModulus)) throw new Error('sim/vectors/field.txt: a product is wrong');
// The smallest subtraction that borrows: d = a·b − 1 with a = 0 comes last.
const multiply = { a: [...products.map(p => p[0]), 0n], b: [...products.map(p => p[1]), 1n], c: [0n, 0n, 0n, 1n], d: [...products.map(p => mod(p[0] * p[1], scalarModulus)), scalarModulus - 1n] };

const transform = lines('ntt.txt').find(([log2, direction, argument], i, all) => log2 === '3' && direction === 'forward' && /^0+$/.test(argument) && all[i].slice(3, 11).some(word => !/^0+.$/.test(word)));
if (!transform) throw new Error('sim/vectors/ntt.txt has no forward transform of 8 without a coset');
const [input, output] = [numbers(transform.slice(3, 11)), numbers(transform.slice(11, 19))];

// Points: EIP-196's first two additions, P + Q = R and R + P.
const additions = lines('g1_add.txt').map(numbers);
const P = additions[0].slice(0, 2), Q = additions[0].slice(2, 4), R = additions[0].slice(4, 6), RP = additions[1].slice(4, 6);
if (!same(add(P, Q), R) || !same(additions[1].slice(0, 4), [...R, ...P]) || !same(add(R, P), RP)) throw new Error('sim/vectors/g1_add.txt does not begin with P + Q = R and R + P');
// P + 2Q + 3R: bit 0 of the scalars is in P and R, bit 1 in Q and R.
const planes = [RP, add(Q, R)];

const limbs = value => Array.from({ length: 8 }, (_, i) => `0x${((value >> BigInt(32 * i)) & 0xffffffffn).toString(16).padStart(8, '0')}`).join(', ');
const array = (name, values, text) => `/* ${text} */\nstatic const uint32_t ${name}[] = {\n${values.map(value => `  ${limbs(value)},`).join('\n')}\n};\n`;
const form = point => point.map(value => mod(value * montgomery, fieldModulus));
const text = `/* Generated from sim/vectors by scripts/gen-selftest.mjs; do not edit. */
#ifndef SELFTEST_VECTORS_H
#define SELFTEST_VECTORS_H

#include <stdint.h>

enum { kSelftestProducts = ${multiply.a.length}, kSelftestTransformLog2 = 3, kSelftestAddPoints = 2, kSelftestMsmPoints = 3, kSelftestMsmPlanes = ${planes.length} };

${array('kSelftestA', multiply.a, 'Factors, below r.')}
${array('kSelftestB', multiply.b, 'The other factors.')}
${array('kSelftestC', multiply.c, 'What is subtracted.')}
${array('kSelftestD', multiply.d, 'a * b - c.')}
${array('kSelftestInput', input, 'Of the forward transform.')}
${array('kSelftestOutput', output, 'Its output, in natural order.')}
${array('kSelftestPoints', [P, Q, R].flatMap(form), "P, Q and P + Q: x and y in Montgomery form. EIP-196's first addition.")}
${array('kSelftestScalars', [1n, 2n, 3n], 'Of the small multiplication.')}
${array('kSelftestPlanes', planes.flatMap(form), 'Its bit-plane sums, affine: P + R and Q + R. All others are infinity.')}
${array('kSelftestModulus', [fieldModulus], 'Of the coordinates.')}
#endif
`;

const path = join(root, target);
if (existsSync(path) && readFileSync(path, 'utf8') === text) process.exit(0);
if (process.argv.includes('--check')) {
  console.error(`${target}: stale; run 'node scripts/gen-selftest.mjs'`);
  process.exit(1);
}
writeFileSync(path, text);
console.log(`wrote ${target}`);
