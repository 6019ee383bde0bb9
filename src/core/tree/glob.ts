/**
 * `include` and `exclude` lists: globs relative to the source's root (see compileGlob). A leading dot is nothing
 * special, a pattern that matches a folder stands for all that is in it, and exclude wins.
 */
import { compileGlob } from './compile-glob.ts';
import { type ImagePath, parentPath } from './image-path.ts';

export interface GlobLists {
  /** An empty list includes all. */
  readonly include: readonly string[];
  readonly exclude: readonly string[];
}

export interface GlobFilter {
  /** Whether an entry is taken. A folder that only leads to entries that are taken is not. */
  takes(path: ImagePath): boolean;
  /** Whether nothing at or below a folder can be taken, since it is excluded. */
  prunes(folder: ImagePath): boolean;
}

/** Never throws: every text is a pattern, and an unclosed bracket stands for itself. */
export function createGlobFilter(lists: GlobLists): GlobFilter {
  const included = pathOrAbove(lists.include.map(compileGlob));
  const excluded = pathOrAbove(lists.exclude.map(compileGlob));
  return {
    takes: (path) => !excluded(path) && (lists.include.length === 0 || included(path)),
    prunes: (folder) => excluded(folder),
  };
}

type Matcher = (path: string) => boolean;

/** Whether one of the matchers matches the path or a folder above it; remembered for folders. */
function pathOrAbove(matchers: readonly Matcher[]): Matcher {
  if (matchers.length === 0) return () => false;
  const folders = new Map<string, boolean>();
  const matchesFolder = (folder: ImagePath): boolean => {
    if (folder === '') return false;
    const known = folders.get(folder);
    if (known !== undefined) return known;
    const matched = matchesFolder(parentPath(folder)) || matchers.some((matches) => matches(folder));
    folders.set(folder, matched);
    return matched;
  };
  return (path) => matchesFolder(parentPath(path as ImagePath)) || matchers.some((matches) => matches(path));
}
