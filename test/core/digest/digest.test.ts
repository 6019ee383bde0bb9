import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  algorithmOf,
  digestOf,
  encodedOf,
  parseDigest,
  shortDigest,
  trustedDigest,
} from '../../../src/core/digest/digest.ts';
import { hasConformanceData, readConformanceData } from '../oci/conformance-data.ts';
import { cpuTimeOf } from '../oci/cpu-time.ts';

interface DigestCases {
  readonly parse: readonly {
    readonly input: string;
    readonly error?: string;
    readonly algorithm?: string;
    readonly encoded?: string;
    readonly comment?: string;
  }[];
  readonly blake3: {
    readonly parse: readonly string[];
    readonly ofBytes: readonly { readonly bytes: readonly number[]; readonly digest: string }[];
  };
  readonly algorithmNames: { readonly good: readonly string[]; readonly bad: readonly string[] };
  readonly knownAnswers: {
    readonly cases: readonly { readonly text: string; readonly sha256: string; readonly sha512: string }[];
  };
}

const data = readConformanceData<DigestCases>('digest-cases.json', {
  parse: [],
  blake3: { parse: [], ofBytes: [] },
  algorithmNames: { good: [], bad: [] },
  knownAnswers: { cases: [] },
});

/** The image-spec registers sha256 and sha512 (and blake3 since 1.1.1), go-digest's test sha384 too: well-formed, not supported. */
const unregistered = /^(?:sha384|blake3):/;

describe.skipIf(!hasConformanceData)('digests, by digest-cases.json (skipped without ../shared/data)', () => {
  it('asserts every row: the number of each section', () => {
    expect(data.parse).toHaveLength(17);
    expect(data.blake3.parse).toHaveLength(1);
    expect(data.blake3.ofBytes).toHaveLength(1);
    expect(data.algorithmNames.good).toHaveLength(2);
    expect(data.algorithmNames.bad).toHaveLength(4);
    expect(data.knownAnswers.cases).toHaveLength(3);
  });

  it.each(data.parse)('parses $input ($comment)', (row) => {
    const parsed = parseDigest(row.input);
    if (row.error === 'ErrDigestUnsupported' || unregistered.test(row.input)) {
      expect(parsed).toEqual({ ok: false, reason: 'unsupported' });
    } else if (row.error !== undefined) {
      expect(parsed).toEqual({ ok: false, reason: 'malformed' });
    } else {
      if (!parsed.ok) throw new Error(parsed.reason);
      expect(algorithmOf(parsed.digest)).toBe(row.algorithm);
      expect(encodedOf(parsed.digest)).toBe(row.encoded);
    }
  });

  it.each([...data.blake3.parse, ...data.blake3.ofBytes.map(({ digest }) => digest)])(
    'finds %s well-formed but unsupported',
    (digest) => {
      expect(parseDigest(digest)).toEqual({ ok: false, reason: 'unsupported' });
    },
  );

  it.each(data.algorithmNames.good)(
    'takes %s for the name of an algorithm that it does not support',
    (name) => {
      expect(parseDigest(`${name}:abc`)).toEqual({ ok: false, reason: 'unsupported' });
    },
  );

  it.each(data.algorithmNames.bad)('does not take %s for the name of an algorithm', (name) => {
    expect(parseDigest(`${name}:abc`)).toEqual({ ok: false, reason: 'malformed' });
  });

  it.each(data.knownAnswers.cases)('gives the known answers ($sha256)', ({ text, sha256, sha512 }) => {
    const bytes = new TextEncoder().encode(text);
    expect(digestOf(bytes)).toBe(`sha256:${sha256}`);
    expect(digestOf(bytes, 'sha512')).toBe(`sha512:${sha512}`);
  });
});

describe('digestOf', () => {
  it('equals node:crypto for any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 5000 }), (bytes) => {
        for (const algorithm of ['sha256', 'sha512'] as const) {
          const expected = createHash(algorithm).update(bytes).digest('hex');
          expect(digestOf(bytes, algorithm)).toBe(`${algorithm}:${expected}`);
        }
      }),
    );
  });

  it('is parsed back', () => {
    const digest = digestOf(new Uint8Array(3));
    expect(parseDigest(digest)).toEqual({ ok: true, digest });
    expect(trustedDigest(digest)).toBe(digest);
    expect(shortDigest(digest)).toBe(digest.slice(7, 19));
  });
});

describe('parseDigest', () => {
  // safety.md N10: before any path or URL is made of them.
  it.each([
    'sha256:../../x',
    `sha256:${'A'.repeat(64)}`,
    `sha256:${'a'.repeat(63)}`,
    `sha256:${'a'.repeat(65)}`,
    `sha256:${'a'.repeat(64)}\n`,
    `sha256:${'a'.repeat(62)}/.`,
    `SHA256:${'a'.repeat(64)}`,
    `sha256:${'a'.repeat(10_000)}`,
    'constructor:aa/',
    `sha256:${'a'.repeat(63)}\0`,
  ])('finds %j malformed', (text) => {
    expect(parseDigest(text)).toEqual({ ok: false, reason: 'malformed' });
  });

  it.each([`sha1:${'a'.repeat(40)}`, 'constructor:aa', 'toString:aa'.toLowerCase(), 'md5:d41d8cd98f00b204'])(
    'finds %s unsupported',
    (text) => {
      expect(parseDigest(text)).toEqual({ ok: false, reason: 'unsupported' });
    },
  );

  it('refuses 100 kB in linear time', () => {
    const time = cpuTimeOf(() => {
      expect(parseDigest(`${'a+'.repeat(50_000)}:a`).ok).toBe(false);
      expect(parseDigest('a'.repeat(100_000)).ok).toBe(false);
    });
    expect(time).toBeLessThan(1000);
  });

  it('calls what our own code got wrong a bug', () => {
    expect(() => trustedDigest('sha256:x')).toThrow('Bug: sha256:x is not a digest');
  });
});
