#!/usr/bin/env node
// Generates host/src/Accel.Compute/Cpu/Vector/Generated/Lanes{256,512}.g.cs: straight-line field arithmetic on 4 and 8 lanes of doubles.
// usage: gen-vector-field.mjs [--check]     --check writes nothing and fails when a file is stale
//
// A value is five limbs of 51 bits, signed integers held in doubles, x = Σ xᵢ·2^(51i), and R = 2²⁵⁵. A limb product is cut in two by rounding
// (Emmart et al., "Faster modular exponentiation using double precision floating point arithmetic on the GPU", ARITH 2018, here with rounding to
// nearest, which needs no rounding mode): h = fma(a, b, C₁) with C₁ = 1.5·2¹⁰³ has units of 2⁵¹, and fma(a, b, (C₁ + C₂) − h) is what is left plus
// C₂ = 1.5·2⁵². Both are exact while |a·b| ≤ 2¹⁰². Their bit patterns are integers plus a constant, so columns add up as 64-bit integers that start at
// minus the constants.
//
// Reduction: the four lowest columns, carried into centred limbs, are folded up with 2^(51(k−4)) mod p, all at once; one Montgomery row clears the fifth.
// Its quotient digit also takes away e·2⁵¹·p, where e is the result in multiples of p, rounded; so the result is within ±p whatever the operands were.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const folder = 'host/src/Accel.Compute/Cpu/Vector/Generated';
const limbs = 5;
const bits = 51n;
const folded = 4;

const bitsOf = (value) => {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  return view.getBigUint64(0);
};
const split = 1.5 * 2 ** 103;
const low = 1.5 * 2 ** 52;
const [splitBits, lowBits, unitBits] = [split, low, 2 ** 52].map(bitsOf);
const hex = (value) => `0x${BigInt.asUintN(64, value).toString(16)}UL`;

// Added to a column before it is cut: it centres the limb and keeps the shift logical; the next column takes what that adds to the carry back.
const centre = 1n << (bits - 1n);
const keepPositive = 1n << 62n;
const carryOffset = keepPositive >> bits;

/** Offsets in the table of a modulus, in vectors; LaneModulus.cs fills it. */
const table = { fold: 0, modulus: 20, negativeInverse: 25, quotientScale: 26, topLimb: 27 };

class Kernel {
  constructor(width) {
    this.vector = `Vector${width}`;
    this.lanes = width / 64;
    this.lines = [];
    this.lows = Array(11).fill(0n);
    this.highs = Array(11).fill(0n);
    this.begun = Array(11).fill(false);
  }

  emit(line) { this.lines.push(line); }
  load(pointer, index) { return `${this.vector}.Load(${index ? `${pointer} + ${this.lanes * index}` : pointer})`; }
  store(value, pointer, index) { this.emit(`${value}.Store(${index ? `${pointer} + ${this.lanes * index}` : pointer});`); }
  constant(value) { return `${this.vector}.Create(${value})`; }

  plan(column) {
    this.lows[column] += 1n;
    this.highs[column + 1] += 1n;
  }

  /** Adds to a column; its first term brings the constants that all of its terms leave behind. */
  accumulate(column, term) {
    if (this.begun[column]) {
      this.emit(`t${column} += ${term};`);
      return;
    }

    this.begun[column] = true;
    let start = -(this.lows[column] * lowBits + this.highs[column] * splitBits);
    if (column <= 8) start += centre + keepPositive;
    if (column >= 1) start -= carryOffset;
    if (column === folded) start += lowBits; // its last term comes after it was read
    this.emit(`${this.vector}<ulong> t${column} = ${this.constant(hex(start))} + ${term};`);
  }

  product(x, y, column) {
    this.emit(`high = ${this.vector}.FusedMultiplyAdd(${x}, ${y}, split);`);
    this.accumulate(column, `${this.vector}.FusedMultiplyAdd(${x}, ${y}, both - high).AsUInt64()`);
    this.accumulate(column + 1, 'high.AsUInt64()');
  }

