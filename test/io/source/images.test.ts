import { describe, expect, it } from 'vitest';
import { digestOf } from '../../../src/core/digest/digest.ts';
import { mediaTypes } from '../../../src/core/oci/media-type.ts';
import { readBaseImage } from '../../../src/io/source/base-image.ts';
import { type ImageRequest, readImageSource } from '../../../src/io/source/image-source.ts';
import type { LayerOrigin } from '../../../src/io/source/image-layers.ts';
import { createContentOpener } from '../../../src/io/source/open-content.ts';
import { readAll } from '../layer/pack-entries.ts';
import { resolveImage } from '../../../src/io/source/resolve-image.ts';
import { createMemoryStore } from '../../../src/io/store/memory-store.ts';
import type { Store } from '../../../src/io/store/store.ts';
import { temporaryFolder } from './sample-context.ts';
import { amd64, arm64, sampleImage, type SampleImage, sampleLayer } from './sample-image.ts';

const signal = new AbortController().signal;

function base(source: SampleImage, store: Store = createMemoryStore(), platform = amd64) {
  const reference = { transport: 'oci', path: 'base' } as const;
  return resolveImage(source, { platform, name: 'oci:base' }).then((resolved) =>
    readBaseImage({ source, reference, store, signal }, resolved),
  );
}

async function readFiles(request: ImageRequest, origin: LayerOrigin) {
  const { reference: name, platform } = request;
  const { layers } = await resolveImage(origin.source, { platform, name });
  return readImageSource(request, layers, origin);
}

function imageRequest(more: Partial<ImageRequest> = {}): ImageRequest {
  return {
    kind: 'image',
    reference: 'oci:base',
    platform: amd64,
    from: [],
    include: [],
    exclude: [],
    ...more,
  };
}

const lower = () =>
  sampleLayer({
    'usr/bin/sh': 'sh',
    bin: { link: 'usr/bin' },
    'etc/passwd': 'lower',
    'etc/group': 'G',
    'opt/a/b': 'x',
  });
const upper = () =>
  sampleLayer({ 'etc/passwd': 'upper', 'opt/.wh.a': '', 'srv/.wh..wh..opq': '', 'srv/x': '' });

describe('a base image', () => {
  it('is known by the folders, links and accounts of its merged root', async () => {
    const image = await base(sampleImage({ layers: [lower(), upper()] }));
    expect(image.folders.map(({ path }) => path)).toEqual(['', 'bin', 'etc', 'opt', 'srv', 'usr', 'usr/bin']);
    expect([image.passwd, image.group]).toEqual(['upper', 'G']);
    expect(image.layers).toHaveLength(2);
    expect(image.location).toEqual({ transport: 'oci', path: 'base' });
  });

  it('loses accounts that a later layer removes or changes into something else', async () => {
    const removed = await base(sampleImage({ layers: [lower(), sampleLayer({ 'etc/.wh.passwd': '' })] }));
    expect([removed.passwd, removed.group]).toEqual([undefined, 'G']);
    const linked = await base(
      sampleImage({ layers: [lower(), sampleLayer({ 'etc/passwd': { link: '/x' } })] }),
    );
    expect(linked.passwd).toBeUndefined();
    const gone = await base(sampleImage({ layers: [lower(), sampleLayer({ '.wh.etc': '' })] }));
    expect([gone.passwd, gone.group, gone.folders.map(({ path }) => path)]).toEqual([
      undefined,
      undefined,
      ['', 'bin', 'opt', 'opt/a', 'usr', 'usr/bin'],
    ]);
  });

  it('lets a file take the place of a folder of a lower layer', async () => {
    const image = await base(sampleImage({ layers: [lower(), sampleLayer({ opt: 'file' })] }));
    expect(image.folders.map(({ path }) => path)).not.toContain('opt');
  });

  it('is not downloaded again once its folders are known, even with another layer above', async () => {
    const store = createMemoryStore();
    const first = sampleImage({ layers: [lower(), upper()] });
    await base(first, store);
    expect(first.opened).toHaveLength(2);
    const again = sampleImage({ layers: [lower(), upper()] });
    expect((await base(again, { ...store, blobs: createMemoryStore().blobs })).folders).toHaveLength(7);
    const known = sampleImage({ layers: [lower(), upper()] });
    expect((await base(known, store)).passwd).toBe('upper');
    expect(known.opened).toEqual([]);
    const higher = sampleImage({ layers: [lower(), upper(), sampleLayer({ y: '' })] });
    await base(higher, store);
    expect(higher.opened).toEqual([higher.layers[2]?.digest]);
  });

  it('is chosen from an index by platform', async () => {
    const source = sampleImage({ layers: [lower()], platforms: [arm64, amd64] });
    expect((await base(source)).config.architecture).toBe('amd64');
    expect((await base(source, createMemoryStore(), arm64)).config.architecture).toBe('arm64');
  });

  it('that lacks a platform says what it has', async () => {
    const armOnly = { platform: { os: 'linux', architecture: 'arm', variant: 'v6' }, layers: [lower()] };
    await expect(
      base(sampleImage({ layers: [lower()], platforms: [arm64, { os: 'linux', architecture: 's390x' }] })),
    ).rejects.toThrow('`oci:base` is not there for linux/amd64; it has linux/arm64, linux/s390x');
    await expect(base(sampleImage(armOnly))).rejects.toMatchObject({ code: 'source/platform-missing' });
    // containerd would run 386 on amd64, but an image that says amd64 must not hold it.
    const i386 = sampleImage({ layers: [lower()], platforms: [{ os: 'linux', architecture: '386' }] });
    await expect(base(i386)).rejects.toMatchObject({ code: 'source/platform-missing' });
  });

  it('whose documents contradict each other is refused', async () => {
    const wrongConfig = sampleImage({
      layers: [lower()],
      platforms: [amd64],
      config: { architecture: 'arm64' },
    });
    await expect(base(wrongConfig)).rejects.toMatchObject({ code: 'source/bad-image' });
    const wrongCount = sampleImage({
      layers: [lower()],
      config: { rootfs: { type: 'layers', diff_ids: [] } },
    });
    await expect(base(wrongCount)).rejects.toThrow('disagree on the number of layers: 1 and 0');
  });

  it('whose layer is not what its config says is refused, and nothing is remembered of it', async () => {
    const store = createMemoryStore();
    const wrong = { ...lower(), diffId: digestOf(Buffer.from('other')) };
    for (let round = 0; round < 2; round += 1) {
      await expect(base(sampleImage({ layers: [wrong] }), store)).rejects.toMatchObject({
        code: 'source/layer-digest',
      });
    }
  });

  it('whose layer has other bytes than its descriptor says is refused', async () => {
    const source = sampleImage({ layers: [lower()] });
    const broken = {
      ...source,
      openBlob: async function* () {
        yield await Promise.resolve(Buffer.from('other'));
      },
    };
    await expect(base(broken)).rejects.toMatchObject({ code: 'store/blob-mismatch' });
  });

  it('of docker has its layer types mapped, and its digests kept', async () => {
    const docker = { ...lower(), mediaType: mediaTypes.dockerLayerGzip };
    const source = sampleImage({ layers: [docker] });
    expect((await base(source)).layers[0]?.descriptor).toMatchObject({
      mediaType: mediaTypes.layerGzip,
      digest: source.layers[0]?.digest,
    });
  });
});

