/**
 * Packs a planned layer from the bytes of a layer that claims to be it. What comes out is made by our own encoder of a
 * tar that was held against the plan, so it is what packing the sources would give, whatever came in.
 */
import type { Compression } from '../../core/recipe/recipe.ts';
import { defaultTarLimits } from '../../core/tar/tar-limits.ts';
import type { TreeEntry } from '../../core/tree/file-tree.ts';
import { mediaTypeOf } from './compression.ts';
import { decompress } from './decompress.ts';
import { deviation, expectTar } from './expected-tar.ts';
import type { ByteSink, PackedLayer } from './layer-io.ts';
import { LayerStream } from './layer-stream.ts';
import type { Packer } from './packer.ts';

export interface RepackRequest {
  /** The bytes of the layer that claims to be the planned one, compressed as `compression` says. */
  readonly claimed: AsyncIterable<Uint8Array>;
  /** What the planned layer holds, as PackRequest has it. */
  readonly entries: Iterable<TreeEntry>;
  /** About how many bytes of tar that makes. */
  readonly tarBytes: number;
  readonly compression: Compression;
  readonly sink: ByteSink;
  readonly packer: Packer;
  readonly signal: AbortSignal;
  /** Called now and then with the bytes of tar packed so far. */
  readonly onProgress: (done: number) => void;
}

/**
 * Writes the layer to the sink, as packLayer does. Throws LayerError `layer/not-as-planned` at the first byte that the
 * plan does not give or for bytes that hold nothing, and what decompressing and `claimed` throw.
 */
export async function repackLayer(request: RepackRequest): Promise<PackedLayer> {
  const { compression, onProgress } = request;
  const passed = { claimed: 0, tar: 0 };
  const expected = expectTar(request.entries);
  const stream = await LayerStream.begin({ ...request, onBlock: () => onProgress(passed.tar) });
  const mediaType = mediaTypeOf(compression);
  // The tar is known to its last byte, so a bomb is no tar of the plan and ends at its first byte too many.
  const limits = { ...defaultTarLimits, maxRatio: Number.POSITIVE_INFINITY };
  try {
    for await (const bytes of decompress({ chunks: metered(request.claimed, passed), mediaType, limits })) {
      expected.check(bytes);
      await stream.write(bytes);
      passed.tar += bytes.length;
    }
    expected.finish();
    return { mediaType, diffId: await stream.end() };
  } finally {
    await stream.close();
  }
}

/** How far compressed bytes may run ahead of the tar that they hold: buffers on the way, and what does not compress. */
const mostAhead = 16 * 1024 * 1024;

/** Refuses a stream that goes on without giving anything. */
async function* metered(
  chunks: AsyncIterable<Uint8Array>,
  passed: { claimed: number; readonly tar: number },
): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunks) {
    passed.claimed += chunk.length;
    if (passed.claimed > passed.tar + passed.tar / 1024 + mostAhead) {
      throw deviation(`${passed.claimed} bytes of it hold only ${passed.tar}`);
    }
    yield chunk;
  }
}
