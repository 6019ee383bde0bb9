import { mkdirSync, readdirSync, readFileSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Descriptor } from '../../../src/core/oci/descriptor.ts';
import { rememberNames } from '../../../src/io/execute/named-images.ts';
import { openDiskStore } from '../../../src/io/store/disk-store.ts';
import { createMemoryStore } from '../../../src/io/store/memory-store.ts';
import type { BlobStore } from '../../../src/io/store/store.ts';
import { deliverToLayout } from '../../../src/io/transport/layout.ts';
import { manifestIn, put, refusalIn } from '../../rigs/served-image.ts';
import { type ServedRegistry, startServe } from '../../rigs/served-registry.ts';
import { scratchFolder, type ScratchFolder } from '../../rigs/scratch-folder.ts';
import { putTestImage, putTestIndex, type TestImage } from '../../rigs/test-image.ts';

let scratch: ScratchFolder;
let registry: ServedRegistry | undefined;
beforeEach(() => {
  scratch = scratchFolder('layouts');
});
afterEach(async () => {
  await registry?.stop();
  registry = undefined;
  scratch.remove();
});

async function start(...[options]: Parameters<typeof startServe>): Promise<string> {
  registry = await startServe(options);
  return `${registry.url}/v2`;
}

const get = async (url: string) => (await fetch(url)).json();
const digestOf = async (url: string) =>
  (await fetch(url, { method: 'HEAD' })).headers.get('docker-content-digest');

/** A layout with one image, written by our own transport. */
async function layout(
  references: readonly string[],
  folder = join(scratch.path, 'App'),
): Promise<Descriptor> {
  const { blobs } = createMemoryStore();
  const { root } = await putTestImage(blobs, ['a layer']);
  await deliver(blobs, root, { references, folder });
  return root;
}

async function deliver(
  blobs: BlobStore,
  root: Descriptor,
  { references, folder }: { references: readonly string[]; folder: string },
): Promise<void> {
  const context = { emit: () => undefined, signal: new AbortController().signal };
  await deliverToLayout({ root, references, blobs }, { transport: 'oci', path: folder }, context);
}

describe('a layout of somebody else', () => {
  test('is offered under the repository that its names say', async () => {
    const root = await layout(['ghcr.io/acme/api:1.4.0', 'docker.io/library/api:2']);
    const v2 = await start({ folder: join(scratch.path, 'App') });
    expect(await get(`${v2}/_catalog`)).toEqual({ repositories: ['acme/api', 'library/api'] });
    expect(await digestOf(`${v2}/acme/api/manifests/1.4.0`)).toBe(root.digest);
    expect(await digestOf(`${v2}/library/api/manifests/2`)).toBe(root.digest);
  });

  test('is offered under the name of its folder where it has tags alone, and by digest where it has none', async () => {
    const root = await layout([]);
    const path = join(scratch.path, 'App/index.json');
    const index = JSON.parse(readFileSync(path, 'utf8'));
    delete index.manifests[0].annotations['io.containerd.image.name'];
    writeFileSync(path, JSON.stringify(index));
    const v2 = await start({ folder: join(scratch.path, 'App'), access: 'read-only' });
    expect(await get(`${v2}/app/tags/list`)).toEqual({ name: 'app', tags: ['latest'] });
    expect(await digestOf(`${v2}/app/manifests/latest`)).toBe(root.digest);
    delete index.manifests[0].annotations;
    writeFileSync(path, `${JSON.stringify(index)} `);
    expect(await get(`${v2}/app/tags/list`)).toEqual({ name: 'app', tags: [] });
    expect(await digestOf(`${v2}/app/manifests/${root.digest}`)).toBe(root.digest);
  });

  test('shows what another tool adds while it is served, and keeps it beside what is pushed', async () => {
    const folder = join(scratch.path, 'App');
    await layout(['ghcr.io/acme/api:1'], folder);
    const v2 = await start({ folder });
    const { blobs } = createMemoryStore();
    const { root } = await putTestImage(blobs, ['another layer']);
    await deliver(blobs, root, { references: ['ghcr.io/acme/web:1'], folder });
    expect(await digestOf(`${v2}/acme/web/manifests/1`)).toBe(root.digest);
    const pushed = await manifestIn(`${v2}/acme/web`);
    await put(`${v2}/acme/web`, pushed, '2');
    expect(await get(`${v2}/acme/web/tags/list`)).toEqual({ name: 'acme/web', tags: ['1', '2'] });
    expect(await get(`${v2}/acme/api/tags/list`)).toEqual({ name: 'acme/api', tags: ['1'] });
  });

  test('lends its blobs to what is pushed, and they are still there after a restart', async () => {
    const folder = join(scratch.path, 'App');
    const root = await layout(['ghcr.io/acme/api:1'], folder);
    let v2 = await start({ folder });
    const text = await (await fetch(`${v2}/acme/api/manifests/1`)).text();
    const again = { mediaType: root.mediaType, digest: root.digest, size: root.size, text };
    expect((await put(`${v2}/acme/api`, again, '2')).status).toBe(201);
    expect((await fetch(`${v2}/acme/api/manifests/1`, { method: 'DELETE' })).status).toBe(202);
    await registry?.restart();
    v2 = `${registry?.url ?? ''}/v2`;
    const { layers } = JSON.parse(text);
    expect((await fetch(`${v2}/acme/api/blobs/${layers[0].digest}`)).status).toBe(200);
    expect(await get(`${v2}/acme/api/tags/list`)).toEqual({ name: 'acme/api', tags: ['2'] });
  });

  test('is offered as far as it goes where only some images of an index are in it', async () => {
    const { blobs } = createMemoryStore();
    const [amd64, arm64] = [await putTestImage(blobs, ['amd64']), await putTestImage(blobs, ['arm64'])] as [
      TestImage,
      TestImage,
    ];
    const root = await putTestIndex(blobs, { amd64, arm64 });
    const folder = join(scratch.path, 'App');
    await deliver(blobs, root, { references: ['ghcr.io/acme/api:1'], folder });
    renameSync(join(folder, 'blobs', arm64.root.digest.replace(':', '/')), join(scratch.path, 'elsewhere'));
    const v2 = await start({ folder });
    expect(await digestOf(`${v2}/acme/api/manifests/1`)).toBe(root.digest);
    expect(await digestOf(`${v2}/acme/api/manifests/${amd64.root.digest}`)).toBe(amd64.root.digest);
    expect((await fetch(`${v2}/acme/api/manifests/${arm64.root.digest}`)).status).toBe(404);
  });
});

