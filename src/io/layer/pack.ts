/**
 * Packs entries into the bytes of one layer: headers, contents, padding, compressed. The bytes depend on the entries,
 * the contents and the compression alone. Contents are read straight into the blocks that are encoded. Each file is
 * held against the size and digest of its entry, so one that changed since the plan was made is refused, never packed.
 */
import { blockSize, paddingOf } from '../../core/tar/tar-block.ts';
import { endOfTar, writeHeader } from '../../core/tar/tar-header.ts';
import type { ContentSource, FileEntry } from '../../core/tree/file-tree.ts';
import { mediaTypeOf } from './compression.ts';
import { type ContentCheck, createContentCheck } from './content-check.ts';
import type { ContentReader, EntryToPack, PackedLayer, PackRequest } from './layer-io.ts';
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
  const stream = await LayerStream.begin({ ...request, onBlock });
  const packing = { request, stream, packed, headerRoom: new Uint8Array(blockSize) };
  try {
    for (const entry of entries) {
      const more = packEntry(entry, packing);
      if (more !== undefined) await more;
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
  readonly headerRoom: Uint8Array;
}

/**
 * Undefined where nothing has to be waited for: that is so for all but a few entries of a block, and to wait for each
 * would take longer than its header does.
 */
function packEntry({ entry, source }: EntryToPack, packing: Packing): Promise<void> | undefined {
  const { stream, request, headerRoom } = packing;
  const turned = stream.write(writeHeader(entry, headerRoom));
  if (entry.type !== 'file') return turned;
  if (turned !== undefined || entry.size + blockSize > stream.free)
    return packLong({ entry, source }, turned, packing);
  const content = request.openContent(entry, source);
  if (content instanceof Promise)
    return content.then((opened) => {
      packShort(openFile({ entry, source }, opened, request), packing);
    });
  packShort(openFile({ entry, source }, content, request), packing);
  return undefined;
}

/** A file whose content and padding leave room in the block. */
function packShort(file: OpenFile, packing: Packing): void {
  try {
    while (!file.ended) void readNext(file, packing);
  } finally {
    file.content.close();
  }
  void finish(file, packing);
}

async function packLong(
  { entry, source }: FileToPack,
  turned: Promise<void> | undefined,
  packing: Packing,
): Promise<void> {
  await turned;
  const content = await packing.request.openContent(entry, source);
  const file = openFile({ entry, source }, content, packing.request);
  try {
    while (!file.ended) await readNext(file, packing);
  } finally {
    content.close();
  }
  await finish(file, packing);
}

interface FileToPack {
  readonly entry: FileEntry;
  readonly source: ContentSource | undefined;
}

interface OpenFile {
  readonly content: ContentReader;
  readonly check: ContentCheck;
  readonly size: number;
  left: number;
  ended: boolean;
}

function openFile({ entry, source }: FileToPack, content: ContentReader, { nameOf }: PackRequest): OpenFile {
  const check = createContentCheck(entry, nameOf?.(entry, source) ?? entry.path);
  return { content, check, size: entry.size, left: entry.size, ended: false };
}

/** Reads straight into the block. */
function readNext(file: OpenFile, { stream, packed }: Packing): Promise<void> | undefined {
  const whole = stream.room;
  // One byte more than is left shows a file that has grown.
  const room = file.left < whole.length ? whole.subarray(0, file.left + 1) : whole;
  const count = file.content.read(room);
  file.ended = count === 0;
  if (count === 0) return undefined;
  file.check.update(room.subarray(0, count));
  packed.content += count;
  file.left -= count;
  // Room was left over: there was no more.
  file.ended = file.left === 0 && count < room.length;
  return stream.filled(count);
}

function finish({ check, size }: OpenFile, { stream }: Packing): Promise<void> | undefined {
  check.finish();
  return stream.write(zeros.subarray(0, paddingOf(size)));
}

const zeros = new Uint8Array(blockSize);
