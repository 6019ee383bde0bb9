import { describe, expect, it } from 'vitest';
import type { Digest } from '../../../src/core/digest/digest.ts';
import { matchesReference } from '../../../src/core/oci/match-reference.ts';
import {
  familiarName,
  isIdentifier,
  parseAnyReference,
  parseCanonicalReference,
  parseDockerReference,
  parseNormalizedReference,
} from '../../../src/core/oci/normalize-reference.ts';
import {
  formatName,
  formatReference,
  isDomain,
  parseName,
  parseReference,
  type Reference,
  type ReferenceParse,
  withDigest,
  withTag,
} from '../../../src/core/oci/reference.ts';
import { hasConformanceData, readConformanceData } from './conformance-data.ts';

interface Case {
  readonly input?: string;
  readonly error?: string;
  readonly match?: boolean;
  readonly subs?: readonly string[];
  readonly expected?: string | boolean;
  readonly equivalent?: string;
  readonly combined?: string;
  readonly repository?: string;
  readonly reference?: string;
  readonly pattern?: string;
  readonly name?: string;
  readonly domain?: string;
  readonly path?: string;
  readonly tag?: string;
  readonly digest?: string;
  readonly remoteName?: string;
  readonly familiarName?: string;
  readonly fullName?: string;
  readonly ambiguousName?: string;
}
type Sections = Readonly<Record<string, { readonly cases: readonly Case[] }>>;

const { sections } = readConformanceData<{ sections: Sections }>('reference-cases.json', { sections: {} });

/** The rows of a section as a table of name and case. */
function rows(section: string): [string, Case][] {
  return (sections[section]?.cases ?? []).map((row) => [
    (row.input ?? row.fullName ?? row.combined ?? row.reference ?? '').slice(0, 80),
    row,
  ]);
}

function referenceOf(parsed: ReferenceParse): Reference {
  if (!parsed.ok) throw new Error(`refused: ${parsed.reason}`);
  return parsed.reference;
}

const reasons: Readonly<Record<string, string>> = {
  ErrNameEmpty: 'empty',
  ErrReferenceInvalidFormat: 'malformed',
  ErrNameContainsUppercase: 'uppercase',
  ErrNameTooLong: 'too-long',
  ErrDigestInvalidLength: 'digest-malformed',
  ErrDigestUnsupported: 'digest-unsupported',
  ErrNameNotCanonical: 'not-canonical',
};