describe('a folder is refused', () => {
  const open = async (prepare: (folder: string) => void) => {
    const folder = join(scratch.path, 'App');
    await layout(['ghcr.io/acme/api:1'], folder);
    prepare(folder);
    await start({ folder });
  };

  test('whose blobs are elsewhere', async () => {
    const outside = join(scratch.path, 'outside');
    const work = open((folder) => {
      renameSync(join(folder, 'blobs/sha256'), outside);
      symlinkSync(outside, join(folder, 'blobs/sha256'));
    });
    await expect(work).rejects.toMatchObject({ code: 'serve/not-a-layout' });
  });

  test('whose index is a link, or cannot be believed', async () => {
    const linked = open((folder) => {
      renameSync(join(folder, 'index.json'), join(scratch.path, 'index'));
      symlinkSync(join(scratch.path, 'index'), join(folder, 'index.json'));
    });
    await expect(linked).rejects.toMatchObject({ code: 'transport/linked-entry' });
    scratch.remove();
    mkdirSync(scratch.path);
    const doubled = open((folder) => {
      writeFileSync(join(folder, 'index.json'), '{"schemaVersion":2,"manifests":[],"manifests":[]}');
    });
    await expect(doubled).rejects.toMatchObject({ code: 'transport/bad-document' });
  });

  test('that is a build store, and nothing in it is touched', async () => {
    const folder = join(scratch.path, 'store');
    await openDiskStore(folder);
    const before = readdirSync(folder);
    await expect(start({ folder })).rejects.toMatchObject({ code: 'serve/not-a-layout' });
    expect(readdirSync(folder)).toEqual(before);
  });
});

describe('the build store', () => {
  const named = async (...references: readonly string[]) => {
    const store = await openDiskStore(join(scratch.path, 'store'));
    const { root } = await putTestImage(store.blobs, references);
    await rememberNames(store.results, [{ name: 'app', references, root, images: [] }]);
    return { store, root };
  };

  test('is offered by the references of its images, new ones too', async () => {
    const { store, root } = await named('ghcr.io/acme/api:1.4.0');
    const v2 = await start({ store });
    expect(await digestOf(`${v2}/acme/api/manifests/1.4.0`)).toBe(root.digest);
    const next = await putTestImage(store.blobs, ['next']);
    const built = { name: 'app', root: next.root, images: [] };
    await rememberNames(store.results, [
      { ...built, references: ['ghcr.io/acme/api:1.4.0', 'ghcr.io/acme/api:2'] },
    ]);
    expect(await digestOf(`${v2}/acme/api/manifests/1.4.0`)).toBe(next.root.digest);
    const [layer] = next.layers;
    expect(await (await fetch(`${v2}/acme/api/blobs/${layer?.digest ?? ''}`)).text()).toBe('next');
    expect(await get(`${v2}/acme/api/tags/list`)).toEqual({ name: 'acme/api', tags: ['1.4.0', '2'] });
  });

  test('is only read: pushes go into the folder, and its tags are not deleted', async () => {
    const { store, root } = await named('ghcr.io/acme/api:1');
    const v2 = await start({ store });
    const manifest = await manifestIn(`${v2}/acme/api`);
    await put(`${v2}/acme/api`, manifest, '2');
    expect(await refusalIn(await fetch(`${v2}/acme/api/manifests/1`, { method: 'DELETE' }))).toBe(
      '403 DENIED',
    );
    expect(
      await refusalIn(await fetch(`${v2}/acme/api/manifests/${root.digest}`, { method: 'DELETE' })),
    ).toBe('403 DENIED');
    expect(await digestOf(`${v2}/acme/api/manifests/1`)).toBe(root.digest);
    expect(await store.blobs.size(manifest.digest as never)).toBeUndefined();
    expect(readFileSync(join(registry?.folder ?? '', 'index.json'), 'utf8')).toContain(manifest.digest);
  });

  test('is offered read-only without any folder beside it', async () => {
    const { store, root } = await named('ghcr.io/acme/api:1');
    const v2 = await start({ store, access: 'read-only' });
    expect(await digestOf(`${v2}/acme/api/manifests/1`)).toBe(root.digest);
    expect(readdirSync(scratch.path)).toEqual(['store']);
  });
});
