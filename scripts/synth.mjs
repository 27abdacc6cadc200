#!/usr/bin/env node
// Synthesises units of the card for UltraScale+ with Yosys and writes hdl/SYNTHESIS.md: DSP, LUT, FF, RAM and logic levels of each.
// usage: synth.mjs [--reuse] [UNIT...]     without names every unit; rows of units that are not named stay as they are
// Reports stay in build/synth/<unit>.{log,stat,ltp}; --reuse reads those of an earlier run instead of running Yosys.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
process.chdir(root);

// parameters: a number, or the name of a constant in the BN254 package. counted: modules that are not synthesised again inside this unit
// but counted, as often as it holds them, with the figures of the unit named.
const field = { Width: 'FieldWidth', RBits: 'FieldRBits', Modulus: 'FieldModulus', NegInv: 'FieldNegInv' };
const multiplier = 'montgomery_multiplier';
const units = [
  { name: 'mod_add', top: 'mod_add', packages: ['hdl/field/field_pkg.sv'], parameters: { Width: 'FieldWidth', Modulus: 'FieldModulus' } },
  { name: multiplier, top: multiplier, packages: ['hdl/field/field_pkg.sv'], parameters: { ...field, KaratsubaDepth: 3 } },
  {
    name: 'point_adder', top: 'point_adder', packages: ['hdl/field/field_pkg.sv', 'hdl/curve/curve_pkg.sv'],
    parameters: { ...field, CurveB3: 'CurveB3', TagWidth: 32, KaratsubaDepth: 3 }, counted: { [multiplier]: multiplier },
  },
  {
    name: 'ntt_lane', top: 'ntt_lane', packages: ['hdl/field/field_pkg.sv'],
    parameters: { Width: 'ScalarWidth', RBits: 'ScalarRBits', Modulus: 'ScalarModulus', NegInv: 'ScalarNegInv', KaratsubaDepth: 3 },
    counted: { [multiplier]: multiplier },
  },
  {
    name: 'msm_engine', top: 'msm_engine', packages: [],
    parameters: { Width: 'FieldWidth', ScalarWidth: 'ScalarWidth', Modulus: 'FieldModulus', FieldOne: 'FieldOne', WindowBitsMax: 13, CellsLog2: 12, TagWidth: 12, CreditsLog2: 7 },
  },
  { name: 'link_top_uart', top: 'link_top', packages: ['hdl/control/gen/accel_regs_pkg.sv', 'hdl/link/link_pkg.sv'], parameters: { Front: 0, ClocksPerBit: 8 } },
  { name: 'link_top_ft601', top: 'link_top', packages: ['hdl/control/gen/accel_regs_pkg.sv', 'hdl/link/link_pkg.sv'], parameters: { Front: 2 } },
];

