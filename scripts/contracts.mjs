// Tests the contracts on forge's in-process EVM.
// Usage: node scripts/contracts.mjs test                  every test and the coverage; ends with 'contracts: N passed, N failed'
//        node scripts/contracts.mjs forge [arguments]     forge itself with the pinned compiler, such as forge test --match-test ramp -vvvv
//        node scripts/contracts.mjs coverage              prints lines and branches of every contract; fails below 95 % of either
// ACCEL_TEST_SCALE=long: 100,000 random call sequences
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const coverageMin = 95;
const sequencesLong = 100_000;
const scripts = dirname(fileURLToPath(import.meta.url));
const contracts = join(scripts, '..', 'host', 'contracts');
const build = join(scripts, '..', 'build', 'forge');
const forge = join(scripts, 'node_modules', '@foundry-rs', 'forge-linux-amd64', 'bin', 'forge');

if (!existsSync(forge)) {
  fail(`${forge} is absent: run 'npm ci --prefix scripts' on x86-64 Linux`);
}
mkdirSync(build, { recursive: true });

const [command, ...rest] = process.argv.slice(2);
if (command === 'test') {
  const { status, output } = run(['test']);
  const total = /(\d+) tests passed, (\d+) failed/.exec(output);
  if (!total) {
    fail(`forge ended with status ${status} and no summary`);
  }
  const covered = coverage();
  console.log(`contracts: ${Number(total[1]) + (covered ? 1 : 0)} passed, ${Number(total[2]) + (covered ? 0 : 1)} failed`);
  process.exit(covered ? status : 1);
} else if (command === 'coverage') {
  process.exit(coverage() ? 0 : 1);
} else if (command === 'forge') {
  process.exit(run(rest).status);
} else {
  fail('usage: contracts.mjs test|coverage|forge');
}

function coverage() {
  const report = join(build, 'lcov.info');
  // The tests' own sources have no share in the figure, and random sequences add nothing that the unit tests do not reach.
  const { status } = run(['coverage', '--report', 'lcov', '--report-file', report, '--no-match-coverage', '^test/', '--no-match-test', 'invariant']);
  if (status !== 0) {
    return false;
  }
  const counts = { lines: [0, 0], branches: [0, 0] };
  for (const record of readFileSync(report, 'utf8').split('end_of_record\n').filter(text => text.includes('SF:'))) {
    const field = name => Number(new RegExp(`^${name}:(\\d+)$`, 'm').exec(record)[1]);
    const lines = [field('LH'), field('LF')];
    const branches = [field('BRH'), field('BRF')];
    print(/SF:(.*)/.exec(record)[1], lines, branches);
    [0, 1].forEach(i => { counts.lines[i] += lines[i]; counts.branches[i] += branches[i]; });
  }
  print('all', counts.lines, counts.branches);
  const low = Object.entries(counts).filter(([, [hit, found]]) => hit * 100 < coverageMin * found);
  low.forEach(([name, [hit, found]]) => console.log(`coverage of ${name} is ${percent(hit, found)}, below ${coverageMin} %`));
  return low.length === 0;
}

function print(name, lines, branches) {
  const column = ([hit, found]) => `${percent(hit, found)} (${hit}/${found})`.padEnd(22);
  console.log(`${name.padEnd(28)} lines ${column(lines)} branches ${column(branches)}`.trimEnd());
}

function percent(hit, found) {
  return found === 0 ? '-' : `${(100 * hit / found).toFixed(1)} %`;
}

function run(args) {
  const environment = { ...process.env, FOUNDRY_SOLC: join(scripts, 'solc.mjs'), FOUNDRY_DISABLE_NIGHTLY_WARNING: '1', NO_COLOR: '1' };
  if (process.env.ACCEL_TEST_SCALE === 'long') {
    environment.FOUNDRY_INVARIANT_RUNS = String(sequencesLong);
  }
  const result = spawnSync(forge, args, { cwd: contracts, env: environment, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'], maxBuffer: 1 << 28 });
  process.stdout.write(result.stdout);
  return { status: result.status ?? 1, output: result.stdout };
}

function fail(message) {
  console.error(message);
  process.exit(1);
}
