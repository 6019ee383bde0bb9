/** Inputs for encoders, the same on every machine: sizes around the block, and kinds of content. */

/** xorshift32: cheap bytes that do not compress. */
export function randomBytes(length: number, seed = 1): Uint8Array {
  const bytes = new Uint8Array(length);
  let state = seed;
  for (let at = 0; at < length; at += 1) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    bytes[at] = state & 0xff;
  }
  return bytes;
}

const words = ['layer', 'digest', 'tar', 'a', 'the', 'of', 'manifest', '\n', 'image', 'é'];

export function textBytes(length: number): Uint8Array {
  const choices = randomBytes(length, 7);
  let text = '';
  for (let at = 0; text.length < length; at += 1)
    text += `${words[(choices[at] ?? 0) % words.length] ?? ''} `;
  return Buffer.from(text).subarray(0, length);
}

const mebibyte = 1024 * 1024;

export const sampleInputs: Readonly<Record<string, Uint8Array>> = {
  empty: new Uint8Array(0),
  '1 byte': Uint8Array.of(0x61),
  '31 bytes': textBytes(31),
  '1 MiB - 1 of text': textBytes(mebibyte - 1),
  '1 MiB of random bytes': randomBytes(mebibyte),
  '1 MiB + 1 of text': textBytes(mebibyte + 1),
  '3 MiB of zeros': new Uint8Array(3 * mebibyte),
  '2.5 MiB of random bytes': randomBytes(2.5 * mebibyte),
  '4 MiB and a bit of text': textBytes(4 * mebibyte + 12345),
  'zeros, text and random bytes in turn': Buffer.concat([
    new Uint8Array(700_000),
    textBytes(700_000),
    randomBytes(700_000),
    textBytes(40_000),
    randomBytes(100),
  ]),
};
