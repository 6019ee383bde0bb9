/**
 * A file tree: what a layer holds before it is bytes. Entries are sorted by the bytes of their paths and unique, so a
 * folder stands before what is in it. Nothing here names a path of this computer; where contents come from stands
 * beside the tree (see Contents), outside digest and key.
 */
import type { Digest } from '../digest/digest.ts';
import type { ImagePath } from './image-path.ts';

/** Time since 1970-01-01T00:00:00Z; seconds may be negative, nanoseconds (0..999999999) stand only where not 0. */
export interface Timestamp {
  readonly seconds: number;
  readonly nanoseconds?: number;
}

export interface Metadata {
  /** Permission bits with setuid, setgid and sticky: 0..0o7777. */
  readonly mode: number;
  /** 0..2^32-1. */
  readonly uid: number;
  readonly gid: number;
  readonly mtime: Timestamp;
  /** Extended attributes: values as base64 (RFC 4648, padded), names sorted by canonical JSON wherever bytes are made. */
  readonly xattrs?: Readonly<Record<string, string>>;
}

interface Node extends Metadata {
  readonly path: ImagePath;
}

export interface FileEntry extends Node {
  readonly type: 'file';
  readonly size: number;
  readonly digest: Digest;
}
export interface DirectoryEntry extends Node {
  readonly type: 'directory';
}
export interface SymlinkEntry extends Node {
  readonly type: 'symlink';
  /** Word for word; bytes escaped as in ImagePath. */
  readonly target: string;
}
export interface HardlinkEntry extends Node {
  readonly type: 'hardlink';
  /** A path in the image: an entry of this tree that is no hardlink and sorts before it, or a file of a lower layer. */
  readonly target: ImagePath;
}
export interface FifoEntry extends Node {
  readonly type: 'fifo';
}
export interface DeviceEntry extends Node {
  readonly type: 'block-device' | 'character-device';
  readonly major: number;
  readonly minor: number;
}
/** A whiteout: the path of a lower layer that is no more (image-spec layer.md, Whiteouts). `path` is the removed path. */
export interface RemovedEntry {
  readonly type: 'removed';
  readonly path: ImagePath;
}
/** An opaque whiteout: all that lower layers have below `path` is no more; `path` is the folder. */
export interface OpaqueEntry {
  readonly type: 'opaque';
  readonly path: ImagePath;
}

export type NodeEntry = FileEntry | DirectoryEntry | SymlinkEntry | HardlinkEntry | FifoEntry | DeviceEntry;
export type TreeEntry = NodeEntry | RemovedEntry | OpaqueEntry;

export interface FileTree {
  readonly entries: readonly TreeEntry[];
}

/**
 * Where the bytes of a file are, beside its entry: a file of the context, bytes in the plan itself, a whole blob of the
 * store, or a range of the decompressed tar of an archive in the context or of a blob (a layer, or a tar that was fetched).
 */
export type ContentSource =
  | { readonly in: 'context'; readonly path: string }
  | { readonly in: 'literal'; readonly base64: string }
  | { readonly in: 'blob'; readonly blob: Digest }
  | { readonly in: 'archive'; readonly path: string; readonly offset: number }
  | { readonly in: 'layer'; readonly blob: Digest; readonly offset: number };

/** The source of each file entry of a tree, by its path in that tree. */
export type Contents = Readonly<Record<ImagePath, ContentSource>>;

/** A tree and where its bytes are. */
export interface SourcedTree {
  readonly tree: FileTree;
  readonly contents: Contents;
}

/**
 * A record of contents to be filled. It has no prototype: a file of an image may be called `constructor` or `__proto__`.
 */
export function emptyContents(): Record<ImagePath, ContentSource> {
  return Object.create(null) as Record<ImagePath, ContentSource>;
}
