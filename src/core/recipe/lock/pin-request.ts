/** What a recipe asks of registries, in the words of the lock: references in full, by platform, each with its place. */
import type { RecipePath } from '../../diagnostic/source-text.ts';
import type { Digest } from '../../digest/digest.ts';
import { normalizePlatform } from '../../oci/normalize-platform.ts';
import { formatPlatformInFull, type Platform } from '../../oci/platform.ts';
import { pointerOf } from '../pointer-of.ts';
import type { ImageRecipe, Target } from '../recipe.ts';
import {
  formatTransportReference,
  parseBaseReference,
  type TransportReference,
} from '../transport-reference.ts';

export interface PinnedReference {
  readonly reference: TransportReference & { readonly transport: 'registry' };
  /** In full, with `:latest` where there is neither tag nor digest: the key of a lock's entry. */
  readonly text: string;
  /** What the reference itself pins. */
  readonly digest?: Digest;
}

/**
 * What the lock calls an image; undefined for what is no registry's, and so is not pinned: a layout or an archive is a
 * file beside the recipe like any other source.
 */
export function pinnedReference(written: string): PinnedReference | undefined {
  const parsed = parseBaseReference(written);
  if (!parsed.ok || parsed.value.transport !== 'registry') return undefined;
  const { tag, digest } = parsed.value;
  const tagged = tag === undefined && digest === undefined ? { tag: 'latest' } : {};
  const reference = { ...parsed.value, ...tagged };
  return {
    reference,
    text: formatTransportReference(reference),
    ...(digest === undefined ? {} : { digest }),
  };
}

/** What the lock calls a platform: `linux/arm64`, whichever way it was written. */
export function platformKey(platform: Platform): string {
  return formatPlatformInFull(normalizePlatform(platform));
}

export interface PinRequest extends PinnedReference {
  readonly platform: Platform;
  /** JSON Pointer of the value that names the image. */
  readonly at: RecipePath;
}

/** Every image of a registry that targets read, as a base or for its files. */
export function pinRequests(targets: readonly Target[]): PinRequest[] {
  return targets.flatMap(({ image, platform }) =>
    namedImages(image).flatMap(({ written, at }) => {
      const pinned = pinnedReference(written);
      return pinned === undefined ? [] : [{ ...pinned, platform, at }];
    }),
  );
}

/** The images that an image is made from, as they are written. */
export function namedImages(image: ImageRecipe): { readonly written: string; readonly at: RecipePath }[] {
  const items = image.layers.flatMap((layer) => (layer.kind === 'group' ? layer.items : [layer]));
  return [
    { written: image.from, at: pointerOf(image, 'from') },
    ...items.flatMap((item) =>
      item.kind === 'image' ? [{ written: item.reference, at: `${item.at}/image` }] : [],
    ),
  ];
}