  cut(column) { return `((t${column} & mask) | unit).AsDouble() - middle`; }

  /** The products of the operands, reduced; finish(i, limb) takes the result's limbs, lowest first. */
  multiply(products, finish) {
    products.sort((a, b) => a[2] - b[2]);
    for (const [, , column] of products) this.plan(column);
    for (let k = 0; k <= folded; k++) for (let j = 0; j < limbs; j++) this.plan(folded + j);
    this.emit(`${this.vector}<double> split = ${this.constant(`${split}d`)};`);
    this.emit(`${this.vector}<double> both = ${this.constant(`${split + low}d`)};`);
    this.emit(`${this.vector}<ulong> mask = ${this.constant(hex((1n << bits) - 1n))};`);
    this.emit(`${this.vector}<ulong> unit = ${this.constant(hex(unitBits))};`);
    this.emit(`${this.vector}<double> middle = ${this.constant(`${2 ** 52 + 2 ** 50}d`)};`);
    this.emit(`${this.vector}<double> lowest = ${this.constant(`${low}d`)};`);
    this.emit(`${this.vector}<double> high;`);
    for (const [x, y, column] of products) this.product(x, y, column);
    for (let k = 0; k < folded; k++) {
      this.emit(`t${k + 1} += t${k} >>> ${bits};`);
      this.emit(`${this.vector}<double> l${k} = ${this.cut(k)};`);
    }

    for (let j = 0; j < limbs; j++) {
      for (let k = 0; k < folded; k++) this.product(`l${k}`, this.load('modulus', table.fold + limbs * k + j), folded + j);
    }

    // The top column lacks the row's high part and the carry below it, whose offset it has.
    this.emit(`${this.vector}<double> top = (t9 + ${this.constant(hex(splitBits + lowBits + carryOffset))}).AsDouble() - lowest;`);
    this.emit(`${this.vector}<double> excess = ${this.vector}.FusedMultiplyAdd(top, ${this.load('modulus', table.quotientScale)}, lowest) - lowest;`);
    this.emit(`${this.vector}<double> l4 = ${this.cut(4)};`);
    this.emit(`high = ${this.vector}.FusedMultiplyAdd(l4, ${this.load('modulus', table.negativeInverse)}, split);`);
    this.emit(`${this.vector}<double> q = ${this.vector}.FusedMultiplyAdd(l4, ${this.load('modulus', table.negativeInverse)}, split - high);`);
    this.emit(`q = ${this.vector}.FusedMultiplyAdd(excess, ${this.constant(`${-(2 ** 51)}d`)}, q);`);
    const first = this.load('modulus', table.modulus);
    this.emit(`high = ${this.vector}.FusedMultiplyAdd(q, ${first}, split);`);
    this.emit(`t4 += ${this.vector}.FusedMultiplyAdd(q, ${first}, both - high).AsUInt64() - ${this.constant(hex(lowBits + centre))};`);
    this.emit(`t5 += high.AsUInt64() + (t4 >>> ${bits});`);
    for (let j = 1; j < limbs; j++) this.product('q', this.load('modulus', table.modulus + j), folded + j);
    for (let i = 0; i < limbs - 1; i++) {
      this.emit(`t${6 + i} += t${5 + i} >>> ${bits};`);
      finish(i, this.cut(5 + i));
    }

    finish(limbs - 1, `(t9 + ${this.constant(hex(lowBits))}).AsDouble() - lowest`);
  }

