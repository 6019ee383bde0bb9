/**
 * The files of an image layout, wherever they are: in a folder (folder-files.ts) or in an archive (archive-files.ts).
 * Names are as image-spec image-layout.md writes them: `index.json`, `blobs/sha256/…`.
 */
import { algorithmOf, type Digest, encodedOf } from '../../core/digest/digest.ts';
import { TransportError } from './transport-error.ts';

export interface LayoutFiles {
  /** As a user would write it, `oci:out/app`: goes into messages. */
  readonly place: string;
  /** Bytes, or undefined where there is no such file. Throws `transport/linked-entry` for what is not a plain file. */
  size(name: string): Promise<number | undefined>;
  /** The bytes as they are, from `start` on. Throws `transport/blob-missing` where there is no such file. */
  read(name: string, start?: number): AsyncIterable<Uint8Array>;
  close(): Promise<void>;
}

export function blobName(digest: Digest): string {
  return `blobs/${algorithmOf(digest)}/${encodedOf(digest)}`;
}

/** A whole small file; undefined where there is none. Throws `transport/bad-document` above `limit` bytes. */
export async function readSmallFile(
  files: LayoutFiles,
  name: string,
  limit: number,
): Promise<Uint8Array | undefined> {
  const size = await files.size(name);
  if (size === undefined) return undefined;
  if (size > limit) {
    const message = `${name} of ${files.place} has ${String(size)} bytes, the limit is ${String(limit)}`;
    throw new TransportError('transport/bad-document', message);
  }
  const chunks: Uint8Array[] = [];
  for await (const chunk of files.read(name)) chunks.push(chunk);
  return Buffer.concat(chunks);
}

export function fileMissing(name: string, place: string): TransportError {
  return new TransportError('transport/blob-missing', `${place} has no ${name}`, {
    help: 'have it made again by the tool that wrote it',
  });
}
