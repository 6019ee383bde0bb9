/**
 * A store that reads through to a lower one and writes to an upper one only: what `plan` uses, which must write
 * nothing to disk, with an upper store in memory.
 */
import type { BlobFacts, BlobStore, ResultCache, Store } from './store.ts';

export function overlayStore(lower: Store, upper: Store): Store {
  return {
    blobs: overlayBlobs(lower.blobs, upper.blobs),
    results: overlayResults(lower.results, upper.results),
  };
}

function overlayBlobs(lower: BlobStore, upper: BlobStore): BlobStore {
  return {
    size: async (digest) => (await upper.size(digest)) ?? (await lower.size(digest)),
    createWriter: (expected) => upper.createWriter(expected),
    put: (bytes, expected) => upper.put(bytes, expected),
    read: async function* (digest) {
      const from = (await upper.size(digest)) === undefined ? lower : upper;
      yield* from.read(digest);
    },
    readAll: async (digest, limit) => {
      const from = (await upper.size(digest)) === undefined ? lower : upper;
      return from.readAll(digest, limit);
    },
    list: () => mergeLists(lower.list(), upper.list()),
  };
}

/** Two sorted lists as one sorted list; what both have stands once. */
async function* mergeLists(
  lower: AsyncIterable<BlobFacts>,
  upper: AsyncIterable<BlobFacts>,
): AsyncIterable<BlobFacts> {
  const above: BlobFacts[] = [];
  for await (const facts of upper) above.push(facts);
  let at = 0;
  for await (const facts of lower) {
    for (let next = above[at]; next !== undefined && next.digest <= facts.digest; next = above[(at += 1)]) {
      if (next.digest < facts.digest) yield next;
    }
    yield facts;
  }
  yield* above.slice(at);
}

function overlayResults(lower: ResultCache, upper: ResultCache): ResultCache {
  return {
    get: async (kind, key) => (await upper.get(kind, key)) ?? (await lower.get(kind, key)),
    put: (kind, key, value) => upper.put(kind, key, value),
  };
}
