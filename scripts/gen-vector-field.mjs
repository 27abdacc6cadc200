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
// Reduction: the four lowest columns, cut into centred limbs, are folded up with 2^(51(k−4)) mod p, all at once; one Montgomery row clears the fifth.
// Its quotient digit also takes away e·2⁵¹·p, where e is the result in multiples of p, rounded; so the result is within ±p whatever the operands were.
// Every limb takes the carry of the column below as it is, so that no chain of carries forms; a limb may exceed 2⁵⁰ by the few units of a carry.
//
// Code for 16 registers is written so that the compiler has no register to run out of: one operand of each limb product is read from memory, both times
// by another name for the same address, lest it be kept for its five uses; sums are put away as soon as their column is done.
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
const table = { fold: 0, modulus: 20, negativeInverse: 25, quotientScale: 26, topLimb: 27, zero: 29 };

class Kernel {
  constructor(width) {
    this.vector = `Vector${width}`;
    this.lanes = width / 64;
    this.putsAway = width === 256;
    this.lines = [];
    this.lows = Array(11).fill(0n);
    this.highs = Array(11).fill(0n);
    this.places = Array(11).fill('none');
    this.declared = new Set();
  }

  emit(line) { this.lines.push(line); }
  load(pointer, index) { return `${this.vector}.Load(${index ? `${pointer} + ${this.lanes * index}` : pointer})`; }
  store(value, pointer, index) { this.emit(`${value}.Store(${index ? `${pointer} + ${this.lanes * index}` : pointer});`); }
  constant(value) { return `${this.vector}.Create(${value})`; }
  double(name, value) { this.emit(`${this.vector}<double> ${name} = ${value};`); }

  plan(column) {
    this.lows[column] += 1n;
    this.highs[column + 1] += 1n;
  }

  /** What a column starts from: minus the constants that its terms leave behind. */
  start(column) {
    let start = -(this.lows[column] * lowBits + this.highs[column] * splitBits);
    if (column <= 8) start += centre + keepPositive;
    if ([folded, folded + 1, 9].includes(column)) start -= carryOffset; // the columns that take a carry as integers
    if (column === folded) start += lowBits; // its last term comes after it was read
    return this.constant(hex(start));
  }

  /** A column's sum, brought into its variable. */
  sum(column) {
    if (this.places[column] === 'memory') {
      this.emit(`t${column} = ${this.load('scratch', column)}.AsUInt64();`);
      this.places[column] = 'variable';
    }

    return `t${column}`;
  }

  accumulate(column, term) {
    const before = { none: this.start(column), memory: `${this.load('scratch', column)}.AsUInt64()`, variable: `t${column}` }[this.places[column]];
    const type = this.declared.has(column) ? '' : `${this.vector}<ulong> `;
    this.emit(`${type}t${column} = ${before} + ${term};`);
    this.declared.add(column);
    this.places[column] = 'variable';
  }

  /** Keeps a column's sum in memory until it is next used. */
  putAway(column) {
    if (!this.putsAway || this.places[column] !== 'variable') return;
    this.store(`t${column}.AsDouble()`, 'scratch', column);
    this.places[column] = 'memory';
  }

