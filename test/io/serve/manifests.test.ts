import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { digestOf } from '../../../src/core/digest/digest.ts';
import { mediaTypes } from '../../../src/core/oci/media-type.ts';
import { documentOf, manifestIn, type PushedManifest, put, refusalIn } from '../../rigs/served-image.ts';
import { type ServedRegistry, startServe } from '../../rigs/served-registry.ts';

let registry: ServedRegistry;
let app: string;
beforeEach(async () => {
  registry = await startServe();
  app = `${registry.url}/v2/acme/app`;
});
afterEach(() => registry.stop());

const absent = { mediaType: mediaTypes.layer, digest: digestOf(Buffer.from('not pushed')), size: 10 };

describe('a manifest that was pushed', () => {
  let manifest: PushedManifest;
  beforeEach(async () => {
    manifest = await manifestIn(app);
    const answer = await put(app, manifest, '1.0');
    expect(answer.status).toBe(201);
    expect(answer.headers.get('location')).toBe(`/v2/acme/app/manifests/${manifest.digest}`);
    expect(answer.headers.get('docker-content-digest')).toBe(manifest.digest);
  });

  test.each(['1.0', 'its digest'])('comes by %s byte for byte', async (name) => {
    const reference = name === '1.0' ? name : manifest.digest;
    const answer = await fetch(`${app}/manifests/${reference}`);
    expect(await answer.text()).toBe(manifest.text);
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'content-type': manifest.mediaType,
      'content-length': String(manifest.size),
      'docker-content-digest': manifest.digest,
      etag: `"${manifest.digest}"`,
    });
    const head = await fetch(`${app}/manifests/${reference}`, { method: 'HEAD' });
    expect([head.headers.get('content-length'), await head.text()]).toEqual([String(manifest.size), '']);
    const held = await fetch(`${app}/manifests/${reference}`, {
      headers: { 'if-none-match': `"${manifest.digest}"` },
    });
    expect([held.status, await held.text()]).toEqual([304, '']);
  });

  test('has its tag in the index of the layout, and nothing else', () => {
    const index = JSON.parse(readFileSync(join(registry.folder, 'index.json'), 'utf8'));
    expect(index.manifests).toEqual([
      {
        mediaType: manifest.mediaType,
        digest: manifest.digest,
        size: manifest.size,
        annotations: {
          'io.containerd.image.name': 'localhost/acme/app:1.0',
          'org.opencontainers.image.ref.name': '1.0',
        },
      },
    ]);
  });

  test('gives its tag to the one that is pushed next', async () => {
    const next = await manifestIn(app, {}, 'another layer');
    await put(app, next, '1.0');
    expect(await (await fetch(`${app}/manifests/1.0`)).text()).toBe(next.text);
    expect((await fetch(`${app}/manifests/${manifest.digest}`)).status).toBe(200);
  });

  test('loses a tag that is deleted, and stays', async () => {
    expect((await fetch(`${app}/manifests/1.0`, { method: 'DELETE' })).status).toBe(202);
    expect(await refusalIn(await fetch(`${app}/manifests/1.0`))).toBe('404 MANIFEST_UNKNOWN');
    expect(await refusalIn(await fetch(`${app}/manifests/1.0`, { method: 'DELETE' }))).toBe(
      '404 MANIFEST_UNKNOWN',
    );
    expect((await fetch(`${app}/manifests/${manifest.digest}`)).status).toBe(200);
  });

  test('goes with its tags and its bytes, and leaves those of others', async () => {
    await put(app, manifest, '1');
    await put(app, await manifestIn(app, {}, 'another layer'), '2');
    const other = `${registry.url}/v2/acme/other`;
    await put(other, await manifestIn(other), '1.0');
    expect((await fetch(`${app}/manifests/${manifest.digest}`, { method: 'DELETE' })).status).toBe(202);
    expect(await (await fetch(`${app}/tags/list`)).json()).toEqual({ name: 'acme/app', tags: ['2'] });
    expect((await fetch(`${app}/manifests/${manifest.digest}`)).status).toBe(404);
    expect(await (await fetch(`${other}/manifests/1.0`)).text()).toBe(manifest.text);
    await fetch(`${other}/manifests/${manifest.digest}`, { method: 'DELETE' });
    expect(readdirSync(join(registry.folder, 'blobs/sha256'))).not.toContain(manifest.digest.slice(7));
  });
});

