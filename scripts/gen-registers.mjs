#!/usr/bin/env node
// Generates the SystemVerilog package, the C header, the C# constants, the C# decoding table and the documentation table of the register map from
// hdl/control/accel_regs.json; and package, header and table of the soft core's memory map from hdl/soc/soc_map.json.
// usage: gen-registers.mjs [--check]     --check writes nothing and fails when a generated file is stale
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const check = process.argv.includes('--check');
const source = 'hdl/control/accel_regs.json';
const map = JSON.parse(readFileSync(join(root, source), 'utf8'));
const banner = `Generated from ${source} by scripts/gen-registers.mjs; do not edit.`;

const pascal = name => name.split('_').map(part => (/^\d/.test(part) ? part : part[0] + part.slice(1).toLowerCase())).join('');
const hex = (value, digits) => value.toString(16).padStart(digits, '0');

// A wide register is a pair of 32-bit ones, low half first.
const registers = map.registers.flatMap(register => {
  const base = { fields: [], reset: null, ...register, offset: Number(register.offset) };
  if (!register.wide) return [base];
  return [{ ...base, name: base.name + '_LO', text: base.text.replace(/\.$/, ', bits 31:0.') },
    { ...base, name: base.name + '_HI', offset: base.offset + 4, text: base.text.replace(/\.$/, ', bits 63:32. Read HI, LO, HI until both HI agree.') }];
});
validate();

function validate() {
  const seen = new Map();
  for (const { name, offset, access, fields } of registers) {
    if (offset % 4 !== 0 || offset >= 1 << map.window.addressBits) throw new Error(`${source}: ${name} has offset ${offset}, which is no word of the window`);
    if (seen.has(offset)) throw new Error(`${source}: ${name} and ${seen.get(offset)} share offset ${offset}`);
    if (!['ro', 'rw'].includes(access)) throw new Error(`${source}: ${name} has access '${access}'; legal are ro, rw`);
    seen.set(offset, name);
    let used = 0n;
    for (const field of fields) {
      const mask = ((1n << BigInt(field.bits[0] - field.bits[1] + 1)) - 1n) << BigInt(field.bits[1]);
      if (field.values && !Array.isArray(map[field.values])) throw new Error(`${source}: field ${name}.${field.name} takes its values from '${field.values}', which is no list`);
      if (used & mask) throw new Error(`${source}: field ${name}.${field.name} overlaps another`);
      used |= mask;
    }
  }
  for (const layout of ['descriptor', 'completion']) {
    let next = 0;
    for (const { name, byte, bytes } of map[layout]) {
      if (byte !== next) throw new Error(`${source}: ${layout}.${name} is at byte ${byte} where ${next} is next`);
      next = byte + bytes;
    }
    if (next !== 64) throw new Error(`${source}: ${layout} has ${next} bytes instead of 64`);
  }
}

const width = field => field.bits[0] - field.bits[1] + 1;
const mask = field => (((1n << BigInt(width(field))) - 1n) << BigInt(field.bits[1]));

function systemVerilog() {
  const lines = [`// ${banner}`, '`default_nettype none', 'package accel_regs_pkg;',
    '  // Each user takes some of these constants.', '  /* verilator lint_off UNUSEDPARAM */'];
  const constant = (type, name, value, text) => lines.push(`  localparam ${type} ${name} = ${value};${text ? '  // ' + text : ''}`);
  constant('int unsigned', 'RegisterAddressBits', map.window.addressBits);
  constant('int unsigned', 'RingLog2Max', map.limits.ringLog2Max);
  constant('int unsigned', 'WindowBitsMin', map.limits.windowBitsMin);
  constant('int unsigned', 'BurstBeatsMax', map.limits.burstBeatsMax);
  constant('logic [31:0]', 'IdValue', `32'h${hex(Number(map.id), 8)}`);
  constant('logic [31:0]', 'VersionValue', `32'h${hex(map.version.major, 4)}${hex(map.version.minor, 4)}`);
  lines.push('', '  // Register offsets, reset values and fields.');
  for (const register of registers) {
    constant(`logic [${map.window.addressBits - 1}:0]`, `Reg${pascal(register.name)}`, `${map.window.addressBits}'h${hex(register.offset, 3)}`);
    if (register.access === 'rw') constant('logic [31:0]', `Reset${pascal(register.name)}`, `32'h${hex(Number(register.reset), 8)}`);
    for (const field of register.fields) {
      constant('int unsigned', `${pascal(register.name)}${pascal(field.name)}Lsb`, field.bits[1]);
      if (width(field) > 1) constant('int unsigned', `${pascal(register.name)}${pascal(field.name)}Bits`, width(field));
    }
  }
  lines.push('', '  // Opcodes, flag bits, status codes.');
  for (const { name, value } of map.opcodes) constant('logic [7:0]', `Opcode${pascal(name)}`, `8'd${value}`);
  for (const { name, bit } of map.flags) constant('int unsigned', `Flag${pascal(name)}Bit`, bit);
  for (const { name, value } of map.status) constant('logic [7:0]', `Status${pascal(name)}`, `8'd${value}`);
  lines.push('', '  // First bit of each field in the 512-bit descriptor and completion.');
  for (const [layout, prefix] of [['descriptor', 'Descriptor'], ['completion', 'Completion']])
    for (const { name, byte, bytes } of map[layout]) {
      constant('int unsigned', `${prefix}${pascal(name)}Lsb`, 8 * byte);
      constant('int unsigned', `${prefix}${pascal(name)}Bits`, 8 * bytes);
    }
  lines.push('  /* verilator lint_on UNUSEDPARAM */', 'endpackage', '`default_nettype wire', '');
  return lines.join('\n');
}

