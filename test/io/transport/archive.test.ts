import { mkdir, mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { digestOf, encodedOf } from '../../../src/core/digest/digest.ts';
import { mediaTypes } from '../../../src/core/oci/media-type.ts';
import { createMemoryStore } from '../../../src/io/store/memory-store.ts';
import { storeImage } from '../../../src/io/transport/copy-image.ts';
import {
  deliverToDockerArchive,
  openDockerArchive,
  streamDockerArchive,
} from '../../../src/io/transport/docker-archive.ts';
import { deliverToOciArchive, openOciArchive } from '../../../src/io/transport/oci-archive.ts';
import { collect, text } from '../../suites/store-suite.ts';
import {
  copyOf,
  putJson,
  quietContext,
  sampleImage,
  type SampleImage,
  sampleIndex,
  type TarMember,
  tarOf,
  tarWith,
} from './sample-image.ts';

let folder: string;
let file: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'layerwright-archive-'));
  file = join(folder, 'image.tar');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const signal = new AbortController().signal;

const oci = (tag?: string) => ({
  transport: 'oci-archive' as const,
  path: file,
  ...(tag === undefined ? {} : { tag }),
});
const docker = (reference?: string) => ({
  transport: 'docker-archive' as const,
  path: file,
  ...(reference === undefined ? {} : { reference }),
});

function deliveryOf(image: SampleImage, references: readonly string[] = []) {
  return { root: image.root, references, blobs: image.blobs };
}

describe('an oci-archive', () => {
  it('holds an image of several platforms and gives it back unchanged', async () => {
    const image = await sampleIndex();
    const receipt = await deliverToOciArchive(deliveryOf(image), oci('v1'), quietContext());
    expect(receipt).toMatchObject({ digest: image.root.digest, moved: 8, present: 0 });
    const source = await openOciArchive(oci('v1'));
    expect(source.root).toEqual(image.root);
    expect(await copyOf(source)).toEqual(await collect(image.blobs.list()));
    await expect(openOciArchive(oci('v2'))).rejects.toMatchObject({ code: 'transport/unknown-tag' });
  });

  it('has the same bytes each time, with members in order and no time', async () => {
    const image = await sampleImage();
    await deliverToOciArchive(deliveryOf(image), oci(), quietContext());
    const first = await readFile(file);
    await deliverToOciArchive(deliveryOf(await sampleImage()), oci(), quietContext());
    expect(first.equals(await readFile(file))).toBe(true);
    // ustar: the time of the first member's header.
    expect(first.toString('latin1', 136, 147)).toBe('00000000000');
  });

  it('replaces the file, and nothing else than a file', async () => {
    await writeFile(file, 'old');
    await deliverToOciArchive(deliveryOf(await sampleImage()), oci(), quietContext());
    expect((await readFile(file)).byteLength).toBeGreaterThan(1000);
    await rm(file);
    await mkdir(file);
    const again = deliverToOciArchive(deliveryOf(await sampleImage()), oci(), quietContext());
    await expect(again).rejects.toMatchObject({ code: 'transport/not-ours' });
  });

  it('leaves the old file where it fails half-way', async () => {
    await writeFile(file, 'old');
    const image = await sampleImage();
    const [layer] = image.layers;
    const read = (digest: string) =>
      digest === layer?.digest ? failing() : image.blobs.read(digest as never);
    const blobs = { ...image.blobs, read };
    const delivering = deliverToOciArchive(deliveryOf({ ...image, blobs }), oci(), quietContext());
    await expect(delivering).rejects.toThrow('the disk is gone');
    expect(await readFile(file, 'utf8')).toBe('old');
    expect(await readdir(folder)).toEqual(['image.tar']);
  });

  it('holds blobs named by sha512', async () => {
    const { blobs } = createMemoryStore();
    const tar = await tarOf('file', 'content');
    const layer = await blobs.put(tar, { digest: digestOf(tar, 'sha512') });
    const image = await sampleImage({ blobs, contents: [] });
    const root = await putJson(blobs, mediaTypes.manifest, {
      schemaVersion: 2,
      mediaType: mediaTypes.manifest,
      config: image.config,
      layers: [{ mediaType: mediaTypes.layer, ...layer }],
    });
    await deliverToOciArchive(deliveryOf({ ...image, root }), oci(), quietContext());
    expect((await copyOf(await openOciArchive(oci()))).map(({ digest }) => digest)).toContain(layer.digest);
  });
});

async function* failing(): AsyncIterable<Uint8Array> {
  yield await Promise.resolve(new Uint8Array(3));
  throw new Error('the disk is gone');
}

