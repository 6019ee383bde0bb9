/** A blob store that says how many bytes it is given, and takes back those of a blob that was given up. */
import type { BlobStore, BlobWriter } from '../store/store.ts';

/** `onBytes` is told a number below zero where a writer was aborted. */
export function countingWrites(blobs: BlobStore, onBytes: (bytes: number) => void): BlobStore {
  return {
    size: (digest) => blobs.size(digest),
    put: async (bytes, expected) => {
      const facts = await blobs.put(bytes, expected);
      onBytes(bytes.byteLength);
      return facts;
    },
    read: (digest) => blobs.read(digest),
    readAll: (digest, limit) => blobs.readAll(digest, limit),
    list: () => blobs.list(),
    createWriter: (expected) => countingWriter(blobs.createWriter(expected), onBytes),
  };
}

function countingWriter(writer: BlobWriter, onBytes: (bytes: number) => void): BlobWriter {
  let written = 0;
  return {
    write: (bytes) => {
      writer.write(bytes);
      written += bytes.byteLength;
      onBytes(bytes.byteLength);
    },
    commit: async () => {
      const facts = await writer.commit();
      written = 0;
      return facts;
    },
    abort: () => {
      writer.abort();
      if (written > 0) onBytes(-written);
      written = 0;
    },
  };
}