test('several tags come with one digest', async () => {
  const manifest = await manifestIn(app);
  const answer = await put(app, manifest, `${manifest.digest}?tag=a&tag=b`);
  expect(answer.headers.get('oci-tag')).toBe('a, b');
  expect(await (await fetch(`${app}/manifests/b`)).text()).toBe(manifest.text);
});

test('an index is taken with the manifests that it names', async () => {
  const manifest = await manifestIn(app);
  const { mediaType, digest, size } = manifest;
  const index = documentOf({
    schemaVersion: 2,
    mediaType: mediaTypes.index,
    manifests: [{ mediaType, digest, size }],
  });
  expect(await refusalIn(await put(app, index, 'all'))).toBe('404 MANIFEST_BLOB_UNKNOWN');
  await put(app, manifest);
  expect((await put(app, index, 'all')).status).toBe(201);
});

test('a layer that may not be distributed need not be there; every other one must', async () => {
  const foreign = 'application/vnd.oci.image.layer.nondistributable.v1.tar+gzip';
  const manifest = await manifestIn(app, { layers: [{ ...absent, mediaType: foreign }] });
  expect((await put(app, manifest)).status).toBe(201);
  expect(await refusalIn(await put(app, await manifestIn(app, { layers: [absent] })))).toBe(
    '404 MANIFEST_BLOB_UNKNOWN',
  );
});

test('a blob of another repository is none of this one', async () => {
  const manifest = await manifestIn(`${registry.url}/v2/acme/other`);
  expect(await refusalIn(await put(app, manifest, '1'))).toBe('404 MANIFEST_BLOB_UNKNOWN');
});

describe('is refused:', () => {
  const changed = async (change: (text: string) => string, mediaType: string = mediaTypes.manifest) => {
    const text = change((await manifestIn(app)).text);
    return { mediaType, text, digest: digestOf(Buffer.from(text)), size: text.length };
  };

  test.each<[string, () => Promise<PushedManifest>]>([
    ['what is no JSON', () => changed(() => '{')],
    ['a member that stands twice', () => changed((text) => text.replace('{', '{"schemaVersion":2,'))],
    [
      'a member that another reader takes for a known one',
      () => changed((text) => text.replace('{', '{"Layers":[],')),
    ],
    ['a manifest that is an index too', () => changed((text) => text.replace('{', '{"manifests":[],'))],
    ['another media type than it is sent as', () => changed((text) => text, mediaTypes.index)],
    ['a media type of no manifest', () => changed((text) => text, 'text/html')],
    ['a size that is no number', () => changed((text) => text.replace(/"size":\d+/, '"size":1e3'))],
    ['a digest of no known algorithm', () => changed((text) => text.replace(/sha256:[0-9a-f]+/, 'md5:x'))],
  ])('%s', async (_what, make) => {
    expect(await refusalIn(await put(app, await make(), '1'))).toBe('400 MANIFEST_INVALID');
  });

  test('another digest than it is pushed by', async () => {
    const manifest = await manifestIn(app);
    expect(await refusalIn(await put(app, manifest, absent.digest))).toBe('400 DIGEST_INVALID');
  });

  test.each(['.1', '-1', 'a'.repeat(129), 'a%2fb'])('the tag %s', async (tag) => {
    const answer = await put(app, await manifestIn(app), tag);
    expect(answer.status).toBe(400);
  });

  test('more than 4 MiB, announced or not', async () => {
    const text = `{"a":"${'x'.repeat(4 * 1024 * 1024)}"}`;
    const manifest = {
      mediaType: mediaTypes.manifest,
      text,
      digest: digestOf(Buffer.from(text)),
      size: text.length,
    };
    expect(await refusalIn(await put(app, manifest, '1'))).toBe('413 SIZE_INVALID');
  });
});

test('nothing but the blobs stays of a manifest that was refused', async () => {
  await put(app, await manifestIn(app, { layers: [absent] }), '1');
  expect((await fetch(`${app}/manifests/1`)).status).toBe(404);
  expect(readdirSync(join(registry.folder, 'repositories/acme/app'))).toEqual(['_blobs']);
  expect(readdirSync(join(registry.folder, 'tmp'))).toEqual([]);
});

test('twenty tags that are pushed at once are all there', async () => {
  const manifest = await manifestIn(app);
  const tags = Array.from({ length: 20 }, (_, at) => `t${String(at).padStart(2, '0')}`);
  await Promise.all(tags.map((tag) => put(app, manifest, tag)));
  expect(await (await fetch(`${app}/tags/list`)).json()).toEqual({ name: 'acme/app', tags });
});
