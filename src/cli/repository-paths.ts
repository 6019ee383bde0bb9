/** Where the files of diagnostics stand in the repository that a step of GitHub Actions checked out. */
import { isAbsolute, relative, resolve, sep } from 'node:path';
import type { RepositoryPath } from '../io/render/annotation.ts';
import type { CommonOptions } from './options.ts';
import type { Surroundings } from './surroundings.ts';

/** Standard input, and a recipe written as code whose places are those of its JSON, are no files there. */
export function repositoryPaths(
  { directory = '.' }: Pick<CommonOptions, 'directory'>,
  { cwd, env }: Pick<Surroundings, 'cwd' | 'env'>,
): RepositoryPath {
  const root = env['GITHUB_WORKSPACE'] ?? cwd;
  return (file) => {
    if (file.startsWith('<') || file.endsWith('(as JSON)')) return undefined;
    const path = relative(root, resolve(cwd, directory, file));
    const isOutside = path.startsWith('..') || isAbsolute(path);
    return isOutside ? undefined : path.split(sep).join('/');
  };
}
