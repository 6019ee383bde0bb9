/**
 * The encoder alone, on one core: MB/s of processor time and ratio at each level, beside node:zlib, for one or more
 * slices of a tar.
 *
 *     node bench/encoder.mjs TAR [SLICES [MEBIBYTES [ROUNDS]]]      3 slices of 16 MiB, 3 rounds, unless named
 */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { deflateRawSync } from 'node:zlib';
import { importSource } from '../scripts/import-source.mjs';

const [tar = '', ...numbers] = process.argv.slice(2);
const [sliceCount = 3, mebibytes = 16, rounds = 3] = numbers.map(Number);
const mebibyte = 1024 * 1024;
const historyBytes = 32 * 1024;

const { createDeflateEncoder } = await importSource(
  "export { createDeflateEncoder } from './src/core/deflate/deflate-encoder.ts';",
);

/** @type {readonly { name: string, compress: (bytes: Uint8Array) => number }[]} */
const contestants = [1, 2, 3, 4, 5, 6, 7, 8, 9].flatMap((level) => [
  { name: `ours ${level}`, compress: ours(level) },
  ...([1, 6, 9].includes(level) ? [{ name: `zlib ${level}`, compress: zlib(level) }] : []),
]);

const slices = readSlices(tar, { count: sliceCount, length: mebibytes * mebibyte });
for (const { name, compress } of contestants) {
  const results = slices.map((slice) => measure(slice, compress));
  const speeds = results.map(({ megabytes }) => megabytes.toFixed(1).padStart(7)).join('');
  const ratios = results.map(({ ratio }) => ratio.toFixed(4)).join('  ');
  process.stdout.write(`${name} ${speeds} MB/s   ${ratios}\n`);
}

/** The best of the rounds is kept: noise only ever adds time.
 * @param {Uint8Array} slice
 * @param {(bytes: Uint8Array) => number} compress
 */
function measure(slice, compress) {
  let seconds = Infinity;
  let size = 0;
  for (let round = 0; round < rounds; round++) {
    const start = process.cpuUsage();
    size = compress(slice);
    const { user, system } = process.cpuUsage(start);
    seconds = Math.min(seconds, (user + system) / 1e6);
  }
  return { megabytes: slice.length / 1e6 / seconds, ratio: size / slice.length };
}

/** @param {number} level */
function ours(level) {
  /** @type {{ encode(block: Uint8Array, history: Uint8Array): Uint8Array }} */
  const encoder = createDeflateEncoder(level);
  return (/** @type {Uint8Array} */ bytes) => {
    let size = 0;
    for (let at = 0; at < bytes.length; at += mebibyte) {
      const history = bytes.subarray(Math.max(0, at - historyBytes), at);
      size += encoder.encode(bytes.subarray(at, at + mebibyte), history).length;
    }
    return size;
  };
}

/** @param {number} level */
function zlib(level) {
  return (/** @type {Uint8Array} */ bytes) => deflateRawSync(bytes, { level }).length;
}

/** Evenly from the whole file.
 * @param {string} file
 * @param {{ readonly count: number, readonly length: number }} wanted
 */
function readSlices(file, { count, length }) {
  const descriptor = openSync(file, 'r');
  const { size } = fstatSync(descriptor);
  const found = Array.from({ length: count }, (_, index) => {
    const slice = Buffer.alloc(Math.min(length, size));
    const start = Math.floor(((size - slice.length) * (index + 0.5)) / count);
    readSync(descriptor, slice, { position: start });
    return slice;
  });
  closeSync(descriptor);
  return found;
}
