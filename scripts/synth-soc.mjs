#!/usr/bin/env node
// Size and speed of the soft core on iCE40, with Yosys, nextpnr and icetime; writes hdl/soc/SYNTHESIS.md. 'scripts/setup.sh ice40' installs them.
// usage: synth-soc.mjs [--reuse]     --reuse leaves out whatever build/synth/soc has the result of
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

process.chdir(join(dirname(fileURLToPath(import.meta.url)), '..'));
const out = 'build/synth/soc';
const reuse = process.argv.includes('--reuse');
const devices = {
  UP5K: { yosys: '-abc9 -device u -spram', nextpnr: ['--up5k', '--package', 'sg48', '--freq', '30'], icetime: ['-d', 'up5k', '-P', 'sg48'], ram: 65536 },
  HX8K: { yosys: '-device hx', nextpnr: ['--hx8k', '--package', 'ct256', '--freq', '60'], icetime: ['-d', 'hx8k', '-P', 'ct256'], ram: 8192 },
};
const runs = [
  { top: 'rv32_core', device: 'UP5K', hasM: 0 }, { top: 'rv32_core', device: 'UP5K', hasM: 1 },
  { top: 'soc_pins', device: 'UP5K', hasM: 0 }, { top: 'soc_pins', device: 'HX8K', hasM: 0 },
];

function must(file, args) {
  const ran = spawnSync(file, args, { encoding: 'utf8', maxBuffer: 1 << 28 });
  if (ran.status !== 0) { console.error(`${file}: ${ran.error?.message ?? ran.stdout + ran.stderr}`); process.exit(1); }
  return ran.stdout + ran.stderr;
}

mkdirSync(out, { recursive: true });
const rows = runs.map(({ top, device, hasM }) => {
  const name = `${top}-${device}-${hasM}`, { yosys, nextpnr, icetime, ram } = devices[device];
  const file = extension => join(out, `${name}.${extension}`);
  if (!(reuse && existsSync(file('stat')))) must('yosys', ['-q', '-p', [
    `read_verilog -sv hdl/soc/rv32_pkg.sv hdl/soc/gen/accel_soc_pkg.sv ${top === 'soc_pins' ? 'hdl/soc/pins' : 'hdl/soc'}/${top}.sv`,
    `chparam -set HasM ${hasM} ${top === 'soc_pins' ? `-set RamBytes ${ram}` : ''} ${top}`,
    `hierarchy -check -top ${top} -libdir hdl/soc -libdir hdl/link -libdir hdl/common`,
    `synth_ice40 ${yosys} -json ${file('json')}`, `tee -q -o ${file('stat')} stat`].join('; ')]);
  const cells = Object.fromEntries([...readFileSync(file('stat'), 'utf8').matchAll(/^ {5}(SB_\S+) +(\d+)$/gm)].map(m => [m[1], Number(m[2])]));
  const row = [`${top === 'soc_pins' ? 'accel_soc' : top}, RV32I${hasM ? 'M' : ''}`, device, cells.SB_LUT4, Object.entries(cells).filter(([k]) => k.startsWith('SB_DFF')).reduce((n, [, v]) => n + v, 0),
    cells.SB_RAM40_4K ?? 0, cells.SB_SPRAM256KA ?? 0];
  if (top !== 'soc_pins') return [...row, '', '', ''];
  // Fails where the clock that it is asked for, more than there is, is not met; the result is there.
  if (!(reuse && existsSync(file('asc')))) spawnSync('nextpnr-ice40', [...nextpnr, '--json', file('json'), '--asc', file('asc'), '--seed', '1', '--timing-allow-fail', '-q', '-l', file('log')]);
  const log = readFileSync(file('log'), 'utf8');
  const placed = /ICESTORM_LC: +(\d+)\/ *(\d+)/.exec(log), fmax = [...log.matchAll(/Max frequency for clock +'[^']+': ([\d.]+) MHz/g)].at(-1)[1];
  const timed = /Total path delay: [\d.]+ ns \(([\d.]+) MHz\)/.exec(must('icetime', [...icetime, '-t', file('asc')]))[1];
  return [...row, `${placed[1]} of ${placed[2]}`, fmax, timed];
});
const version = must('yosys', ['-V']).match(/^Yosys \S+/)[0];
writeFileSync('hdl/soc/SYNTHESIS.md', `# Synthesis of the soft core

What \`scripts/synth-soc.mjs\` (${version}, \`synth_ice40\`, with \`-abc9\` for the UP5K, which crashes on the HX8K's; nextpnr-ice40, seed 1; icetime) counts.
\`accel_soc\` has RAM of 64 KB in two SPRAMs (UP5K) or 8 KB in block RAM (HX8K), and 1 KB in the engines' place, in [soc_pins](pins/soc_pins.sv). Its boot memory
is empty and therefore left out: a program adds a block RAM for every 512 bytes, and the bits that choose between it and the RAM.

| | device | LUT4 | flops | block RAM | SPRAM | placed cells | MHz, nextpnr | MHz, icetime |
|---|---|---:|---:|---:|---:|---:|---:|---:|
${rows.map(row => `| ${row.join(' | ')} |`).join('\n')}
`);
console.log(readFileSync('hdl/soc/SYNTHESIS.md', 'utf8'));
