// Compiles Solidity with the pinned solc and writes one <Contract>.json per contract: abi, bytecode, compiler and settings.
// Usage: node scripts/compile-contracts.mjs <output folder> [file.sol ...]     (no file: every one in host/contracts)
// The same sources give the same bytes: settings are fixed here, no path or time enters the output, keys are in one order.
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import solc from 'solc';

const contractsFolder = join(dirname(fileURLToPath(import.meta.url)), '..', 'host', 'contracts');

const settings = {
  optimizer: { enabled: true, runs: 10000 },
  evmVersion: 'cancun',
  metadata: { bytecodeHash: 'none' },
  outputSelection: { '*': { '*': ['abi', 'evm.bytecode.object', 'evm.deployedBytecode.object'] } },
};

const [outputFolder, ...named] = process.argv.slice(2);
if (!outputFolder) {
  fail('usage: compile-contracts.mjs <output folder> [file.sol ...]');
}

const paths = named.length > 0 ? named : readdirSync(contractsFolder).filter(name => name.endsWith('.sol')).sort().map(name => join(contractsFolder, name));
const sources = Object.fromEntries(paths.map(path => [basename(path), { content: readFileSync(path, 'utf8') }]));
if (Object.keys(sources).length !== paths.length) {
  fail(`two files share a name: ${paths.join(', ')}`);
}

// An import is looked up beside the files given, then among the contracts of the repository.
const importFolders = [...new Set([...paths.map(path => dirname(resolve(path))), contractsFolder])];
const output = JSON.parse(solc.compile(JSON.stringify({ language: 'Solidity', sources, settings }), { import: findImport }));

const messages = output.errors ?? [];
if (messages.length > 0) {
  fail(messages.map(message => message.formattedMessage).join('\n'));    // warnings are errors
}

mkdirSync(outputFolder, { recursive: true });
for (const file of Object.keys(sources)) {
  for (const [name, contract] of Object.entries(output.contracts[file] ?? {})) {
    const artifact = {
      contractName: name,
      compiler: solc.version(),
      optimizerRuns: settings.optimizer.runs,
      evmVersion: settings.evmVersion,
      abi: contract.abi,
      bytecode: `0x${contract.evm.bytecode.object}`,
      deployedBytecode: `0x${contract.evm.deployedBytecode.object}`,
    };
    writeFileSync(join(outputFolder, `${name}.json`), `${JSON.stringify(artifact, null, 2)}\n`);
  }
}

function findImport(path) {
  for (const folder of importFolders) {
    try {
      return { contents: readFileSync(join(folder, basename(path)), 'utf8') };
    } catch (error) {
      if (error.code !== 'ENOENT') {
        return { error: error.message };
      }
    }
  }
  return { error: `${path} is in none of: ${importFolders.join(', ')}` };
}

function fail(message) {
  console.error(message);
  process.exit(1);
}