  /** u ± v·twiddle with the twiddle's limbs in all lanes alike; u may first be brought to within ±p/2 and its limbs to 2⁵⁰. */
  butterfly(reduces) {
    this.loadAll('a', 'v');
    for (let i = 0; i < limbs; i++) this.emit(`${this.vector}<double> b${i} = ${this.constant(`twiddle[${i}]`)};`);
    const results = [];
    this.multiply(pairs('a', 'b'), (i, limb) => {
      this.emit(`${this.vector}<double> r${i} = ${limb};`);
      results.push(`r${i}`);
    });
    this.loadAll('u', 'u');
    if (reduces) {
      this.reduce('u');
      this.emit(`${this.vector}<double> shift = ${this.constant(`${2 ** -51}d`)};`);
      this.carry('u', (i, limb) => this.emit(`u${i} = ${limb};`));
    }

    for (let i = 0; i < limbs; i++) {
      this.store(`(u${i} + ${results[i]})`, 'u', i);
      this.store(`(u${i} - ${results[i]})`, 'v', i);
    }
  }

  /** Takes away the nearest multiple of the modulus. */
  reduce(name) {
    const scale = this.load('modulus', table.quotientScale);
    this.emit(`${this.vector}<double> ${name}Ratio = lowest - (${this.vector}.FusedMultiplyAdd(${name}4, ${scale}, lowest));`);
    for (let i = 0; i < limbs; i++) {
      this.emit(`${name}${i} = ${this.vector}.FusedMultiplyAdd(${name}Ratio, ${this.load('modulus', table.modulus + i)}, ${name}${i});`);
    }
  }

  /** Carries every limb into the next, all at once. */
  carry(name, finish) {
    for (let i = 0; i < limbs - 1; i++) this.emit(`${this.vector}<double> ${name}Carry${i} = (${name}${i} + split) - split;`);
    for (let i = 0; i < limbs; i++) {
      const rest = i < limbs - 1 ? `${name}${i} - ${name}Carry${i}` : `${name}${i}`;
      finish(i, i > 0 ? `${this.vector}.FusedMultiplyAdd(${name}Carry${i - 1}, shift, ${rest})` : `(${rest})`);
    }
  }

  loadAll(name, pointer) {
    for (let i = 0; i < limbs; i++) this.emit(`${this.vector}<double> ${name}${i} = ${this.load(pointer, i)};`);
  }
}

const pairs = (x, y) => {
  const products = [];
  for (let i = 0; i < limbs; i++) for (let j = 0; j < limbs; j++) products.push([`${x}${i}`, `${y}${j}`, i + j]);
  return products;
};

const methods = {
  'Multiply(double* result, double* a, double* b, double* modulus)': (kernel) => {
    kernel.loadAll('a', 'a');
    kernel.loadAll('b', 'b');
    kernel.multiply(pairs('a', 'b'), (i, limb) => kernel.store(`(${limb})`, 'result', i));
  },
  'Square(double* result, double* a, double* modulus)': (kernel) => {
    kernel.loadAll('a', 'a');
    for (let i = 1; i < limbs; i++) kernel.emit(`${kernel.vector}<double> d${i} = a${i} + a${i};`);
    const products = pairs('a', 'a').filter(([x, y]) => x <= y).map(([x, y, column]) => [x, x === y ? y : y.replace('a', 'd'), column]);
    kernel.multiply(products, (i, limb) => kernel.store(`(${limb})`, 'result', i));
  },
  'SumOfProducts(double* result, double* a, double* b, double* c, double* d, double* modulus)': (kernel) => {
    for (const name of ['a', 'b', 'c', 'd']) kernel.loadAll(name, name);
    kernel.multiply([...pairs('a', 'b'), ...pairs('c', 'd')], (i, limb) => kernel.store(`(${limb})`, 'result', i));
  },
  'DifferenceOfProducts(double* result, double* a, double* b, double* c, double* d, double* modulus)': (kernel) => {
    for (const name of ['a', 'b', 'c', 'd']) kernel.loadAll(name, name);
    for (let i = 0; i < limbs; i++) kernel.emit(`c${i} = -c${i};`);
    kernel.multiply([...pairs('a', 'b'), ...pairs('c', 'd')], (i, limb) => kernel.store(`(${limb})`, 'result', i));
  },
  'Butterfly(double* u, double* v, double* twiddle, double* modulus)': (kernel) => kernel.butterfly(false),
  'ReducingButterfly(double* u, double* v, double* twiddle, double* modulus)': (kernel) => kernel.butterfly(true),
};

