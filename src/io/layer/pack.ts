/**
 * Packs entries into the bytes of one layer: headers, contents, padding, compressed. The bytes depend on the entries,
 * the contents and the compression alone. Each file is held against the size and digest of its entry, so a file that
 * changed since the plan was made is refused, never packed. Gives the event loop a turn after each MiB of tar.
 */
import { createHash, type Hash } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { quoteText } from '../../core/diagnostic/escape-text.ts';
import { algorithmOf, encodedOf } from '../../core/digest/digest.ts';
import { LayerError } from '../../core/tar/layer-error.ts';
import { paddingOf } from '../../core/tar/tar-block.ts';
import { endOfTar, writeHeader } from '../../core/tar/tar-header.ts';
import type { FileEntry } from '../../core/tree/file-tree.ts';
import type { PackedLayer, PackRequest } from './layer-io.ts';
import { createLayerSink, type LayerSink } from './layer-sink.ts';

/**
 * Writes the layer to the request's sink, which the caller commits or aborts. Throws LayerError `layer/file-changed`,
 * the signal's reason, and whatever opening a content throws.
 */
export async function packLayer(request: PackRequest): Promise<PackedLayer> {
  const { entries, compression, sink } = request;
  const turns = createTurns(request);
  const layer = await createLayerSink(compression, sink);
  for (const entry of entries) {
    layer.write(writeHeader(entry));
    await turns.passed({ tar: 512, content: 0 });
    if (entry.type === 'file') await packContent(entry, { request, layer, turns });
  }
  layer.write(endOfTar);
  const packed = layer.end();
  await turns.done();
  return packed;
}

/** Counts bytes, so that how often the event loop gets a turn does not depend on a clock. */
interface Turns {
  passed(bytes: { readonly tar: number; readonly content: number }): Promise<void> | undefined;
  done(): Promise<void>;
}

const bytesBetweenTurns = 1024 * 1024;

function createTurns({ signal, onProgress }: PackRequest): Turns {
  let sinceTurn = 0;
  let content = 0;
  const turn = async (): Promise<void> => {
    sinceTurn = 0;
    onProgress(content);
    await nextTurn();
    signal.throwIfAborted();
  };
  signal.throwIfAborted();
  return {
    passed: (bytes) => {
      sinceTurn += bytes.tar;
      content += bytes.content;
      return sinceTurn < bytesBetweenTurns ? undefined : turn();
    },
    done: turn,
  };
}

interface ContentContext {
  readonly request: PackRequest;
  readonly layer: LayerSink;
  readonly turns: Turns;
}

async function packContent(entry: FileEntry, { request, layer, turns }: ContentContext): Promise<void> {
  const hash = createHash(algorithmOf(entry.digest));
  const content = { entry, name: request.nameOf?.(entry) ?? entry.path };
  let size = 0;
  for await (const bytes of request.openContent(entry)) {
    size += bytes.length;
    if (size > entry.size) throw changed(content, `it has more than the ${entry.size} bytes it had`);
    hash.update(bytes);
    layer.write(bytes);
    await turns.passed({ tar: bytes.length, content: bytes.length });
  }
  verify(content, size, hash);
  layer.write(zeros.subarray(0, paddingOf(size)));
}

interface Content {
  readonly entry: FileEntry;
  readonly name: string;
}

const zeros = new Uint8Array(512);

function verify(content: Content, size: number, hash: Hash): void {
  const { entry } = content;
  if (size !== entry.size) throw changed(content, `it has ${size} bytes and had ${entry.size}`);
  if (hash.digest('hex') !== encodedOf(entry.digest))
    throw changed(content, 'its content has another digest now');
}

function changed({ name }: Content, found: string): LayerError {
  const message = `packing ${quoteText(name)}: the file changed after it was read for the plan: ${found}`;
  return new LayerError('layer/file-changed', message, { help: 'build again once nothing writes to it' });
}
