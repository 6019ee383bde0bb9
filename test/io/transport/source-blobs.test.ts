/** Images that are read where they stand: the same bytes as through a store, and never all of a wrong blob. */
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { digestOf } from '../../../src/core/digest/digest.ts';
import type { Descriptor } from '../../../src/core/oci/descriptor.ts';
import { mediaTypes } from '../../../src/core/oci/media-type.ts';
import { unpackRootfs } from '../../../src/io/bundle/rootfs.ts';
import type { BlobReader } from '../../../src/io/store/store.ts';
import { deliverToLayout, openLayout } from '../../../src/io/transport/layout.ts';
import { blobName } from '../../../src/io/transport/layout-files.ts';
import { loadImage } from '../../../src/io/transport/load-image.ts';
import { blobsInPlace, isLocal } from '../../../src/io/transport/source-blobs.ts';
import { type ScratchFolder, scratchFolder } from '../../rigs/scratch-folder.ts';
import { quietContext, sampleImage, type SampleImage } from './sample-image.ts';

let scratch: ScratchFolder;
let image: SampleImage;
let layer: Descriptor;
beforeEach(async () => {
  scratch = scratchFolder('in-place');
  // Random, so that the layer is as large as its content and comes in several chunks.
  const random = Array.from({ length: 200_000 }, () => Math.random().toString(36)).join('');
  image = await sampleImage({ contents: [random, 'second'] });
  layer = image.layers[0] ?? image.root;
  const { root, blobs } = image;
  const reference = { transport: 'oci', path: join(scratch.path, 'out') } as const;
  await deliverToLayout({ root, blobs, references: [] }, reference, quietContext());
});
afterEach(() => {
  scratch.remove();
});

async function inPlace(): Promise<BlobReader> {
  const source = await openLayout({ transport: 'oci', path: join(scratch.path, 'out') });
  if (!isLocal(source)) throw new Error('a layout stands on this computer');
  return await blobsInPlace(source, source.root);
}

/** Every byte that came, and what ended it. */
async function readAsFarAsPossible(blobs: BlobReader, wanted: Descriptor) {
  const chunks: Uint8Array[] = [];
  try {
    for await (const chunk of blobs.read(wanted.digest)) chunks.push(Buffer.from(chunk));
    return { bytes: Buffer.concat(chunks), error: undefined };
  } catch (error) {
    return { bytes: Buffer.concat(chunks), error };
  }
}

function fileOf({ digest }: Descriptor): string {
  return join(scratch.path, 'out', blobName(digest));
}

function corrupt(wanted: Descriptor): void {
  const bytes = readFileSync(fileOf(wanted));
  bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 1;
  writeFileSync(fileOf(wanted), bytes);
}

describe('blobs that are read in place', () => {
  it('are those of the image, with their sizes', async () => {
    const blobs = await inPlace();
    for (const descriptor of [image.root, image.config, ...image.layers]) {
      const { bytes, error } = await readAsFarAsPossible(blobs, descriptor);
      expect(error).toBeUndefined();
      expect(digestOf(bytes)).toBe(descriptor.digest);
      expect(await blobs.size(descriptor.digest)).toBe(descriptor.size);
    }
    expect(digestOf(await blobs.readAll(image.config.digest, image.config.size))).toBe(image.config.digest);
  });

  it('are verified, and a wrong one never comes whole', async () => {
    const blobs = await inPlace();
    corrupt(layer);
    const { bytes, error } = await readAsFarAsPossible(blobs, layer);
    expect(error).toMatchObject({ code: 'transport/blob-mismatch' });
    expect(bytes.length).toBeGreaterThan(0);
    expect(bytes.length).toBeLessThan(layer.size);
  });

  it('are no others than those below the root, and bounded where all bytes are wanted', async () => {
    const blobs = await inPlace();
    const strange = { digest: digestOf(Uint8Array.of(1)), size: 1, mediaType: mediaTypes.layer };
    expect(await blobs.size(strange.digest)).toBeUndefined();
    const code = 'store/blob-missing';
    expect((await readAsFarAsPossible(blobs, strange)).error).toMatchObject({ code });
    await expect(blobs.readAll(image.config.digest, 3)).rejects.toMatchObject({
      code: 'store/blob-too-large',
    });
  });
});

describe('unpacking in place', () => {
  async function unpack(): Promise<void> {
    const blobs = await inPlace();
    const loaded = await loadImage(blobs, image.root);
    const signal = new AbortController().signal;
    await unpackRootfs(loaded.image, blobs, { destination: join(scratch.path, 'tree/rootfs'), signal });
  }

  it('gives the tree', async () => {
    await unpack();
    expect(readdirSync(join(scratch.path, 'tree/rootfs')).sort()).toEqual(['file-0', 'file-1']);
  });

  it.each([
    ['is wrong', corrupt, 'transport/blob-mismatch'],
    [
      'is not there',
      (wanted: Descriptor) => {
        rmSync(fileOf(wanted));
      },
      'transport/blob-missing',
    ],
  ] as const)('leaves nothing where a layer %s', async (_, damage, code) => {
    damage(layer);
    await expect(unpack()).rejects.toMatchObject({ code });
    expect(existsSync(join(scratch.path, 'tree/rootfs'))).toBe(false);
    expect(readdirSync(join(scratch.path, 'tree'))).toEqual([]);
  });
});