/** Reads canonical 256-bit words as five unsigned limbs. */
methods['Load(double* result, ulong** rows, int offset)'] = (kernel) => {
  const { vector } = kernel;
  kernel.emit(`Gather(rows, offset, out ${[0, 1, 2, 3].map((i) => `${vector}<ulong> w${i}`).join(', out ')});`);
  kernel.emit(`${vector}<ulong> mask = ${kernel.constant(hex((1n << bits) - 1n))};`);
  kernel.emit(`${vector}<ulong> unit = ${kernel.constant(hex(unitBits))};`);
  const cuts = ['w0', '(w0 >>> 51) | (w1 << 13)', '(w1 >>> 38) | (w2 << 26)', '(w2 >>> 25) | (w3 << 39)'].map((cut) => `((${cut}) & mask)`);
  [...cuts, '(w3 >>> 12)'].forEach((cut, i) => {
    kernel.store(`((${cut} | unit).AsDouble() - ${kernel.constant(`${2 ** 52}d`)})`, 'result', i);
  });
};

/** Subtracts the multiple of p below, carries all limbs at once, then borrows in integers; what rounding left outside [0, p) is rare and settled apart. */
methods['Store(ulong** rows, int offset, double* value, double* modulus)'] = (kernel) => {
  const { vector } = kernel;
  kernel.loadAll('v', 'value');
  kernel.emit(`${vector}<double> split = ${kernel.constant(`${split}d`)};`);
  kernel.emit(`${vector}<double> lowest = ${kernel.constant(`${low}d`)};`);
  kernel.emit(`${vector}<double> shift = ${kernel.constant(`${2 ** -51}d`)};`);
  kernel.emit(`${vector}<ulong> mask = ${kernel.constant(hex((1n << bits) - 1n))};`);
  kernel.emit(`${vector}<ulong> unit = ${kernel.constant(hex(unitBits))};`);
  const ratio = `${vector}.FusedMultiplyAdd(v4, ${kernel.load('modulus', table.quotientScale)}, ${kernel.constant('-0.5d')})`;
  kernel.emit(`${vector}<double> excess = lowest - (${ratio} + lowest);`);
  for (let i = 0; i < limbs; i++) kernel.emit(`v${i} = ${vector}.FusedMultiplyAdd(excess, ${kernel.load('modulus', table.modulus + i)}, v${i});`);
  kernel.carry('v', (i, limb) => kernel.emit(`${vector}<ulong> n${i} = (${limb} + lowest).AsUInt64() - ${kernel.constant(hex(lowBits))};`));
  for (let i = 0; i < limbs - 1; i++) {
    kernel.emit(`n${i + 1} -= n${i} >>> 63;`);
    kernel.emit(`n${i} &= mask;`);
    kernel.store(`((n${i} | unit).AsDouble() - ${kernel.constant(`${2 ** 52}d`)})`, 'value', i);
  }

  kernel.store(`((n4 + ${kernel.constant(hex(lowBits))}).AsDouble() - lowest)`, 'value', limbs - 1);
  kernel.emit('Scatter(rows, offset, n0 | (n1 << 51), (n1 >>> 13) | (n2 << 38), (n2 >>> 26) | (n3 << 25), (n3 >>> 39) | (n4 << 12));');
  kernel.emit(`if (${vector}.GreaterThanOrEqualAny(n4, ${kernel.load('modulus', table.topLimb)}.AsUInt64()))`);
  kernel.emit('{');
  kernel.emit('    LaneModulus.Settle(rows, Count, offset, modulus);');
  kernel.emit('}');
};

