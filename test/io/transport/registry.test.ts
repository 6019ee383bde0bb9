import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { BuildEvent } from '../../../src/core/event/build-event.ts';
import { createMemoryStore } from '../../../src/io/store/memory-store.ts';
import type { BlobStore } from '../../../src/io/store/store.ts';
import { storeImage } from '../../../src/io/transport/copy-image.ts';
import { deliverToRegistry, openRegistryImage } from '../../../src/io/transport/registry.ts';
import type { Receipt } from '../../../src/io/transport/transport.ts';
import { type DockerRegistry, hasProgram, startDockerRegistry } from '../../rigs/docker-registry.ts';
import { failureOf, makeHarness, never, stopEverything } from '../../rigs/registry-harness.ts';
import { putTestImage } from '../../rigs/test-image.ts';

import { type Sample, contextOf, referenceTo, sample } from '../../rigs/registry-sample.ts';

const run = promisify(execFile);
const missing = !hasProgram('docker-registry', 'skopeo', 'openssl', 'htpasswd');

afterEach(stopEverything);

describe.skipIf(missing)('a plain docker-registry (needs docker-registry and skopeo)', () => {
  let registry: DockerRegistry;
  let folder: string;

  beforeAll(async () => {
    registry = await startDockerRegistry();
    folder = await mkdtemp(join(tmpdir(), 'lw-push-'));
  });

  afterAll(async () => {
    await registry.stop();
    await rm(folder, { recursive: true, force: true });
  });

  /** Pushes to a repository, by default as tag `1`. */
  async function push(
    image: Pick<Sample, 'blobs' | 'root'>,
    repository: string,
    how: {
      readonly tags?: readonly string[];
      readonly mountFrom?: string;
      readonly events?: BuildEvent[];
    } = {},
  ): Promise<Receipt> {
    const { tags = ['1'], mountFrom, events } = how;
    const target = { reference: referenceTo(registry.host, repository), tags };
    return await deliverToRegistry(
      { ...image, references: [], mountFrom },
      target,
      contextOf(makeHarness(), events),
    );
  }

  async function skopeo(...argv: string[]): Promise<void> {
    await run('skopeo', argv, { cwd: folder });
  }

  test('what we push, skopeo reads with the same digests', async () => {
    const image = await sample();
    const events: BuildEvent[] = [];
    const receipt = await push(image, 'team/app', { tags: ['1', 'latest'], events });
    expect(receipt).toMatchObject({ digest: image.root.digest, moved: 8, present: 0 });
    expect(receipt.destination).toBe(`${registry.host}/team/app:1@${image.root.digest}`);
    const arrived = events.filter((event) => event.type === 'delivery-progress' && event.item !== undefined);
    expect(arrived).toHaveLength(8);
    expect(events.length).toBeGreaterThan(8);
    for (const tag of ['1', 'latest']) {
      const from = `docker://${registry.host}/team/app:${tag}`;
      await skopeo(
        'copy',
        '--src-tls-verify=false',
        '--all',
        '--preserve-digests',
        from,
        `oci:copied:${tag}`,
      );
      const command = `skopeo inspect --tls-verify=false --raw ${from} | sha256sum`;
      const { stdout: inspected } = await run('sh', ['-c', command]);
      expect(`sha256:${inspected.slice(0, 64)}`).toBe(image.root.digest);
    }
  });

  test('what skopeo pushed, we pull with the same digests', async () => {
    const image = await sample();
    await push(image, 'from/us');
    await skopeo(
      'copy',
      '--src-tls-verify=false',
      '--dest-tls-verify=false',
      '--all',
      `docker://${registry.host}/from/us:1`,
      `docker://${registry.host}/from/skopeo:2`,
    );
    const source = await openRegistryImage(
      { ...referenceTo(registry.host, 'from/skopeo'), tag: '2' },
      contextOf(makeHarness()),
    );
    expect(source.root).toEqual(image.root);
    expect(source.pinned).toBe(`${registry.host}/from/skopeo:2@${image.root.digest}`);
    const { blobs } = createMemoryStore();
    await storeImage(source, blobs, { signal: never });
    for await (const { digest, size } of image.blobs.list()) expect(await blobs.size(digest)).toBe(size);
    await source.close();
  });

  test('a repeated push uploads nothing, and leaves the tags alone', async () => {
    const image = await sample();
    await push(image, 'again');
    const before = registry.accessLog().length;
    expect(await push(image, 'again')).toMatchObject({ moved: 0, present: 8, bytes: 0 });
    const later = registry.accessLog().slice(before);
    expect(later).toContain('"HEAD /v2/again/');
    expect(later).not.toMatch(/"(?:POST|PUT|PATCH) /);
  });

  test('a push uploads what is new alone', async () => {
    const image = await sample();
    await push(image, 'grows');
    const more = await putTestImage(image.blobs, ['shared layer', 'new']);
    const receipt = await push({ blobs: image.blobs, root: more.root }, 'grows', { tags: ['2'] });
    // The config, the new layer and the manifest.
    expect(receipt).toMatchObject({ moved: 3, present: 1 });
  });

  test('blobs of another repository are mounted', async () => {
    const image = await sample();
    await push(image, 'base/image');
    const before = registry.accessLog().length;
    const receipt = await push(image, 'derived/image', { mountFrom: 'base/image' });
    const later = registry.accessLog().slice(before);
    expect(later.match(/"POST [^"]*mount=[^"]*from=base%2Fimage[^"]*" 201/g)).toHaveLength(5);
    expect(later).not.toMatch(/"PUT [^"]*blobs\/uploads/);
    expect(receipt.moved).toBe(8);
  });

  test('a mount from where the blobs are not becomes an upload', async () => {
    const image = await sample();
    await push(image, 'unmounted/image', { mountFrom: 'nobody/here' });
    const source = await openRegistryImage(
      { ...referenceTo(registry.host, 'unmounted/image'), tag: '1' },
      contextOf(makeHarness()),
    );
    expect(source.root.digest).toBe(image.root.digest);
  });

  test('nothing has a name before it is whole', async () => {
    const image = await sample();
    await push(image, 'ordered');
    const log = registry
      .accessLog()
      .split('\n')
      .filter((line) => line.includes('"PUT /v2/ordered/'));
    const kinds = log.map((line) => /PUT \/v2\/ordered\/(blobs|manifests\/sha256|manifests)/.exec(line)?.[1]);
    expect(kinds).toEqual([
      ...Array<string>(5).fill('blobs'),
      ...Array<string>(3).fill('manifests/sha256'),
      'manifests',
    ]);
    expect(log.at(-2)).toContain(image.root.digest);
  });

  test('N39: of two pushes of one tag at once either wins, and it is whole', async () => {
    const { blobs } = createMemoryStore();
    const images = [
      await putTestImage(blobs, ['one', 'shared']),
      await putTestImage(blobs, ['two', 'shared']),
    ];
    await Promise.all(images.map(({ root }) => push({ blobs, root }, 'raced')));
    const source = await openRegistryImage(
      { ...referenceTo(registry.host, 'raced'), tag: '1' },
      contextOf(makeHarness()),
    );
    expect(images.map(({ root }) => root.digest)).toContain(source.root.digest);
    const pulled = createMemoryStore();
    await storeImage(source, pulled.blobs, { signal: never });
    const won = images.find(({ root }) => root.digest === source.root.digest);
    for (const { digest, size } of [won?.config, ...(won?.layers ?? [])].filter((blob) => blob !== undefined))
      expect(await pulled.blobs.size(digest)).toBe(size);
  });

  test('an image without tags is there by its digest', async () => {
    const image = await sample();
    await push(image, 'untagged', { tags: [] });
    const reference = { ...referenceTo(registry.host, 'untagged'), digest: image.root.digest };
    const source = await openRegistryImage(reference, contextOf(makeHarness()));
    expect(source.root).toEqual(image.root);
    expect(source.pinned).toBe(`${registry.host}/untagged@${image.root.digest}`);
  });

  test('a document is refused whose descriptor lies about it', async () => {
    const image = await sample();
    await push(image, 'documents');
    const source = await openRegistryImage(
      { ...referenceTo(registry.host, 'documents'), tag: '1' },
      contextOf(makeHarness()),
    );
    expect((await source.readDocument(image.amd64.config)).length).toBe(image.amd64.config.size);
    const wrong = [
      { ...image.root, size: image.root.size + 1 },
      { ...image.amd64.root, mediaType: image.root.mediaType },
      { ...image.amd64.config, size: 5_000_000 },
    ];
    for (const descriptor of wrong) {
      expect((await failureOf(source.readDocument(descriptor))).code).toBe('registry/untrusted-manifest');
    }
  });

  test('a tag that is not there is named', async () => {
    const error = await failureOf(
      openRegistryImage({ ...referenceTo(registry.host), tag: 'nope' }, contextOf(makeHarness())),
    );
    expect(error.message).toContain(`${registry.host}/team/app: the registry answered 404 (MANIFEST_UNKNOWN`);
  });

  test('a blob that the store lacks ends the push before any manifest', async () => {
    const image = await sample();
    const gone: BlobStore = {
      ...image.blobs,
      async *read(digest) {
        if (digest === image.amd64.layers[1]?.digest) throw new Error('gone');
        yield* image.blobs.read(digest);
      },
    };
    await expect(push({ blobs: gone, root: image.root }, 'broken')).rejects.toThrow();
    expect(registry.accessLog()).not.toMatch(/"PUT \/v2\/broken\/manifests/);
  });
});
