/** A zstd stream, pushed: blocks of a fixed size, so what comes out does not depend on how it was cut into writes. */
import { zstdBlockBytes, type ZstdEncoder } from './zstd-encoder.ts';

export interface ZstdStream {
  /** Takes bytes; the buffer may be reused at once. Encodes a block, synchronously, whenever one is full. */
  write(bytes: Uint8Array): void;
  /** Encodes what is left; no write may follow. An empty stream is one empty frame. */
  end(): void;
}

/** `onBytes` gets frames in order; each buffer is the receiver's. */
export function createZstdStream(encoder: ZstdEncoder, onBytes: (frame: Uint8Array) => void): ZstdStream {
  const block = new Uint8Array(zstdBlockBytes);
  let filled = 0;
  let isEmpty = true;
  const encode = (): void => {
    onBytes(encoder.encode(block.subarray(0, filled)));
    filled = 0;
    isEmpty = false;
  };
  const write = (bytes: Uint8Array): void => {
    for (let at = 0; at < bytes.length;) {
      const taken = Math.min(bytes.length - at, zstdBlockBytes - filled);
      block.set(bytes.subarray(at, at + taken), filled);
      filled += taken;
      at += taken;
      if (filled === zstdBlockBytes) encode();
    }
  };
  const end = (): void => {
    if (filled > 0 || isEmpty) encode();
  };
  return { write, end };
}
