import { describe, expect, it } from 'vitest';
import { digestOf } from '../../../src/core/digest/digest.ts';
import { ociMediaType } from '../../../src/core/oci/docker-compat.ts';
import type { Problem } from '../../../src/core/oci/json-check.ts';
import { parseImageConfig, parseManifestDocument } from '../../../src/core/oci/parse-document.ts';
import { parseStrictJson } from '../../../src/core/oci/strict-json.ts';
import {
  validateDescriptor,
  validateImageConfig,
  validateImageLayout,
  validateIndex,
  validateManifest,
} from '../../../src/core/oci/validate-image.ts';
import { hasConformanceData, readConformanceData } from './conformance-data.ts';
import { loadSpecSchema } from './spec-schema.ts';

interface ImageCase {
  readonly id: string;
  readonly kind: string;
  readonly schema: string;
  readonly valid: boolean;
  readonly failsBy?: 'json-schema' | 'json-syntax' | 'semantic';
  readonly schemaOnlyResult: 'valid' | 'invalid' | 'not-json';
  readonly comment?: string;
  readonly dockerFormat?: boolean;
  readonly digest?: string;
  readonly document: string;
}

const kinds = ['descriptor', 'manifest', 'index', 'layout', 'config'];
const cases = kinds.flatMap(
  (kind) =>
    readConformanceData<{ cases: readonly ImageCase[] }>(`image-spec-cases/${kind}.json`, { cases: [] })
      .cases,
);

const validators: Readonly<Record<string, (value: unknown) => readonly Problem[]>> = {
  descriptor: validateDescriptor,
  manifest: validateManifest,
  index: validateIndex,
  layout: validateImageLayout,
  config: validateImageConfig,
};

/** Docker's documents are the image spec's but for the media types. */
function asOci(row: ImageCase): string {
  return row.dockerFormat === true
    ? row.document.replace(/application\/vnd\.docker\.[a-z0-9.+-]+/g, ociMediaType)
    : row.document;
}

function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** Problems of the JSON itself, or of the document. */
function problemsOf(row: ImageCase): readonly Problem[] {
  const parsed = parseStrictJson(bytesOf(asOci(row)));
  if (!parsed.ok) return [{ pointer: parsed.pointer, message: parsed.message }];
  const validate = validators[row.kind];
  if (validate === undefined) throw new Error(row.kind);
  return validate(parsed.value);
}

describe.skipIf(!hasConformanceData)(
  'documents of the image spec, by image-spec-cases (skipped without ../shared/data)',
  () => {
    it('asserts every row: 81, of which 41 are valid', () => {
      expect(cases).toHaveLength(81);
      expect(cases.filter(({ valid }) => valid)).toHaveLength(41);
      const counts = kinds.map((kind) => cases.filter((row) => row.kind === kind).length);
      expect(counts).toEqual([35, 14, 16, 3, 13]);
    });

    it.each(cases)('finds $id to be valid: $valid ($comment)', (row) => {
      const problems = problemsOf(row);
      if (row.valid) expect(problems).toEqual([]);
      else expect(problems.length).toBeGreaterThan(0);
    });

    it.each(cases.filter(({ digest }) => digest !== undefined))('knows the digest of $id', (row) => {
      expect(digestOf(bytesOf(row.document))).toBe(row.digest);
    });

    it.each(cases)("agrees with the spec's own schemas on $id", (row) => {
      if (row.schemaOnlyResult === 'not-json') {
        expect(() => JSON.parse(row.document) as unknown).toThrow(SyntaxError);
        return;
      }
      const verdict = loadSpecSchema(`image-spec/${row.schema}`)(JSON.parse(asOci(row))).length === 0;
      expect(verdict).toBe(row.schemaOnlyResult === 'valid');
      // What the schemas refuse, we refuse; what we refuse beyond them is marked semantic.
      if (row.failsBy !== 'semantic') expect(problemsOf(row).length === 0).toBe(verdict);
    });

    it.each(cases.filter(({ kind }) => kind === 'manifest' || kind === 'index'))(
      'parses $id as it validates it, but for digests that cannot be checked',
      (row) => {
        const parsed = parseManifestDocument(bytesOf(row.document));
        const isCheckable = !/"(?:sha256[+.]|multihash)/.test(row.document);
        expect(parsed.ok).toBe(row.valid && isCheckable);
        if (parsed.ok) expect(parsed.value.kind).toBe(row.kind);
      },
    );

    it.each(cases.filter(({ kind }) => kind === 'config'))('parses $id as it validates it', (row) => {
      expect(parseImageConfig(bytesOf(row.document)).ok).toBe(row.valid);
    });
  },
);

describe('problems', () => {
  it('are all said, each with its JSON Pointer', () => {
    const problems = validateManifest({
      schemaVersion: 1,
      Config: {},
      layers: [{ mediaType: 'x', size: -1, digest: 'sha256:x', 'a/b': 1, annotations: { 'c/d': 1 } }],
    });
    expect(problems.map(({ pointer, message }) => `${pointer}: ${message}`)).toEqual([
      ': must have a member `config`',
      '/schemaVersion: must be 2',
      '/Config: `Config` is `config` to readers that ignore case',
      '/layers/0/mediaType: must be a media type: type/subtype',
      '/layers/0/size: must be an integer from 0 to 2^53 - 1',
      '/layers/0/digest: must be a digest: algorithm:encoded, with lower-case hex of the right length for sha256 and sha512',
      '/layers/0/annotations/c~1d: must be a string',
    ]);
  });

  it.each([[undefined], [null], [1], ['x'], [[]], [{}]])('are found in %j by every validator', (value) => {
    for (const validate of Object.values(validators)) expect(validate(value)).not.toEqual([]);
  });

  it.each([
    ['2024-02-29T23:59:60Z', true],
    ['2024-02-29t00:00:00.123456789+14:00', true],
    ['2023-02-29T00:00:00Z', false],
    ['2024-13-01T00:00:00Z', false],
    ['2024-04-31T00:00:00Z', false],
    ['2024-01-01T24:00:00Z', false],
    ['2024-01-01 00:00:00Z', false],
    ['2024-01-01T00:00:00', false],
    ['2024-01-01T00:00:00Z\n', false],
  ])('are found in the time %j unless %s', (created, valid) => {
    const config = { architecture: 'amd64', os: 'linux', rootfs: { type: 'layers', diff_ids: [] }, created };
    expect(validateImageConfig(config).length === 0).toBe(valid);
  });

  it('are found in diffIDs that are no digests, which the schema lets pass', () => {
    const config = { architecture: 'amd64', os: 'linux', rootfs: { type: 'layers', diff_ids: ['../x'] } };
    expect(validateImageConfig(config).map(({ pointer }) => pointer)).toEqual(['/rootfs/diff_ids/0']);
  });
});
