/** A remote cache that lies: whatever it says, the image is the one that is built without it. */
import { createHash } from 'node:crypto';
import { deflateRawSync, gunzipSync, gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type CacheScene, type Manifest, startCacheScene } from '../../rigs/cache-scene.ts';

let scene: CacheScene;
let honest: string;
beforeEach(async () => {
  scene = await startCacheScene();
  honest = (await scene.build([])).digest;
});
afterEach(() => scene.stop());

const copied = 'copy dist';

/** The bytes of a layer that the cache holds. */
function blobOf(label: string): Buffer {
  const [layer] = scene.entry(label).layers;
  return Buffer.from(scene.mock.blobs.get(layer?.digest ?? '') ?? '');
}

/** Lets the entry of the copied layer name another blob, everything else unchanged. */
function nameBlob(bytes: Uint8Array): void {
  scene.setEntry(copied, { ...scene.entry(copied), layers: [scene.putBlob(bytes)] });
}

/** The build with the damaged entry: the copied layer is made here, the other one taken, and one line says why. */
async function expectRefused(reason: string | RegExp): Promise<void> {
  const { digest, outcomes, warnings, stored } = await scene.build();
  expect(warnings.map(({ code }) => code)).toEqual(['cache/entry-refused']);
  expect(warnings[0]?.message).toMatch(reason);
  expect(warnings[0]?.message).toContain(`${scene.mock.host}/team/cache for \`copy dist\``);
  expect(outcomes).toEqual({ 'copy dist': 'built', settings: 'cached' });
  expect(digest).toBe(honest);
  expect(stored).toEqual((await scene.build([])).stored);
}

test('an honest entry is taken, and is what would have been made', async () => {
  const { digest, outcomes, warnings, stored } = await scene.build();
  expect({ digest, warnings }).toEqual({ digest: honest, warnings: [] });
  expect(outcomes).toEqual({ 'copy dist': 'cached', settings: 'cached' });
  expect(stored).toEqual((await scene.build([])).stored);
});

test.each(['zstd', 'none'])('an honest entry is taken with compression %s', async (compression) => {
  const other = await startCacheScene(compression);
  try {
    const made = await other.build([]);
    const { digest, outcomes, stored } = await other.build();
    expect({ digest, stored }).toEqual({ digest: made.digest, stored: made.stored });
    expect(outcomes).toEqual({ 'copy dist': 'cached', settings: 'cached' });
  } finally {
    await other.stop();
  }
});

test('a key that the cache lacks is made, without a word', async () => {
  scene.mock.manifests.clear();
  const { digest, outcomes, warnings } = await scene.build();
  expect({ digest, warnings }).toEqual({ digest: honest, warnings: [] });
  expect(outcomes).toEqual({ 'copy dist': 'built', settings: 'built' });
});

