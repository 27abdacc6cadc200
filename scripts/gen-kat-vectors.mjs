#!/usr/bin/env node
// Generates sim/vectors/g1_add.txt, what the point adder's bench reads, from go-ethereum's EIP-196 vectors.
// usage: gen-kat-vectors.mjs [--check]     --check writes nothing and fails when the file is stale
// The vectors come from the folder $ACCEL_KAT_DATA, or ../shared/data/crypto_kat; without them there is nothing to hold the file to, and the
// script says so.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const data = process.env.ACCEL_KAT_DATA ?? join(root, '../shared/data/crypto_kat');
const source = join(data, 'geth_bn256Add.json');
const target = 'sim/vectors/g1_add.txt';

if (!existsSync(source)) {
  console.log(`${target}: not compared, for ${source} is absent`);
  process.exit(0);
}

// The precompile reads 128 bytes: a shorter input is padded with zeros, a longer one cut.
const words = (text, count) => text.padEnd(64 * count, '0').slice(0, 64 * count).match(/.{64}/g).join(' ');
const lines = JSON.parse(readFileSync(source, 'utf8')).map(({ Input, Expected }) => `${words(Input, 4)} ${words(Expected, 2)}`);
const text = `# EIP-196 additions: go-ethereum, core/vm/testdata/precompiles/bn256Add.json at 02b73d4e, by scripts/gen-kat-vectors.mjs; do not edit.
# x1 y1 x2 y2  x3 y3, canonical; infinity is 0 0.
${lines.join('\n')}
`;

const path = join(root, target);
if (existsSync(path) && readFileSync(path, 'utf8') === text) process.exit(0);
if (process.argv.includes('--check')) {
  console.error(`${target}: stale; run 'node scripts/gen-kat-vectors.mjs'`);
  process.exit(1);
}
writeFileSync(path, text);
console.log(`wrote ${target}`);
