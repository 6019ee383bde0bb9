/**
 * What a recipe reads from elsewhere, pinned (recipe.md, The lock): by reference in full, the digest of what it names
 * and of the manifest of each platform; and the version of our layer bytes. Plain values; the text stands in
 * parse-lock.ts and format-lock.ts.
 */
import type { Places, SourceText } from '../../diagnostic/source-text.ts';
import type { Digest } from '../../digest/digest.ts';
import type { LockShape } from './lock-shape.ts';

export interface LockedImage {
  /** Of the index or manifest that the reference names. */
  readonly digest: Digest;
  /** Digests of manifests, by platform in full: `linux/arm64/v8`. */
  readonly platforms: ReadonlyMap<string, Digest>;
}

export interface Lock {
  /** The version of the bytes of layers. */
  readonly layerFormat: number;
  /** By reference in full, with a tag or a digest: `docker.io/library/node:22-slim`. */
  readonly images: ReadonlyMap<string, LockedImage>;
  /** Entries of kinds that this version does not make, kept as they are. */
  readonly others: Pick<LockShape, 'fetched' | 'packages'>;
}

/** A lock as it was read, with the place of each of its values. */
export interface LockDocument {
  readonly lock: Lock;
  readonly source: SourceText;
  readonly places: Places;
}

export function emptyLock(layerFormat: number): Lock {
  return { layerFormat, images: new Map(), others: {} };
}

/** The lock with these images in place of what it said of them. */
export function withImages(lock: Lock, images: Iterable<readonly [string, LockedImage]>): Lock {
  return { ...lock, images: new Map([...lock.images, ...images]) };
}

/**
 * The lock with what it does not say yet: images, and platforms of images that it has with the same digest. What it says
 * already stays, so that of two builds at once the second follows the first.
 */
export function withMissing(lock: Lock, images: Iterable<readonly [string, LockedImage]>): Lock {
  const added = [...images].map(([reference, found]) => {
    const known = lock.images.get(reference);
    if (known === undefined) return [reference, found] as const;
    if (known.digest !== found.digest) return [reference, known] as const;
    return [reference, { ...known, platforms: new Map([...found.platforms, ...known.platforms]) }] as const;
  });
  return withImages(lock, added);
}
