/**
 * The canonical text of a file tree, whose digest names the tree in plans and keys: the same bytes as
 * `canonicalJson(tree)`, written entry by entry and an order of magnitude faster (50,000 entries are nothing unusual).
 */
import { canonicalJson } from '../digest/canonical-json.ts';
import type { FileTree, NodeEntry, Timestamp, TreeEntry } from './file-tree.ts';

/** Pieces of some hundred kilobytes, to be hashed one after the other. */
export function* treeText(tree: FileTree): Generator<string> {
  let piece = '{"entries":[';
  let separator = '';
  for (const entry of tree.entries) {
    piece += separator + entryText(entry);
    separator = ',';
    if (piece.length < pieceLength) continue;
    yield piece;
    piece = '';
  }
  yield `${piece}]}`;
}

const pieceLength = 1 << 18;

/** The same bytes as `canonicalJson(entries)`. */
export function entriesText(entries: readonly TreeEntry[]): string {
  return `[${entries.map(entryText).join(',')}]`;
}

// RFC 8785: members sorted by name, so each kind of entry has one fixed order of them.
function entryText(entry: TreeEntry): string {
  const path = JSON.stringify(entry.path);
  switch (entry.type) {
    case 'removed':
    case 'opaque':
      return `{"path":${path},"type":"${entry.type}"}`;
    case 'file':
      return nodeText(entry, {
        before: `"digest":"${entry.digest}",`,
        after: `,"size":${String(entry.size)}`,
      });
    case 'symlink':
    case 'hardlink':
      return nodeText(entry, { before: '', after: `,"target":${JSON.stringify(entry.target)}` });
    case 'block-device':
    case 'character-device':
      return nodeText(entry, { before: '', after: '', device: entry });
    case 'directory':
    case 'fifo':
      return nodeText(entry, { before: '', after: '' });
  }
}

interface OwnMembers {
  readonly before: string;
  readonly after: string;
  readonly device?: { readonly major: number; readonly minor: number };
}

function nodeText(entry: NodeEntry, { before, after, device }: OwnMembers): string {
  const numbers =
    device === undefined ? '' : `"major":${String(device.major)},"minor":${String(device.minor)},`;
  const xattrs = entry.xattrs === undefined ? '' : `,"xattrs":${canonicalJson(entry.xattrs)}`;
  const path = `"path":${JSON.stringify(entry.path)}`;
  const owner = `"gid":${String(entry.gid)},${numbers}"mode":${String(entry.mode)}`;
  const mtime = `"mtime":${timeText(entry.mtime)}`;
  return `{${before}${owner},${mtime},${path}${after},"type":"${entry.type}","uid":${String(entry.uid)}${xattrs}}`;
}

function timeText({ seconds, nanoseconds }: Timestamp): string {
  const fraction = nanoseconds === undefined ? '' : `"nanoseconds":${String(nanoseconds)},`;
  return `{${fraction}"seconds":${String(seconds)}}`;
}