function cHeader() {
  // A freestanding C has no assert.h, which defines static_assert before C23.
  const lines = [`/* ${banner} */`, '#ifndef ACCEL_REGS_H', '#define ACCEL_REGS_H', '', '#include <stdint.h>', '',
    `#define ACCEL_ID UINT32_C(0x${hex(Number(map.id), 8)})`, `#define ACCEL_VERSION_MAJOR ${map.version.major}`, `#define ACCEL_VERSION_MINOR ${map.version.minor}`,
    `#define ACCEL_RING_LOG2_MAX ${map.limits.ringLog2Max}`, `#define ACCEL_WINDOW_BITS_MIN ${map.limits.windowBitsMin}`, ''];
  for (const register of registers) {
    lines.push(`/* ${register.text} */`, `#define ACCEL_REG_${register.name} UINT32_C(0x${hex(register.offset, 3)})`);
    for (const field of register.fields)
      lines.push(`#define ACCEL_${register.name}_${field.name}_SHIFT ${field.bits[1]}`, `#define ACCEL_${register.name}_${field.name}_MASK UINT32_C(0x${hex(mask(field), 8)})`);
  }
  const enumeration = (title, prefix, entries, value) => {
    lines.push('', `enum ${title} {`);
    for (const entry of entries) lines.push(`  ${prefix}${entry.name} = ${value(entry)}, /* ${entry.text} */`);
    lines.push('};');
  };
  enumeration('accel_opcode', 'ACCEL_OPCODE_', map.opcodes, e => e.value);
  enumeration('accel_flag', 'ACCEL_FLAG_', map.flags, e => `1 << ${e.bit}`);
  enumeration('accel_status', 'ACCEL_STATUS_', map.status, e => e.value);
  for (const layout of ['descriptor', 'completion']) {
    lines.push('', `/* Little-endian, 64 bytes, no padding. */`, `struct accel_${layout} {`);
    for (const { name, byte, bytes, text } of map[layout]) {
      const type = { 1: 'uint8_t', 2: 'uint16_t', 4: 'uint32_t', 8: 'uint64_t' }[bytes];
      lines.push(`  ${type ?? 'uint8_t'} ${name.toLowerCase()}${type ? '' : `[${bytes}]`}; /* byte ${byte}: ${text} */`);
    }
    lines.push('};', '#ifdef __cplusplus', `static_assert(sizeof(struct accel_${layout}) == 64, "accel_${layout} is 64 bytes");`, '#else',
      `_Static_assert(sizeof(struct accel_${layout}) == 64, "accel_${layout} is 64 bytes");`, '#endif');
  }
  lines.push('', '#endif', '');
  return lines.join('\n');
}

const xml = text => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

