import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { matchesReference } from '../../../src/core/oci/match-reference.ts';
import {
  familiarReference,
  parseAnyReference,
  parseNormalizedReference,
} from '../../../src/core/oci/normalize-reference.ts';
import {
  formatReference,
  parseReference,
  type Reference,
  type ReferenceParse,
} from '../../../src/core/oci/reference.ts';
import { cpuTimeOf } from './cpu-time.ts';

function referenceOf(parsed: ReferenceParse): Reference {
  if (!parsed.ok) throw new Error(`refused: ${parsed.reason}`);
  return parsed.reference;
}

describe('references from hostile text', () => {
  it.each([
    ['a'.repeat(100_000)],
    ['a-'.repeat(50_000)],
    ['a/'.repeat(50_000)],
    ['a.'.repeat(50_000)],
    ['_'.repeat(100_000)],
    [`a:${'b'.repeat(100_000)}`],
    [`a@${'b+'.repeat(50_000)}`],
    [`[${':'.repeat(100_000)}]/a`],
    ['A'.repeat(100_000)],
  ])('refuses 100 kB in linear time (%#)', (text) => {
    const time = cpuTimeOf(() => {
      expect(parseReference(text).ok).toBe(false);
      expect(parseNormalizedReference(text).ok).toBe(false);
    });
    expect(time).toBeLessThan(1000);
  });

  it.each([
    '\0',
    '\n',
    '\r',
    '\t',
    ' ',
    '\x1b',
    '\x7f',
    '\x9b',
    'é',
    '\u202e',
    '\ud800',
    '\u212a',
    '\u017f',
    '%',
    '?',
    '#',
  ])('refuses %j wherever it stands', (character) => {
    const texts = [
      `${character}node`,
      `node${character}`,
      `no${character}de`,
      `node:2${character}2`,
      `ex${character}ample.com/node`,
      `node@sha256:${'a'.repeat(63)}${character}`,
      `node:22${character}`,
    ];
    for (const text of texts) {
      expect(parseReference(text).ok).toBe(false);
      expect(parseNormalizedReference(text).ok).toBe(false);
    }
  });

  it('keeps what is said when a reference is refused apart', () => {
    expect(parseNormalizedReference('')).toEqual({ ok: false, reason: 'empty' });
    expect(parseNormalizedReference('a'.repeat(64))).toEqual({ ok: false, reason: 'identifier' });
    expect(parseNormalizedReference('ghcr.io/Acme/api')).toEqual({ ok: false, reason: 'uppercase' });
    expect(parseNormalizedReference('node@sha256:../../x')).toEqual({
      ok: false,
      reason: 'digest-malformed',
    });
    expect(parseNormalizedReference(`node@sha1:${'a'.repeat(40)}`)).toEqual({
      ok: false,
      reason: 'digest-unsupported',
    });
  });

  it('matches no reference by a broken pattern', () => {
    const node = referenceOf(parseNormalizedReference('node'));
    expect(matchesReference('[', node)).toBe(false);
    expect(matchesReference('[z-a]', node)).toBe(false);
    expect(matchesReference('\\', node)).toBe(false);
    expect(matchesReference('n\\ode', node)).toBe(true);
    expect(matchesReference('[^a-m]ode', node)).toBe(true);
    expect(matchesReference('n?de', node)).toBe(true);
    expect(matchesReference('n(o)de', node)).toBe(false);
  });
});

describe('references in general', () => {
  const component = fc.stringMatching(/^[a-z0-9]{1,8}(?:(?:[._]|__|-{1,3})[a-z0-9]{1,8}){0,2}$/);
  const domain = fc.oneof(
    fc.constant(''),
    fc.stringMatching(/^[a-z0-9]{1,9}\.(?:com|io)(?::[0-9]{1,5})?$/),
    fc.constant('localhost:5000'),
    fc.constant('[::1]:5000'),
  );
  const text = fc
    .record({
      domain,
      path: fc.array(component, { minLength: 1, maxLength: 4 }),
      tag: fc.option(fc.stringMatching(/^[A-Za-z0-9_][A-Za-z0-9._-]{0,20}$/), { nil: undefined }),
      digest: fc.option(fc.stringMatching(/^[a-f0-9]{64}$/), { nil: undefined }),
    })
    .map(
      ({ domain: host, path, tag, digest }) =>
        (host === '' ? '' : `${host}/`) +
        path.join('/') +
        (tag === undefined ? '' : `:${tag}`) +
        (digest === undefined ? '' : `@sha256:${digest}`),
    );

  it('print the text that they were parsed from', () => {
    fc.assert(
      fc.property(text, (reference) => {
        expect(formatReference(referenceOf(parseReference(reference)))).toBe(reference);
      }),
    );
  });

  it('have a familiar form that leads back to them', () => {
    fc.assert(
      fc.property(text, (written) => {
        const parsed = parseNormalizedReference(written);
        if (!parsed.ok) return;
        const familiar = familiarReference(parsed.reference);
        expect(parseNormalizedReference(familiar)).toEqual(parsed);
        expect(parseNormalizedReference(formatReference(parsed.reference))).toEqual(parsed);
      }),
    );
  });

  it('never throw, whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (anything) => {
        parseReference(anything);
        parseAnyReference(anything);
      }),
    );
  });
});
