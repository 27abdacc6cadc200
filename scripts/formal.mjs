#!/usr/bin/env node
// Proves the properties under `ifdef FORMAL with yosys-smtbmc and z3: first that none fails within `depth` cycles of reset, then by
// k-induction over `induction` cycles (depth, where it is left out) that none ever does. An 'x stands for an arbitrary value.
// usage: formal.mjs [FILTER]     sim/formal/proofs.json lists the proofs: top, files, parameters, depth, induction
import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

process.chdir(join(dirname(fileURLToPath(import.meta.url)), '..'));
const filter = process.argv[2] ?? '';
const timeoutMs = 240_000;
// In a process group of its own: yosys-smtbmc leaves its solver behind when it is killed alone.
const run = (file, args) => new Promise(resolve => {
  const child = spawn(file, args, { detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '', late = false;
  const timer = setTimeout(() => { late = true; process.kill(-child.pid, 'SIGKILL'); }, timeoutMs);
  for (const stream of [child.stdout, child.stderr]) stream.on('data', chunk => { output += chunk; });
  child.on('error', error => { clearTimeout(timer); resolve({ status: 1, output: error.message }); });
  child.on('close', status => { clearTimeout(timer); resolve({ status: late ? 'timeout' : status, output }); });
});

const proofs = JSON.parse(readFileSync('sim/formal/proofs.json', 'utf8'))
  .map(proof => ({ ...proof, name: [proof.top, ...Object.entries(proof.parameters ?? {}).map(([key, value]) => `${key}=${value}`)].join(' ') }))
  .filter(proof => proof.name.includes(filter));
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
      `prep -flatten -top ${top} -nordff`, 'setundef -anyseq', 'async2sync', `write_smt2 -wires ${model}`].join('; ')]],
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

const queue = [...proofs];
await Promise.all(Array.from({ length: availableParallelism() }, async () => {
  for (let proof = queue.shift(); proof; proof = queue.shift()) await prove(proof);
}));
console.log(`formal: ${passed} passed, ${failed} failed`);
process.exit(failed || !passed ? 1 : 0);