function cSharp() {
  const lines = ['// <auto-generated/>', `// ${banner}`, '#nullable enable', 'using System;', '', 'namespace Accel.Device;', ''];
  const summary = (text, indent = '    ') => lines.push(`${indent}/// <summary>${xml(text)}</summary>`);
  summary('Offsets of the registers, their fields, and the values that a host checks before it trusts a core.', '');
  lines.push('public static class AccelRegisters', '{');
  const number = (type, name, value, text) => { summary(text); lines.push(`    public const ${type} ${name} = ${value};`, ''); };
  number('uint', 'IdValue', `0x${hex(Number(map.id), 8)}`, 'What ID reads on every core.');
  number('uint', 'VersionMajorValue', map.version.major, 'The major version that these constants describe.');
  number('uint', 'VersionMinorValue', map.version.minor, 'The minor version that these constants describe.');
  number('int', 'WindowBitsMin', map.limits.windowBitsMin, 'Smallest legal window bits of an MSM.');
  for (const register of registers) {
    summary(`${register.text} (${register.access === 'ro' ? 'read-only' : 'read-write'})`);
    lines.push(`    public static RegisterOffset ${pascal(register.name)} { get; } = new(0x${hex(register.offset, 3)});`, '');
    for (const field of register.fields) {
      const name = pascal(register.name) + pascal(field.name);
      if (width(field) === 1) {
        number('uint', name, `0x${hex(mask(field), 8)}`, field.text);
      } else {
        number('int', name + 'Shift', field.bits[1], `${field.text} (first bit)`);
        number('uint', name + 'Mask', `0x${hex(mask(field), 8)}`, `${field.text} (mask in place)`);
      }
    }
  }
  closeType();
  const enumeration = (name, text, entries, value, flags) => {
    summary(text, '');
    if (flags) lines.push('[Flags]');
    lines.push(`public enum ${name} : byte`, '{');
    if (flags) { summary('No flag.'); lines.push('    None = 0,', ''); }
    for (const entry of entries) { summary(entry.text); lines.push(`    ${pascal(entry.name)} = ${value(entry)},`, ''); }
    closeType();
  };
  function closeType() {
    if (lines.at(-1) === '') lines.pop();
    lines.push('}', '');
  }
  enumeration('DeviceOpcode', 'Opcodes of a descriptor.', map.opcodes, e => e.value, false);
  enumeration('DeviceCommandFlags', 'Flags of a descriptor.', map.flags, e => `1 << ${e.bit}`, true);
  enumeration('DeviceStatus', 'Status codes of a completion, and of the ERROR register.', map.status, e => e.value, false);
  for (const [layout, name] of [['descriptor', 'DescriptorLayout'], ['completion', 'CompletionLayout']]) {
    summary(`Byte offsets of the fields of a ${layout}; little-endian.`, '');
    lines.push(`public static class ${name}`, '{');
    number('int', 'Bytes', 64, `Bytes of a ${layout}.`);
    for (const field of map[layout]) {
      number('int', pascal(field.name), field.byte, `${field.text} ${field.bytes} byte${field.bytes === 1 ? '' : 's'}.`);
    }
    closeType();
  }
  if (lines.at(-1) === '') lines.pop();
  return lines.join('\n') + '\n';
}

// What a dump needs: names, places, meanings. A wide register is one entry.
function cSharpTable() {
  const text = value => JSON.stringify(value);
  const lines = ['// <auto-generated/>', `// ${banner}`, '#nullable enable', 'using System.Collections.Generic;', '', 'namespace Accel.Device;', '',
    '/// <summary>Every register of the map, for those who show them.</summary>', 'public static class RegisterMap', '{',
    '    /// <summary>By offset.</summary>', '    public static IReadOnlyList<RegisterDescription> Registers { get; } =', '    ['];
  const byOffset = map.registers.map(r => ({ fields: [], reset: null, ...r })).sort((a, b) => Number(a.offset) - Number(b.offset));
  for (const { name, offset, access, reset, wide, counter, fields, text: meaning } of byOffset) {
    lines.push(`        new(${text(name)}, new RegisterOffset(0x${hex(Number(offset), 3)}), ${wide ? 64 : 32}, RegisterAccess.${access === 'ro' ? 'ReadOnly' : 'ReadWrite'}, `
      + `${reset === null ? 'null' : `0x${hex(Number(reset), 8)}`}, ${Boolean(counter)}, ${text(meaning)})`);
    if (fields.length === 0) {
      lines.push(lines.pop() + ',');
      continue;
    }
    lines.push('        {', '            Fields =', '            [');
    for (const field of fields) {
      const values = field.values ? `, RegisterFieldValues.${pascal(field.values.toUpperCase())}` : '';
      lines.push(`                new(${text(field.name)}, ${field.bits[1]}, ${width(field)}, ${text(field.text)}${values}),`);
    }
    lines.push('            ],', '        },');
  }
  lines.push('    ];', '}', '', '/// <summary>What the values of some fields are called.</summary>', 'internal static class RegisterFieldValues', '{');
  const named = [...new Set(map.registers.flatMap(r => (r.fields ?? []).flatMap(f => f.values ?? [])))];
  for (const list of named) {
    lines.push(`    public static readonly IReadOnlyDictionary<uint, string> ${pascal(list.toUpperCase())} = new Dictionary<uint, string>`, '    {');
    for (const { name, value } of map[list]) lines.push(`        [${value}] = ${text(name)},`);
    lines.push('    };', '');
  }
  lines.pop();
  lines.push('}', '');
  return lines.join('\n');
}

