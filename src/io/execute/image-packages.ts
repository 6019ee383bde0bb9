/**
 * The packages of images, read out of their layers: of two images those in which they differ, by the files that differ and
 * name packages; of one image all.
 */
import type { FileDifference } from '../../core/compare/compare-files.ts';
import {
  comparePackages,
  type ImagePackage,
  type PackageDifference,
  packageFileLimit,
  packagesIn,
} from '../../core/compare/image-packages.ts';
import { type DpkgList, dpkgListIn, dpkgListLimit } from '../../core/compare/dpkg-lists.ts';
import type { ImageSide } from '../../core/compare/image-side.ts';
import type { FoundPackages } from '../../core/compare/package-owners.ts';
import { type ImagePath, pathFromBytes } from '../../core/tree/image-path.ts';
import type { Contents, SourcedTree, TreeEntry } from '../../core/tree/file-tree.ts';
import type { ContentOpener } from '../source/open-content.ts';
import { recall, remember } from '../source/remembered.ts';
import type { Store } from '../store/store.ts';
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
    if (!paths.has(entry.path)) continue;
    const bytes = await bytesWithin(packageFileLimit(entry.path), entry, { sources, contents });
    if (bytes !== undefined) packages.push(...packagesIn(entry.path, bytes.toString('utf8')));
  }
  return packages;
}

interface ContentPlaces {
  readonly sources: Contents;
  readonly contents: ContentOpener;
}

/** Undefined for what is no file, is larger than that, or cannot be read. */
async function bytesWithin(
  limit: number | undefined,
  entry: TreeEntry,
  { sources, contents }: ContentPlaces,
): Promise<Buffer | undefined> {
  const source = sources[entry.path];
  if (limit === undefined || entry.type !== 'file' || source === undefined || entry.size > limit)
    return undefined;
  return readWhole(entry, source, contents);
}

/**
 * All packages of an image, and the files that dpkg says are theirs; remembered by the image's manifest, since a base's
 * layers have to be decompressed to be read. The store must be `read-write`.
 */
export async function imagePackages(
  { descriptor, merged }: Pick<ImageSide, 'descriptor' | 'merged'>,
  store: Store,
  contents: ContentOpener,
): Promise<FoundPackages> {
  const name = { kind: 'image-packages', key: descriptor.digest } as const;
  const known = (await recall(store, name.kind, name.key)) as FoundPackages | undefined;
  if (known !== undefined) return known;
  const found = await readPackages(merged, contents);
  await remember(store, name, found);
  return found;
}

async function readPackages(
  { tree, contents: sources }: SourcedTree,
  contents: ContentOpener,
): Promise<FoundPackages> {
  const packages: ImagePackage[] = [];
  const lists: DpkgList[] = [];
  for (const entry of tree.entries) {
    const { path } = entry;
    const limit = packageFileLimit(path) ?? dpkgListLimit(path);
    const bytes = await bytesWithin(limit, entry, { sources, contents });
    if (bytes === undefined) continue;
    const list = dpkgListIn(path, pathFromBytes(bytes));
    if (list === undefined) packages.push(...packagesIn(path, bytes.toString('utf8')));
    else lists.push(list);
  }
  return { packages, lists };
}
