#!/usr/bin/env node
// Builds the firmware for the soft core into build/firmware: firmware.elf, .bin, and firmware.hex, the words of the boot memory. Prints its size, and fails when it is
// over its budget.
// usage: firmware.mjs [build|test]     test: builds it for this machine as well, under address and undefined-behaviour sanitizers, and runs its unit tests
import { mkdirSync, readdirSync, statSync } from 'node:fs';
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { run } from './verilator.mjs';

process.chdir(join(dirname(fileURLToPath(import.meta.url)), '..'));
const prefix = 'riscv64-unknown-elf-';
const out = 'build/firmware';
// The smallest board's boot memory has 4 KB to spare beside its loader; data and stack have 8 KB.
const codeBytesMax = 4096, dataBytesMax = 1024;
const warnings = ['-std=c11', '-Wall', '-Wextra', '-Werror', '-Wconversion', '-Wshadow', '-Wstrict-prototypes', '-Wmissing-prototypes'];
const sources = readdirSync('firmware/src').filter(name => /\.[cS]$/.test(name)).sort().map(name => join('firmware/src', name));

async function must(file, args) {
  const result = await run(file, args, { timeout: 120_000 });
  if (result.status !== 0) { console.error(`${file} ${args.at(-1)}: ${result.status}\n${result.output}`); process.exit(1); }
  return result.output;
}

mkdirSync(out, { recursive: true });
const elf = join(out, 'firmware.elf'), bin = join(out, 'firmware.bin');
await must(prefix + 'gcc', ['-march=rv32i_zicsr', '-mabi=ilp32', '-Os', '-g', '-ffreestanding', '-fno-builtin', '-fno-jump-tables', '-ffunction-sections', '-fdata-sections', '-nostdlib', '-static',
  ...warnings, '-Ifirmware/include', '-Ifirmware/src', '-Wl,--gc-sections', '-Wl,--no-warn-rwx-segments', `-Wl,-Map,${join(out, 'firmware.map')}`, '-T', 'firmware/link.ld', ...sources, '-lgcc', '-o', elf]);
await must(prefix + 'objcopy', ['-O', 'binary', elf, bin]);
const image = readFileSync(bin);
const words = Array.from({ length: Math.ceil(image.length / 4) }, (_, i) => [3, 2, 1, 0].map(b => (image[4 * i + b] ?? 0).toString(16).padStart(2, '0')).join(''));
writeFileSync(join(out, 'firmware.hex'), words.join('\n') + '\n');
const sections = Object.fromEntries([...(await must(prefix + 'size', ['-A', elf])).matchAll(/^(\.\w+) +(\d+)/gm)].map(m => [m[1], Number(m[2])]));
const data = (sections['.data'] ?? 0) + (sections['.bss'] ?? 0);
console.log(`firmware: ${statSync(bin).size} of ${codeBytesMax} bytes of code and constants, ${data} of ${dataBytesMax} bytes of data`);
if (image.length > codeBytesMax || data > dataBytesMax) { console.error('firmware: over its budget'); process.exit(1); }
