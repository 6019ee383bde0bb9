/** A folder as a starter sees it. Nothing of what is asked here reaches an image: the recipe is read again by whoever builds it. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { type FolderAbove, npmLock, type ProjectView } from '../../core/starter/project-view.ts';

/** Files that a starter reads are written by hand, but for a lock; a larger one is none of them. */
const mostBytes = 64 << 20;

/** `folder` is absolute. */
export function openProject(folder: string): ProjectView {
  const view = openFolder(folder);
  const above = npmLock(view) === undefined ? folderAbove(folder) : undefined;
  return above === undefined ? view : { ...view, above };
}

function folderAbove(folder: string): FolderAbove | undefined {
  for (let at = folder; !existsSync(join(at, '.git')) && dirname(at) !== at;) {
    at = dirname(at);
    const view = openFolder(at);
    if (npmLock(view) !== undefined) return { view, folder: relative(at, folder).split(sep).join('/') };
  }
  return undefined;
}

function openFolder(folder: string): ProjectView {
  const statOf = (path: string): ReturnType<typeof statSync> => {
    try {
      return statSync(join(folder, path), { throwIfNoEntry: false });
    } catch {
      // A file in place of a folder on the way, or a folder that may not be looked into: nothing is there for us.
      return undefined;
    }
  };
  return {
    names: () => readdirSync(folder),
    kindOf: (path) => {
      const stat = statOf(path);
      if (stat?.isFile() === true) return 'file';
      return stat?.isDirectory() === true ? 'folder' : undefined;
    },
    textOf: (path) => {
      const stat = statOf(path);
      if (stat?.isFile() !== true || stat.size > mostBytes) return undefined;
      try {
        return readFileSync(join(folder, path), 'utf8');
      } catch {
        return undefined;
      }
    },
  };
}