describe('an entry is refused, and the image stays the same, where', () => {
  test('a byte of a file is another one', async () => {
    const tar = gunzipSync(blobOf(copied));
    tar[tar.indexOf('serve();')] = 0x53;
    nameBlob(gzipSync(tar));
    await expectRefused(/the content of `app\/server` is another one/);
  });

  test('a byte of a header is another one', async () => {
    const tar = gunzipSync(blobOf(copied));
    tar.write('0004755', tar.indexOf('0000644'));
    nameBlob(gzipSync(tar));
    await expectRefused(/the header of `app\/routes` is another one/);
  });

  test('the tar goes on', async () => {
    nameBlob(gzipSync(Buffer.concat([gunzipSync(blobOf(copied)), Buffer.alloc(512)])));
    await expectRefused(/it goes on where the planned layer ends/);
  });

  test('the tar ends early', async () => {
    nameBlob(gzipSync(gunzipSync(blobOf(copied)).subarray(0, -512)));
    await expectRefused(/it ends before the end of the tar/);
  });

  test('the tar is right and compressed in another way', async () => {
    for (const level of [0, 1, 6, 9]) {
      nameBlob(gzipSync(gunzipSync(blobOf(copied)), { level }));
      await expectRefused(/its layer is not compressed as it would be here/);
      scene.setEntry(copied, withOwnBlob());
    }
  });

  test('something stands behind the compressed stream', async () => {
    nameBlob(Buffer.concat([blobOf(copied), Buffer.from('more')]));
    await expectRefused(/the gzip stream is malformed: incorrect header check/);
  });

  test('an empty member stands behind the compressed stream', async () => {
    nameBlob(Buffer.concat([blobOf(copied), gzipSync('')]));
    await expectRefused(/bytes follow the end of the gzip stream|not compressed as it would be/);
  });

  test('the compressed stream is cut, or none', async () => {
    nameBlob(blobOf(copied).subarray(0, -20));
    await expectRefused(/the gzip stream ends too early/);
    nameBlob(Buffer.from('this is no layer at all'));
    await expectRefused(/the layer is not compressed/);
  });

  test('it claims another diffID', async () => {
    const entry = scene.entry(copied);
    const annotations = { ...entry.annotations, 'dev.layerwright.cache.diff-id': `sha256:${'0'.repeat(64)}` };
    scene.setEntry(copied, { ...entry, annotations });
    await expectRefused(/it claims another diffID than its layer has/);
  });

  test('it names the right bytes by sha512', async () => {
    const bytes = blobOf(copied);
    const name = `sha512:${createHash('sha512').update(bytes).digest('hex')}`;
    scene.mock.blobs.set(name, bytes);
    const entry = scene.entry(copied);
    scene.setEntry(copied, { ...entry, layers: [{ ...layerOf(entry), digest: name }] });
    await expectRefused(/its layer is not named by sha256/);
  });

  test('it claims another size', async () => {
    const entry = scene.entry(copied);
    scene.setEntry(copied, { ...entry, layers: [{ ...layerOf(entry), size: layerOf(entry).size - 1 }] });
    await expectRefused(/registry sends more than|not compressed as it would be here/);
  });

  test('it is another layer’s entry, as it is or under this layer’s key', async () => {
    const other = scene.entry('settings');
    const { annotations } = scene.entry(copied);
    scene.setEntry(copied, other);
    await expectRefused(/it is the entry of another layer/);
    scene.setEntry(copied, { ...other, annotations });
    await expectRefused(/the header of `app` is another one/);
  });

  test('its layer has another media type', async () => {
    const entry = scene.entry(copied);
    const mediaType = 'application/vnd.oci.image.layer.v1.tar+zstd';
    scene.setEntry(copied, { ...entry, layers: [{ ...layerOf(entry), mediaType }] });
    await expectRefused(/another media type than the recipe asks for/);
  });

  test('its layer is not there', async () => {
    scene.mock.blobs.delete(layerOf(scene.entry(copied)).digest);
    await expectRefused(/its layer is not there/);
  });

  test('its manifest is garbage, an index, or of something else', async () => {
    const entry = scene.entry(copied);
    scene.setEntry(copied, 'not json');
    await expectRefused(/it is not JSON/);
    scene.setEntry(copied, {
      schemaVersion: 2,
      mediaType: 'application/vnd.oci.image.index.v1+json',
      manifests: [],
    });
    await expectRefused(/its manifest cannot be read|must be `application/);
    scene.setEntry(copied, { ...entry, artifactType: 'application/vnd.example.chart' });
    await expectRefused(/it is no entry of a cache that is known here/);
    scene.setEntry(copied, { ...entry, layers: [...entry.layers, ...entry.layers] });
    await expectRefused(/it does not hold exactly one layer/);
  });

  test('its stream inflates to far more than the layer', async () => {
    nameBlob(gzipSync(Buffer.alloc(300 * 1024 * 1024), { level: 9 }));
    await expectRefused(/the header of `app` is another one/);
  });

  test('its stream goes on and on without holding anything', async () => {
    const empties = Buffer.alloc(48 * 1024 * 1024);
    // RFC 1951: an empty stored block, not the last one, is 00 00 00 ff ff.
    for (let at = 0; at < empties.length - 5; at += 5) empties.writeUInt16LE(0xffff, at + 3);
    const head = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255]);
    nameBlob(Buffer.concat([head, empties, deflateRawSync('')]));
    await expectRefused(/bytes of it hold only 0/);
  });
});

/** The copied layer's entry with the blob that was built. */
function withOwnBlob(): Manifest {
  const descriptor = scene.layers.get(copied)?.descriptor;
  if (descriptor === undefined) throw new Error('the scene has no such layer');
  const { mediaType, digest, size } = descriptor;
  return { ...scene.entry(copied), layers: [{ mediaType, digest, size }] };
}

function layerOf({ layers }: Manifest): Manifest['layers'][number] {
  const [layer] = layers;
  if (layer === undefined) throw new Error('the entry has no layer');
  return layer;
}

describe('a cache that cannot be read', () => {
  test('is told once and the build goes on with the next one', async () => {
    const { digest, outcomes, warnings } = await scene.build(['127.0.0.1:1/team/cache', ownName()]);
    expect(warnings.map(({ code }) => code)).toEqual(['cache/unavailable']);
    expect(warnings[0]?.message).toContain('the cache 127.0.0.1:1/team/cache is not used');
    expect(outcomes).toEqual({ 'copy dist': 'cached', settings: 'cached' });
    expect(digest).toBe(honest);
  });

  const ownName = (): string => `${scene.mock.host}/team/cache`;
});
