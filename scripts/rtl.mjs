#!/usr/bin/env node
// Builds and runs the testbenches of sim/tb with Verilator.
// usage: rtl.mjs build|test|lint|coverage [FILTER]      FILTER: part of a bench's or run's name, such as 'field/' or 'fifo-depth5'
//        rtl.mjs trace BENCH-RUN                        writes build/sim/traces/BENCH-RUN.fst
// ACCEL_TEST_SCALE=long takes countLong instead of count; ACCEL_TEST_SEED=N replaces the seed.
//
// A bench is sim/tb/<area>/<name>.cpp beside <name>.json:
//   { "top": module, "curve": "bn254" | "tiny79" | ..., "packages": [files], "optimise": "-O3",
//     "firmware": true where the runs need build/firmware/firmware.hex,
//     "runs": { "<run>": { "parameters": {...}, "count": n, "countLong": n, "arguments": ["+key=value"], "curve": ..., "long": true, "coverage": false } } }
// Modules are found by name in hdl/*/ and beside the bench. "long" marks a run that only ACCEL_TEST_SCALE=long builds and executes.
// "coverage": false leaves a run out of the coverage report: those at full width and those of many millions of cycles, where a short run
// on a tiny curve reaches the same lines of the same RTL at a tenth of the time. Toggles are then those of the tiny curves.
import { existsSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cxx, defines, includes, parallel, run, runtimeSources } from './verilator.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
process.chdir(root);
const [command = 'test', filter = ''] = process.argv.slice(2);
const long = process.env.ACCEL_TEST_SCALE === 'long';
const kind = command === 'coverage' ? 'coverage' : command === 'trace' ? 'trace' : 'plain';
const counters = { trace: kind === 'trace', coverage: kind === 'coverage' };
const libraryFolders = readdirSync('hdl', { withFileTypes: true }).filter(e => e.isDirectory()).map(e => `hdl/${e.name}`);
const lineCoverageMin = 0.95;
// Counters slow a run down several times.
const runTimeoutMs = (long ? 40 : kind === 'coverage' ? 24 : 8) * 60_000;

function benches() {
  const found = [];
  for (const area of readdirSync('sim/tb', { withFileTypes: true }).filter(e => e.isDirectory() && e.name !== 'gen').map(e => e.name).sort()) {
    for (const file of readdirSync(join('sim/tb', area)).filter(name => name.endsWith('.json')).sort()) {
      const manifest = JSON.parse(readFileSync(join('sim/tb', area, file), 'utf8'));
      const name = file.replace(/\.json$/, '');
      for (const [runName, settings] of Object.entries(manifest.runs)) {
        const bench = { area, name, source: join('sim/tb', area, name + '.cpp'), top: manifest.top, curve: 'bn254', packages: [], optimise: '-O1', ...manifest, ...settings };
        bench.id = `${area}/${name}-${runName}`;
        bench.folder = join('build/sim', kind, area, `${name}-${runName}`);
        delete bench.runs;
        found.push(bench);
      }
    }
  }
  return found.filter(bench => bench.id.includes(filter));
}

const newest = files => Math.max(...files.map(file => (existsSync(file) ? statSync(file).mtimeMs : Infinity)));

function isFresh(bench, settings) {
  const binary = join(bench.folder, 'bench'), dependencies = join(bench.folder, `V${bench.top}__ver.d`), stamp = join(bench.folder, 'settings.json');
  if (![binary, dependencies, stamp].every(existsSync) || readFileSync(stamp, 'utf8') !== settings) return false;
  const inputs = readFileSync(dependencies, 'utf8').replace(/\\\n/g, ' ').split(':').slice(1).join(':').split(/\s+/).filter(p => /\.(sv|v|svh)$/.test(p));
  const headers = ['sim/cosim/peers.hpp', ...readdirSync('sim/tb').filter(n => n.endsWith('.hpp')).map(n => join('sim/tb', n)), `sim/tb/gen/${bench.curve}/curve.hpp`,
    ...readdirSync(join('sim/tb', bench.area)).filter(n => /\.(hpp|h)$/.test(n)).map(n => join('sim/tb', bench.area, n))];
  return statSync(binary).mtimeMs > newest([...inputs, ...headers, bench.source]);
}

function topFile(bench) {
  const found = [join('sim/tb', bench.area), ...libraryFolders].map(folder => join(folder, bench.top + '.sv')).find(existsSync);
  if (!found) throw new Error(`${bench.id}: there is no ${bench.top}.sv in hdl/*/ or sim/tb/${bench.area}`);
  return found;
}

