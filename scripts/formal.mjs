#!/usr/bin/env node
// Proves the properties under `ifdef FORMAL with yosys-smtbmc and z3: first that none fails within `depth` cycles of reset, then by
// k-induction over `induction` cycles (depth, where it is left out) that none ever does. An 'x stands for an arbitrary value.
// Then checks the protocol models with spin, over all of their states; one with "fails" is broken on purpose, and must fail with that assertion.
// usage: formal.mjs [FILTER]     sim/formal/proofs.json lists the proofs: top, files, parameters, depth, induction, clocks (more than one: cycles are
//                                then instants at which any of them may rise or fall)
//                                sim/formal/models.json lists the models: file, defines, progress (no cycle without progress), fails
import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

process.chdir(join(dirname(fileURLToPath(import.meta.url)), '..'));
const filter = process.argv[2] ?? '';
const timeoutMs = 240_000;
// In a process group of its own: yosys-smtbmc leaves its solver behind when it is killed alone.
const run = (file, args, cwd) => new Promise(done => {
  const child = spawn(file, args, { cwd, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '', late = false;
  const timer = setTimeout(() => { late = true; process.kill(-child.pid, 'SIGKILL'); }, timeoutMs);
  for (const stream of [child.stdout, child.stderr]) stream.on('data', chunk => { output += chunk; });
  child.on('error', error => { clearTimeout(timer); done({ status: 1, output: error.message }); });
  child.on('close', status => { clearTimeout(timer); done({ status: late ? 'timeout' : status, output }); });
});

const proofs = JSON.parse(readFileSync('sim/formal/proofs.json', 'utf8'))
  .map(proof => ({ ...proof, name: [proof.top, ...Object.entries(proof.parameters ?? {}).map(([key, value]) => `${key}=${value}`)].join(' ') }))
  .filter(proof => proof.name.includes(filter));
const models = JSON.parse(readFileSync('sim/formal/models.json', 'utf8'))
  .map(model => ({ ...model, name: [model.file, ...Object.entries(model.defines).map(([key, value]) => `${key}=${value}`), ...(model.progress ? ['progress'] : [])].join(' ') }))
  .filter(model => model.name.includes(filter));
mkdirSync('build/formal', { recursive: true });
let passed = 0, failed = 0;

async function prove(proof) {
  const { top, files, depth, induction = depth } = proof;
  const model = join('build/formal', proof.name.replace(/[^A-Za-z0-9_]+/g, '-') + '.smt2');
  const parameters = Object.entries(proof.parameters ?? {}).map(([key, value]) => `-set ${key} ${value}`).join(' ');
  // Unrolled, a state is plain bit vectors: the small rendezvous takes 3 s, and had no answer in 100 as Yosys' functions of an uninterpreted
  // sort. An induction asked as a whole, not in increments, goes to z3's SAT solver: the large engine had no answer in 60 s, so it has.
  const check = (cycles, ...options) => ['yosys-smtbmc', ['-s', 'z3', '--unroll', '--noprogress', ...options, '-t', String(cycles), model]];
  const steps = [
    ['yosys', ['-q', '-p', [`read_verilog -formal -sv ${files.join(' ')}`, ...(parameters ? [`chparam ${parameters} ${top}`] : []),
      `prep -flatten -top ${top} -nordff`, 'setundef -anyseq', proof.clocks ? 'clk2fflogic' : 'async2sync', `write_smt2 -wires ${model}`].join('; ')]],
    check(depth, '--presat'),
    check(induction, '--noincr', '-i')];
  const began = Date.now();
  for (const [file, args] of steps) {
    const result = await run(file, args);
    if (result.status !== 0) {
      failed++;
      console.log(`${proof.name}: ${result.status === 'timeout' ? `no answer in ${timeoutMs / 1000} s` : 'failed'}\n${result.output}`);
      return;
    }
  }
  passed++;
  console.log(`${((Date.now() - began) / 1000).toFixed(1).padStart(6)} s   proved, induction over ${String(induction).padStart(2)}   ${proof.name}`);
}

async function explore(model) {
  const folder = join('build/formal', model.name.replace(/[^A-Za-z0-9_]+/g, '-'));
  mkdirSync(folder, { recursive: true });
  const began = Date.now();
  const defines = Object.entries(model.defines).map(([key, value]) => `-D${key}=${value}`);
  let result;
  for (const [file, args] of [
    ['spin', ['-a', ...defines, resolve('sim/formal', model.file)]],
    ['gcc', ['-O2', '-w', '-DCOLLAPSE', model.progress ? '-DNP' : '-DSAFETY', '-o', 'pan', 'pan.c']],
    ['./pan', ['-m1000000', ...(model.progress ? ['-l'] : [])]]]) {
    result = await run(file, args, folder);
    if (result.status !== 0) break;
  }
  // pan tells what it found in words only, and gives up without an error when it runs out of depth or memory.
  const errors = /errors: (\d+)/.exec(result.output)?.[1];
  const isWhole = !/max search depth too small|out of memory|Search not completed/.test(result.output);
  const holds = model.fails ? errors === '1' && result.output.includes(`assertion violated (${model.fails})`) : errors === '0' && isWhole;
  if (!holds) {
    failed++;
    console.log(`${model.name}: ${result.status === 'timeout' ? `no answer in ${timeoutMs / 1000} s` : 'failed'}\n${result.output}`);
    return;
  }
  passed++;
  const states = /(\d+) states, stored/.exec(result.output)[1];
  console.log(`${((Date.now() - began) / 1000).toFixed(1).padStart(6)} s   ${model.fails ? 'fails, as it must' : `holds in all of ${states} states`}   ${model.name}`);
}

const queue = [...proofs, ...models];
await Promise.all(Array.from({ length: availableParallelism() }, async () => {
  for (let proof = queue.shift(); proof; proof = queue.shift()) await (proof.file ? explore(proof) : prove(proof));
}));
console.log(`formal: ${passed} passed, ${failed} failed`);
process.exit(failed || !passed ? 1 : 0);
