/** What a recipe asks of places that move, in the words of the lock, each with its place in the recipe. */
import type { RecipePath } from '../../diagnostic/source-text.ts';
import type { Digest } from '../../digest/digest.ts';
import type { Platform } from '../../oci/platform.ts';
import { pointerOf } from '../pointer-of.ts';
import type { ImageRecipe, SingleLayer, Target } from '../recipe.ts';
import {
  formatTransportReference,
  parseBaseReference,
  type TransportReference,
} from '../transport-reference.ts';
import { isUrl } from '../value/web-address.ts';
import type { WantedPackages } from './lock.ts';
import { type AskedPackages, wantedPackages } from './wanted-packages.ts';

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

export interface ImagePin extends PinnedReference {
  readonly kind: 'image';
  readonly platform: Platform;
  /** JSON Pointer of the value that names it. */
  readonly at: RecipePath;
}

export interface FilePin {
  readonly kind: 'file';
  readonly url: string;
  readonly at: RecipePath;
}

export interface PackagesPin {
  readonly kind: 'packages';
  readonly wanted: WantedPackages;
  /** What the layer says of where they are. */
  readonly asked: AskedPackages;
  readonly at: RecipePath;
}

export type PinRequest = ImagePin | FilePin | PackagesPin;

/** Everything that targets read from places that move, and that the recipe itself does not pin. */
export function pinRequests(targets: readonly Target[]): PinRequest[] {
  return targets.flatMap(({ image, platform }) => [
    ...namedImages(image).flatMap(({ written, at }): PinRequest[] => {
      const pinned = pinnedReference(written);
      return pinned === undefined ? [] : [{ kind: 'image', ...pinned, platform, at }];
    }),
    ...namedFiles(image).map(({ written, at }): PinRequest => ({ kind: 'file', url: written, at })),
    ...itemsOf(image).flatMap((item) => packagesPin(item, platform)),
  ]);
}

function packagesPin(item: SingleLayer, platform: Platform): PackagesPin[] {
  if (item.kind !== 'deb') return [];
  const asked = { ...item, platform };
  return [{ kind: 'packages', wanted: wantedPackages(asked), asked, at: `${item.at}/deb` }];
}

/** What people know a request by. */
export function pinName(request: PinRequest): string {
  switch (request.kind) {
    case 'image':
      return request.text;
    case 'file':
      return request.url;
    case 'packages':
      return packagesName(request.wanted);
  }
}

/** `curl, tini of bookworm`. */
export function packagesName({ deb, suite }: Pick<WantedPackages, 'deb' | 'suite'>): string {
  return suite === undefined ? deb.join(', ') : `${deb.join(', ')} of ${suite}`;
}

export function isImagePin(request: PinRequest): request is ImagePin {
  return request.kind === 'image';
}

export interface Named {
  readonly written: string;
  readonly at: RecipePath;
}

/** The images that an image is made from, as they are written. */
export function namedImages(image: ImageRecipe): Named[] {
  return [
    { written: image.from, at: pointerOf(image, 'from') },
    ...itemsOf(image).flatMap((item) =>
      item.kind === 'image' ? [{ written: item.reference, at: `${item.at}/image` }] : [],
    ),
  ];
}

/** The URLs that an image reads and that only a lock could pin, as they are written. */
export function namedFiles(image: ImageRecipe): Named[] {
  return itemsOf(image).flatMap((item) => {
    const url = urlOf(item);
    return url === undefined || url.sha256 !== undefined ? [] : [url];
  });
}

function urlOf(item: SingleLayer): (Named & { readonly sha256: string | undefined }) | undefined {
  if (item.kind !== 'fetch' && item.kind !== 'archive') return undefined;
  if (!isUrl(item.source)) return undefined;
  return { written: item.source, at: `${item.at}/${item.kind}`, sha256: item.sha256 };
}

function itemsOf({ layers }: ImageRecipe): SingleLayer[] {
  return layers.flatMap((layer) => (layer.kind === 'group' ? layer.items : [layer]));
}