function verilatorArguments(bench) {
  const parameters = Object.entries(bench.parameters ?? {}).map(([key, value]) => `-G${key}=${value}`);
  return ['-Wall', '--assert', '-sv', '--no-timing', '--top-module', bench.top, ...parameters,
    'sim/lint.vlt', `hdl/params/gen/${bench.curve}/accel_curve_pkg.sv`, ...bench.packages, topFile(bench), // waivers hold for what follows them
    ...libraryFolders.flatMap(folder => ['-y', folder]), '-y', join('sim/tb', bench.area), '+libext+.sv'];
}

let runtime;
function runtimeArchive() {
  runtime ??= (async () => {
    const folder = join('build/sim', kind, 'runtime');
    mkdirSync(folder, { recursive: true });
    const archive = join(folder, 'verilated.a');
    if (existsSync(archive)) return archive;
    const objects = [];
    for (const source of runtimeSources(counters)) {
      const object = join(folder, basename(source).replace(/\.cpp$/, '.o'));
      const built = await run(cxx, ['-std=c++20', '-O2', '-w', ...defines(counters), ...includes, '-c', source, '-o', object]);
      if (built.status !== 0) throw new Error(built.output);
      objects.push(object);
    }
    const made = await run('ar', ['rcs', archive, ...objects]);
    if (made.status !== 0) throw new Error(made.output);
    return archive;
  })();
  return runtime;
}

async function build(bench) {
  // Counters multiply the code, toggles of wide words above all: the compiler does not optimise.
  const optimise = kind === 'coverage' ? '-O0' : bench.optimise;
  const settings = JSON.stringify({ arguments: verilatorArguments(bench), optimise, cxx });
  if (isFresh(bench, settings)) return null;
  mkdirSync(bench.folder, { recursive: true });
  const extra = kind === 'trace' ? ['--trace-fst', '--trace-structs'] : kind === 'coverage' ? ['--coverage-line', '--coverage-toggle', '--coverage-max-width', '64'] : [];
  const verilated = await run('verilator', ['--cc', '-O3', '--x-assign', 'unique', '--x-initial', 'unique', ...extra, '--Mdir', bench.folder, ...verilatorArguments(bench)]);
  if (verilated.status !== 0) return verilated.output;
  const archive = await runtimeArchive();
  const classes = readFileSync(join(bench.folder, `V${bench.top}_classes.mk`), 'utf8');
  const generated = [...new Set(classes.match(new RegExp(`\\bV${bench.top}[A-Za-z0-9_]*`, 'g')))].map(n => join(bench.folder, n + '.cpp')).filter(existsSync);
  // One translation unit: most of a small bench's compile time is the headers.
  const unit = join(bench.folder, 'unit.cpp');
  writeFileSync(unit, [...generated, bench.source].map(file => `#include "${join(root, file)}"\n`).join(''));
  const compiled = await run(cxx, ['-std=c++20', optimise, '-w', ...defines(counters), ...includes, `-I${bench.folder}`, '-Isim/tb', `-Isim/tb/gen/${bench.curve}`,
    ...Object.entries(bench.parameters ?? {}).map(([key, value]) => `-DPARAMETER_${key}=${value}`),
    unit, archive, '-o', join(bench.folder, 'bench'), '-pthread', '-latomic', ...(kind === 'trace' ? ['-lz'] : [])]);
  if (compiled.status !== 0) return compiled.output;
  writeFileSync(join(bench.folder, 'settings.json'), settings);
  return null;
}

async function execute(bench) {
  const count = long ? bench.countLong ?? bench.count : bench.count;
  const args = [...(count ? [`+count=${count}`] : []), ...(bench.arguments ?? []), ...(process.env.ACCEL_TEST_SEED ? [`+seed=${process.env.ACCEL_TEST_SEED}`] : [])];
  if (kind === 'coverage') args.push(`+coverage=${join(bench.folder, 'coverage.dat')}`);
  if (kind === 'trace') {
    mkdirSync('build/sim/traces', { recursive: true });
    args.push(`+trace=build/sim/traces/${bench.id.replace('/', '-')}.fst`);
  }
  return run(join(bench.folder, 'bench'), args, { timeout: runTimeoutMs });
}