describe('a docker-archive that we write', () => {
  it('is a layout with a manifest.json beside it, and keeps its digests', async () => {
    const image = await sampleImage();
    await deliverToDockerArchive(deliveryOf(image), docker('acme/api:1'), quietContext());
    const source = await openDockerArchive(docker('docker.io/acme/api:1'));
    expect(source.root).toEqual(image.root);
    expect(await copyOf(source)).toEqual(await collect(image.blobs.list()));
    const layout = await openOciArchive(oci('1'));
    expect(layout.root).toEqual(image.root);
    await layout.close();
  });

  it('streams the same bytes that it writes to a file', async () => {
    const image = await sampleImage();
    await deliverToDockerArchive(deliveryOf(image, ['docker.io/acme/api:1']), docker(), quietContext());
    const chunks: Uint8Array[] = [];
    const delivery = deliveryOf(image, ['docker.io/acme/api:1']);
    await streamDockerArchive(delivery, (bytes) => void chunks.push(bytes), quietContext());
    expect(Buffer.concat(chunks).equals(await readFile(file))).toBe(true);
  });

  it('ends where its reader fails, with the failure of the reader', async () => {
    const image = await sampleImage({ contents: ['x'.repeat(3_000_000)], packing: 'none' });
    const broken = new Error('docker has gone away');
    const streaming = streamDockerArchive(deliveryOf(image), () => Promise.reject(broken), quietContext());
    await expect(streaming).rejects.toBe(broken);
  });

  it('holds one platform only', async () => {
    const image = await sampleIndex();
    const delivering = deliverToDockerArchive(deliveryOf(image), docker(), quietContext());
    await expect(delivering).rejects.toMatchObject({ code: 'transport/one-platform' });
    expect(await readdir(folder)).toEqual([]);
  });

  it('refuses a name that is none', async () => {
    const delivering = deliverToDockerArchive(deliveryOf(await sampleImage()), docker('A B'), quietContext());
    await expect(delivering).rejects.toMatchObject({ code: 'transport/bad-reference' });
  });

  it('refuses layers that docker does not load', async () => {
    const { blobs } = createMemoryStore();
    const image = await sampleImage({ blobs });
    const layers = image.layers.map((layer) => ({ ...layer, mediaType: mediaTypes.layerZstd }));
    const root = await putJson(blobs, mediaTypes.manifest, {
      schemaVersion: 2,
      mediaType: mediaTypes.manifest,
      config: image.config,
      layers,
    });
    const delivering = deliverToDockerArchive(deliveryOf({ ...image, root }), docker(), quietContext());
    await expect(delivering).rejects.toMatchObject({ code: 'transport/not-for-docker' });
  });
});

/** As docker save wrote it before 25: a folder for each layer, a second name of a layer as a link. */
async function foreignMembers(repoTags: readonly string[] | null = ['api:1']): Promise<TarMember[]> {
  const layer = await tarOf('file-0', 'first');
  const config = {
    architecture: 'amd64',
    os: 'linux',
    container: 'abc',
    config: { Cmd: ['/file-0'], Healthcheck: null },
    rootfs: { type: 'layers', diff_ids: [digestOf(layer), digestOf(layer)] },
  };
  const list = [{ Config: 'config.json', RepoTags: repoTags, Layers: ['one/layer.tar', 'two/layer.tar'] }];
  return [
    { name: 'config.json', content: Buffer.from(JSON.stringify(config)) },
    { name: 'one/layer.tar', content: layer },
    { name: 'two/layer.tar', linkname: '../one/layer.tar' },
    { name: 'manifest.json', content: Buffer.from(JSON.stringify(list)) },
  ];
}

