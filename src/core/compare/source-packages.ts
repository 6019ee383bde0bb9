/**
 * A source of packages as it was and as it is: which came, which went, which are of another version. Files of a package
 * that is told of are told with it.
 */
import { type ImagePath, parentPath, rootPath } from '../tree/image-path.ts';
import { type Change, changeOf } from './change.ts';

export interface SourcePackage {
  readonly name: string;
  readonly version: string;
  /** The folder that it has to itself, in the source's tree: `node_modules/undici`; a Debian package has none. */
  readonly place?: ImagePath;
}

export interface ComparedPackages {
  readonly before: readonly SourcePackage[];
  readonly now: readonly SourcePackage[];
}

/** In the order of the later list; those that are gone stand last. */
export function packageChanges({ before, now }: ComparedPackages): Change[] {
  const old = new Map(before.map((one) => [keyOf(one), one]));
  const current = new Set(now.map(keyOf));
  const told = now.flatMap((one) => {
    const was = old.get(keyOf(one));
    return was !== undefined && versionText(was) === versionText(one) ? [] : [packageChange(was, one)];
  });
  const gone = before.filter((one) => !current.has(keyOf(one)));
  return [...told, ...gone.map((one) => packageChange(one, undefined))];
}

function packageChange(before: SourcePackage | undefined, now: SourcePackage | undefined): Change {
  const one = (now ?? before) as SourcePackage;
  const change = changeOf(
    { field: 'package', key: keyOf(one) },
    before && versionText(before),
    now && versionText(now),
  );
  return { ...change, name: one.name };
}

/** Two of one name can stand in two places. */
function keyOf({ name, place }: SourcePackage): string {
  return place ?? name;
}

/** With the name where the place bears another: `node_modules/old` may hold `new@2.0.0`. */
function versionText({ name, version, place }: SourcePackage): string {
  return place === undefined || place === name || place.endsWith(`/${name}`) ? version : `${name}@${version}`;
}

/** The changes of files that no change of a package accounts for. */
export function filesBesidePackages(
  files: readonly Change[],
  { changes, before, now }: ComparedPackages & { readonly changes: readonly Change[] },
): Change[] {
  if (changes.length === 0) return [...files];
  const all = [...before, ...now];
  // A Debian package's files lie anywhere, and the steps that stand in for its scripts add to them.
  if (all.some(({ place }) => place === undefined)) return [];
  const places = new Set(all.map(keyOf));
  const changed = new Set(changes.map(({ key }) => key));
  return files.filter(({ name = '' }) => {
    const path = name as ImagePath;
    return !isCommandLink(path) && !changed.has(nearest(path, places));
  });
}

/** The links to commands follow the packages. */
function isCommandLink(path: string): boolean {
  return /(?:^|\/)node_modules\/\.bin(?:\/|$)/.test(path);
}

/** The package that a file is of: the innermost that it stands in. */
function nearest(path: ImagePath, places: ReadonlySet<string>): string | undefined {
  for (let at = path; at !== rootPath; at = parentPath(at)) if (places.has(at)) return at;
  return undefined;
}
