/**
 * Which of our encoder's levels gives the bytes of a layer. A level whose first block is another one is out after that
 * block, so few are tried on the whole tar.
 */
import type { Compression } from '../../core/recipe/recipe.ts';
import { createBlockEncoders, type EncodedCompression } from '../layer/encode-block.ts';
import { createFraming } from '../layer/framing.ts';
import { geometryOf } from '../layer/geometry.ts';
import { LayerStream } from '../layer/layer-stream.ts';
import { createPacker } from '../layer/packer.ts';
import { createHasher } from '../store/native-hasher.ts';
import { type LayerAccess, startOf, tarOf } from './layer-access.ts';

const levelsOf = { gzip: 9, zstd: 19 } as const;

/** In ascending order: several where the tar is such that they give the same bytes; none for another encoder. */
export async function ourLevels(
  layer: LayerAccess,
  type: EncodedCompression['type'],
  signal: AbortSignal,
): Promise<readonly number[]> {
  const levels = Array.from({ length: levelsOf[type] }, (_, at) => at + 1);
  const found: number[] = [];
  for (const level of await likely(levels, layer, type)) {
    const encoded = await digestAt({ type, level }, layer, signal);
    if (encoded === layer.descriptor.digest) found.push(level);
  }
  return found;
}

async function likely(
  levels: readonly number[],
  layer: LayerAccess,
  type: EncodedCompression['type'],
): Promise<readonly number[]> {
  const { blockBytes, encodedBytes } = geometryOf({ type, level: 1 });
  const { header } = createFraming({ type, level: 1 });
  const start = await startOf(layer.open(), header.length + encodedBytes);
  const block = await startOf(tarOf(layer), blockBytes);
  const encode = createBlockEncoders();
  const kept: number[] = [];
  for (const level of levels) {
    const task = { block, history: new Uint8Array(0), output: new Uint8Array(encodedBytes) };
    const encoded = await encode({ compression: { type, level }, ...task });
    if (Buffer.compare(encoded, start.subarray(header.length, header.length + encoded.length)) === 0)
      kept.push(level);
  }
  return kept;
}

async function digestAt(compression: Compression, layer: LayerAccess, signal: AbortSignal): Promise<string> {
  const hasher = createHasher();
  const packer = createPacker({ threads: 1 });
  const sink = { write: (bytes: Uint8Array) => hasher.update(bytes) };
  const stream = await LayerStream.begin({
    compression,
    sink,
    packer,
    tarBytes: 0,
    signal,
    onBlock: () => undefined,
  });
  try {
    for await (const chunk of tarOf(layer)) await stream.write(chunk);
    await stream.end();
    return hasher.digest();
  } finally {
    await stream.close();
    await packer.close();
  }
}