describe('a docker-archive of somebody else', () => {
  it('is read as an image whose config keeps its digest and whose layers are their diffIDs', async () => {
    const members = await foreignMembers();
    await writeFile(file, await tarWith(members));
    const source = await openDockerArchive(docker());
    const { blobs } = createMemoryStore();
    await storeImage(source, blobs, { signal });
    const manifest = JSON.parse(text(await blobs.readAll(source.root.digest, 10_000))) as {
      config: { digest: string };
      layers: { mediaType: string; digest: string }[];
    };
    const [config, layer] = members.map(({ content }) => digestOf(content ?? new Uint8Array()));
    expect(manifest.config.digest).toBe(config);
    expect(manifest.layers.map(({ digest }) => digest)).toEqual([layer, layer]);
    expect(manifest.layers[0]?.mediaType).toBe(mediaTypes.layer);
    await source.close();
  });

  it("is found by a name in docker's short form or in full", async () => {
    await writeFile(file, await tarWith(await foreignMembers(['api:1', 'ghcr.io/acme/api:2'])));
    for (const name of ['api:1', 'docker.io/library/api:1', 'ghcr.io/acme/api:2']) {
      await (await openDockerArchive(docker(name))).close();
    }
    await expect(openDockerArchive(docker('api:2'))).rejects.toMatchObject({
      code: 'transport/unknown-tag',
      help: 'it holds `api:1`, `ghcr.io/acme/api:2`',
    });
  });

  it('may have no name', async () => {
    await writeFile(file, await tarWith(await foreignMembers(null)));
    await (await openDockerArchive(docker())).close();
  });

  it('stores nothing of a layer that is not what the config says', async () => {
    const members = await foreignMembers();
    members[1] = { name: 'one/layer.tar', content: await tarOf('file-0', 'wrong') };
    await writeFile(file, await tarWith(members));
    await expect(copyOf(await openDockerArchive(docker()))).rejects.toMatchObject({
      code: 'store/blob-mismatch',
    });
  });

  it.each(['manifest.json', 'config.json', 'one/layer.tar'])(
    'is refused with two members %s',
    async (name) => {
      const members = await foreignMembers();
      const twice = members.filter((member) => member.name === name);
      await writeFile(file, await tarWith([...members, ...twice]));
      await expect(openDockerArchive(docker())).rejects.toMatchObject({
        code: 'transport/refused-archive',
      });
    },
  );

  it('is refused where manifest.json and index.json name different images', async () => {
    const image = await sampleImage();
    await deliverToDockerArchive(deliveryOf(image), docker(), quietContext());
    const other = `blobs/sha256/${'0'.repeat(64)}`;
    const bytes = await readFile(file);
    const at = bytes.lastIndexOf(`blobs/sha256/${encodedOf(image.config.digest)}`);
    bytes.write(other, at);
    await writeFile(file, bytes);
    await expect(openDockerArchive(docker())).rejects.toMatchObject({ code: 'transport/refused-archive' });
  });

  it('does not follow a link in a circle, or out of the archive', async () => {
    const members = await foreignMembers();
    const circle = { name: 'one/layer.tar', linkname: '../two/layer.tar' };
    await writeFile(file, await tarWith([circle, ...members.filter(({ name }) => name !== 'one/layer.tar')]));
    await expect(openDockerArchive(docker())).rejects.toMatchObject({ code: 'transport/refused-archive' });
    const out = { name: 'one/layer.tar', linkname: '../../../../../../etc/passwd' };
    await writeFile(file, await tarWith([out, ...members.filter(({ name }) => name !== 'one/layer.tar')]));
    await expect(openDockerArchive(docker())).rejects.toMatchObject({ code: 'transport/blob-missing' });
  });
});

describe('an archive that is none', () => {
  it('is told apart: not there, a folder, compressed, no tar', async () => {
    await expect(openOciArchive(oci())).rejects.toMatchObject({ code: 'transport/not-found' });
    await writeFile(file, Buffer.from('1f8b08', 'hex'));
    await expect(openOciArchive(oci())).rejects.toMatchObject({ help: 'unpack it first: gunzip FILE' });
    await writeFile(file, 'hello');
    await expect(openOciArchive(oci())).rejects.toMatchObject({ code: 'transport/not-an-image' });
    await rm(file);
    await mkdir(file);
    await expect(openOciArchive(oci())).rejects.toMatchObject({ code: 'transport/not-an-image' });
  });

  it('is told to be cut short, or damaged', async () => {
    await deliverToOciArchive(deliveryOf(await sampleImage()), oci(), quietContext());
    const bytes = await readFile(file);
    await truncate(file, 1700);
    await expect(openOciArchive(oci())).rejects.toMatchObject({ code: 'transport/broken-archive' });
    bytes.fill(0xff, 512, 700);
    await writeFile(file, bytes);
    await expect(openOciArchive(oci())).rejects.toMatchObject({ code: 'transport/refused-archive' });
  });

  it('of the other kind is told by its name', async () => {
    await deliverToOciArchive(deliveryOf(await sampleImage()), oci(), quietContext());
    await expect(openDockerArchive(docker())).rejects.toMatchObject({
      help: 'an archive of an image layout is named by oci-archive:FILE',
    });
    await writeFile(file, await tarWith(await foreignMembers()));
    await expect(openOciArchive(oci())).rejects.toMatchObject({ code: 'transport/not-an-image' });
  });
});