function documentation() {
  const lines = ['# Registers of the card', '', `<!-- ${banner} -->`, '', 'Words of 32 bits over AXI4-Lite. Reading has no side effects. Reading an offset that is not listed, and writing one that is not `rw`,',
    'answers `SLVERR`; so does every write while `STATUS.RESETTING` is 1.', '', '| offset | register | access | reset | |', '|---|---|---|---|---|'];
  for (const register of registers) {
    lines.push(`| 0x${hex(register.offset, 3)} | \`${register.name}\` | ${register.access} | ${register.reset ?? 'build'} | ${register.text} |`);
    for (const field of register.fields) lines.push(`| | ${field.bits[0] === field.bits[1] ? field.bits[0] : field.bits.join(':')} \`${field.name}\` | | | ${field.text} |`);
  }
  lines.push('', '## Opcodes', '', '| value | opcode | |', '|---|---|---|', ...map.opcodes.map(e => `| ${e.value} | \`${e.name}\` | ${e.text} |`));
  lines.push('', '## Flags', '', '| bit | flag | |', '|---|---|---|', ...map.flags.map(e => `| ${e.bit} | \`${e.name}\` | ${e.text} |`));
  lines.push('', '## Status', '', '| value | status | |', '|---|---|---|', ...map.status.map(e => `| ${e.value} | \`${e.name}\` | ${e.text} |`));
  for (const [layout, title] of [['descriptor', 'Descriptor'], ['completion', 'Completion']])
    lines.push('', `## ${title} (64 bytes, little-endian)`, '', '| byte | field | |', '|---|---|---|',
      ...map[layout].map(f => `| ${f.bytes === 1 ? f.byte : `${f.byte}-${f.byte + f.bytes - 1}`} | \`${f.name}\` | ${f.text} |`));
  return lines.join('\n') + '\n';
}

// The soft core's memory map.
const socSource = 'hdl/soc/soc_map.json';
const socBanner = `Generated from ${socSource} by scripts/gen-registers.mjs; do not edit.`;
const soc = JSON.parse(readFileSync(join(root, socSource), 'utf8'));
for (const register of soc.registers) {
  if (!soc.regions.some(region => region.name === register.region)) throw new Error(`${socSource}: ${register.name} lies in '${register.region}', which is no region`);
  if (!['ro', 'rw', 'wo'].includes(register.access)) throw new Error(`${socSource}: ${register.region}.${register.name} has access '${register.access}'; legal are ro, rw, wo`);
  if (soc.registers.some(other => other !== register && other.region === register.region && Number(other.offset) === Number(register.offset)))
    throw new Error(`${socSource}: two registers of ${register.region} have offset ${register.offset}`);
}
for (const { name, base, bytes } of soc.regions)
  if (soc.regions.some(other => other.name !== name && Number(other.base) < Number(base) + Number(bytes) && Number(base) < Number(other.base) + Number(other.bytes)))
    throw new Error(`${socSource}: region ${name} overlaps another`);

function socPackage() {
  const lines = [`// ${socBanner}`, '`default_nettype none', 'package accel_soc_pkg;', '  // Each user takes some of these constants.', '  /* verilator lint_off UNUSEDPARAM */'];
  const constant = (type, name, value, text) => lines.push(`  localparam ${type} ${name} = ${value};${text ? '  // ' + text : ''}`);
  constant('logic [31:0]', 'IdValue', `32'h${hex(Number(soc.id), 8)}`);
  constant('logic [31:0]', 'VersionValue', `32'd${soc.version}`);
  for (const { name, value, text } of soc.constants) constant('logic [31:0]', pascal(name), `32'h${hex(Number(value), 8)}`, text);
  lines.push('', '  // Regions, by the bits of an address that tell them apart.');
  for (const { name, base, bytes } of soc.regions)
    constant('logic [31:0]', `Base${pascal(name)}`, `32'h${hex(Number(base), 8)}`), constant('logic [31:0]', `Mask${pascal(name)}`, `32'h${hex(2 ** 32 - Number(bytes), 8)}`);
  lines.push('', '  // Registers, by bits 11:0 of an address, and the first bits of their fields.');
  for (const { region, name, offset, fields = [] } of soc.registers) {
    constant('logic [11:0]', `${pascal(region)}${pascal(name)}`, `12'h${hex(Number(offset), 3)}`);
    for (const field of fields) constant('int unsigned', `${pascal(region)}${pascal(name)}${pascal(field.name)}Lsb`, field.bits[1]);
  }
  lines.push('  /* verilator lint_on UNUSEDPARAM */', 'endpackage', '`default_nettype wire', '');
  return lines.join('\n');
}

