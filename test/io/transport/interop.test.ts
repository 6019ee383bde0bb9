/** Real tools read what we write, and we read what they write. How each one starts: ../shared/design/real-components.md */
import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { encodedOf } from '../../../src/core/digest/digest.ts';
import { createMemoryStore } from '../../../src/io/store/memory-store.ts';
import { storeImage } from '../../../src/io/transport/copy-image.ts';
import { deliverToDockerArchive, openDockerArchive } from '../../../src/io/transport/docker-archive.ts';
import { deliverToLayout, openLayout } from '../../../src/io/transport/layout.ts';
import { deliverToOciArchive, openOciArchive } from '../../../src/io/transport/oci-archive.ts';
import type { Delivery } from '../../../src/io/transport/transport.ts';
import { collect } from '../../suites/store-suite.ts';
import { copyOf, quietContext, sampleImage, type SampleImage, sampleIndex } from './sample-image.ts';

const has = (tool: string) => spawnSync('sh', ['-c', `command -v ${tool}`]).status === 0;
const isRoot = process.getuid?.() === 0;

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lw-interop-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const at = (name: string) => join(folder, name);
const run = (tool: string, ...args: string[]) =>
  execFileSync(tool, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'], env: environment() });

function deliveryOf({ root, blobs }: SampleImage, references: readonly string[] = []): Delivery {
  return { root, references, blobs };
}

/** podman needs these here, and keeps its storage in the test's own folder. */
function environment(): NodeJS.ProcessEnv {
  writeFileSync(
    at('containers.conf'),
    '[containers]\ncgroups = "enabled"\nnetns = "none"\ndefault_ulimits = ["nofile=1024:20000", "nproc=4096:4096"]\n[engine]\nruntime = "runc"\ncgroup_manager = "cgroupfs"\nevents_logger = "file"\n',
  );
  return { ...process.env, CONTAINERS_CONF: at('containers.conf') };
}

describe.skipIf(!has('skopeo'))('skopeo (where it is installed)', () => {
  it('copies our layout to its own and ours reads it back, digests unchanged', async () => {
    const image = await sampleIndex();
    await deliverToLayout(
      deliveryOf(image),
      { transport: 'oci', path: at('ours'), tag: 'v1' },
      quietContext(),
    );
    run('skopeo', 'copy', '--all', '--preserve-digests', `oci:${at('ours')}:v1`, `oci:${at('theirs')}:v2`);
    const source = await openLayout({ transport: 'oci', path: at('theirs'), tag: 'v2' });
    expect(source.root.digest).toBe(image.root.digest);
    expect(await copyOf(source)).toEqual(await collect(image.blobs.list()));
  });

  it('writes into our layout beside our tag, and we into its', async () => {
    const [first, second] = [await sampleImage(), await sampleImage({ contents: ['other'] })];
    await deliverToLayout(deliveryOf(first), { transport: 'oci', path: at('one'), tag: 'a' }, quietContext());
    await deliverToLayout(
      deliveryOf(second),
      { transport: 'oci', path: at('two'), tag: 'b' },
      quietContext(),
    );
    run('skopeo', 'copy', `oci:${at('two')}:b`, `oci:${at('one')}:b`);
    await deliverToLayout(
      deliveryOf(second),
      { transport: 'oci', path: at('one'), tag: 'c' },
      quietContext(),
    );
    for (const [tag, image] of [
      ['a', first],
      ['b', second],
      ['c', second],
    ] as const) {
      const source = await openLayout({ transport: 'oci', path: at('one'), tag });
      expect(source.root.digest).toBe(image.root.digest);
      const inspected = JSON.parse(run('skopeo', 'inspect', `oci:${at('one')}:${tag}`)) as { Digest: string };
      expect(inspected.Digest).toBe(image.root.digest);
    }
  });

  it('reads our oci-archive, and we read its', async () => {
    const image = await sampleImage();
    const reference = { transport: 'oci-archive' as const, path: at('ours.tar'), tag: 'v1' };
    await deliverToOciArchive(deliveryOf(image), reference, quietContext());
    run('skopeo', 'copy', `oci-archive:${at('ours.tar')}:v1`, `oci-archive:${at('theirs.tar')}:v2`);
    const source = await openOciArchive({ ...reference, path: at('theirs.tar'), tag: 'v2' });
    expect(source.root.digest).toBe(image.root.digest);
    expect(await copyOf(source)).toEqual(await collect(image.blobs.list()));
  });

  it('reads our docker-archive, and we read its with the same config and layers', async () => {
    const image = await sampleImage();
    const reference = { transport: 'docker-archive' as const, path: at('ours.tar') };
    const delivery = deliveryOf(image, ['docker.io/acme/api:1', 'ghcr.io/acme/api:2']);
    await deliverToDockerArchive(delivery, reference, quietContext());
    run(
      'skopeo',
      'copy',
      `docker-archive:${at('ours.tar')}`,
      `docker-archive:${at('theirs.tar')}:acme/api:3`,
    );
    const source = await openDockerArchive({ ...reference, path: at('theirs.tar'), reference: 'acme/api:3' });
    const { blobs } = createMemoryStore();
    await storeImage(source, blobs, { signal: new AbortController().signal });
    const facts = (await collect(blobs.list())).map(({ digest }) => digest);
    expect(facts).toContain(image.config.digest);
    expect(facts).toHaveLength(4);
    await source.close();
  });
});

describe.skipIf(!has('umoci'))('umoci (where it is installed)', () => {
  it('lists, unpacks and adds to our layout', async () => {
    const path = at('layout');
    const image = await sampleImage();
    await deliverToLayout(deliveryOf(image), { transport: 'oci', path }, quietContext());
    expect(run('umoci', 'ls', '--layout', path).trim()).toBe('latest');
    const rootless = isRoot ? [] : ['--rootless'];
    run('umoci', 'unpack', ...rootless, '--image', path, at('bundle'));
    expect(readFileSync(join(at('bundle'), 'rootfs/file-1'), 'utf8')).toBe('second');
    run('umoci', 'tag', '--image', `${path}:latest`, 'again');
    expect((await openLayout({ transport: 'oci', path, tag: 'again' })).root.digest).toBe(image.root.digest);
  });
});

describe.skipIf(!has('oci-image-tool'))('oci-image-tool (where it is installed)', () => {
  it('finds our layout, its manifest and its config valid', async () => {
    const path = at('layout');
    const image = await sampleImage();
    await deliverToLayout(deliveryOf(image), { transport: 'oci', path }, quietContext());
    const blob = (digest: typeof image.root.digest) => join(path, 'blobs/sha256', encodedOf(digest));
    run('oci-image-tool', 'validate', '--type', 'image', '--ref', 'name=latest', path);
    run('oci-image-tool', 'validate', '--type', 'manifest', blob(image.root.digest));
    run('oci-image-tool', 'validate', '--type', 'config', blob(image.config.digest));
    run('oci-image-tool', 'validate', '--type', 'imageIndex', join(path, 'index.json'));
  });
});

describe.skipIf(!has('podman') || !isRoot)('podman (where it is installed, as root)', () => {
  const podman = (...args: string[]) =>
    run('podman', '--root', at('root'), '--runroot', at('runroot'), '--storage-driver', 'vfs', ...args);

  it('loads our docker-archive under its name, and we read what it saves', async () => {
    const image = await sampleImage();
    const reference = { transport: 'docker-archive' as const, path: at('ours.tar') };
    const delivery = deliveryOf(image, ['docker.io/acme/api:1']);
    await deliverToDockerArchive(delivery, reference, quietContext());
    expect(podman('load', '-i', at('ours.tar'))).toContain('docker.io/acme/api:1');
    podman('save', '-o', at('theirs.tar'), 'docker.io/acme/api:1');
    const source = await openDockerArchive({ ...reference, path: at('theirs.tar'), reference: 'acme/api:1' });
    const facts = (await copyOf(source)).map(({ digest }) => digest);
    expect(facts).toContain(image.config.digest);
  });
});
