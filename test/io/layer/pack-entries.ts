/** Packs entries whose contents are given, and reads layers out of memory. */
import { createHash } from 'node:crypto';
import type { FileEntry, TreeEntry } from '../../../src/core/tree/file-tree.ts';
import type { ImagePath } from '../../../src/core/tree/image-path.ts';
import { type Digest, trustedDigest } from '../../../src/core/digest/digest.ts';
import type { TarStep } from '../../../src/core/tar/tar-entry.ts';
import { tarBytesOfEntries } from '../../../src/core/tar/tar-size.ts';
import { defaultTarLimits } from '../../../src/core/tar/tar-limits.ts';
import type { Compression } from '../../../src/core/recipe/recipe.ts';
import type {
  ContentReader,
  LayerReading,
  PackedLayer,
  PackRequest,
  ReadLayerRequest,
} from '../../../src/io/layer/layer-io.ts';
import { packLayer } from '../../../src/io/layer/pack.ts';
import { createPacker } from '../../../src/io/layer/packer.ts';
import { readLayer } from '../../../src/io/layer/read-layer.ts';

export const plain = { mode: 0o644, uid: 0, gid: 0, mtime: { seconds: 0 } };

export function digestOfBytes(bytes: Uint8Array): Digest {
  return trustedDigest(`sha256:${createHash('sha256').update(bytes).digest('hex')}`);
}

export function fileEntry(path: string, content: string | Uint8Array): FileEntry {
  const bytes = Buffer.from(content);
  return {
    type: 'file',
    ...plain,
    path: path as ImagePath,
    size: bytes.length,
    digest: digestOfBytes(bytes),
  };
}

export interface Packed {
  readonly layer: PackedLayer & { readonly digest: Digest; readonly size: number };
  readonly bytes: Buffer;
}

/** The pieces in turn, each as often as it takes. */
export function readerOf(pieces: Iterable<Uint8Array>, onClose: () => void = () => undefined): ContentReader {
  const rest = pieces[Symbol.iterator]();
  let piece = Buffer.alloc(0);
  return {
    read: (target) => {
      while (piece.length === 0) {
        const next = rest.next();
        if (next.done === true) return 0;
        piece = Buffer.from(next.value);
      }
      const count = Math.min(piece.length, target.length);
      target.set(piece.subarray(0, count));
      piece = piece.subarray(count);
      return count;
    },
    close: onClose,
  };
}

/** All bytes of a content, and closes it. */
export async function readAll(opened: ContentReader | Promise<ContentReader>): Promise<Buffer> {
  const content = await opened;
  const parts: Buffer[] = [];
  try {
    for (;;) {
      const target = Buffer.alloc(1000);
      const count = content.read(target);
      if (count === 0) return Buffer.concat(parts);
      parts.push(target.subarray(0, count));
    }
  } finally {
    content.close();
  }
}

const inline = createPacker({ threads: 1 });

export const none: Compression = { type: 'none' };
export const gzip6: Compression = { type: 'gzip', level: 6 };

export async function pack(
  entries: readonly TreeEntry[],
  contents: Readonly<Record<string, string | Uint8Array>>,
  more: Partial<PackRequest> = {},
): Promise<Packed> {
  const parts: Buffer[] = [];
  const layer = await packLayer({
    entries: entries.map((entry) => ({ entry, source: undefined })),
    tarBytes: tarBytesOfEntries(entries),
    openContent: (entry) => readerOf([Buffer.from(contents[entry.path] ?? '')]),
    compression: gzip6,
    sink: { write: (bytes) => void parts.push(Buffer.from(bytes)) },
    packer: inline,
    signal: new AbortController().signal,
    onProgress: () => undefined,
    ...more,
  });
  const bytes = Buffer.concat(parts);
  return { layer: { ...layer, digest: digestOfBytes(bytes), size: bytes.length }, bytes };
}

/** Chunks that come one at a time, each in the same buffer, as a careful store may give them. */
export async function* inChunks(bytes: Uint8Array, size = 4096): AsyncGenerator<Uint8Array> {
  const buffer = Buffer.alloc(size);
  for (let at = 0; at < bytes.length; at += size) {
    await Promise.resolve();
    const length = Buffer.from(bytes).copy(buffer, 0, at, at + size);
    yield buffer.subarray(0, length);
    buffer.fill(0xee);
  }
}

export function reading(bytes: Uint8Array, more: Partial<ReadLayerRequest> = {}): LayerReading {
  return readLayer({ chunks: inChunks(bytes), mediaType: undefined, limits: defaultTarLimits, ...more });
}

export async function allSteps(layer: LayerReading): Promise<TarStep[]> {
  const steps: TarStep[] = [];
  for await (const batch of layer.steps) {
    for (const step of batch) {
      steps.push(step.type === 'content' ? { ...step, bytes: new Uint8Array(step.bytes) } : step);
    }
  }
  return steps;
}

/** The code of the failure that a promise ends in, `read` where it does not. */
export async function codeOf(promise: Promise<unknown>): Promise<string> {
  try {
    await promise;
    return 'read';
  } catch (error) {
    if (error instanceof Error && 'code' in error && typeof error.code === 'string') return error.code;
    throw error;
  }
}
