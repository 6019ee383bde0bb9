import { describe, expect, it } from 'vitest';
import { mediaTypes } from '../../../src/core/oci/media-type.ts';
import {
  parseImageConfig,
  parseImageLayout,
  parseManifestDocument,
} from '../../../src/core/oci/parse-document.ts';

function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

const digest = `sha256:${'a'.repeat(64)}`;
const config = { mediaType: mediaTypes.config, digest, size: 2 };
const layer = { mediaType: mediaTypes.layerGzip, digest, size: 3 };

function parse(document: unknown, mediaType?: string) {
  return parseManifestDocument(
    bytesOf(JSON.stringify(document)),
    mediaType === undefined ? {} : { mediaType },
  );
}

function problemsIn(document: unknown, mediaType?: string): string[] {
  const parsed = parse(document, mediaType);
  return parsed.ok ? [] : parsed.problems.map(({ pointer, message }) => `${pointer}: ${message}`);
}

describe('parseManifestDocument', () => {
  it.each([
    [{ mediaType: mediaTypes.manifest }, undefined, mediaTypes.manifest],
    [{ mediaType: mediaTypes.dockerManifest }, mediaTypes.dockerManifest, mediaTypes.dockerManifest],
    [{}, mediaTypes.dockerManifest, mediaTypes.dockerManifest],
    [{}, undefined, mediaTypes.manifest],
  ])('reads a manifest %j called %s', (own, called, expected) => {
    const parsed = parse({ schemaVersion: 2, ...own, config, layers: [layer] }, called);
    expect(parsed).toMatchObject({ ok: true, value: { kind: 'manifest', mediaType: expected } });
  });

  it('reads an index by its shape alone', () => {
    expect(parse({ schemaVersion: 2, manifests: [] })).toMatchObject({
      ok: true,
      value: { kind: 'index', mediaType: mediaTypes.index },
    });
  });

  // safety.md N11 and N12.
  it.each([
    [
      { schemaVersion: 2, config, layers: [layer], manifests: [] },
      undefined,
      ': is a manifest and an index at once',
    ],
    [{ schemaVersion: 2, manifests: [], config }, undefined, ': is a manifest and an index at once'],
    [
      { schemaVersion: 2, mediaType: mediaTypes.index, config, layers: [layer] },
      undefined,
      ': must have a member `manifests`',
    ],
    [
      { schemaVersion: 2, mediaType: mediaTypes.index, manifests: [] },
      mediaTypes.manifest,
      `/mediaType: must be \`${mediaTypes.manifest}\`, as which the document was delivered`,
    ],
    [{ schemaVersion: 2, manifests: [] }, mediaTypes.manifest, ': must have a member `config`'],
    [
      { schemaVersion: 1, name: 'a', fsLayers: [] },
      undefined,
      "/schemaVersion: is Docker's schema 1, which has been given up",
    ],
    [
      { schemaVersion: 2, mediaType: 'text/html', config, layers: [layer] },
      undefined,
      '/mediaType: must be the media type of a manifest or an image index',
    ],
    [
      { schemaVersion: 2, config, layers: [{ ...layer, digest: `sha1:${'a'.repeat(40)}` }] },
      undefined,
      '/layers/0/digest: is of an algorithm that is not supported: only sha256 and sha512 are',
    ],
    [{ schemaVersion: 2, config, layers: [layer], Layers: [] }, undefined, '/Layers: '],
    [{ schemaVersion: 2, config, Layers: [layer] }, undefined, ': must have a member `layers`'],
    [[], undefined, ': must be an object'],
    ['x', undefined, ': must be an object'],
  ])('refuses %j', (document, called, expected) => {
    expect(problemsIn(document, called)[0]?.slice(0, expected.length)).toBe(expected);
  });

  // safety.md N13.
  it.each(['-1', '1.5', '9007199254740993', '1e999', '"3"', 'null'])('refuses a size of %s', (size) => {
    const text = JSON.stringify({ schemaVersion: 2, config, layers: [layer] }).replace(
      '"size":3',
      `"size":${size}`,
    );
    const parsed = parseManifestDocument(bytesOf(text));
    expect(parsed).toMatchObject({ ok: false, problems: [{ pointer: '/layers/0/size' }] });
  });

  it('refuses more than 4 MiB, or than the caller allows', () => {
    const annotations = { a: 'x'.repeat(4 * 1024 * 1024) };
    expect(problemsIn({ schemaVersion: 2, manifests: [], annotations })).toEqual([
      ': is larger than 4194304 bytes',
    ]);
    const small = bytesOf('{"schemaVersion":2,"manifests":[]}');
    expect(parseManifestDocument(small, { maxBytes: 10 }).ok).toBe(false);
  });
});

describe('parseImageConfig', () => {
  it('leaves out what docker writes as null, and knows an image without layers', () => {
    const document = {
      architecture: 'amd64',
      os: 'linux',
      config: { Env: null, Cmd: null, Labels: null, ExposedPorts: null, OnBuild: null, Healthcheck: null },
      rootfs: { type: 'layers' },
      history: null,
    };
    expect(parseImageConfig(bytesOf(JSON.stringify(document)))).toEqual({
      ok: true,
      value: { architecture: 'amd64', os: 'linux', config: {}, rootfs: { type: 'layers', diff_ids: [] } },
    });
  });

  it('refuses diffIDs that cannot be checked', () => {
    const rootfs = { type: 'layers', diff_ids: [`sha384:${'a'.repeat(96)}`] };
    const parsed = parseImageConfig(bytesOf(JSON.stringify({ architecture: 'amd64', os: 'linux', rootfs })));
    expect(parsed).toMatchObject({ ok: false, problems: [{ pointer: '/rootfs/diff_ids/0' }] });
  });
});

describe('parseImageLayout', () => {
  it('takes version 1.0.0 and no other', () => {
    expect(parseImageLayout(bytesOf('{"imageLayoutVersion":"1.0.0"}')).ok).toBe(true);
    for (const text of ['{"imageLayoutVersion":"1.1.0"}', '{}', '{"imageLayoutVersion":1}', 'x']) {
      expect(parseImageLayout(bytesOf(text)).ok).toBe(false);
    }
  });
});
