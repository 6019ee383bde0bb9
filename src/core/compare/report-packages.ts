/** The files of a report grouped by package: each file told its package, each package its bytes, files, layers and change. */
import type { FileTree } from '../tree/file-tree.ts';
import { comparePackages, type ImagePackage, type PackageDifference, packageKey } from './image-packages.ts';
import { type FoundPackages, packageOwners, type PackageOf } from './package-owners.ts';
import type { Report, ReportFile, ReportPackage } from './report.ts';

export interface PackageSide {
  readonly found: FoundPackages;
  /** The root file system. */
  readonly tree: FileTree;
}

export interface PackageSides {
  readonly now: PackageSide;
  readonly before?: PackageSide;
}

/** Of files that are gone and packages that are gone the previous image tells. */
export function groupByPackage(
  files: readonly ReportFile[],
  { now, before }: PackageSides,
): Pick<Report, 'files' | 'packages'> {
  const ownerNow = ownersIn(now);
  const ownerBefore = before === undefined ? () => undefined : ownersIn(before);
  const keys = files.map((file) => {
    if (file.type === 'directory' || file.hiddenBy !== undefined) return undefined;
    const owner = file.layer === undefined ? ownerBefore(file.path) : ownerNow(file.path);
    return owner && packageKey(owner);
  });
  const differences = before === undefined ? [] : comparePackages(before.found.packages, now.found.packages);
  const groups = newGroups(now.found.packages, differences);
  files.forEach((file, index) => addFile(groups.get(keys[index] ?? ''), file));
  const sorted = [...groups].sort(([, a], [, b]) => mostBytesFirst(a, b));
  const positions = new Map(sorted.map(([key], position) => [key, position]));
  return {
    files: files.map((file, index) => {
      const position = positions.get(keys[index] ?? '');
      return position === undefined ? file : { ...file, package: position };
    }),
    packages: sorted.map(([, group]) => finished(group)),
  };
}

function ownersIn({ found, tree }: PackageSide): PackageOf {
  const entries = new Map(tree.entries.map((entry) => [entry.path, entry]));
  return packageOwners(found, (path) => entries.get(path));
}

interface Group extends Pick<ImagePackage, 'kind' | 'name' | 'version' | 'place'> {
  readonly difference: PackageDifference | undefined;
  isTouched: boolean;
  size: number;
  files: number;
  readonly layers: Set<number>;
}

/** By their keys; a package that only the previous image has is among the differences. */
function newGroups(
  packages: readonly ImagePackage[],
  differences: readonly PackageDifference[],
): Map<string, Group> {
  const byKey = new Map(differences.map((one) => [packageKey(one), one]));
  const gone = differences.flatMap((one) =>
    one.change === 'removed' ? [{ ...one, version: one.before ?? '' }] : [],
  );
  const all = [...packages, ...gone].map(({ kind, name, version, place }): Group => {
    const difference = byKey.get(packageKey({ kind, name, place }));
    const counts = { isTouched: false, size: 0, files: 0, layers: new Set<number>() };
    return { kind, name, version, place, difference, ...counts };
  });
  return new Map(all.map((group) => [packageKey(group), group]));
}

function addFile(group: Group | undefined, { change, size, layer }: ReportFile): void {
  if (group === undefined) return;
  if (change !== 'same') group.isTouched = true;
  // A file that is gone counts only where the whole package is.
  if (layer === undefined && group.difference?.change !== 'removed') return;
  group.size += size;
  group.files += 1;
  if (layer !== undefined) group.layers.add(layer);
}

function mostBytesFirst(a: Group, b: Group): number {
  if (a.size !== b.size) return b.size - a.size;
  const [left, right] = [a, b].map(({ name, version, place }) => `${name}\n${version}\n${place}`);
  return (left ?? '') < (right ?? '') ? -1 : 1;
}

function finished({ kind, name, version, place, ...group }: Group): ReportPackage {
  const { difference, isTouched, size, files, layers } = group;
  const change = difference?.change ?? (isTouched ? 'changed' : 'same');
  const before = difference?.change === 'changed' ? difference.before : undefined;
  return {
    kind,
    name,
    version,
    place,
    change,
    ...(before === undefined ? {} : { before }),
    size,
    files,
    layers: [...layers].sort((a, b) => a - b),
  };
}

/** What of an image as it is seen belongs to no package. */
export function filesWithoutPackage(files: readonly ReportFile[]): { size: number; files: number } {
  const left = files.filter(
    (file) =>
      file.package === undefined &&
      file.layer !== undefined &&
      file.hiddenBy === undefined &&
      file.type !== 'directory',
  );
  return { size: left.reduce((sum, { size }) => sum + size, 0), files: left.length };
}
