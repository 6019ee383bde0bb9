/**
 * Where git keeps which commit is checked out (gitrepository-layout(5)): HEAD, the branch it names, and the log that
 * each move of it adds a line to. Hints for a watch; what is checked out is asked of git.
 */
import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { ReadPlace } from './read-place.ts';

/** `folder` is absolute; empty where it is in no repository. */
export function commitPlaces(folder: string): ReadPlace[] {
  const repository = repositoryOf(folder);
  if (repository === undefined) return [];
  const branch = /^ref: (\S+)/.exec(textOf(join(repository, 'HEAD')))?.[1];
  return [
    { folder: repository, name: 'HEAD' },
    { folder: repository, name: 'packed-refs' },
    { folder: join(repository, 'logs'), name: 'HEAD' },
    ...(branch === undefined ? [] : [placeOfFile(join(repository, branch))]),
  ];
}

function repositoryOf(folder: string): string | undefined {
  for (let above = folder; ; above = dirname(above)) {
    const git = join(above, '.git');
    if (existsSync(git)) return statSync(git).isDirectory() ? git : linkedTo(git);
    if (dirname(above) === above) return undefined;
  }
}

/** Of a worktree or submodule, `.git` is a file that says where the repository is. */
function linkedTo(git: string): string | undefined {
  const path = /^gitdir: (.+)$/m.exec(textOf(git))?.[1];
  return path === undefined ? undefined : resolve(dirname(git), path);
}

function placeOfFile(path: string): ReadPlace {
  return { folder: dirname(path), name: path.slice(path.lastIndexOf('/') + 1) };
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
