/** A folder as a starter sees it. Nothing of what is asked here reaches an image: the recipe is read again by whoever builds it. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { ProjectView } from '../../core/starter/project-view.ts';

/** Files that a starter reads are written by hand, but for a lock; a larger one is none of them. */
const mostBytes = 64 << 20;

export function openProject(folder: string): ProjectView {
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