describe.skipIf(!hasConformanceData)(
  'references, by reference-cases.json (skipped without ../shared/data)',
  () => {
    it('asserts every row: the number of each section', () => {
      const counts = Object.fromEntries(
        Object.entries(sections).map(([name, { cases }]) => [name, cases.length]),
      );
      expect(counts).toEqual({
        parse: 48,
        withNameFailure: 7,
        domainAndPath: 6,
        serialization: 4,
        withTag: 5,
        withDigest: 4,
        parseNamed: 8,
        normalizedValid: 35,
        normalizedInvalid: 27,
        repositoryInfo: 20,
        anyReference: 14,
        normalizedSplit: 11,
        match: 9,
        dockerRef: 11,
        domainRegexp: 30,
        fullNameRegexp: 63,
        referenceRegexp: 12,
        identifierRegexp: 5,
      });
    });

    it.each(rows('parse'))('parses %s strictly', (_, row) => {
      const input = row.input ?? '';
      const parsed = parseReference(input);
      // The upstream test binary does not register sha512; we do (README of the data).
      if (input.includes('@sha512:')) {
        expect(formatReference(referenceOf(parsed))).toBe(input);
        return;
      }
      if (row.error !== undefined) {
        expect(parsed).toEqual({ ok: false, reason: reasons[row.error] });
        return;
      }
      const reference = referenceOf(parsed);
      expect(formatName(reference)).toBe(row.repository);
      expect(reference.domain).toBe(row.domain);
      expect(reference.tag ?? '').toBe(row.tag);
      expect(reference.digest ?? '').toBe(row.digest);
      expect(formatReference(reference)).toBe(input);
    });

    it.each(rows('withNameFailure'))('refuses %j as a name', (_, row) => {
      expect(parseName(row.input ?? '')).toEqual({ ok: false, reason: reasons[row.error ?? ''] });
    });

    it.each(rows('domainAndPath'))('splits %s', (_, row) => {
      expect(referenceOf(parseName(row.input ?? ''))).toEqual({ domain: row.domain, path: row.path });
    });

    it.each(rows('serialization'))('reads and prints %j', (_, row) => {
      const parsed = parseReference(row.input ?? '');
      if (row.error !== undefined) {
        expect(parsed).toEqual({ ok: false, reason: reasons[row.error] });
        return;
      }
      const reference = referenceOf(parsed);
      expect(formatReference(reference)).toBe(row.input);
      expect(formatName(reference)).toBe(row.name);
      expect([reference.tag, reference.digest]).toEqual([row.tag, row.digest]);
    });

    // These rows hold digests of 37 digits, which only the printing side can meet.
    it.each(rows('withTag'))('adds a tag: %s', (_, row) => {
      const name = referenceOf(parseReference(row.name ?? ''));
      const digested = row.digest === undefined ? name : withDigest(name, row.digest as Digest);
      expect(formatReference(referenceOf(withTag(digested, row.tag ?? '')))).toBe(row.combined);
    });

    it.each(rows('withDigest'))('adds a digest: %s', (_, row) => {
      const name = referenceOf(parseReference(row.name ?? ''));
      const tagged = row.tag === undefined ? name : referenceOf(withTag(name, row.tag));
      expect(formatReference(withDigest(tagged, row.digest as Digest))).toBe(row.combined);
    });

    it.each(rows('parseNamed'))('takes %s only in full', (_, row) => {
      const parsed = parseCanonicalReference(row.input ?? '');
      expect(parsed).toEqual(
        row.error === undefined
          ? { ok: true, reference: { domain: row.domain, path: row.path } }
          : { ok: false, reason: reasons[row.error] },
      );
    });

    it.each(rows('normalizedValid'))('takes %s as docker does', (_, row) => {
      expect(parseNormalizedReference(row.input ?? '').ok).toBe(true);
    });

    it.each(rows('normalizedInvalid'))('refuses %s as docker does', (_, row) => {
      expect(parseNormalizedReference(row.input ?? '').ok).toBe(false);
    });

    it.each(rows('repositoryInfo'))('knows the names of %s', (_, row) => {
      const names = [row.familiarName, row.fullName, row.ambiguousName].filter(
        (name) => name !== undefined && name !== '',
      );
      for (const name of names) {
        const reference = referenceOf(parseNormalizedReference(name ?? ''));
        expect(formatName(reference)).toBe(row.fullName);
        expect(familiarName(reference)).toBe(row.familiarName);
        expect(reference).toEqual({ domain: row.domain, path: row.remoteName });
      }
    });

    it.each(rows('anyReference'))('reads %s as a digest or a reference', (_, row) => {
      const parsed = parseAnyReference(row.input ?? '');
      if (!parsed.ok) throw new Error(parsed.reason);
      const text = 'digest' in parsed ? parsed.digest : formatReference(parsed.reference);
      expect(text).toBe(row.equivalent);
    });

    it.each(rows('normalizedSplit'))('splits %s as docker does', (_, row) => {
      expect(referenceOf(parseNormalizedReference(row.input ?? ''))).toEqual({
        domain: row.domain,
        path: row.path,
      });
    });

    it.each(rows('match'))('matches %s', (_, row) => {
      const parsed = parseAnyReference(row.reference ?? '');
      if (!parsed.ok || 'digest' in parsed) throw new Error('no reference');
      expect(matchesReference(row.pattern ?? '', parsed.reference)).toBe(row.expected);
    });

    it.each(rows('dockerRef'))('makes %s name one thing', (_, row) => {
      expect(formatReference(referenceOf(parseDockerReference(row.input ?? '')))).toBe(row.expected);
    });

    it.each(rows('domainRegexp'))('knows whether %s is a domain', (_, row) => {
      expect(isDomain(row.input ?? '')).toBe(row.match);
    });

    it.each(rows('fullNameRegexp'))('knows whether %s is a name', (_, row) => {
      const parsed = parseName(row.input ?? '');
      expect(parsed.ok).toBe(row.match);
      if (row.subs !== undefined) {
        const { domain, path } = referenceOf(parsed);
        expect([domain, path]).toEqual(row.subs);
      }
    });

    it.each(rows('referenceRegexp'))('knows whether %s is a reference', (_, row) => {
      const parsed = parseReference(row.input ?? '');
      expect(parsed.ok).toBe(row.match);
      if (row.subs !== undefined) {
        const reference = referenceOf(parsed);
        expect([formatName(reference), reference.tag ?? '', reference.digest ?? '']).toEqual(row.subs);
      }
    });

    it.each(rows('identifierRegexp'))('knows whether %s is an identifier', (_, row) => {
      expect(isIdentifier(row.input ?? '')).toBe(row.match);
    });
  },
);