function socHeader() {
  const lines = [`/* ${socBanner} */`, '#ifndef ACCEL_SOC_H', '#define ACCEL_SOC_H', '', '#include <stdint.h>', '',
    `#define ACCEL_SOC_ID UINT32_C(0x${hex(Number(soc.id), 8)})`, `#define ACCEL_SOC_VERSION ${soc.version}`];
  for (const { name, value, text } of soc.constants) lines.push(`/* ${text} */`, `#define ACCEL_SOC_${name} UINT32_C(0x${hex(Number(value), 8)})`);
  for (const { name, base, text } of soc.regions) {
    lines.push('', `/* ${text} */`, `#define ACCEL_SOC_${name}_BASE UINT32_C(0x${hex(Number(base), 8)})`);
    for (const register of soc.registers.filter(r => r.region === name)) {
      lines.push(`/* ${register.text} (${register.access}) */`, `#define ACCEL_SOC_${name}_${register.name} UINT32_C(0x${hex(Number(base) + Number(register.offset), 8)})`);
      for (const field of register.fields ?? [])
        lines.push(`#define ACCEL_SOC_${name}_${register.name}_${field.name}_SHIFT ${field.bits[1]}`, `#define ACCEL_SOC_${name}_${register.name}_${field.name}_MASK UINT32_C(0x${hex(mask(field), 8)})`);
    }
  }
  lines.push('', '#endif', '');
  return lines.join('\n');
}

function socDocumentation() {
  const lines = ['# Memory map of the soft core', '', `<!-- ${socBanner} -->`, '', 'Devices take words of 32 bits. An address that is not listed, a write to what is read-only, a read of what is write-only,',
    'and a store of less than a word to a device are access faults. Unused bits read as 0.'];
  for (const { name, base, bytes, text } of soc.regions) {
    lines.push('', `## ${name}: 0x${hex(Number(base), 8)} to 0x${hex(Number(base) + Number(bytes) - 1, 8)}`, '', text);
    const registers = soc.registers.filter(r => r.region === name);
    if (registers.length === 0) continue;
    lines.push('', '| offset | register | access | |', '|---|---|---|---|');
    for (const register of registers) {
      lines.push(`| 0x${hex(Number(register.offset), 2)} | \`${register.name}\` | ${register.access} | ${register.text} |`);
      for (const field of register.fields ?? []) lines.push(`| | ${field.bits[0] === field.bits[1] ? field.bits[0] : field.bits.join(':')} \`${field.name}\` | | ${field.text} |`);
    }
  }
  return lines.join('\n') + '\n';
}

let stale = 0;
function emit(path, text) {
  const full = join(root, path);
  let present = null;
  try { present = readFileSync(full, 'utf8'); } catch { /* absent counts as stale */ }
  if (present === text) return;
  if (check) { console.error(`${path}: stale; run 'make gen'`); stale++; return; }
  mkdirSync(dirname(full), { recursive: true });
  writeFileSync(full, text);
  console.log(`wrote ${path}`);
}

emit('hdl/control/gen/accel_regs_pkg.sv', systemVerilog());
emit('firmware/include/accel_regs.h', cHeader());
emit('host/src/Accel.Device/Generated/AccelRegisters.g.cs', cSharp());
emit('host/src/Accel.Device/Generated/RegisterMap.g.cs', cSharpTable());
emit('host/docs/registers.md', documentation());
emit('hdl/soc/gen/accel_soc_pkg.sv', socPackage());
emit('firmware/include/accel_soc.h', socHeader());
emit('hdl/soc/MAP.md', socDocumentation());
process.exit(stale ? 1 : 0);
