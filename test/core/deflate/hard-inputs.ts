/** Inputs that encoders have gone wrong on or slow at: long runs, periods, collisions, matches that grow. */
import { randomBytes } from './sample-inputs.ts';

const blockLength = 1024 * 1024;

function fill(part: (at: number) => Uint8Array): Uint8Array {
  const bytes = new Uint8Array(blockLength);
  for (let at = 0; at < blockLength;) {
    const next = part(at).subarray(0, blockLength - at);
    bytes.set(next, at);
    at += next.length;
  }
  return bytes;
}

const period = (length: number): Uint8Array => {
  const run = randomBytes(length, length);
  return fill(() => run);
};

const runs = (length: number): Uint8Array => {
  const run = Buffer.from(`${'a'.repeat(length)}b`);
  return fill(() => run);
};

/** Every string of 15 bits once, as letters (Ruskey's recursion by Lyndon words). */
function deBruijn(): Uint8Array {
  const order = 15;
  const word = new Uint8Array(order + 1);
  const bytes: number[] = [];
  const extend = (place: number, prefix: number): void => {
    if (place > order) {
      if (order % prefix === 0) for (let at = 1; at <= prefix; at += 1) bytes.push(97 + (word[at] ?? 0));
      return;
    }
    word[place] = word[place - prefix] ?? 0;
    extend(place + 1, prefix);
    for (let letter = (word[place - prefix] ?? 0) + 1; letter < 2; letter += 1) {
      word[place] = letter;
      extend(place + 1, place);
    }
  };
  extend(1, 1);
  const cycle = Uint8Array.from(bytes);
  return fill(() => cycle);
}

const golden = 0x9e3779b97f4a7c15n;

/** Golden times this is 1 modulo 2^64: each of Newton's steps doubles the bits that are right. */
const goldenInverse = Array.from({ length: 6 }).reduce<bigint>(
  (inverse) => BigInt.asUintN(64, inverse * (2n - golden * inverse)),
  1n,
);

/**
 * Words of so many bytes that all share one slot of the encoder's table of 2^bits (chain-search.ts and
 * recent-positions.ts): a slot is the upper bits of the word, moved to the top, times golden; so the words are found
 * backwards, from products.
 */
function collidingWords(bytes: number, bits: number): readonly Uint8Array[] {
  const below = BigInt(64 - 8 * bytes);
  const slot = 0x1234n << BigInt(64 - bits);
  return Array.from({ length: 1024 }, (_, index) => {
    const product = slot | (BigInt(index * 8191) << below);
    const word = Buffer.alloc(8);
    word.writeBigUInt64LE(BigInt.asUintN(64, product * goldenInverse) >> below);
    return word.subarray(0, bytes);
  });
}

/** The same for the table of three bytes, with any fourth byte behind them, by trial. */
function collidingThrees(): readonly Uint8Array[] {
  const slotOf = (word: number): number => Math.imul(word << 8, 0x9e3779b1) >>> 17;
  const words: Uint8Array[] = [];
  for (let number = 0; words.length < 1024; number += 1) {
    const word = Buffer.alloc(4);
    word.writeInt32LE(Math.imul(number, 0x9e3779b1));
    if (slotOf(word.readInt32LE()) === slotOf(0x64636261)) words.push(word);
  }
  return words;
}

function collisions(words: readonly Uint8Array[]): Uint8Array {
  const choices = new DataView(randomBytes(blockLength, 3).buffer);
  return fill((at) => words[choices.getUint16(at & ~1) % words.length] ?? Uint8Array.of(0));
}

/** Each match is one byte longer than the last, so that the next byte often has the better one. */
function growing(): Uint8Array {
  const source = randomBytes(300, 5);
  let length = 3;
  return fill((at) => {
    length = length === 262 ? 4 : length + 1;
    return Buffer.concat([source.subarray(300 - length), randomBytes(1, at + 1)]);
  });
}

/** Compressible and incompressible pieces in turn, which cut blocks into the most sub-blocks. */
const alternating = (length: number): Uint8Array =>
  fill((at) => Buffer.concat([randomBytes(length, at + 1), new Uint8Array(length).fill(at & 255)]));

/** Every byte value equally often, but in an order that repeats nothing: nothing to find, nothing to code. */
const letters = (count: number): Uint8Array => randomBytes(blockLength, 9).map((byte) => 97 + (byte % count));

export const hardInputs: Readonly<Record<string, Uint8Array>> = {
  'one run': new Uint8Array(blockLength).fill(7),
  'a period of 2': period(2),
  'a period of 3': period(3),
  'a period of 258': period(258),
  'a period of 259': period(259),
  'a period of 32,768': period(32_768),
  'a period of 32,769': period(32_769),
  'runs of 3': runs(3),
  'runs of 64': runs(64),
  'runs of 257': runs(257),
  'a de Bruijn sequence': deBruijn(),
  'hashes of six bytes that collide': collisions(collidingWords(6, 15)),
  'hashes of five bytes that collide': collisions(collidingWords(5, 16)),
  'hashes of three bytes that collide': collisions(collidingThrees()),
  'matches that grow': growing(),
  'random bytes': randomBytes(blockLength, 4),
  'random bytes and runs by 13,000': alternating(13_000),
  'random bytes and runs by 300': alternating(300),
  'two letters': letters(2),
  'sixteen letters': letters(16),
};
