#!/usr/bin/env node
// Builds the simulated card as libraries: the Verilated accel_core behind the C ABI of sim/cosim/accel_sim.h.
// usage: sim.mjs build [NAME...]     builds build/sim/libaccel_sim*.so, those that are stale; all but the traced ones by default; and the OpenCL driver
//        sim.mjs speed [NAME...]     prints busy and idle cycles a second
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cxx, defines, includes, parallel, run, runtimeSources } from './verilator.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
process.chdir(root);
const [command = 'build', ...names] = process.argv.slice(2);

// One library per shape of the core; everything else is chosen at run time. 'full' is the one that --backend sim takes unless told otherwise.
const variants = {
  full: { curve: 'bn254', parameters: { NttLanes: 4 } },
  lanes1: { curve: 'bn254', parameters: { NttLanes: 1, MsmEnable: 0 } },
  tiny79: { curve: 'tiny79', parameters: { NttLanes: 2, NttTileLog2Max: 3 } },
  trace: { curve: 'bn254', parameters: { NttLanes: 4 }, trace: true },
  'tiny79-trace': { curve: 'tiny79', parameters: { NttLanes: 2, NttTileLog2Max: 3 }, trace: true },
};
// Idle engines have to cost nothing, or long waits for memory would cost hours.
const idleCyclesPerSecondMin = 1e6;

const must = async (file, args) => {
  const done = await run(file, args);
  if (done.status !== 0) { console.error(`sim: ${file} failed\n${done.output}`); process.exit(1); }
  return done.output;
};
const library = name => `build/sim/libaccel_sim${name === 'full' ? '' : '_' + name}.so`;
const folders = readdirSync('hdl', { withFileTypes: true }).filter(e => e.isDirectory() && e.name !== 'params').map(e => `hdl/${e.name}`);
const files = (folder, pattern) => (existsSync(folder) ? readdirSync(folder).filter(name => pattern.test(name)).sort().map(name => join(folder, name)) : []);
// A package that uses another has to follow it.
const packages = folders.flatMap(folder => [...files(join(folder, 'gen'), /_pkg\.sv$/), ...files(folder, /_pkg\.sv$/)]).sort((a, b) => uses(a, b) - uses(b, a));
function uses(file, other) { return readFileSync(file, 'utf8').includes(basename(other, '.sv') + '::') ? 1 : 0; }

const cosim = files('sim/cosim', /^(accel_sim\.cpp|.*\.hpp|accel_sim\.h)$/);
const modelInputs = variant => [`hdl/params/gen/${variant.curve}/accel_curve_pkg.sv`, ...packages, ...folders.flatMap(folder => files(folder, /\.sv$/)),
  'scripts/sim.mjs', 'scripts/verilator.mjs', ...files('sim', /\.vlt$/)];
function digest(inputs) {
  const hash = createHash('sha256').update(cxx);
  for (const file of inputs) hash.update(file).update(readFileSync(file));
  return hash.digest('hex');
}
const isStamped = (stamp, value) => existsSync(stamp) && readFileSync(stamp, 'utf8') === value;

