/** A body that can be sent again from its start, so that a retry or a second answer to a challenge is whole. */

export interface RequestBody {
  /** Bytes; becomes Content-Length. */
  readonly size: number;
  /** Opens the bytes from the start; may be called again. Each chunk belongs to the receiver. */
  open(): AsyncIterable<Uint8Array>;
}

export function bodyOf(bytes: Uint8Array): RequestBody {
  return {
    size: bytes.length,
    // eslint wants an await in async functions; a body in memory has nothing to wait for.
    open: () => oneChunk(bytes),
  };
}

function oneChunk(bytes: Uint8Array): AsyncIterable<Uint8Array> {
  let left: Uint8Array | undefined = bytes;
  return {
    [Symbol.asyncIterator]: () => ({
      next() {
        const value = left;
        left = undefined;
        return Promise.resolve(value === undefined ? { done: true, value } : { done: false, value });
      },
    }),
  };
}
