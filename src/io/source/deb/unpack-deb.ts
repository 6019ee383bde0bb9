/**
 * One package out of its .deb: the tree of data.tar and the texts of control.tar. Remembered by the digest of the .deb, so that each is taken apart once. data.tar stands in
 * the store decompressed, as a blob of its own that the result holds: the pack reads files out of it, and the .deb is
 * not needed any more.
 */
import { digestOfValue, type Digest } from '../../../core/digest/digest.ts';
import type { FileTree } from '../../../core/tree/file-tree.ts';
import { type DebMember, parseDebArchive } from '../../../core/deb/ar-archive.ts';
import { malformed } from '../../../core/deb/deb-error.ts';
import { defaultTarLimits } from '../../../core/tar/tar-limits.ts';
import { decompress } from '../../layer/decompress.ts';
import { readLayer } from '../../layer/read-layer.ts';
import { type Capture, readTree } from '../../layer/read-tree.ts';
import type { Store } from '../../store/store.ts';
import { recall, remember } from '../remembered.ts';

/** Plain JSON, so that it can be remembered. */
export interface UnpackedDeb {
  /** data.tar, decompressed: a blob of the store. */
  readonly data: Digest;
  readonly tree: FileTree;
  /** For each file entry in turn, where its content starts in `data`. */
  readonly offsets: readonly number[];
  /** Texts of control.tar by name: `control` is always there; `md5sums`, `conffiles` and scripts where the package has them. */
  readonly control: Readonly<Record<string, string>>;
}

export interface DebBlob {
  readonly digest: Digest;
  /** What messages call it. */
  readonly what: string;
}

/** Undefined where the package is not known, or its files are gone from the store. */
export async function recallDeb(store: Store, deb: Digest): Promise<UnpackedDeb | undefined> {
  const known = (await recall(store, 'deb', keyOf(deb))) as UnpackedDeb | undefined;
  if (known === undefined || (await store.blobs.size(known.data)) === undefined) return undefined;
  return known;
}

/** Throws DebError `deb/malformed`, LayerError for what is refused in its tars, and StoreError. */
export async function unpackDeb(store: Store, deb: DebBlob): Promise<UnpackedDeb> {
  const bytes = await store.blobs.readAll(deb.digest, mostBytes);
  const archive = parseDebArchive(bytes, deb.what);
  const control = await controlTexts(chunksOf(bytes, archive.control), deb);
  const data = await readData(chunksOf(bytes, archive.data), store);
  const unpacked = { ...data, control };
  await remember(store, { kind: 'deb', key: keyOf(deb.digest), holds: [data.data] }, unpacked);
  return unpacked;
}

function keyOf(deb: Digest): Digest {
  return digestOfValue({ deb });
}

/** A .deb is held in memory while it is taken apart. */
const mostBytes = 1024 * 1024 * 1024;

const chunkBytes = 256 * 1024;

async function* chunksOf(bytes: Uint8Array, { offset, size }: DebMember): AsyncGenerator<Uint8Array> {
  for (let at = offset; at < offset + size; at += chunkBytes) {
    yield await Promise.resolve(bytes.subarray(at, Math.min(at + chunkBytes, offset + size)));
  }
}

/** Larger texts in control.tar are not what we need. */
const mostText = 4 * 1024 * 1024;

async function controlTexts(
  chunks: AsyncIterable<Uint8Array>,
  { what }: DebBlob,
): Promise<Record<string, string>> {
  const reading = readLayer({ chunks, mediaType: undefined, limits: defaultTarLimits });
  const capture: Capture = (path, size) => !path.includes('/') && size <= mostText;
  const { captured } = await readTree(reading, { hardlinksOutside: 'refuse', capture });
  const texts = Object.create(null) as Record<string, string>;
  for (const [name, content] of captured) texts[name] = Buffer.from(content).toString('utf8');
  if (texts['control'] === undefined) throw malformed(what, 'has no control file in control.tar');
  return texts;
}

async function readData(
  chunks: AsyncIterable<Uint8Array>,
  { blobs }: Store,
): Promise<Omit<UnpackedDeb, 'control'>> {
  const writer = blobs.createWriter();
  try {
    const plain = decompress({ chunks, mediaType: undefined, limits: defaultTarLimits });
    const reading = readLayer({
      chunks: written(plain, writer),
      mediaType: undefined,
      limits: defaultTarLimits,
    });
    const { tree, offsets } = await readTree(reading, { hardlinksOutside: 'refuse' });
    const { digest } = await writer.commit();
    const files = tree.entries.flatMap((entry) =>
      entry.type === 'file' ? [offsets.get(entry.path) ?? 0] : [],
    );
    return { data: digest, tree, offsets: files };
  } finally {
    writer.abort();
  }
}

async function* written(
  chunks: AsyncIterable<Uint8Array>,
  writer: { write(bytes: Uint8Array): void },
): AsyncGenerator<Uint8Array> {
  for await (const bytes of chunks) {
    writer.write(bytes);
    yield bytes;
  }
}
