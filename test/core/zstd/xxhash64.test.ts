import { describe, expect, it } from 'vitest';
import { createXxHash64 } from '../../../src/core/zstd/xxhash64.ts';

function low32(...parts: readonly Uint8Array[]): string {
  const hash = createXxHash64();
  for (const part of parts) hash.update(part);
  return hash.low32().toString(16).padStart(8, '0');
}

const numbers = Uint8Array.from({ length: 1000 }, (_, at) => (at * 31) & 0xff);

describe('XXH64', () => {
  // The low halves of what xxhsum -H1 prints.
  it.each([
    ['nothing', '', '51d8e999'],
    ['a', 'a', 'a98c6e5b'],
    ['abc', 'abc', 'ad770999'],
  ])('of %s is what its authors say', (_, text, expected) => {
    expect(low32(Buffer.from(text))).toBe(expected);
  });

  it('does not depend on how its input is cut', () => {
    for (const length of [0, 1, 3, 4, 7, 8, 31, 32, 33, 63, 64, 100, 1000]) {
      const whole = low32(numbers.subarray(0, length));
      for (const cut of [1, 5, 31, 32, 40]) {
        const parts = Array.from({ length: Math.ceil(length / cut) }, (_, at) =>
          numbers.subarray(at * cut, Math.min((at + 1) * cut, length)),
        );
        expect(low32(...parts), `${length} in ${cut}s`).toBe(whole);
      }
    }
  });
});
