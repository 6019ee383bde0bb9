/** A store in memory: for tests, and as the upper half of an overlay. It keeps every promise of store.ts but durability. */
import type { Digest } from '../../core/digest/digest.ts';
import { checkBlob } from './expect-blob.ts';
import type { BlobFacts, BlobStore, BlobWriter, ExpectedBlob, ResultCache, Store } from './store.ts';
import { blobMissing, blobTooLarge } from './store-error.ts';

export function createMemoryStore(): Store {
  const held = new Map<Digest, Uint8Array>();
  return { blobs: memoryBlobs(held), results: memoryResults() };
}

function memoryBlobs(held: Map<Digest, Uint8Array>): BlobStore {
  const get = (digest: Digest): Uint8Array => {
    const bytes = held.get(digest);
    if (bytes === undefined) throw blobMissing(digest);
    return bytes;
  };
  const createWriter = (expected: ExpectedBlob = {}): BlobWriter => memoryWriter(held, expected);
  return {
    size: (digest) => Promise.resolve(held.get(digest)?.byteLength),
    createWriter,
    put: async (bytes, expected) => {
      const writer = createWriter(expected);
      writer.write(bytes);
      return writer.commit();
    },
    read: (digest) => chunksOf(() => get(digest)),
    readAll: (digest, limit) =>
      Promise.resolve().then(() => {
        const bytes = get(digest);
        if (bytes.byteLength > limit) throw blobTooLarge(digest, { size: bytes.byteLength, limit });
        return copyOf(bytes);
      }),
    list: () => listHeld(held),
  };
}

function memoryWriter(held: Map<Digest, Uint8Array>, expected: ExpectedBlob): BlobWriter {
  const check = checkBlob(expected);
  let chunks: Uint8Array[] = [];
  return {
    write: (bytes) => {
      check.update(bytes);
      chunks.push(copyOf(bytes));
    },
    commit: () =>
      Promise.resolve().then(() => {
        const facts = check.finish();
        held.set(facts.digest, copyOf(Buffer.concat(chunks)));
        chunks = [];
        return facts;
      }),
    abort: () => {
      chunks = [];
    },
  };
}

const chunkSize = 256 * 1024;

async function* chunksOf(get: () => Uint8Array): AsyncIterable<Uint8Array> {
  const bytes = await Promise.resolve().then(get);
  for (let at = 0; at < bytes.byteLength; at += chunkSize) yield copyOf(bytes.subarray(at, at + chunkSize));
}

// Buffer.slice shares its memory, unlike Uint8Array's.
function copyOf(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(bytes);
}

async function* listHeld(held: ReadonlyMap<Digest, Uint8Array>): AsyncIterable<BlobFacts> {
  const listed = [...held].map(([digest, bytes]) => ({ digest, size: bytes.byteLength }));
  yield* await Promise.resolve(listed.sort((a, b) => (a.digest < b.digest ? -1 : 1)));
}

/** Values go in and come out as JSON text, so that nobody holds a value that somebody else changes. */
function memoryResults(): ResultCache {
  const records = new Map<string, string>();
  return {
    get: (kind, key) => {
      const text = records.get(`${kind} ${key}`);
      return Promise.resolve(text === undefined ? undefined : (JSON.parse(text) as unknown));
    },
    put: (kind, key, value) => {
      records.set(`${kind} ${key}`, JSON.stringify(value));
      return Promise.resolve();
    },
  };
}
