/** What a starter may know of a folder. Paths are relative to it, with `/`. */
export interface ProjectView {
  /** What stands in the folder itself, in no order. */
  names(): readonly string[];
  /** What stands at the path, links followed; undefined where nothing does, or neither file nor folder. */
  kindOf(path: string): 'file' | 'folder' | undefined;
  /** The text of a file that is there and small. */
  textOf(path: string): string | undefined;
  /** The nearest folder above that has a lock of npm, up to the repository's; absent where the project has its own. */
  readonly above?: FolderAbove;
}

export interface FolderAbove {
  readonly view: ProjectView;
  /** The project's place in it, with `/`. */
  readonly folder: string;
}

/** npm prefers the first. */
const npmLocks = ['npm-shrinkwrap.json', 'package-lock.json'];

/** The name of the lock that npm would read, in the folder itself. */
export function npmLock(view: Pick<ProjectView, 'kindOf'>): string | undefined {
  return npmLocks.find((name) => view.kindOf(name) === 'file');
}

/** A path as a package.json writes it, `./dist/x.js`, without what says nothing; undefined where it leaves the folder. */
export function projectPath(written: string): string | undefined {
  const parts = written.split('/').filter((part) => part !== '' && part !== '.');
  return written.startsWith('/') || parts.includes('..') || parts.length === 0 ? undefined : parts.join('/');
}

/** The first component of a path: the folder that holds it, or the file itself. */
export function topOf(path: string): string {
  return path.split('/')[0] ?? path;
}
