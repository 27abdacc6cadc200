#!/usr/bin/env node
// Builds the firmware for the soft core into build/firmware: firmware.elf, .bin, and firmware.hex, the words of the boot memory. Prints its size, and fails when it is
// over its budget.
// usage: firmware.mjs [build|test]     test: builds it for this machine as well, under address and undefined-behaviour sanitizers, and runs its unit tests
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { run } from './verilator.mjs';

process.chdir(join(dirname(fileURLToPath(import.meta.url)), '..'));
const prefix = 'riscv64-unknown-elf-';
const out = 'build/firmware';
// The boot memory: the 24 block RAMs of a UP5K that the soft core leaves (hdl/soc/SYNTHESIS.md). Data and stack have 8 KB.
const codeBytesMax = 24 * 512, dataBytesMax = 1024;
const warnings = ['-std=c11', '-Wall', '-Wextra', '-Werror', '-Wconversion', '-Wshadow', '-Wstrict-prototypes', '-Wmissing-prototypes'];
const lineCoverageMin = 0.95;
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
console.log(`firmware: ${image.length} of ${codeBytesMax} bytes of code and constants, ${data} of ${dataBytesMax} bytes of data`);
if (image.length > codeBytesMax || data > dataBytesMax) { console.error('firmware: over its budget'); process.exit(1); }

if (process.argv[2] === 'test') {
  const folder = join(out, 'tests');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const tested = sources.filter(name => name.endsWith('.c')), all = [...tested, ...readdirSync('firmware/tests').filter(name => name.endsWith('.c')).sort().map(name => join('firmware/tests', name))];
  const objects = all.map(name => join(folder, name.split('/').at(-1).replace(/\.c$/, '.o')));
  for (const [i, source] of all.entries())
    await must('gcc', ['-g', '-O1', '-fsanitize=address,undefined', '-fno-sanitize-recover=all', '--coverage', ...warnings, '-DACCEL_FIRMWARE_HOST', '-Ifirmware/include', '-Ifirmware/src',
      '-c', source, '-o', objects[i]]);
  const binary = join(folder, 'tests');
  await must('gcc', ['-fsanitize=address,undefined', '--coverage', ...objects, '-o', binary]);
  const ran = await run(binary, [], { timeout: 60_000 });
  // gcov says 'Lines executed:98.00% of 50' of each file.
  let hit = 0, lines = 0;
  for (const source of tested) {
    const said = await must('gcov', ['-n', '-o', folder, join(folder, source.split('/').at(-1))]);
    const [, file, share, count] = new RegExp(`File '(firmware/src/\\S+\\.c)'\\nLines executed:([\\d.]+)% of (\\d+)`).exec(said);
    hit += Math.round((share * count) / 100);
    lines += Number(count);
    if (Number(share) < 100) console.log(`${file}: ${share} % of ${count} lines`);
  }
  const covered = hit / lines;
  console.log(`firmware: ${hit} of ${lines} lines covered on this machine`);
  process.stdout.write(ran.output);
  if (covered < lineCoverageMin) console.log(`line coverage is below ${100 * lineCoverageMin} %`);
  process.exit(ran.status === 0 && covered >= lineCoverageMin ? 0 : 1);
}
