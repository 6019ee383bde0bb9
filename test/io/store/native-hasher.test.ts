import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { digestOf } from '../../../src/core/digest/digest.ts';
import { createHasher, nativeDigestOf } from '../../../src/io/store/native-hasher.ts';

describe('digests by node:crypto', () => {
  it.each(['sha256', 'sha512'] as const)('are those of the pure core, however %s is fed', (algorithm) => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 300 })), (chunks) => {
        const hasher = createHasher(algorithm);
        for (const chunk of chunks) hasher.update(chunk);
        const whole = Buffer.concat(chunks);
        expect(hasher.digest()).toBe(digestOf(whole, algorithm));
        expect(nativeDigestOf(whole, algorithm)).toBe(digestOf(whole, algorithm));
      }),
    );
  });
});
