/**
 * Names of an `include` list that are not there: what a build has not made yet, or a slip. A pattern is held to the
 * components in front of its first wildcard; what comes behind may match nothing.
 */
import { lstatSync, type PathLike } from 'node:fs';
import { type ImagePath, joinPath } from '../../core/tree/image-path.ts';
import { isAbsent } from '../store/file-problem.ts';
import { systemPath } from './context-path.ts';
import { missingSource } from './locate-source.ts';
import type { SourceProblem } from './problem-collector.ts';

/** `folder` is the source's, relative to the context. */
export function missingIncludes(
  context: string,
  folder: ImagePath,
  include: readonly string[],
): readonly SourceProblem[] {
  return include.flatMap((glob) => {
    const parts = namedParts(glob);
    for (let count = 1; count <= parts.length; count += 1) {
      const path = joinPath(folder, parts.slice(0, count).join('/') as ImagePath);
      if (isMissing(systemPath(context, path))) return [missingSource(context, path, path)];
    }
    return [];
  });
}

function namedParts(glob: string): readonly string[] {
  const parts = glob.split('/').filter((part) => part !== '' && part !== '.');
  const first = parts.findIndex((part) => /[*?[{\\]/.test(part));
  return first === -1 ? parts : parts.slice(0, first);
}

/** What cannot be looked at is left to the walk. */
function isMissing(path: PathLike): boolean {
  try {
    lstatSync(path);
    return false;
  } catch (error) {
    return isAbsent(error);
  }
}
