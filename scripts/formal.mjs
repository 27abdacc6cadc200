#!/usr/bin/env node
// Proves the properties under `ifdef FORMAL with yosys-smtbmc and z3: first that none fails within `depth` cycles of reset, then by
// k-induction over the same depth that none ever does. A proof with "bits" goes to the SAT solver of yosys-abc instead, memories and all taken
// apart into bits, what 'x stands for being arbitrary: always bounded, for where z3 finds no end.
// usage: formal.mjs [FILTER]     sim/formal/proofs.json lists the proofs: top, files, parameters, depth; "bounded": "why" leaves the induction out
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
  const model = join('build/formal', proof.name.replace(/[^A-Za-z0-9_]+/g, '-') + (proof.bits ? '.aig' : '.smt2'));
  const parameters = Object.entries(proof.parameters ?? {}).map(([key, value]) => `-set ${key} ${value}`).join(' ');
  const design = [`read_verilog -formal -sv ${proof.files.join(' ')}`, ...(parameters ? [`chparam ${parameters} ${proof.top}`] : []),
    `prep -flatten -top ${proof.top} -nordff`];
  const steps = proof.bits ? [
    ['yosys', ['-q', '-p', [...design, 'memory_map', 'setundef -anyseq', 'async2sync', 'opt -keepdc', 'delete -output w:*',
      'techmap', 'opt -fast', 'dffunmap', 'setundef -anyseq', 'aigmap', 'opt_clean', `write_aiger -zinit ${model}`].join('; ')]],
    ['yosys-abc', ['-c', `read_aiger ${model}; fold; strash; orpos; dc2; bmc3 -F ${proof.depth}`], `No output asserted in ${proof.depth} frames`],
  ] : [
    ['yosys', ['-q', '-p', [...design, 'async2sync', `write_smt2 -wires ${model}`].join('; ')]],
    ['yosys-smtbmc', ['-s', 'z3', '--presat', '-t', String(proof.depth), model]],
    ...(proof.bounded ? [] : [['yosys-smtbmc', ['-s', 'z3', '-i', '-t', String(proof.depth), model]]])];
  const began = Date.now();
  for (const [file, args, proved = ''] of steps) {
    const result = await run(file, args);
    if (result.status !== 0 || !result.output.includes(proved)) { failed++; console.log(`${proof.name}: ${result.status === 'timeout' ? `no answer in ${timeoutMs / 1000} s` : 'failed'}\n${result.output}`); return; }
  }
  passed++;
  console.log(`${proof.name.padEnd(48)} ${((Date.now() - began) / 1000).toFixed(1).padStart(6)} s   ${proof.bounded ? `holds for ${proof.depth} cycles (${proof.bounded})` : `proved, induction over ${proof.depth}`}`);
}

const queue = [...proofs];
await Promise.all(Array.from({ length: availableParallelism() }, async () => {
  for (let proof = queue.shift(); proof; proof = queue.shift()) await prove(proof);
}));
console.log(`formal: ${passed} passed, ${failed} failed`);
process.exit(failed || !passed ? 1 : 0);
