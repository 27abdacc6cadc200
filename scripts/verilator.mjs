// What the scripts that compile Verilated models share: the compiler, Verilator's headers, running programs, running work side by side.
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';

/** Runs a program; status is 0, its exit code, or 'timeout'. */
export const run = (file, args, options = {}) => new Promise(resolve =>
  execFile(file, args, { maxBuffer: 1 << 26, ...options }, (error, stdout, stderr) =>
    resolve({ status: error ? (error.killed ? 'timeout' : error.code ?? 1) : 0, output: stdout + stderr })));

/** Works on all items, as many at once as there are processors. */
export async function parallel(items, work) {
  const queue = [...items];
  await Promise.all(Array.from({ length: Math.min(availableParallelism(), queue.length) }, async () => {
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) await work(item);
  }));
}

/** The C++ compiler, clang first: it compiles a model in half of gcc's time. */
export const cxx = ['clang++', 'clang++-14', 'g++'].find(name => (process.env.PATH ?? '').split(':').some(folder => existsSync(join(folder, name))));

/** The folder of Verilator's headers and sources. */
export const include = (await run('verilator', ['--getenv', 'VERILATOR_ROOT'])).output.trim() + '/include';

if (!cxx || !existsSync(include)) {
  console.error("verilator and a C++ compiler are needed; 'make setup' installs them");
  process.exit(2);
}

/** The headers' flags. */
export const includes = [`-I${include}`, `-I${include}/vltstd`];

/** The macros that Verilator's own sources expect. */
export const defines = ({ trace = false, coverage = false }) =>
  [`-DVM_TRACE=${trace ? 1 : 0}`, `-DVM_TRACE_FST=${trace ? 1 : 0}`, '-DVM_TRACE_VCD=0', `-DVM_COVERAGE=${coverage ? 1 : 0}`];

/** Verilator's own sources that a model is linked with. */
export const runtimeSources = ({ trace = false, coverage = false }) =>
  ['verilated.cpp', 'verilated_threads.cpp', ...(trace ? ['verilated_fst_c.cpp'] : []), ...(coverage ? ['verilated_cov.cpp'] : [])].map(file => join(include, file));