  /** Another name for what `load` gives, where that is memory. */
  again(operand) { return this.putsAway ? operand.replace(/Load\((\w+)/, 'Load($1Again') : operand; }

  product(x, y, column) {
    const multiply = `${this.vector}.FusedMultiplyAdd`;
    this.emit(`high = ${multiply}(${y}, ${x}, split);`);
    this.accumulate(column, `${multiply}(${this.again(y)}, ${x}, both - high).AsUInt64()`);
    this.accumulate(column + 1, 'high.AsUInt64()');
  }

  /** A column's sum as a centred limb; the carry of the column below is taken along. */
  cut(column, carried) {
    const limb = `((t${column} & mask) | unit)`;
    return carried
      ? `(${limb} + (t${column - 1} >>> ${bits})).AsDouble() - ${this.constant(`${2 ** 52 + 2 ** 50 + Number(carryOffset)}d`)}`
      : `${limb}.AsDouble() - ${this.constant(`${2 ** 52 + 2 ** 50}d`)}`;
  }

  /**
   * A sum of products, reduced; finish(i, limb) takes the result's limbs, lowest first.
   * parts: lists of [operand, operand, column], one list after the other; second operands may be in memory, at the pointers named.
   */
  multiply(parts, pointers, finish) {
    for (const [, , column] of parts.flat()) this.plan(column);
    for (let k = 0; k <= folded; k++) for (let j = 0; j < limbs; j++) this.plan(folded + j);
    if (this.putsAway) {
      this.emit(`double* room = stackalloc double[${10 * this.lanes + 8}];`);
      this.emit('double* scratch = (double*)(((nuint)room + 63) & ~(nuint)63);');
      this.emit(`nint zero = *(nint*)(modulus + ${this.lanes * table.zero});`);
      for (const pointer of [...pointers, 'modulus']) this.emit(`double* ${pointer}Again = ${pointer} + zero;`);
    }

    this.double('split', this.constant(`${split}d`));
    this.double('both', this.constant(`${split + low}d`));
    this.emit(`${this.vector}<ulong> mask = ${this.constant(hex((1n << bits) - 1n))};`);
    this.emit(`${this.vector}<ulong> unit = ${this.constant(hex(unitBits))};`);
    this.double('lowest', this.constant(`${low}d`));
    this.emit(`${this.vector}<double> high;`);
    const last = parts.length - 1;
    for (let part = 0; part <= last; part++) {
      for (let column = 0; column <= 8; column++) {
        for (const [x, y, target] of parts[part]) if (target === column) this.product(x, y, column);
        if (part < last || column >= folded) this.putAway(column);
        else this.foldedLimb(column);
      }

      this.putAway(9);
    }

    if (this.putsAway) for (let k = 0; k < folded; k++) this.double(`l${k}`, this.load('scratch', k));
    this.fold(4);
    this.double('l4', this.cut(4));
    const inverse = this.load('modulus', table.negativeInverse);
    this.emit(`high = ${this.vector}.FusedMultiplyAdd(l4, ${inverse}, split);`);
    this.double('q', `${this.vector}.FusedMultiplyAdd(l4, ${inverse}, split - high)`);
    this.putAway(4);

    // The top column lacks the row's high part and the carry below it, whose offset it has.
    this.fold(8);
    this.double('top', `(${this.sum(9)} + ${this.constant(hex(splitBits + lowBits + carryOffset))}).AsDouble() - lowest`);
    this.double('excess', `${this.vector}.FusedMultiplyAdd(top, ${this.load('modulus', table.quotientScale)}, lowest) - lowest`);
    this.emit(`q = ${this.vector}.FusedMultiplyAdd(excess, ${this.constant(`${-(2 ** 51)}d`)}, q);`);
    for (const column of [5, 6, 7]) this.fold(column);
    const first = this.load('modulus', table.modulus);
    this.emit(`high = ${this.vector}.FusedMultiplyAdd(${first}, q, split);`);
    const cleared = `${this.sum(4)} + ${this.vector}.FusedMultiplyAdd(${this.again(first)}, q, both - high).AsUInt64() - ${this.constant(hex(lowBits + centre))}`;
    this.accumulate(5, `(high.AsUInt64() + ((${cleared}) >>> ${bits}))`);
    for (let j = 1; j < limbs; j++) this.product('q', this.load('modulus', table.modulus + j), folded + j);
    for (let i = 0; i < limbs - 1; i++) finish(i, this.cut(5 + i, i > 0));
    finish(limbs - 1, `(t9 + (t8 >>> ${bits}) + ${this.constant(hex(lowBits))}).AsDouble() - lowest`);
  }

  /** One of the lowest columns becomes a limb to be folded up. */
  foldedLimb(column) {
    if (this.putsAway) this.store(`(${this.cut(column, column > 0)})`, 'scratch', column);
    else this.double(`l${column}`, this.cut(column, column > 0));
    if (column === folded - 1) this.accumulate(folded, `(t${column} >>> ${bits})`);
  }

  /** Adds what the folded limbs give to a column. */
  fold(column) {
    for (let k = 0; k < folded; k++) this.product(`l${k}`, this.load('modulus', table.fold + limbs * k + column - folded), column);
  }

  /** u ± v·twiddle with the twiddle's limbs in all lanes alike; u may first be brought to within ±p/2 and its limbs to 2⁵⁰. */
  butterfly(reduces) {
    for (let i = 0; i < limbs; i++) this.double(`w${i}`, this.constant(`twiddle[${i}]`));
    const results = [];
    this.multiply([pairs('w', this.operands('v'))], ['v'], (i, limb) => {
      this.double(`r${i}`, limb);
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

  /** A value's limbs in memory. */
  operands(pointer) { return [...Array(limbs).keys()].map((i) => this.load(pointer, i)); }

  loadAll(name, pointer) {
    for (let i = 0; i < limbs; i++) this.emit(`${this.vector}<double> ${name}${i} = ${this.load(pointer, i)};`);
  }
}

/** All limb products of x0 … x4 and the operands y. */
const pairs = (x, y) => y.flatMap((operand, j) => [...Array(limbs).keys()].map((i) => [`${x}${i}`, operand, i + j]));

const methods = {
  'Multiply(double* result, double* a, double* b, double* modulus)': (kernel) => {
    kernel.loadAll('a', 'a');
    kernel.multiply([pairs('a', kernel.operands('b'))], ['b'], (i, limb) => kernel.store(`(${limb})`, 'result', i));
  },
  'Square(double* result, double* a, double* modulus)': (kernel) => {
    kernel.loadAll('a', 'a');
    for (let i = 0; i < limbs - 1; i++) kernel.double(`d${i}`, `a${i} + a${i}`);
    const products = kernel.operands('a').flatMap((operand, j) => [...Array(j + 1).keys()].map((i) => [`${i < j ? 'd' : 'a'}${i}`, operand, i + j]));
    kernel.multiply([products], ['a'], (i, limb) => kernel.store(`(${limb})`, 'result', i));
  },
  'SumOfProducts(double* result, double* a, double* b, double* c, double* d, double* modulus)': (kernel) => {
    kernel.loadAll('a', 'a');
    kernel.loadAll('c', 'c');
    kernel.multiply([pairs('a', kernel.operands('b')), pairs('c', kernel.operands('d'))], ['b', 'd'], (i, limb) => kernel.store(`(${limb})`, 'result', i));
  },
  'DifferenceOfProducts(double* result, double* a, double* b, double* c, double* d, double* modulus)': (kernel) => {
    kernel.loadAll('a', 'a');
    for (let i = 0; i < limbs; i++) kernel.double(`c${i}`, `-${kernel.load('c', i)}`);
    kernel.multiply([pairs('a', kernel.operands('b')), pairs('c', kernel.operands('d'))], ['b', 'd'], (i, limb) => kernel.store(`(${limb})`, 'result', i));
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
    kernel.double(`w${i}`, kernel.constant(`quarter[${i}]`));
  }

  kernel.multiply([pairs('w', [...Array(limbs).keys()].map((i) => `n${i}`))], [], (i, limb) => {
    kernel.double(`r${i}`, limb);
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
