/** Images in memory: layers made by GNU tar, documents by hand, behind the interface that every transport has. */
import { execFileSync } from 'node:child_process';
import { gzipSync } from 'node:zlib';
import { digestOf, type Digest } from '../../../src/core/digest/digest.ts';
import type { Descriptor } from '../../../src/core/oci/descriptor.ts';
import { mediaTypes } from '../../../src/core/oci/media-type.ts';
import type { Platform } from '../../../src/core/oci/platform.ts';
import type { ImageSource } from '../../../src/io/transport/transport.ts';
import { createContext, type Node } from './sample-context.ts';

/** A tar of a folder's content by GNU tar, in the order of names. */
export function tarOf(folder: string, ...options: string[]): Buffer {
  const plain = ['--sort=name', '--format=pax', '--numeric-owner', '--owner=0', '--group=0', '--mtime=@7'];
  return execFileSync(
    'tar',
    ['-C', folder, ...plain, '--pax-option=delete=atime,delete=ctime', ...options, '-cf', '-', '.'],
    {
      maxBuffer: 1 << 28,
    },
  );
}

export interface SampleLayer {
  readonly bytes: Buffer;
  readonly mediaType: string;
  readonly diffId: Digest;
}

export function sampleLayer(nodes: Readonly<Record<string, Node>>): SampleLayer {
  const tar = tarOf(createContext(nodes));
  return { bytes: gzipSync(tar), mediaType: mediaTypes.layerGzip, diffId: digestOf(tar) };
}

export interface SampleImage extends ImageSource {
  /** Digests of the layers that were opened, in order. */
  readonly opened: Digest[];
  readonly closed: { count: number };
  readonly layers: readonly Descriptor[];
}

export interface ImageParts {
  readonly layers: readonly SampleLayer[];
  readonly platform?: Platform;
  /** More platforms make it an index over manifests of the same layers. */
  readonly platforms?: readonly Platform[];
  readonly config?: Readonly<Record<string, unknown>>;
  readonly pinned?: string;
}

export function sampleImage({ layers, platform, platforms, config, pinned }: ImageParts): SampleImage {
  const blobs = new Map<Digest, Buffer>();
  const put = (bytes: Buffer, mediaType: string): Descriptor => {
    const digest = digestOf(bytes);
    blobs.set(digest, bytes);
    return { mediaType, digest, size: bytes.length };
  };
  const putJson = (value: unknown, mediaType: string): Descriptor =>
    put(Buffer.from(JSON.stringify(value)), mediaType);
  const descriptors = layers.map(({ bytes, mediaType }) => put(bytes, mediaType));
  const manifestFor = (one: Platform): Descriptor => {
    const rootfs = { type: 'layers', diff_ids: layers.map(({ diffId }) => diffId) };
    const document = putJson({ ...one, rootfs, ...config }, mediaTypes.config);
    return putJson({ schemaVersion: 2, config: document, layers: descriptors }, mediaTypes.manifest);
  };
  const root =
    platforms === undefined
      ? manifestFor(platform ?? amd64)
      : putJson(
          { schemaVersion: 2, manifests: platforms.map((one) => ({ ...manifestFor(one), platform: one })) },
          mediaTypes.index,
        );
  const opened: Digest[] = [];
  const closed = { count: 0 };
  return {
    root,
    pinned: pinned ?? 'oci:base',
    references: [],
    opened,
    closed,
    layers: descriptors,
    readDocument: ({ digest }) => Promise.resolve(blobs.get(digest) ?? Buffer.from('')),
    openBlob: async function* ({ digest }) {
      opened.push(digest);
      yield await Promise.resolve(blobs.get(digest) ?? Buffer.from(''));
    },
    close: () => {
      closed.count += 1;
      return Promise.resolve();
    },
  };
}

export const amd64: Platform = { os: 'linux', architecture: 'amd64' };
export const arm64: Platform = { os: 'linux', architecture: 'arm64' };
