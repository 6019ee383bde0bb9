/** Any bytes through the stream that layers are packed with. */
import type { Compression } from '../../../src/core/recipe/recipe.ts';
import { LayerStream } from '../../../src/io/layer/layer-stream.ts';
import { createPacker, type Packer } from '../../../src/io/layer/packer.ts';

export interface Through {
  readonly compression: Compression;
  readonly packer: Packer;
  /** Whether the bytes are encoded by the packer's threads or here. */
  readonly encode: 'here' | 'on threads';
  readonly onBytes: (bytes: Uint8Array) => void;
}

/** A packer for streams that are encoded on the calling thread. */
export const noThreads: Packer = createPacker({ threads: 1 });

/** Opens a stream; its owner writes, ends and closes it. */
export function openStream({ compression, packer, encode, onBytes }: Through): Promise<LayerStream> {
  return LayerStream.begin({
    compression,
    packer,
    sink: { write: onBytes },
    tarBytes: encode === 'here' ? 0 : Number.MAX_SAFE_INTEGER,
    signal: new AbortController().signal,
    onBlock: () => undefined,
  });
}

/** What the pieces become together. */
export async function throughStream(
  pieces: Iterable<Uint8Array>,
  through: Omit<Through, 'onBytes'>,
): Promise<Buffer> {
  const parts: Buffer[] = [];
  const stream = await openStream({ ...through, onBytes: (bytes) => parts.push(Buffer.from(bytes)) });
  try {
    for (const piece of pieces) await stream.write(piece);
    await stream.end();
  } finally {
    await stream.close();
  }
  return Buffer.concat(parts);
}
