/** Files and links that no package brings, added to the tree of packages: root's own, with the times of nothing, 0. */
import { toBase64 } from '../digest/base64.ts';
import { digestOf } from '../digest/digest.ts';
import { type ContentSource, emptyContents, type NodeEntry, type SourcedTree } from '../tree/file-tree.ts';
import { comparePaths, foldersAbove, type ImagePath } from '../tree/image-path.ts';

export interface MadeFile {
  readonly path: ImagePath;
  readonly text: string;
  /** 0644 where it is left out. */
  readonly mode?: number;
  readonly gid?: number;
}

export interface MadeLink {
  readonly path: ImagePath;
  readonly target: string;
}

export type MadeEntry = MadeFile | MadeLink;

/** What is made takes the place of what stands there; folders above it are added where they are missing. */
export function withFiles({ tree, contents }: SourcedTree, made: readonly MadeEntry[]): SourcedTree {
  const entries = new Map(tree.entries.map((entry) => [entry.path, entry]));
  const sources = new Map(Object.entries(contents)) as Map<ImagePath, ContentSource>;
  for (const one of made) {
    for (const folder of foldersAbove(one.path)) {
      if (folder !== '' && !entries.has(folder)) entries.set(folder, { ...plain(folder), type: 'directory', mode: 0o755 });
    }
    const { entry, source } = madeEntry(one);
    entries.set(one.path, entry);
    if (source === undefined) sources.delete(one.path);
    else sources.set(one.path, source);
  }
  const sorted = [...entries.values()].sort((a, b) => comparePaths(a.path, b.path));
  return { tree: { entries: sorted }, contents: recordOf(sources) };
}

function plain(path: ImagePath) {
  return { path, uid: 0, gid: 0, mtime: { seconds: 0 } } as const;
}

function madeEntry(made: MadeEntry): { readonly entry: NodeEntry; readonly source: ContentSource | undefined } {
  const { path } = made;
  if ('target' in made) {
    const entry = { ...plain(path), type: 'symlink', mode: 0o777, target: made.target } as const;
    return { entry, source: undefined };
  }
  const bytes = new TextEncoder().encode(made.text);
  const { mode = 0o644, gid = 0 } = made;
  const entry = { ...plain(path), gid, type: 'file', mode, size: bytes.length, digest: digestOf(bytes) } as const;
  return { entry, source: { in: 'literal', base64: toBase64(bytes) } };
}

/** Without a prototype: a file may be called `constructor`. */
function recordOf(sources: ReadonlyMap<ImagePath, ContentSource>): SourcedTree['contents'] {
  const record = emptyContents();
  for (const [path, source] of sources) record[path] = source;
  return record;
}
