/** Images made and unpacked by umoci, for comparison with ours. */
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseDigest } from '../../src/core/digest/digest.ts';
import type { Image } from '../../src/core/image/image.ts';
import type { Descriptor } from '../../src/core/oci/descriptor.ts';
import type { ImageConfig } from '../../src/core/oci/image-config.ts';
import type { ImageIndex } from '../../src/core/oci/image-index.ts';
import type { Manifest } from '../../src/core/oci/manifest.ts';
import type { BlobStore } from '../../src/io/store/store.ts';

const umoci = (...args: readonly string[]): void => {
  execFileSync('umoci', args, { stdio: ['ignore', 'ignore', 'pipe'] });
};

/** A layout in `folder/layout` with one image, each tar a layer of it. */
export function makeUmociLayout(folder: string, tars: readonly Uint8Array[]): string {
  const layout = join(folder, 'layout');
  umoci('init', '--layout', layout);
  umoci('new', '--image', `${layout}:t`);
  for (const tar of tars) {
    const file = join(folder, 'layer.tar');
    writeFileSync(file, tar);
    umoci('raw', 'add-layer', '--image', `${layout}:t`, file);
  }
  return layout;
}

/** Where umoci's rootfs stands. */
export function unpackByUmoci(layout: string, bundle: string, ...options: readonly string[]): string {
  umoci('unpack', ...options, '--image', `${layout}:t`, bundle);
  return join(bundle, 'rootfs');
}

/** Brings the blobs of a layout into a store and gives its only image. */
export async function readLayoutImage(layout: string, blobs: BlobStore): Promise<Image> {
  for (const name of readdirSync(join(layout, 'blobs', 'sha256'))) {
    await blobs.put(readFileSync(join(layout, 'blobs', 'sha256', name)));
  }
  const index = JSON.parse(readFileSync(join(layout, 'index.json'), 'utf8')) as ImageIndex;
  const [manifest] = index.manifests;
  if (manifest === undefined) throw new Error('the layout is empty');
  const document = await readJson<Manifest>(blobs, manifest);
  const config = await readJson<ImageConfig>(blobs, document.config);
  const layers = document.layers.map((descriptor, at) => {
    const diffId = parseDigest(config.rootfs.diff_ids[at] ?? '');
    if (!diffId.ok) throw new Error('a layer has no diffID');
    return { descriptor, diffId: diffId.digest };
  });
  return { manifest, config: document.config, layers, platform: config };
}

async function readJson<T>(blobs: BlobStore, { digest }: Descriptor): Promise<T> {
  return JSON.parse(Buffer.from(await blobs.readAll(digest, 1 << 22)).toString()) as T;
}
