import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createBzip2Decoder } from '../../../src/core/bzip2/bzip2-decoder.ts';
import { hasProgram } from '../../rigs/runtimes.ts';
import { randomBytes, textBytes } from '../deflate/sample-inputs.ts';

function decoded(bytes: Uint8Array, chunk = 65_536): Buffer {
  const decoder = createBzip2Decoder();
  const parts: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += chunk) {
    const own = Uint8Array.from(bytes.subarray(at, at + chunk));
    for (const piece of decoder.push(own)) parts.push(Buffer.from(piece));
    own.fill(0xee);
  }
  for (const piece of decoder.end()) parts.push(Buffer.from(piece));
  return Buffer.concat(parts);
}

function refusalOf(bytes: Uint8Array, chunk?: number): string {
  try {
    decoded(bytes, chunk);
    return 'read';
  } catch (error) {
    if (error instanceof Error && 'code' in error && typeof error.code === 'string') return error.code;
    throw error;
  }
}

/** `echo hello | bzip2 -1`. */
const hello = Buffer.from('QlpoMTFBWSZTWcHAgOIAAAFBAAAQAkSgADDNAMNGKZcXckU4UJDBwIDi', 'base64');

describe('a bzip2 stream', () => {
  it.each([1, 2, 3, 5, 1000])('is read, whatever the chunks: %i', (chunk) => {
    expect(decoded(hello, chunk).toString()).toBe('hello\n');
  });

  it('may be followed by others', () => {
    expect(decoded(Buffer.concat([hello, hello])).toString()).toBe('hello\nhello\n');
  });

  it('is refused when it ends anywhere but at its end', () => {
    for (let length = 4; length < hello.length; length += 1) {
      expect(refusalOf(hello.subarray(0, length)), String(length)).toBe('layer/truncated');
    }
  });

  it('is never read as something else, whichever of its bits is another', () => {
    const texts = new Set<string>();
    for (let bit = 0; bit < hello.length * 8; bit += 1) {
      const bytes = Uint8Array.from(hello);
      bytes[bit >> 3] = bytes[bit >> 3]! ^ (0x80 >> (bit & 7));
      if (refusalOf(bytes) === 'read') texts.add(decoded(bytes).toString());
    }
    // Such bits as the length of a code that no symbol has used.
    expect([...texts]).toEqual(['hello\n']);
  });

  it.each([
    ['a zero', Buffer.alloc(1)],
    ['garbage', Buffer.from('garbage')],
    ['half a header', hello.subarray(0, 2)],
  ])('is refused with %s behind it', (_, behind) => {
    expect(refusalOf(Buffer.concat([hello, behind]))).toBe('layer/trailing-data');
  });
});

describe.skipIf(!hasProgram('bzip2'))('what bzip2 compressed (needs bzip2)', () => {
  const bzip2 = (bytes: Uint8Array, option: string): Buffer =>
    execFileSync('bzip2', ['-c', option], { input: bytes, maxBuffer: 2 ** 28 });

  it.each([
    ['text', textBytes(1_000_000)],
    ['random bytes', randomBytes(200_000)],
    ['runs of every length', Buffer.concat(Array.from({ length: 700 }, (_, at) => Buffer.alloc(at, at)))],
    ['zeros, which become 50 times as many', Buffer.alloc(3_000_000)],
    ['nothing', Buffer.alloc(0)],
  ])('%s comes back', (_, input) => {
    expect(Buffer.compare(decoded(bzip2(input, '-9')), input)).toBe(0);
    expect(
      Buffer.compare(decoded(bzip2(input.subarray(0, 120_000), '-1'), 777), input.subarray(0, 120_000)),
    ).toBe(0);
  });

  it('and was damaged is refused, never read as something else, and never an exception that is not ours', () => {
    const input = textBytes(5000);
    const stream = bzip2(input, '-1');
    const outcomes = new Set<string>();
    fc.assert(
      fc.property(
        fc.integer({ min: 4, max: stream.length - 2 }),
        fc.integer({ min: 1, max: 255 }),
        (at, flip) => {
          const bytes = Uint8Array.from(stream);
          bytes[at] = bytes[at]! ^ flip;
          const refusal = refusalOf(bytes);
          // Bits that decide nothing, as above.
          if (refusal !== 'read' || Buffer.compare(decoded(bytes), input) !== 0) outcomes.add(refusal);
        },
      ),
      { numRuns: 200 },
    );
    expect([...outcomes].filter((outcome) => !/^layer\/[a-z0-9-]+$/.test(outcome))).toEqual([]);
  });
});
