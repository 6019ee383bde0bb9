/**
 * The packages of two images, by what their package managers left in the files: npm's by the package.json of each folder
 * in a node_modules, Debian's by dpkg's status and status.d. Only files that differ are of interest. What is in them was
 * written by others: whatever is not as it should be is passed over.
 */
import { mapText, textOf } from '../npm/read-json.ts';
import type { ImagePath } from '../tree/image-path.ts';
import { comparePaths, parentPath } from '../tree/image-path.ts';

export interface ImagePackage {
  readonly kind: 'npm' | 'deb';
  readonly name: string;
  readonly version: string;
  /** The folder of an npm package; the processor of a Debian one. */
  readonly place: string;
}

export interface PackageDifference extends Pick<ImagePackage, 'kind' | 'name' | 'place'> {
  readonly change: 'added' | 'removed' | 'changed';
  /** Versions. */
  readonly before?: string;
  readonly after?: string;
}

const mebibyte = 1 << 20;

/** So many bytes of a file are read for the packages that it names; undefined for a file that names none. */
export function packageFileLimit(path: ImagePath): number | undefined {
  if (/(?:^|\/)node_modules\/(?:@[^/]+\/)?[^/@.][^/]*\/package\.json$/.test(path)) return mebibyte;
  if (path === 'var/lib/dpkg/status') return 64 * mebibyte;
  return /^var\/lib\/dpkg\/status\.d\/[^/]+$/.test(path) && !path.endsWith('.md5sums') ? mebibyte : undefined;
}

export function packagesIn(path: ImagePath, text: string): ImagePackage[] {
  if (path.startsWith('var/lib/dpkg/')) return text.split(/\n[ \t]*\n/).flatMap(debianPackage);
  const manifest = mapText(text);
  const [name, version] = [textOf(manifest?.['name']), textOf(manifest?.['version'])];
  if (name === undefined || version === undefined) return [];
  return [{ kind: 'npm', name, version, place: parentPath(path) }];
}

/** One that was removed and left its settings behind is none; a file of status.d may say nothing of it. */
function debianPackage(stanza: string): ImagePackage[] {
  const field = (name: string): string | undefined =>
    new RegExp(`^${name}:[ \\t]*(\\S.*)$`, 'm').exec(stanza)?.[1]?.trimEnd();
  const [name, version] = [field('Package'), field('Version')];
  const isThere = / installed$/.test(field('Status') ?? 'install ok installed');
  if (name === undefined || version === undefined || !isThere) return [];
  return [{ kind: 'deb', name, version, place: field('Architecture') ?? '' }];
}

/** Debian's by name, then npm's by place. */
export function comparePackages(
  before: readonly ImagePackage[],
  after: readonly ImagePackage[],
): PackageDifference[] {
  const [old, now] = [before, after].map((all) => new Map(all.map((one) => [packageKey(one), one])));
  const keys = [...new Set([...(old?.keys() ?? []), ...(now?.keys() ?? [])])].sort(comparePaths);
  return keys.flatMap((key) => packageDifference(old?.get(key), now?.get(key)));
}

/** The same before and after where only the version is another: an npm package is what stands in its folder. */
export function packageKey({ kind, name, place }: Pick<ImagePackage, 'kind' | 'name' | 'place'>): string {
  return kind === 'deb' ? `deb ${name} ${place}` : `npm ${place}`;
}

function packageDifference(
  before: ImagePackage | undefined,
  after: ImagePackage | undefined,
): PackageDifference[] {
  const one = after ?? before;
  if (one === undefined) return [];
  const { kind, name, place } = one;
  const named = { kind, name, place };
  if (before === undefined) return [{ change: 'added', ...named, after: one.version }];
  if (after === undefined) return [{ change: 'removed', ...named, before: one.version }];
  const [was, is] = [before, after].map((each) =>
    each.name === name ? each.version : `${each.name}@${each.version}`,
  );
  if (was === undefined || is === undefined || was === is) return [];
  return [{ change: 'changed', ...named, before: was, after: is }];
}
