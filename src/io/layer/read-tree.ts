/**
 * Reads a layer, or an archive of the user, as a file tree: sorted, unique, each file with the digest of its content
 * and where in the decompressed tar that content stands. Folders that the tar does not name are not invented. Of the
 * names of one file the first in byte order is the file and the others are its hardlinks, whatever the tar's order, so
 * two tars of one tree give one tree.
 */
import { createHash, type Hash } from 'node:crypto';
import { quoteText } from '../../core/diagnostic/escape-text.ts';
import { trustedDigest } from '../../core/digest/digest.ts';
import { copyBytes } from '../../core/tar/bytes.ts';
import { refusal } from '../../core/tar/layer-error.ts';
import { blockSize } from '../../core/tar/tar-block.ts';
import type { TarEntry, TarStep } from '../../core/tar/tar-entry.ts';
import type { FileTree, NodeEntry } from '../../core/tree/file-tree.ts';
import type { ImagePath } from '../../core/tree/image-path.ts';
import type { LayerReading } from './layer-io.ts';
import { nameInodes } from './name-inodes.ts';
import { createTreeBuilder, type Inode, type TreeBuilder } from './tree-builder.ts';

export interface ReadTreeOptions {
  /** Where an entry comes to stand, or undefined to leave it out; by default every entry stays where it is. */
  readonly place?: (path: ImagePath, type: NodeEntry['type']) => ImagePath | undefined;
  /** Hardlinks to a path that this tar does not have: of a layer they may name a file of a lower one. Default: refuse. */
  readonly hardlinksOutside?: 'refuse' | 'keep';
  /** Regular files (their paths as in the tar) whose bytes are wanted too. */
  readonly capture?: Capture;
}

/** Paths, of which files of more than 10 MiB are left out; or whatever a caller says of a path and a size in bytes. */
export type Capture = ReadonlySet<ImagePath> | ((path: ImagePath, size: number) => boolean);

export interface ReadTree {
  readonly tree: FileTree;
  /** For each file entry of the tree, where its content starts in the decompressed tar. */
  readonly offsets: ReadonlyMap<ImagePath, number>;
  readonly captured: ReadonlyMap<ImagePath, Uint8Array>;
}

/** Throws LayerError for what is refused, and what the reading throws. */
export async function readTree(reading: LayerReading, options: ReadTreeOptions = {}): Promise<ReadTree> {
  const [builder, captured, wanted] = [
    createTreeBuilder(),
    new Map<Inode, Uint8Array>(),
    new Set<ImagePath>(),
  ];
  const state: State = { builder, options, captured, wanted, file: undefined };
  for await (const steps of reading.steps) {
    for (const step of steps) take(step, state);
  }
  const { tree, offsets } = nameInodes(state.builder, options.place);
  return { tree, offsets, captured: capturedFiles(state) };
}

interface OpenFile {
  readonly entry: Extract<TarEntry, { type: 'file' }>;
  readonly offset: number;
  readonly hash: Hash;
  readonly parts: Uint8Array[] | undefined;
}

interface State {
  readonly builder: TreeBuilder;
  readonly options: ReadTreeOptions;
  readonly captured: Map<Inode, Uint8Array>;
  /** Paths that were asked for so far. */
  readonly wanted: Set<ImagePath>;
  file: OpenFile | undefined;
}

const maxCaptureBytes = 10 * 1024 * 1024;

function take(step: TarStep, state: State): void {
  if (step.type === 'entry') takeEntry(step.entry, step.offset, state);
  else if (step.type === 'content') takeContent(step.bytes, state.file);
  else finishFile(state);
}

function takeEntry(entry: TarEntry, offset: number, state: State): void {
  if (entry.type === 'file') {
    const parts = isWanted(entry, state) ? [] : undefined;
    state.file = { entry, offset, hash: createHash('sha256'), parts };
  } else if (entry.type === 'hardlink') {
    addHardlink(entry, offset, state);
  } else {
    add(entry.path, { entry, offset }, state.builder);
  }
}

function isWanted({ path, size }: OpenFile['entry'], { options: { capture }, wanted }: State): boolean {
  if (capture === undefined) return false;
  const isAsked =
    typeof capture === 'function' ? capture(path, size) : capture.has(path) && size <= maxCaptureBytes;
  if (isAsked) wanted.add(path);
  return isAsked;
}

function add(path: ImagePath, inode: Inode, builder: TreeBuilder): void {
  const above = builder.add(path, inode);
  if (above === undefined) return;
  const found = `stands below ${quoteText(above)}, which is no folder in this tar`;
  throw refusal('layer/not-a-folder', { offset: inode.offset - blockSize, name: path, found });
}

type HardlinkEntry = Extract<TarEntry, { type: 'hardlink' }>;

function addHardlink(entry: HardlinkEntry, offset: number, { builder, options }: State): void {
  const target = builder.find(entry.target);
  const place = { offset: offset - blockSize, name: entry.path };
  if (target === undefined && options.hardlinksOutside === 'keep') {
    add(entry.path, { entry, offset }, builder);
    return;
  }
  if (target === undefined) {
    const found = 'is a hardlink to a path that does not stand before it in the tar';
    throw refusal('layer/bad-hardlink', { ...place, found });
  }
  if (target.entry.type === 'directory') {
    throw refusal('layer/bad-hardlink', { ...place, found: 'is a hardlink to a folder' });
  }
  target.entry = withMetadata(target.entry, entry);
  add(entry.path, target, builder);
}

/** A hardlink's own header sets the metadata of the file it names, as docker, containerd and umoci unpack it. */
function withMetadata(entry: NodeEntry, { mode, uid, gid, mtime, xattrs }: HardlinkEntry): NodeEntry {
  const merged = xattrs === undefined ? {} : { xattrs: { ...entry.xattrs, ...xattrs } };
  return { ...entry, uid, gid, mtime, ...merged, mode: entry.type === 'symlink' ? entry.mode : mode };
}

function takeContent(bytes: Uint8Array, file: OpenFile | undefined): void {
  file?.hash.update(bytes);
  // The bytes are the reader's only until the next step.
  file?.parts?.push(copyBytes(bytes));
}

function finishFile(state: State): void {
  if (state.file === undefined) return;
  const { entry, offset, hash, parts } = state.file;
  const digest = trustedDigest(`sha256:${hash.digest('hex')}`);
  const inode: Inode = { entry: { ...entry, digest }, offset };
  if (parts !== undefined) state.captured.set(inode, Buffer.concat(parts));
  state.file = undefined;
  add(entry.path, inode, state.builder);
}

function capturedFiles({ builder, captured, wanted }: State): Map<ImagePath, Uint8Array> {
  const files = new Map<ImagePath, Uint8Array>();
  for (const path of wanted) {
    const inode = builder.find(path);
    const bytes = inode === undefined ? undefined : captured.get(inode);
    if (bytes !== undefined) files.set(path, bytes);
  }
  return files;
}