describe('files out of another image', () => {
  const image = () => sampleImage({ layers: [lower(), upper()] });

  it('are those of the merged root, from layers in the store', async () => {
    const store = createMemoryStore();
    const tree = await readFiles(imageRequest(), { source: image(), store, signal });
    expect(tree.tree.entries.map(({ path }) => path)).toEqual([
      '',
      'bin',
      'etc',
      'etc/group',
      'etc/passwd',
      'opt',
      'srv',
      'srv/x',
      'usr',
      'usr/bin',
      'usr/bin/sh',
    ]);
    expect([tree.passwd, tree.group]).toEqual(['upper', 'G']);
    const opener = createContentOpener({ contextFolder: temporaryFolder(), blobs: store.blobs });
    for (const entry of tree.tree.entries) {
      const source = tree.contents[entry.path];
      if (entry.type !== 'file' || source === undefined) continue;
      expect(digestOf(await readAll(opener.open(source, entry)))).toBe(entry.digest);
    }
    await opener.close();
  });

  it('are what `from` names, at the same paths, through links of the image', async () => {
    const origin = { source: image(), store: createMemoryStore(), signal };
    const tree = await readFiles(imageRequest({ from: ['/bin/sh', 'etc'], exclude: ['etc/group'] }), origin);
    expect(tree.tree.entries.map(({ path }) => path)).toEqual(['bin/sh', 'etc', 'etc/passwd']);
    expect(tree.contents).toHaveProperty('bin/sh');
  });

  it('are brought again where the store has lost the layer, and not otherwise', async () => {
    const store = createMemoryStore();
    await readFiles(imageRequest({ from: ['etc'] }), { source: image(), store, signal });
    const known = image();
    await readFiles(imageRequest({ from: ['etc'] }), { source: known, store, signal });
    expect(known.opened).toEqual([]);
  });

  it('that are not there are named with what was meant', async () => {
    const origin = { source: image(), store: createMemoryStore(), signal };
    await expect(readFiles(imageRequest({ from: ['/usr/bni'] }), origin)).rejects.toMatchObject({
      code: 'source/not-in-image',
      help: 'did you mean `/usr/bin`?',
    });
    await expect(readFiles(imageRequest({ from: ['../x'] }), origin)).rejects.toMatchObject({
      code: 'source/not-in-image',
    });
    await expect(readFiles(imageRequest({ include: ['none'] }), origin)).rejects.toMatchObject({
      code: 'source/nothing-matched',
    });
  });
});
