/** The packages in which two images differ, read out of their layers: of all files those that differ and name packages. */
import type { FileDifference } from '../../core/compare/compare-files.ts';
import {
  comparePackages,
  type ImagePackage,
  type PackageDifference,
  packageFileLimit,
  packagesIn,
} from '../../core/compare/image-packages.ts';
import type { ImagePath } from '../../core/tree/image-path.ts';
import type { SourcedTree } from '../../core/tree/file-tree.ts';
import type { ContentOpener } from '../source/open-content.ts';
import { readWhole } from './package-versions.ts';

export interface ImagesToCompare {
  /** Merged. */
  readonly before: SourcedTree;
  readonly after: SourcedTree;
  readonly files: readonly FileDifference[];
}

export async function packageDifferences(
  { before, after, files }: ImagesToCompare,
  contents: ContentOpener,
): Promise<PackageDifference[]> {
  const telling = files.filter(
    (one) => one.change !== 'changed' || one.aspects.includes('content') || one.aspects.includes('type'),
  );
  const paths = new Set(telling.map(({ path }) => path));
  return comparePackages(await packagesOf(before, paths, contents), await packagesOf(after, paths, contents));
}

async function packagesOf(
  { tree, contents: sources }: SourcedTree,
  paths: ReadonlySet<ImagePath>,
  contents: ContentOpener,
): Promise<ImagePackage[]> {
  const packages: ImagePackage[] = [];
  for (const entry of tree.entries) {
    const source = sources[entry.path];
    if (entry.type !== 'file' || source === undefined || !paths.has(entry.path)) continue;
    const limit = packageFileLimit(entry.path);
    if (limit === undefined || entry.size > limit) continue;
    const bytes = await readWhole(entry, source, contents);
    if (bytes !== undefined) packages.push(...packagesIn(entry.path, bytes.toString('utf8')));
  }
  return packages;
}
