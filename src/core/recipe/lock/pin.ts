/** What a lock says of one image or URL that a recipe names, with the lines that say it. */
import { joinPointer, type Place, placeOf, type RecipePath } from '../../diagnostic/source-text.ts';
import { type Digest, trustedDigest } from '../../digest/digest.ts';
import type { Platform } from '../../oci/platform.ts';
import { spanAt } from '../reporter.ts';
import type { LockDocument } from './lock.ts';
import { pinnedReference } from './pin-request.ts';
import { platformKey } from './platform-key.ts';

export interface PinnedDigest {
  readonly digest: Digest;
  /** Where the lock says so. */
  readonly place: Place;
}

export interface Pin {
  /** The entry's key: the reference in full. */
  readonly name: string;
  /** What the reference names. */
  readonly root: PinnedDigest;
  /** The manifest of the platform; undefined where the lock does not say, and the root decides. */
  readonly manifest: PinnedDigest | undefined;
}

export interface PinnedFile {
  readonly digest: Digest;
  readonly size: number;
  /** Where the lock says so; absent for what was pinned for this build alone. */
  readonly place?: Place;
}

/** Undefined where the lock has no entry. */
export function findFilePin({ lock, source, places }: LockDocument, url: string): PinnedFile | undefined {
  const file = lock.fetched.get(url);
  if (file === undefined) return undefined;
  const span = places.values.get(`${joinPointer('/fetched', url)}/sha256`);
  const place = span === undefined ? {} : { place: placeOf(source, span) };
  return { digest: trustedDigest(`sha256:${file.sha256}`), size: file.size, ...place };
}

/** Undefined where the lock has no entry, or the image is none that a lock pins. */
export function findPin(
  document: LockDocument,
  { reference, platform }: { readonly reference: string; readonly platform: Platform },
): Pin | undefined {
  const name = pinnedReference(reference)?.text;
  const image = name === undefined ? undefined : document.lock.images.get(name);
  if (name === undefined || image === undefined) return undefined;
  const at = joinPointer('/images', name);
  const key = platformKey(platform);
  const manifest = image.platforms.get(key);
  const placed = (digest: Digest, pointer: RecipePath): PinnedDigest => ({
    digest,
    place: placeOf(document.source, spanAt(document.places, pointer)),
  });
  return {
    name,
    root: placed(image.digest, `${at}/digest`),
    manifest: manifest && placed(manifest, joinPointer(`${at}/platforms`, key)),
  };
}
