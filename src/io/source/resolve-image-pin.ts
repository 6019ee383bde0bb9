/** Asks a registry what a reference stands for now: its digest, and that of its manifest for each platform. */
import type { RecipePath } from '../../core/diagnostic/source-text.ts';
import type { Digest } from '../../core/digest/digest.ts';
import type { Platform } from '../../core/oci/platform.ts';
import type { LockedImage } from '../../core/recipe/lock/lock.ts';
import type { ImagePin } from '../../core/recipe/lock/pin-request.ts';
import { platformKey } from '../../core/recipe/lock/platform-key.ts';
import type { OpenImage } from './reading.ts';
import { resolveImage } from './resolve-image.ts';

/** One reference, and the platforms that it is asked about. */
export interface AskedImage {
  readonly reference: ImagePin['reference'];
  /** In full: the key of the lock's entry. */
  readonly name: string;
  /** JSON Pointer of the value that names it first. */
  readonly at: RecipePath;
  readonly platforms: readonly Platform[];
}

/** Each reference once; what `known` has is asked for at its digest. */
export function askedImages(
  requests: readonly ImagePin[],
  known: ReadonlyMap<string, LockedImage>,
): AskedImage[] {
  const first = new Map(requests.toReversed().map((request) => [request.text, request]));
  return [...first.values()].reverse().map(({ text, reference, at }) => {
    const digest = known.get(text)?.digest;
    return {
      reference: digest === undefined ? reference : { ...reference, digest },
      name: text,
      at,
      platforms: requests.filter((request) => request.text === text).map(({ platform }) => platform),
    };
  });
}

/** Throws Failures of the source and the transport. */
export async function resolveImagePin(
  { reference, name, platforms }: AskedImage,
  openImage: OpenImage,
): Promise<LockedImage> {
  const source = await openImage(reference);
  const manifests = new Map<string, Digest>();
  try {
    for (const platform of platforms) {
      const { descriptor } = await resolveImage(source, { platform, name });
      manifests.set(platformKey(platform), descriptor.digest);
    }
  } finally {
    await source.close();
  }
  return { digest: source.root.digest, platforms: manifests };
}
