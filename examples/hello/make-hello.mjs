/**
 * Writes the two programs of this example, byte by byte: static ELF64 executables of a few hundred bytes that print
 * a greeting and exit with 0. No compiler is needed, and the bytes are the same everywhere.
 *
 *     node make-hello.mjs [FOLDER]     FOLDER is `bin` beside this file unless it is named
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const headerSize = 64;
const programHeaderSize = 56;
const codeOffset = headerSize + programHeaderSize;
const loadAddress = 0x400000;

/** What differs by processor: the ELF machine number, the largest page, and the instructions. */
const processors = {
  amd64: { machine: 62, page: 0x1000, code: amd64Code },
  arm64: { machine: 183, page: 0x10000, code: arm64Code },
};

const folder = process.argv[2] ?? join(import.meta.dirname, 'bin');
mkdirSync(folder, { recursive: true });
for (const [arch, processor] of Object.entries(processors)) {
  const text = new TextEncoder().encode(`Hello from layerwright on linux/${arch}!\n`);
  const code = processor.code(text.length);
  writeFileSync(join(folder, `hello-${arch}`), executable(processor, [...code, ...text]), { mode: 0o755 });
}

/**
 * An ELF file with one segment, readable and executable, that holds the whole file (System V ABI, chapters 4 and 5).
 * @param {{ machine: number, page: number }} processor
 * @param {readonly number[]} body what is executed from its first byte
 */
function executable({ machine, page }, body) {
  const bytes = new Uint8Array(codeOffset + body.length);
  const view = new DataView(bytes.buffer);
  const u16 = (/** @type {number} */ at, /** @type {number} */ value) => view.setUint16(at, value, true);
  const u32 = (/** @type {number} */ at, /** @type {number} */ value) => view.setUint32(at, value, true);
  const u64 = (/** @type {number} */ at, /** @type {number} */ value) =>
    view.setBigUint64(at, BigInt(value), true);

  bytes.set([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1]); // e_ident: magic, 64 bits, little endian, version 1
  u16(16, 2); // e_type: an executable
  u16(18, machine); // e_machine
  u32(20, 1); // e_version
  u64(24, loadAddress + codeOffset); // e_entry
  u64(32, headerSize); // e_phoff: the program header follows
  u16(52, headerSize); // e_ehsize
  u16(54, programHeaderSize); // e_phentsize
  u16(56, 1); // e_phnum

  const segment = headerSize;
  u32(segment, 1); // p_type: load
  u32(segment + 4, 5); // p_flags: read, execute
  u64(segment + 16, loadAddress); // p_vaddr
  u64(segment + 24, loadAddress); // p_paddr
  u64(segment + 32, bytes.length); // p_filesz
  u64(segment + 40, bytes.length); // p_memsz
  u64(segment + 48, page); // p_align

  bytes.set(body, codeOffset);
  return bytes;
}

/**
 * write(1, text, length); exit(0). The text stands right after the code.
 * @param {number} length
 */
function amd64Code(length) {
  const afterLea = [
    ...[0xba, ...littleEndian(length)], // mov edx, length
    ...[0x0f, 0x05], // syscall
    ...[0xb8, ...littleEndian(60)], // mov eax, 60: exit
    ...[0x31, 0xff], // xor edi, edi
    ...[0x0f, 0x05], // syscall
  ];
  return [
    ...[0xb8, ...littleEndian(1)], // mov eax, 1: write
    ...[0xbf, ...littleEndian(1)], // mov edi, 1: standard output
    ...[0x48, 0x8d, 0x35, ...littleEndian(afterLea.length)], // lea rsi, [rip + distance of the text]
    ...afterLea,
  ];
}

/**
 * The same for arm64, whose instructions are four bytes each.
 * @param {number} length
 */
function arm64Code(length) {
  const supervisorCall = 0xd4000001;
  const instructions = 8;
  return [
    move(0, 1), // standard output
    addressOf(1, (instructions - 1) * 4), // the text, counted from this second instruction
    move(2, length),
    move(8, 64), // write
    supervisorCall,
    move(0, 0),
    move(8, 93), // exit
    supervisorCall,
  ].flatMap(littleEndian);
}

/** movz Xregister, #value
 * @param {number} register
 * @param {number} value
 */
function move(register, value) {
  return (0xd2800000 | (value << 5) | register) >>> 0;
}

/** adr Xregister, #distance, for distances that are multiples of four
 * @param {number} register
 * @param {number} distance
 */
function addressOf(register, distance) {
  return (0x10000000 | ((distance >> 2) << 5) | register) >>> 0;
}

/** @param {number} value */
function littleEndian(value) {
  return [value & 0xff, (value >>> 8) & 0xff, (value >>> 16) & 0xff, (value >>> 24) & 0xff];
}
