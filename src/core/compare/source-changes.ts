/**
 * The files of a source as they were and as they are, one change for each thing that differs. A file that has the content
 * and metadata of one that is gone was renamed; a folder is told only where nothing in it is.
 */
import { canonicalJson } from '../digest/canonical-json.ts';
import { createIgnoreMatcher, type IgnoreMatcher, parseIgnoreFile } from '../tree/ignore-file.ts';
import type { FileTree } from '../tree/file-tree.ts';
import { foldersAboveAll, type ImagePath } from '../tree/image-path.ts';
import { type Change, octalMode } from './change.ts';
import { compareFiles, type ComparedNode, type FileAspect, type FileDifference } from './compare-files.ts';

export interface ComparedSource {
  readonly before: FileTree;
  readonly now: FileTree;
  /** How people call a path of the source: `dist/server.js` for `server.js` of `copy: dist`. */
  readonly pathOf: (path: ImagePath) => string;
  /** The texts of .dockerignore, where the source honours it; '' where there was none. */
  readonly ignore?: { readonly before: string; readonly now: string };
}

export function sourceChanges(source: ComparedSource): Change[] {
  const differences = compareFiles(sourced(source.before), sourced(source.now));
  const renamed = renamedFiles(differences);
  const oldNames = new Set(renamed.values());
  const holding = foldersAboveAll(differences.map(({ path }) => path));
  const ignore = hidingOf(source);
  return differences.flatMap((one): Change[] => {
    const { path } = one;
    const named = { field: 'file', key: source.pathOf(path), name: path };
    if (one.change === 'changed')
      return one.aspects.map((aspect) => ({ ...named, ...aspectChange(one, aspect) }));
    const from = renamed.get(path);
    if (from !== undefined)
      return [{ ...named, change: 'renamed', before: source.pathOf(from), after: source.pathOf(path) }];
    if (one.change === 'removed' && oldNames.has(path)) return [];
    if (isFolder(one) && holding.has(path)) return [];
    return [
      {
        ...named,
        change: one.change,
        ...(ignore(one, source.pathOf(path)) ? { because: '.dockerignore' } : {}),
      },
    ];
  });
}

function sourced(tree: FileTree): Parameters<typeof compareFiles>[0] {
  return { tree, contents: {} };
}

/** By the new name the old one. */
function renamedFiles(differences: readonly FileDifference[]): Map<ImagePath, ImagePath> {
  const gone = new Map<string, ImagePath[]>();
  for (const one of differences) {
    if (one.change !== 'removed' || !hasContent(one.before)) continue;
    const same = identityOf(one.before);
    gone.set(same, [...(gone.get(same) ?? []), one.path]);
  }
  return new Map(
    differences.flatMap((one) => {
      if (one.change !== 'added' || !hasContent(one.after)) return [];
      const from = gone.get(identityOf(one.after))?.shift();
      return from === undefined ? [] : [[one.path, from] as const];
    }),
  );
}

/** Empty files are all alike, so of two of them none is the other. */
function hasContent(node: ComparedNode): boolean {
  return node.type === 'symlink' || (node.type === 'file' && node.size > 0);
}

function identityOf(node: ComparedNode): string {
  return canonicalJson({ ...node, path: '' });
}

function isFolder(one: Exclude<FileDifference, { change: 'changed' }>): boolean {
  return (one.change === 'added' ? one.after : one.before).type === 'directory';
}

function aspectChange(
  { before, after }: FileDifference & { change: 'changed' },
  aspect: FileAspect,
): Pick<Change, 'change' | 'aspect' | 'before' | 'after'> {
  return { change: 'changed', aspect, before: aspectOf(before, aspect), after: aspectOf(after, aspect) };
}

function aspectOf(node: ComparedNode, aspect: FileAspect): unknown {
  switch (aspect) {
    case 'type':
      return node.type;
    case 'content':
      return node.type === 'file' ? node.digest : undefined;
    case 'target':
      return 'target' in node ? node.target : undefined;
    case 'mode':
      return octalMode(node.mode);
    case 'owner':
      return `${String(node.uid)}:${String(node.gid)}`;
    case 'mtime':
      return 'mtime' in node ? node.mtime : undefined;
    case 'device':
      return 'major' in node ? `${String(node.major)}:${String(node.minor)}` : undefined;
    case 'xattrs':
      return node.xattrs;
    case 'hardlinks':
      return undefined;
  }
}

/** Whether .dockerignore took a file away, or no longer does. `path` is the context's. */
function hidingOf({ ignore }: ComparedSource): (one: FileDifference, path: string) => boolean {
  if (ignore === undefined || ignore.before === ignore.now) return () => false;
  const [before, now] = [matcherOf(ignore.before), matcherOf(ignore.now)];
  return (one, path) => {
    const matcher = one.change === 'added' ? before : now;
    return matcher?.hiddenBy(path as ImagePath) !== undefined;
  };
}

function matcherOf(text: string): IgnoreMatcher | undefined {
  const made = createIgnoreMatcher(parseIgnoreFile(text));
  return made.ok ? made.matcher : undefined;
}
