// Reads [{ key: path, proof: [8 decimals in EIP-197's order], inputs: [decimals] }] from stdin; writes snarkjs' verdicts as a JSON array.
// Usage: node snarkjs-verdicts.mjs <scripts folder>
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const { groth16 } = createRequire(join(process.argv[2], 'package.json'))('snarkjs');
const verdicts = [];
for (const { key, proof: [ax, ay, bx1, bx0, by1, by0, cx, cy], inputs } of JSON.parse(readFileSync(0, 'utf8'))) {
  const proof = {
    protocol: 'groth16', curve: 'bn128',
    pi_a: [ax, ay, '1'], pi_b: [[bx0, bx1], [by0, by1], ['1', '0']], pi_c: [cx, cy, '1'],
  };
  verdicts.push(await groth16.verify(JSON.parse(readFileSync(key, 'utf8')), inputs, proof));
}
console.log(JSON.stringify(verdicts));
process.exit(0);    // the curve's worker threads would keep the process alive