const target = 'hdl/SYNTHESIS.md';
const columns = ['DSP48E2', 'LUT', 'LUT as RAM or SRL', 'FF', 'BRAM36', 'URAM', 'levels'];
const folders = readdirSync('hdl', { withFileTypes: true }).filter(e => e.isDirectory()).map(e => `hdl/${e.name}`);
const curve = readFileSync('hdl/params/gen/bn254/accel_curve_pkg.sv', 'utf8');
const constants = Object.fromEntries([...curve.matchAll(/ (\w+) = (\d+|\d+'h[0-9a-f]+);/g)].map(m => [m[1], m[2]]));

function sourceOf(module) {
  const found = folders.map(folder => join(folder, module + '.sv')).find(existsSync);
  if (!found) throw new Error(`there is no ${module}.sv in hdl/*/`);
  return found;
}

function synthesise(unit) {
  const report = kind => join('build/synth', `${unit.name}.${kind}`);
  const parameters = Object.entries(unit.parameters).map(([key, value]) => {
    const literal = typeof value === 'number' ? value : constants[value];
    if (literal === undefined) throw new Error(`${unit.name}: the BN254 package has no ${value}`);
    return `-set ${key} ${literal}`;
  });
  const script = [
    `read_verilog -sv ${[...unit.packages, sourceOf(unit.top)].join(' ')}`,
    `chparam ${parameters.join(' ')} ${unit.top}`,
    `hierarchy -check -top ${unit.top} ${folders.map(folder => `-libdir ${folder}`).join(' ')}`,
    ...Object.keys(unit.counted ?? {}).map(module => `blackbox *${module}`),
    'synth_xilinx -family xcup -flatten -noiopad -noclkbuf',
    `tee -q -o ${report('stat')} stat`,
    `tee -q -o ${report('ltp')} ltp * */t:FD* %d */t:SRL* %d */t:RAM* %d */t:URAM* %d`,
  ];
  writeFileSync(report('ys'), script.join('\n') + '\n');
  if (!reuse) {
    const began = Date.now();
    const ran = spawnSync('yosys', ['-q', '-l', report('log'), report('ys')], { encoding: 'utf8' });
    if (ran.status !== 0) throw new Error(`${unit.name}: ${ran.error?.message ?? ran.stderr}`);
    console.log(`${unit.name}: ${((Date.now() - began) / 1000).toFixed(0)} s`);
  }

  const statistics = readFileSync(report('stat'), 'utf8');
  const cells = [...statistics.matchAll(/^ {5}(\S+) +(\d+)$/gm)].map(m => [m[1], Number(m[2])]);
  const total = pattern => cells.filter(([name]) => pattern.test(name)).reduce((sum, [, count]) => sum + count, 0);
  const levels = Number(readFileSync(report('ltp'), 'utf8').match(/length=(-?\d+)/)[1]);
  const row = [
    total(/^DSP48E2$/), total(/^LUT\d$/),
    total(/^SRL/) + 8 * total(/^RAM(32M16|64M8)$/) + 4 * total(/^RAM(32M|64M)$/) + 2 * total(/^RAM(32|64)X1D$/) + total(/^RAM(32|64)X1S$/) + 4 * total(/^RAM128X1D$/),
    total(/^FD/), total(/^RAMB36/) + total(/^RAMB18/) / 2, total(/^URAM/), levels,
  ];
  const held = [];
  for (const [module, counted] of Object.entries(unit.counted ?? {})) {
    const count = cells.filter(([name]) => name.endsWith(module)).reduce((sum, [, n]) => sum + n, 0);
    const inner = rows.get(counted);
    if (count === 0 || !inner) throw new Error(`${unit.name}: it holds ${count} ${module}, and ${counted} ${inner ? 'is' : 'is not'} in the table`);
    for (let i = 0; i < row.length - 1; i++) row[i] += count * inner[i];
    row[row.length - 1] = Math.max(levels, inner.at(-1));
    held.push(`${count} ${module}`);
  }
  const settings = Object.entries(unit.parameters).filter(([key, value]) => typeof value === 'number').map(([key, value]) => `${key} = ${value}`);
  return { row, remark: [...settings, ...held].join(', ') };
}

const rows = new Map(), remarks = new Map();
if (existsSync(target)) {
  for (const line of readFileSync(target, 'utf8').split('\n').filter(line => line.startsWith('| `'))) {
    const [name, ...cellsOfLine] = line.split('|').slice(1, -1).map(cell => cell.trim());
    rows.set(name.replaceAll('`', ''), cellsOfLine.slice(0, columns.length).map(cell => Number(cell.replaceAll(',', ''))));
    remarks.set(name.replaceAll('`', ''), cellsOfLine[columns.length]);
  }
}
const reuse = process.argv.includes('--reuse');
const wanted = process.argv.slice(2).filter(argument => argument !== '--reuse');
const unknown = wanted.find(name => !units.some(unit => unit.name === name));
if (unknown) { console.error(`synth: no unit '${unknown}'; there are ${units.map(u => u.name).join(', ')}`); process.exit(2); }
mkdirSync('build/synth', { recursive: true });
for (const unit of units.filter(unit => wanted.length === 0 || wanted.includes(unit.name))) {
  const { row, remark } = synthesise(unit);
  rows.set(unit.name, row);
  remarks.set(unit.name, remark);
}

const version = spawnSync('yosys', ['-V'], { encoding: 'utf8' }).stdout.match(/^Yosys \S+/)[0];
const table = units.filter(unit => rows.has(unit.name)).map(({ name }) =>
  `| \`${name}\` | ${rows.get(name).map(value => value.toLocaleString('en')).join(' | ')} | ${remarks.get(name)} |`);
const text = `# Synthesis

What \`make synth\` (\`scripts/synth.mjs\`, ${version}, \`synth_xilinx -family xcup -flatten\`, BN254) counts before placement; nothing here is timing.

| unit | ${columns.join(' | ')} | |
|---|${columns.map(() => '---:|').join('')}---|
${table.join('\n')}

Levels are cells on the longest path between registers as \`ltp\` sees it, where every CARRY4 of a carry chain and every DSP slice on the way is a
level of its own. The field units carry over at most 64 bits, 16 cells, in a cycle (hdl/field/README.md). A unit that holds others adds their
figures as often as it holds them.
`;
writeFileSync(target, text);
console.log(text);
