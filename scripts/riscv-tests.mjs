#!/usr/bin/env node
// Builds the rv32ui and rv32um programs of riscv-tests against our environment (sim/riscv-tests) and runs each on the soft core, with a bus that never waits
// and with one that does.
// usage: RISCV_TESTS=CHECKOUT riscv-tests.mjs [FILTER]     CHECKOUT: of github.com/riscv-software-src/riscv-tests; its submodule env is not needed
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parallel, run } from './verilator.mjs';

process.chdir(join(dirname(fileURLToPath(import.meta.url)), '..'));
const checkout = process.env.RISCV_TESTS;
const filter = process.argv[2] ?? '';
const prefix = 'riscv64-unknown-elf-';
if (!checkout) { console.log('riscv-tests: skipped; RISCV_TESTS names no checkout of github.com/riscv-software-src/riscv-tests'); process.exit(0); }
if (!existsSync(join(checkout, 'isa/rv32ui'))) { console.error(`riscv-tests: RISCV_TESTS=${checkout} has no isa/rv32ui`); process.exit(2); }

const bench = 'build/sim/plain/soc/rv32_core-directed/bench';
const built = await run('node', ['scripts/rtl.mjs', 'build', 'soc/rv32_core-directed']);
if (built.status !== 0) { console.error(built.output); process.exit(1); }
const programs = ['rv32ui', 'rv32um'].flatMap(suite => readdirSync(join(checkout, 'isa', suite)).filter(name => name.endsWith('.S')).sort().map(name => `${suite}/${name.slice(0, -2)}`))
  .filter(name => name.includes(filter));
let passed = 0, failed = 0;
await parallel(programs, async program => {
  const elf = join('build/riscv-tests', program + '.elf'), image = join('build/riscv-tests', program + '.bin');
  mkdirSync(dirname(elf), { recursive: true });
  const steps = [
    [prefix + 'gcc', ['-march=rv32im_zicsr_zifencei', '-mabi=ilp32', '-nostdlib', '-static', '-Isim/riscv-tests', `-I${join(checkout, 'isa/macros/scalar')}`,
      '-Wl,-T,sim/riscv-tests/link.ld', '-Wl,--no-warn-rwx-segments', 'sim/riscv-tests/environment.S', join(checkout, 'isa', program + '.S'), '-o', elf]],
    [prefix + 'objcopy', ['-O', 'binary', elf, image]],
    ...[0, 40].map(stalls => [bench, [`+program=${image}`, `+stalls=${stalls}`]])];
  let output = '';
  for (const [file, args] of steps) {
    const result = await run(file, args, { timeout: 60_000 });
    output = result.output.trim();
    if (result.status !== 0) { failed++; console.log(`${program}: ${result.status === 'timeout' ? 'ran into the time limit' : 'failed'}\n${output}`); return; }
  }
  passed++;
  console.log(`${program.padEnd(20)} ${output.split('\n').at(-1).replace(/^PASS \S+ /, '')}`);
});
console.log(`riscv-tests: ${passed} passed, ${failed} failed`);
process.exit(failed || !passed ? 1 : 0);
