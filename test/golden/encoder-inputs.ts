/** Ten inputs for the encoder's golden digests, made by a few lines each and the same on every machine. */
import { endOfTar, writeHeader } from '../../src/core/tar/tar-header.ts';
import { paddingOf } from '../../src/core/tar/tar-block.ts';
import { randomBytes } from '../core/deflate/sample-inputs.ts';
import { fileEntry } from '../io/layer/pack-entries.ts';

const mebibyte = 1024 * 1024;

/** Numbers from 0 to below `limit`, evenly; the same for the same seed. */
function createDice(seed: number): (limit: number) => number {
  let state = seed;
  return (limit) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % limit;
  };
}

/** Words of a made-up language, frequent ones first, in lines: matches of all lengths and distances. */
export function prose(length: number, seed = 11): Uint8Array {
  const roll = createDice(seed);
  const letters = 'etaoinshrdlucmfwygpbvk';
  const word = (): string =>
    Array.from({ length: 2 + roll(9) }, () => letters[Math.min(roll(22), roll(22))] ?? '').join('');
  const words = Array.from({ length: 900 }, word);
  const parts: string[] = [];
  for (let written = 0; written < length;) {
    const next = `${words[Math.min(roll(900), roll(900), roll(900))] ?? ''}${roll(12) === 0 ? '.\n' : ' '}`;
    parts.push(next);
    written += next.length;
  }
  return Buffer.from(parts.join('')).subarray(0, length);
}

/** Records of numbers that grow and repeat, as in tables, indexes and object files. */
function records(length: number): Uint8Array {
  const roll = createDice(5);
  const bytes = Buffer.alloc(length);
  for (let at = 0; at + 16 <= length; at += 16) {
    bytes.writeUInt32LE(at, at);
    bytes.writeUInt16LE(roll(300), at + 4);
    bytes.writeDoubleLE(roll(1000) / 8, at + 8);
  }
  return bytes;
}

function tarOfFiles(): Uint8Array {
  const roll = createDice(3);
  const parts: Uint8Array[] = [];
  for (let number = 0; number < 240; number += 1) {
    const length = roll(9000);
    const content = number % 3 === 0 ? records(length) : prose(length, number + 1);
    parts.push(writeHeader(fileEntry(`package/lib/file-${number}.js`, content)), content);
    parts.push(new Uint8Array(paddingOf(length)));
  }
  return Buffer.concat([...parts, endOfTar]);
}

function period(length: number, run: Uint8Array): Uint8Array {
  return Uint8Array.from({ length }, (_, at) => run[at % run.length] ?? 0);
}

function digits(alphabet: string, length: number): Uint8Array {
  const roll = createDice(alphabet.length);
  return Uint8Array.from({ length }, () => alphabet.charCodeAt(roll(alphabet.length)));
}

export const encoderInputs: Readonly<Record<string, Uint8Array>> = {
  empty: new Uint8Array(0),
  'one byte': Uint8Array.of(0x61),
  text: prose(400_000),
  'a tar of text and binary files': tarOfFiles(),
  'zeros, one more than a block': new Uint8Array(mebibyte + 1),
  'random bytes': randomBytes(300_000),
  'short and long periods': Buffer.concat([
    ...[1, 2, 3, 4, 7, 258, 259, 1000, 32_768, 40_000].map((length) =>
      period(90_000, randomBytes(length, length)),
    ),
    period(50_000, Buffer.from('aaab')),
    period(50_000, Buffer.from(`${'a'.repeat(64)}b`)),
  ]),
  'few different bytes': Buffer.concat(
    ['01', 'ACGT', '0123456789', '0123456789abcdef'].map((alphabet) => digits(alphabet, 60_000)),
  ),
  'random bytes and text over a block boundary': Buffer.concat([
    prose(mebibyte - 50_000, 7),
    randomBytes(30_000, 9),
    prose(40_000, 8),
    randomBytes(30_000, 9),
    prose(20_000, 8),
  ]),
  'over 2 MiB of records and text': Buffer.concat([records(mebibyte + 7), prose(1_200_000, 13)]),
};
