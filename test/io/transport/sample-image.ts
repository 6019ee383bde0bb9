/** Small images for tests: real tar layers, packed by node:zlib where gzip is asked for. */
import { gzipSync } from 'node:zlib';
import { pack } from 'tar-stream';
import { canonicalBytes } from '../../../src/core/digest/canonical-json.ts';
import { digestOf } from '../../../src/core/digest/digest.ts';
import type { Descriptor } from '../../../src/core/oci/descriptor.ts';
import { mediaTypes } from '../../../src/core/oci/media-type.ts';
import { createMemoryStore } from '../../../src/io/store/memory-store.ts';
import type { BlobFacts, BlobStore } from '../../../src/io/store/store.ts';
import { storeImage } from '../../../src/io/transport/copy-image.ts';
import type { ImageSource, TransportContext } from '../../../src/io/transport/transport.ts';
import { collect } from '../../suites/store-suite.ts';

export interface SampleImage {
  readonly blobs: BlobStore;
  readonly root: Descriptor;
  readonly config: Descriptor;
  readonly layers: readonly Descriptor[];
}

export interface SampleOptions {
  readonly blobs?: BlobStore;
  readonly architecture?: string;
  /** Text of the one file in each layer. */
  readonly contents?: readonly string[];
  readonly packing?: 'gzip' | 'none';
}

export async function sampleImage(options: SampleOptions = {}): Promise<SampleImage> {
  const { architecture = 'amd64', contents = ['first', 'second'], packing = 'gzip' } = options;
  const blobs = options.blobs ?? createMemoryStore().blobs;
  const tars = await Promise.all(contents.map((content, at) => tarOf(`file-${String(at)}`, content)));
  const layers: Descriptor[] = [];
  for (const tar of tars) {
    const bytes = packing === 'gzip' ? gzipSync(tar) : tar;
    layers.push(await put(blobs, packing === 'gzip' ? mediaTypes.layerGzip : mediaTypes.layer, bytes));
  }
  const config = await putJson(blobs, mediaTypes.config, {
    architecture,
    os: 'linux',
    config: { Cmd: ['/file-0'], Env: ['PATH=/bin'] },
    rootfs: { type: 'layers', diff_ids: tars.map((tar) => digestOf(tar)) },
    history: contents.map((content) => ({ created_by: content })),
  });
  const manifest = { schemaVersion: 2, mediaType: mediaTypes.manifest, config, layers };
  return { blobs, root: await putJson(blobs, mediaTypes.manifest, manifest), config, layers };
}

/** An index over two platforms. */
export async function sampleIndex(): Promise<SampleImage> {
  const { blobs } = createMemoryStore();
  const manifests: Descriptor[] = [];
  for (const architecture of ['amd64', 'arm64']) {
    const image = await sampleImage({ blobs, architecture, contents: ['shared', architecture] });
    manifests.push({ ...image.root, platform: { os: 'linux', architecture } });
  }
  const index = { schemaVersion: 2, mediaType: mediaTypes.index, manifests };
  const root = await putJson(blobs, mediaTypes.index, index);
  return { blobs, root, config: root, layers: [] };
}

export async function put(blobs: BlobStore, mediaType: string, bytes: Uint8Array): Promise<Descriptor> {
  return { mediaType, ...(await blobs.put(bytes)) };
}

export async function putJson(blobs: BlobStore, mediaType: string, value: unknown): Promise<Descriptor> {
  return put(blobs, mediaType, canonicalBytes(value));
}

export async function tarOf(name: string, content: string): Promise<Uint8Array> {
  return tarWith([{ name, content: Buffer.from(content) }]);
}

export interface TarMember {
  readonly name: string;
  readonly content?: Uint8Array;
  readonly linkname?: string;
}

export async function tarWith(members: readonly TarMember[]): Promise<Uint8Array> {
  const archive = pack();
  for (const { name, content, linkname } of members) {
    const header = { name, mode: 0o644, mtime: new Date(0) };
    if (linkname === undefined) archive.entry(header, Buffer.from(content ?? []));
    else archive.entry({ ...header, type: 'symlink', linkname });
  }
  archive.finalize();
  return Buffer.concat(await collect(archive as AsyncIterable<Uint8Array>));
}

/** Every blob of an image, after it was brought into a store of its own. */
export async function copyOf(source: ImageSource): Promise<BlobFacts[]> {
  const { blobs } = createMemoryStore();
  try {
    await storeImage(source, blobs, { signal: new AbortController().signal });
  } finally {
    await source.close();
  }
  return collect(blobs.list());
}

export function quietContext(): TransportContext {
  return { emit: () => undefined, signal: new AbortController().signal };
}
