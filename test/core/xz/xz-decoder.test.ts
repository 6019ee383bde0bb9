import { execFileSync } from 'node:child_process';
import { crc32 } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createCrc64 } from '../../../src/core/xz/crc64.ts';
import { hasProgram } from '../../rigs/runtimes.ts';
import { randomBytes, textBytes } from '../deflate/sample-inputs.ts';
import { decoded, refusalOf } from './decoded-xz.ts';

/** `echo hello | xz --lzma2=preset=0,dict=4KiB`. */
const helloBytes = Buffer.from(
  '/Td6WFoAAATm1rRGAgAhAQAAAAA3J5fWAQAFaGVsbG8KAAAApWCX8ZT2/eAAAR4GwS+kHR+2830BAAAAAARZWg==',
  'base64',
);

describe('an xz stream', () => {
  it.each([1, 2, 3, 5, 1000])('is read, whatever the chunks: %i', (chunk) => {
    expect(decoded(helloBytes, { chunk }).toString()).toBe('hello\n');
  });

  it('may be followed by zeros, four at a time, and by other streams', () => {
    const zeros = Buffer.alloc(8);
    expect(decoded(Buffer.concat([helloBytes, zeros, helloBytes, helloBytes, zeros])).toString()).toBe(
      'hello\n'.repeat(3),
    );
  });

  it('is refused when it ends anywhere but at its end', () => {
    for (let length = 0; length < helloBytes.length; length += 1) {
      expect(refusalOf(helloBytes.subarray(0, length)), String(length)).toBe('layer/truncated');
    }
  });

  it('is refused wherever one of its bits is another', () => {
    for (let bit = 0; bit < helloBytes.length * 8; bit += 1) {
      const bytes = Uint8Array.from(helloBytes);
      bytes[bit >> 3] = bytes[bit >> 3]! ^ (1 << (bit & 7));
      expect(refusalOf(bytes), `bit ${bit}`).not.toBe('read');
    }
  });

  it.each([
    ['a zero', Buffer.alloc(1)],
    ['three zeros', Buffer.alloc(3)],
    ['garbage', Buffer.from('garbage')],
    ['gzip', Buffer.from('1f8b080000000000', 'hex')],
    ['half a magic number', helloBytes.subarray(0, 3)],
  ])('is refused with %s behind it', (_, behind) => {
    for (const chunk of [1, 3, 1000]) {
      expect(refusalOf(Buffer.concat([helloBytes, behind]), { chunk })).toBe('layer/trailing-data');
    }
  });

  it('says which of its parts is wrong', () => {
    const changed = (at: number, to: number): Buffer => {
      const bytes = Buffer.from(helloBytes);
      bytes[at] = to;
      return bytes;
    };
    expect(refusalOf(changed(34, 0x48))).toBe('layer/bad-xz');
    expect(refusalOf(changed(28, 0x48))).toBe('layer/xz-checksum');
    expect(refusalOf(changed(8, 0))).toBe('layer/xz-checksum');
  });

  it('is refused with a filter, a check or a dictionary that is beyond it', () => {
    expect(refusalOf(withBlockHeader([0x02, 0x00, 0x04, 0x00, 0x00, 0x00, 0x00, 0x00]))).toBe(
      'layer/compression-unknown',
    );
    expect(refusalOf(withBlockHeader([0x02, 0x01, 0x21, 0x01, 0x16, 0x21, 0x01, 0x16]))).toBe(
      'layer/compression-unknown',
    );
    expect(refusalOf(withBlockHeader([0x02, 0x00, 0x21, 0x01, 0x28, 0x00, 0x00, 0x00]))).toBe(
      'layer/window-too-large',
    );
    expect(refusalOf(withBlockHeader([0x02, 0x00, 0x21, 0x01, 0x29, 0x00, 0x00, 0x00]))).toBe('layer/bad-xz');
    expect(refusalOf(withBlockHeader([0x02, 0x3c, 0x21, 0x01, 0x16, 0x00, 0x00, 0x00]))).toBe('layer/bad-xz');
    const flags = Buffer.from([0, 2]);
    const header = Buffer.concat([helloBytes.subarray(0, 6), flags, sumOf(flags), helloBytes.subarray(12)]);
    expect(refusalOf(header)).toBe('layer/compression-unknown');
  });
});

function withBlockHeader(header: readonly number[]): Buffer {
  const bytes = Buffer.from(header);
  return Buffer.concat([helloBytes.subarray(0, 12), bytes, sumOf(bytes), helloBytes.subarray(24)]);
}

function sumOf(bytes: Uint8Array): Buffer {
  const sum = Buffer.alloc(4);
  sum.writeUInt32LE(crc32(bytes));
  return sum;
}

describe('CRC-64', () => {
  it('of the nine digits is the one of the specification', () => {
    const sum = createCrc64();
    sum.update(Buffer.from('1234'));
    sum.update(Buffer.from('56789'));
    expect(Buffer.from(sum.digest()).reverse().toString('hex')).toBe('995dc9bbdf1939fa');
  });
});

describe.skipIf(!hasProgram('xz'))('what xz compressed (needs xz)', () => {
  const input = Buffer.concat([
    textBytes(200_000),
    randomBytes(90_000),
    Buffer.alloc(600_000),
    textBytes(100_000),
  ]);
  const xz = (bytes: Uint8Array, ...options: string[]): Buffer =>
    execFileSync('xz', ['-c', '-T1', ...options], { input: bytes, maxBuffer: 2 ** 28 });

  it.each([
    '-0 --check=none',
    '-1 --check=crc32',
    '-6 --check=crc64',
    '-6e --check=sha256',
    '-9',
    '-2 --block-size=100000',
    '-3 --block-list=5000,0',
    '--lzma2=preset=3,lc=0,lp=4,pb=0',
    '--lzma2=preset=3,lc=1,lp=2,pb=4',
    '--lzma2=preset=3,lc=4,lp=0,pb=1',
    '--lzma2=preset=1,dict=4096,nice=273',
  ])('xz %s comes back', (options) => {
    expect(Buffer.compare(decoded(xz(input, ...options.split(' ')), { chunk: 9973 }), input)).toBe(0);
  });

  it('with a filter for machine code is refused, and with more dictionary than the limit', () => {
    const small = textBytes(2000);
    expect(refusalOf(xz(small, '--x86', '--lzma2'))).toBe('layer/compression-unknown');
    expect(refusalOf(xz(small, '-9'), { limit: 2 ** 25 })).toBe('layer/window-too-large');
  });

  it('and was damaged is refused, never read otherwise, and never an exception that is not ours', () => {
    const streams = ['-0', '--lzma2=preset=6,dict=4096', '--block-size=1000'].map((option) =>
      xz(textBytes(4000), option),
    );
    const outcomes = new Set<string>();
    fc.assert(
      fc.property(fc.nat(2), fc.nat(), fc.integer({ min: 1, max: 255 }), (which, place, flip) => {
        const bytes = Uint8Array.from(streams[which]!);
        const at = place % bytes.length;
        bytes[at] = bytes[at]! ^ flip;
        outcomes.add(refusalOf(bytes));
      }),
      { numRuns: 200 },
    );
    expect([...outcomes].filter((outcome) => !/^layer\/[a-z0-9-]+$/.test(outcome))).toEqual([]);
  });
});
