#!/usr/bin/env node
// The pinned compiler as forge calls a native one: `--version`, or `--standard-json` with the request on standard input.
import { readFileSync } from 'node:fs';
import solc from 'solc';

if (process.argv.includes('--version')) {
  // Forge reads a version only with a native compiler's platform behind it.
  console.log(`solc, the solidity compiler commandline interface\nVersion: ${solc.version().replace('Emscripten.clang', 'Linux.g++')}`);
} else {
  process.stdout.write(solc.compile(readFileSync(0, 'utf8')));
}
