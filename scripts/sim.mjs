#!/usr/bin/env node
// Builds the simulated card as libraries: the Verilated accel_core behind the C ABI of sim/cosim/accel_sim.h; what puts the Verilated link_top in
// front of one: build/sim/libaccel_link_sim.so (sim/cosim/accel_link_sim.h) and build/accel-sim, which serves it as a device of this machine; and
// build/sim/libaccel_opencl.so, which presents one as an OpenCL device.
// usage: sim.mjs build [NAME...]     builds build/sim/libaccel_sim*.so, 'link' and 'opencl', those that are stale; all but the traced ones by default
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

const cosim = ['accel_sim.cpp', 'accel_sim.h', 'memory.hpp'].map(file => join('sim/cosim', file));
// What a model was made of: Verilator lists the sources, and how it and the compiler were called counts as well.
const modelSettings = (folder, prefix, args) => digest(sourcesOf(join(folder, `${prefix}__ver.d`)), JSON.stringify(args));
const sourcesOf = list => (existsSync(list) ? readFileSync(list, 'utf8').replace(/\\\n/g, ' ').split(':').slice(1).join(':').split(/\s+/) : [])
  .filter(file => /\.(sv|vlt)$/.test(file) && existsSync(file)).sort();
function digest(inputs, settings = '') {
  const hash = createHash('sha256').update(cxx).update(settings);
  for (const file of inputs) hash.update(file).update(readFileSync(file));
  return hash.digest('hex');
}
const isStamped = (stamp, value) => existsSync(stamp) && readFileSync(stamp, 'utf8') === value;

const compilerFlags = (settings, folder) => ['-std=c++20', '-O3', '-march=native', '-fPIC', '-fvisibility=hidden', '-fvisibility-inlines-hidden', '-w', '-pthread',
  ...defines(settings), ...includes, `-I${folder}`, '-Isim/cosim', '-Ifirmware/include'];
const compile = (flags, folder) => source => must(cxx, [...flags, '-c', source, '-o', join(folder, basename(source).replace(/\.cpp$/, '.o'))]);

/** Verilates and compiles one model into the folder, unless it is there; says whether it did. */
async function buildModel(folder, top, sources, settings) {
  const stamp = join(folder, 'model.stamp'), flags = compilerFlags(settings, folder), prefix = settings.prefix ?? `V${top}`;
  const args = ['--cc', '-sv', '--no-timing', '-O3', '--x-assign', 'fast', '--x-initial', settings.noise ? 'unique' : 'fast', '--noassert', '-Wno-fatal', '-Wno-lint', '-Wno-style',
    '--output-split', '30000', '--output-split-cfuncs', '2000', ...(settings.trace ? ['--trace-fst', '--trace-structs'] : []),
    '--top-module', top, '--prefix', prefix, ...Object.entries(settings.parameters).map(([key, value]) => `-G${key}=${value}`), '--Mdir', folder,
    ...sources, ...folders.flatMap(f => ['-y', f]), '+libext+.sv', ...files('sim', /\.vlt$/)];
  if (existsSync(stamp) && isStamped(stamp, modelSettings(folder, prefix, [args, flags]))) return false;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  await must('verilator', args);
  // Most of a small model's compile time is the headers: it becomes one unit.
  const unit = join(folder, `${prefix}_unit.cpp`), generated = files(folder, /\.cpp$/);
  if (settings.isSmall) writeFileSync(unit, generated.map(file => `#include "${join(root, file)}"\n`).join(''));
  // The largest first, so that two compilers end at about the same time.
  await parallel([...(settings.isSmall ? [unit] : generated), ...(settings.isPart ? [] : runtimeSources(settings))].sort((a, b) => statSync(b).size - statSync(a).size), compile(flags, folder));
  writeFileSync(stamp, modelSettings(folder, prefix, [args, flags]));
  return true;
}

