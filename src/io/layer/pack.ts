/**
 * Packs entries into the bytes of one layer: headers, contents, padding, compressed. The bytes depend on the entries,
 * the contents and the compression alone. Contents are read straight into the blocks that are encoded. Each file is
 * held against the size and digest of its entry, so one that changed since the plan was made is refused, never packed.
 */
import { blockSize, paddingOf } from '../../core/tar/tar-block.ts';
import { endOfTar, writeHeader } from '../../core/tar/tar-header.ts';
import type { ContentSource, FileEntry } from '../../core/tree/file-tree.ts';
import { mediaTypeOf } from './compression.ts';
import { createContentCheck } from './content-check.ts';
import type { PackedLayer, PackRequest } from './layer-io.ts';
import { LayerStream } from './layer-stream.ts';

/**
 * Writes the layer to the request's sink, which the caller commits or aborts; nothing is written after this has ended.
 * Throws LayerError `layer/file-changed` and `layer/cannot-compress`, the signal's reason, and whatever opening or
 * reading a content throws.
 */
export async function packLayer(request: PackRequest): Promise<PackedLayer> {
  const { entries, compression, onProgress } = request;
  const packed = { content: 0 };
  const onBlock = (): void => onProgress(packed.content);
  const headerRoom = new Uint8Array(blockSize);
  const stream = await LayerStream.begin({ ...request, onBlock });
  try {
    for (const { entry, source } of entries) {
      await stream.write(writeHeader(entry, headerRoom));
      if (entry.type === 'file') await packContent(entry, source, { request, stream, packed });
    }
    await stream.write(endOfTar);
    return { mediaType: mediaTypeOf(compression), diffId: await stream.end() };
  } finally {
    await stream.close();
  }
}

interface Packing {
  readonly request: PackRequest;
  readonly stream: LayerStream;
  /** Bytes of content so far. */
  readonly packed: { content: number };
}

async function packContent(
  entry: FileEntry,
  source: ContentSource | undefined,
  { request, stream, packed }: Packing,
): Promise<void> {
  const check = createContentCheck(entry, request.nameOf?.(entry, source) ?? entry.path);
  const content = await request.openContent(entry, source);
  try {
    for (let left = entry.size; ;) {
      // One byte more than is left shows a file that has grown.
      const room = left < stream.room.length ? stream.room.subarray(0, left + 1) : stream.room;
      const count = content.read(room);
      if (count === 0) break;
      check.update(room.subarray(0, count));
      packed.content += count;
      left -= count;
      await stream.filled(count);
      // Room was left over: there was no more.
      if (left === 0 && count < room.length) break;
    }
  } finally {
    content.close();
  }
  check.finish();
  await stream.write(zeros.subarray(0, paddingOf(entry.size)));
}

const zeros = new Uint8Array(blockSize);