async function build(name) {
  const variant = variants[name], target = library(name), folder = `build/sim/library/${name}`;
  const modelStamp = join(folder, 'model.stamp'), stamp = join(folder, 'library.stamp');
  const model = digest(modelInputs(variant)), whole = digest([...modelInputs(variant), ...cosim, 'firmware/include/accel_regs.h']);
  if (existsSync(target) && isStamped(stamp, whole)) return false;
  const flags = ['-std=c++20', '-O3', '-march=native', '-fPIC', '-fvisibility=hidden', '-fvisibility-inlines-hidden', '-w', '-pthread',
    ...defines(variant), ...includes, `-I${folder}`, '-Isim/cosim', '-Ifirmware/include'];
  const compile = source => must(cxx, [...flags, '-c', source, '-o', join(folder, basename(source).replace(/\.cpp$/, '.o'))]);
  if (!isStamped(modelStamp, model)) {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    await must('verilator', ['--cc', '-sv', '--no-timing', '-O3', '--x-assign', 'fast', '--x-initial', 'fast', '--noassert', '-Wno-fatal', '-Wno-lint', '-Wno-style',
      '--output-split', '30000', '--output-split-cfuncs', '2000', ...(variant.trace ? ['--trace-fst', '--trace-structs'] : []),
      '--top-module', 'accel_core', ...Object.entries(variant.parameters).map(([key, value]) => `-G${key}=${value}`), '--Mdir', folder,
      `hdl/params/gen/${variant.curve}/accel_curve_pkg.sv`, ...packages, 'hdl/top/accel_core.sv', ...folders.flatMap(f => ['-y', f]), '+libext+.sv', ...files('sim', /\.vlt$/)]);
    // The largest first, so that two compilers end at about the same time.
    await parallel([...files(folder, /\.cpp$/), ...runtimeSources(variant)].sort((a, b) => statSync(b).size - statSync(a).size), compile);
    writeFileSync(modelStamp, model);
  }
  await compile('sim/cosim/accel_sim.cpp');
  await must(cxx, ['-shared', '-o', target + '.new', ...files(folder, /\.o$/), '-pthread', '-latomic', ...(variant.trace ? ['-lz'] : [])]);
  // A process that has the old library open keeps it.
  renameSync(target + '.new', target);
  writeFileSync(stamp, whole);
  return true;
}

// The driver that presents a library as an OpenCL device: the loader finds it by the .icd file in build/sim/opencl, and it finds the library by the card's
// program, NAME.bin there.
async function buildOpenCl() {
  const source = 'sim/cosim/opencl_icd.cpp', target = 'build/sim/libaccel_opencl.so', folder = 'build/sim/opencl', stamp = join(folder, 'driver.stamp');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'accel.icd'), join(root, target) + '\n');
  for (const name of Object.keys(variants)) writeFileSync(join(folder, `${name}.bin`), `accel-card 1\nlibrary=${basename(library(name))}\n`);
  const whole = digest([source, 'sim/cosim/accel_sim.h', 'scripts/sim.mjs']);
  if (existsSync(target) && isStamped(stamp, whole)) return false;
  await must(cxx, ['-std=c++20', '-O2', '-Wall', '-Wextra', '-Werror', '-fPIC', '-fvisibility=hidden', '-shared', '-pthread', '-Isim/cosim', source,
    '-o', target + '.new', '-ldl']);
  renameSync(target + '.new', target);
  writeFileSync(stamp, whole);
  return true;
}

async function speed(chosen) {
  const binary = 'build/sim/speed';
  const newest = Math.max(...['sim/cosim/speed.cpp', 'sim/cosim/accel_sim.h', 'firmware/include/accel_regs.h'].map(file => statSync(file).mtimeMs));
  if (!existsSync(binary) || statSync(binary).mtimeMs < newest) {
    await must(cxx, ['-std=c++20', '-O2', '-Wall', '-Wextra', '-Isim/cosim', '-Ifirmware/include', 'sim/cosim/speed.cpp', '-o', binary, '-ldl']);
  }
  let slow = 0;
  for (const name of chosen) {
    const output = await must(binary, [library(name)]);
    const idle = Number(/idle (\d+)/.exec(output)?.[1] ?? 0);
    console.log(`${basename(library(name)).padEnd(26)} ${output.trim()}`);
    if (idle < idleCyclesPerSecondMin) { console.log(`sim: ${name} idles at less than ${idleCyclesPerSecondMin} cycles/s`); slow = 1; }
  }
  return slow;
}

const chosen = names.length > 0 ? names : Object.keys(variants).filter(name => !variants[name].trace);
for (const name of chosen) if (!variants[name]) { console.error(`sim: there is no library '${name}'; there are ${Object.keys(variants).join(', ')}`); process.exit(2); }
if (command === 'build') {
  const report = async (target, work) => {
    const started = Date.now();
    const built = await work();
    console.log(`${target.padEnd(36)} ${built ? `built in ${((Date.now() - started) / 1000).toFixed(0)} s` : 'is up to date'}`);
  };
  for (const name of chosen) await report(library(name), () => build(name));
  await report('build/sim/libaccel_opencl.so', buildOpenCl);
} else if (command === 'speed') {
  process.exit(await speed(chosen));
} else {
  console.error('usage: sim.mjs build|speed [NAME...]');
  process.exit(2);
}