const linear = (expression) => (kernel) => {
  for (let i = 0; i < limbs; i++) {
    kernel.store(`(${expression.replace(/\b[abc]\b/g, (name) => kernel.load(name, i))})`, 'result', i);
  }
};
methods['Copy(double* result, double* a)'] = linear('a');
methods['Add(double* result, double* a, double* b)'] = linear('a + b');
methods['Subtract(double* result, double* a, double* b)'] = linear('a - b');
methods['TwiceDifferenceMinus(double* result, double* a, double* b, double* c)'] = linear('a - b + (a - b) - c');

methods['Carry(double* value)'] = (kernel) => {
  kernel.loadAll('v', 'value');
  kernel.emit(`${kernel.vector}<double> split = ${kernel.constant(`${split}d`)};`);
  kernel.emit(`${kernel.vector}<double> shift = ${kernel.constant(`${2 ** -51}d`)};`);
  kernel.carry('v', (i, limb) => kernel.store(limb, 'value', i));
};

/** The first two layers of a transform, whose twiddles are 1, 1 and i. */
methods['FirstButterflies(double* a, double* b, double* c, double* d, double* quarter, double* modulus)'] = (kernel) => {
  const { vector } = kernel;
  for (let i = 0; i < limbs; i++) {
    kernel.emit(`${vector}<double> p${i} = ${kernel.load('a', i)} + ${kernel.load('b', i)};`);
    kernel.emit(`${vector}<double> m${i} = ${kernel.load('a', i)} - ${kernel.load('b', i)};`);
    kernel.emit(`${vector}<double> s${i} = ${kernel.load('c', i)} + ${kernel.load('d', i)};`);
    kernel.emit(`${vector}<double> n${i} = ${kernel.load('c', i)} - ${kernel.load('d', i)};`);
    kernel.emit(`${vector}<double> e${i} = p${i} + s${i};`);
    kernel.emit(`${vector}<double> o${i} = p${i} - s${i};`);
    kernel.emit(`${vector}<double> q${i} = ${kernel.constant(`quarter[${i}]`)};`);
  }

  kernel.multiply(pairs('n', 'q'), (i, limb) => {
    kernel.emit(`${vector}<double> r${i} = ${limb};`);
    kernel.store(`(m${i} + r${i})`, 'b', i);
    kernel.store(`(m${i} - r${i})`, 'd', i);
  });
  kernel.emit(`${vector}<double> shift = ${kernel.constant(`${2 ** -51}d`)};`);
  for (const [name, target] of [['e', 'a'], ['o', 'c']]) {
    kernel.carry(name, (i, limb) => kernel.emit(`${vector}<double> ${name}n${i} = ${limb};`));
    kernel.reduce(`${name}n`);
    for (let i = 0; i < limbs; i++) kernel.store(`${name}n${i}`, target, i);
  }
};

function source(width) {
  const parts = Object.entries(methods).map(([signature, write]) => {
    const kernel = new Kernel(width);
    write(kernel);
    return [
      '    /// <inheritdoc />',
      '    [SkipLocalsInit]',
      '    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]',
      `    public static void ${signature}`,
      '    {',
      ...kernel.lines.map((line) => `        ${line}`),
      '    }',
    ].join('\n');
  });
  return `// Generated by scripts/gen-vector-field.mjs; do not edit.
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Accel.Compute.Cpu.Vector;

internal unsafe partial struct Lanes${width}
{
${parts.join('\n\n')}
}
`;
}

let stale = false;
for (const width of [256, 512]) {
  const target = `${folder}/Lanes${width}.g.cs`;
  const path = join(root, target);
  const text = source(width);
  if (existsSync(path) && readFileSync(path, 'utf8') === text) continue;
  if (process.argv.includes('--check')) {
    console.error(`${target}: stale; run 'node scripts/gen-vector-field.mjs'`);
    stale = true;
    continue;
  }

  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  console.log(`wrote ${target}`);
}
process.exit(stale ? 1 : 0);