async function build(name) {
  const variant = variants[name], target = library(name), folder = `build/sim/library/${name}`, stamp = join(folder, 'library.stamp');
  await buildModel(folder, 'accel_core', [`hdl/params/gen/${variant.curve}/accel_curve_pkg.sv`, ...packages, 'hdl/top/accel_core.sv'], variant);
  const whole = digest([join(folder, 'model.stamp'), ...cosim, 'firmware/include/accel_regs.h']);
  if (existsSync(target) && isStamped(stamp, whole)) return false;
  await compile(compilerFlags(variant, folder), folder)('sim/cosim/accel_sim.cpp');
  await must(cxx, ['-shared', '-o', target + '.new', ...files(folder, /\.o$/), '-pthread', '-latomic', ...(variant.trace ? ['-lz'] : [])]);
  // A process that has the old library open keeps it.
  renameSync(target + '.new', target);
  writeFileSync(stamp, whole);
  return true;
}

// The driver that presents a library as an OpenCL device: the loader finds it by the .icd file in build/sim/opencl, and it finds the library by the card's
// program, NAME.bin there.
const openClDriver = 'build/sim/libaccel_opencl.so';

async function buildOpenCl() {
  const source = 'sim/cosim/opencl_icd.cpp', target = openClDriver, folder = 'build/sim/opencl', stamp = join(folder, 'driver.stamp');
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

// link_top with each kind of pins, and the programs around it.
const fronts = { uart: { Front: 0, ClocksPerBit: 4 }, ft245: { Front: 1 }, ft601: { Front: 2, PayloadBytesMax: 4104 } };
const linkLibrary = 'build/sim/libaccel_link_sim.so', linkProgram = 'build/accel-sim';

async function buildLink() {
  const folder = 'build/sim/link', stamp = join(folder, 'link.stamp'), models = Object.keys(fronts).map(name => join(folder, name));
  await parallel(Object.entries(fronts), ([name, parameters]) => buildModel(join(folder, name), 'link_top', ['hdl/link/link_pkg.sv', 'hdl/link/link_top.sv'],
    { parameters, prefix: `Vlink_${name}`, noise: true, isSmall: true, isPart: name !== 'uart' }));
  const services = files('sim/cosim', /^serve.*\.cpp$/), sources = [...services, 'sim/cosim/link_hardware.cpp', 'sim/cosim/accel_link_sim.cpp'];
  const umockdev = (await must('pkg-config', ['--cflags', '--libs', 'umockdev-1.0'])).trim().split(/\s+/);
  const flags = [...umockdev.filter(flag => flag.startsWith('-I')).map(flag => flag.replace('-I', '-isystem')), ...models.map(model => `-I${model}`),
    ...compilerFlags({}, folder).map(flag => ({ '-w': '-Wall', '-O3': '-O2' })[flag] ?? flag)];
  const whole = digest([...models.map(model => join(model, 'model.stamp')), ...files('sim/cosim', /\.(hpp|h)$/), ...sources], JSON.stringify(flags));
  if ([linkLibrary, linkProgram].every(existsSync) && isStamped(stamp, whole)) return false;
  await parallel(sources, compile(flags, folder));
  const objects = list => list.map(file => join(folder, basename(file).replace(/\.cpp$/, '.o')));
  const hardware = [...objects(['link_hardware.cpp']), ...models.flatMap(model => files(model, /\.o$/)), '-pthread', '-latomic', '-ldl'];
  for (const [target, args] of [[linkLibrary, ['-shared', ...objects(['accel_link_sim.cpp'])]], [linkProgram, [...objects(services), ...umockdev.filter(flag => flag.startsWith('-l'))]]]) {
    await must(cxx, ['-o', target + '.new', ...args, ...hardware]);
    renameSync(target + '.new', target);
  }
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

const others = ['link', 'opencl'], all = [...Object.keys(variants), ...(command === 'build' ? others : [])];
const chosen = names.length > 0 ? names : all.filter(name => !variants[name]?.trace);
for (const name of chosen) if (!all.includes(name)) { console.error(`sim: there is no library '${name}'; there are ${all.join(', ')}`); process.exit(2); }
if (command === 'build') {
  const report = async (target, work) => {
    const started = Date.now();
    const built = await work();
    console.log(`${target.padEnd(36)} ${built ? `built in ${((Date.now() - started) / 1000).toFixed(0)} s` : 'is up to date'}`);
  };
  const extra = { link: [linkProgram, buildLink], opencl: [openClDriver, buildOpenCl] };
  for (const name of chosen) await report(...(extra[name] ?? [library(name), () => build(name)]));
} else if (command === 'speed') {
  process.exit(await speed(chosen));
} else {
  console.error('usage: sim.mjs build|speed [NAME...]');
  process.exit(2);
}