// Merges the runs' counters: a point is a source position and a name, covered when any instance in any bench has hit it.
function coverageReport(list) {
  const files = new Map();
  for (const bench of list) {
    const data = join(bench.folder, 'coverage.dat');
    if (!existsSync(data)) continue;
    for (const line of readFileSync(data, 'latin1').split('\n')) {
      const match = /^C '(.*)' (\d+)$/.exec(line);
      if (!match) continue;
      const fields = Object.fromEntries(match[1].split('\x01').slice(1).map(field => field.split('\x02')));
      if (!fields.f.startsWith('hdl/')) continue;
      const type = fields.page.startsWith('v_toggle') ? 'toggle' : 'line';
      if (!files.has(fields.f)) files.set(fields.f, { line: new Map(), toggle: new Map() });
      const points = files.get(fields.f)[type], key = `${fields.l}:${fields.n} ${fields.o}`;
      points.set(key, (points.get(key) ?? 0) + Number(match[2]));
    }
  }
  const total = { line: [0, 0], toggle: [0, 0] };
  const missed = [];
  const share = ([hit, all]) => (all === 0 ? '-' : `${((100 * hit) / all).toFixed(1)} % of ${all}`);
  for (const [file, points] of [...files].sort()) {
    const own = {};
    for (const type of ['line', 'toggle']) {
      own[type] = [[...points[type].values()].filter(n => n > 0).length, points[type].size];
      total[type][0] += own[type][0];
      total[type][1] += own[type][1];
    }
    for (const [key, hits] of points.line) if (hits === 0) missed.push(`${file}:${key}`);
    console.log(`${file.padEnd(40)} line ${share(own.line).padEnd(16)} toggle ${share(own.toggle)}`);
  }
  console.log(`${'hdl/'.padEnd(40)} line ${share(total.line).padEnd(16)} toggle ${share(total.toggle)}`);
  writeFileSync('build/sim/coverage-missed.txt', missed.join('\n') + '\n');
  console.log('lines never reached: build/sim/coverage-missed.txt');
  return total.line[0] / total.line[1];
}

const seconds = since => ((Date.now() - since) / 1000).toFixed(1) + ' s';
const all = benches().filter(bench => command === 'lint' || ((long || !bench.long) && (kind !== 'coverage' || bench.coverage !== false)));
if (all.length === 0) { console.error(`rtl: no bench matches '${filter}'`); process.exit(2); }
let failed = 0, passed = 0;

if (command === 'lint') {
  await parallel(all, async bench => {
    const linted = await run('verilator', ['--lint-only', ...verilatorArguments(bench)]);
    if (linted.status !== 0) { failed++; console.log(`${bench.id}: lint\n${linted.output}`); }
  });
  process.exit(failed ? 1 : 0);
}
const started = Date.now();
const built = [];
if (all.some(bench => bench.firmware)) {
  const made = await run('node', ['scripts/firmware.mjs', 'build']);
  if (made.status !== 0) { console.error(made.output); process.exit(1); }
}
await parallel(all, async bench => {
  const problem = await build(bench);
  if (problem === null) built.push(bench);
  else { failed++; console.log(`${bench.id}: did not build\n${problem}`); }
});
if (command === 'build') process.exit(failed ? 1 : 0);
const running = Date.now();
await parallel([...built].sort((a, b) => (b.weight ?? 0) - (a.weight ?? 0)), async bench => {
  const began = Date.now();
  const result = await execute(bench);
  const verdict = result.output.trim().split('\n').at(-1) ?? '';
  if (result.status === 0 && verdict.startsWith('PASS')) { passed++; console.log(`${bench.id.padEnd(36)} ${seconds(began).padStart(8)}   ${verdict.replace(/^PASS \S+ /, '')}`); }
  else { failed++; console.log(`${bench.id}: ${result.status === 'timeout' ? 'ran into the time limit' : 'failed'}\n${result.output}`); }
});
if (command === 'trace') console.log(`traces are in ${relative(root, 'build/sim/traces')}`);
if (command === 'coverage') {
  const reached = coverageReport(built);
  if (filter === '' && !(reached >= lineCoverageMin)) { failed++; console.log(`line coverage is below ${100 * lineCoverageMin} %`); }
}
console.log(`RTL: built in ${((running - started) / 1000).toFixed(1)} s, ran in ${seconds(running)}`);
console.log(`RTL: ${passed} passed, ${failed} failed`);
process.exit(failed ? 1 : 0);
