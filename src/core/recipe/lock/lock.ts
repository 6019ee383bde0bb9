/**
 * What a recipe reads from elsewhere, pinned (recipe.md, The lock): by reference in full, the digest of what it names
 * and of the manifest of each platform; by URL, the digest and size of what is there; by what was asked for, the exact
 * packages; and the version of our layer bytes. Plain values; the text stands in parse-lock.ts and format-lock.ts.
 */
import type { Places, SourceText } from '../../diagnostic/source-text.ts';
import { canonicalJson } from '../../digest/canonical-json.ts';
import type { Digest } from '../../digest/digest.ts';
import type { LockShape } from './lock-shape.ts';

export interface LockedImage {
  /** Of the index or manifest that the reference names. */
  readonly digest: Digest;
  /** Digests of manifests, by platform in full: `linux/arm64/v8`. */
  readonly platforms: ReadonlyMap<string, Digest>;
}

export interface LockedFile {
  /** As hex. */
  readonly sha256: string;
  /** Bytes. */
  readonly size: number;
}

/** Packages with the request that they answer. */
export type LockedPackages = NonNullable<LockShape['packages']>[number];

/** What a layer asks for, in the words of the lock: all of an entry but its answer. */
export type WantedPackages = Omit<LockedPackages, 'packages'>;

export interface Pins {
  /** By reference in full, with a tag or a digest: `docker.io/library/node:22-slim`. */
  readonly images: ReadonlyMap<string, LockedImage>;
  /** By URL, as the recipe has it with every substitution done. */
  readonly fetched: ReadonlyMap<string, LockedFile>;
  /** At most one entry for each request. */
  readonly packages: readonly LockedPackages[];
}

export interface Lock extends Pins {
  /** The version of the bytes of layers. */
  readonly layerFormat: number;
}

/** A lock as it was read, with the place of each of its values. */
export interface LockDocument {
  readonly lock: Lock;
  readonly source: SourceText;
  readonly places: Places;
}

export const noPins: Pins = { images: new Map(), fetched: new Map(), packages: [] };

export function emptyLock(layerFormat: number): Lock {
  return { layerFormat, ...noPins };
}

/** Equal for entries that answer the same request. */
export function packagesKey(wanted: WantedPackages & { readonly packages?: unknown }): string {
  const { packages, ...request } = wanted;
  return canonicalJson(request);
}

/** The entry that answers a request. */
export function findPackages(
  { packages }: Pick<Pins, 'packages'>,
  wanted: WantedPackages,
): LockedPackages | undefined {
  const key = packagesKey(wanted);
  return packages.find((entry) => packagesKey(entry) === key);
}

/** The lock with these pins in place of what it said of the same things. */
export function withPins(lock: Lock, { images, fetched, packages }: Pins): Lock {
  return {
    ...lock,
    images: new Map([...lock.images, ...images]),
    fetched: new Map([...lock.fetched, ...fetched]),
    packages: onePerRequest([...lock.packages, ...packages]),
  };
}

/**
 * The lock with what it does not say yet: entries, and platforms of images that it has with the same digest. What it says
 * already stays, so that of two builds at once the second follows the first.
 */
export function withMissing(lock: Lock, { images, fetched, packages }: Pins): Lock {
  const added = [...images].map(([reference, found]) => {
    const known = lock.images.get(reference);
    if (known === undefined) return [reference, found] as const;
    if (known.digest !== found.digest) return [reference, known] as const;
    return [reference, { ...known, platforms: new Map([...found.platforms, ...known.platforms]) }] as const;
  });
  return {
    ...lock,
    images: new Map([...lock.images, ...added]),
    fetched: new Map([...lock.fetched, ...[...fetched].filter(([url]) => !lock.fetched.has(url))]),
    packages: onePerRequest([...packages, ...lock.packages]),
  };
}

/** Of several entries for one request, the last. */
function onePerRequest(packages: readonly LockedPackages[]): LockedPackages[] {
  return [...new Map(packages.map((entry) => [packagesKey(entry), entry])).values()];
}
