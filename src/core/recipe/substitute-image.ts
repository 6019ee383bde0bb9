/** An image for one platform with every substitution done, and without the layers of other platforms. */
import { normalizePlatform } from '../oci/normalize-platform.ts';
import { formatPlatform, type Platform } from '../oci/platform.ts';
import type { ImageRecipe, LayerRecipe, SingleLayer } from './recipe.ts';
import { substitute } from './substitution.ts';

/** What each expression stands for, by the words between the braces. */
export function substitutionValues(
  image: Pick<ImageRecipe, 'name'>,
  platform: Platform,
  args: ReadonlyMap<string, string>,
): Map<string, string> {
  return new Map([
    ...[...args].map(([name, value]) => [`args.${name}`, value] as const),
    ['platform.os', platform.os] as const,
    ['platform.arch', platform.architecture] as const,
    ['platform.variant', platform.variant ?? ''] as const,
    ['image.name', image.name] as const,
  ]);
}

export function substituteImage(
  image: ImageRecipe,
  platform: Platform,
  args: ReadonlyMap<string, string>,
): ImageRecipe {
  const { at, origins, name, ...rest } = image;
  const layers = image.layers.flatMap((layer) => partsOf(layerFor(layer, platform)));
  const values = substitutionValues(image, platform, args);
  return { at, origins, name, ...substituteIn({ ...rest, layers }, values) };
}

/** Every text in a plain value; keys hold no substitutions. */
function substituteIn<T>(value: T, values: ReadonlyMap<string, string>): T {
  return substituteAny(value, values) as T;
}

function substituteAny(value: unknown, values: ReadonlyMap<string, string>): unknown {
  if (typeof value === 'string') return substitute(value, values);
  if (Array.isArray(value)) return value.map((item) => substituteAny(item, values));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [key, substituteAny(member, values)]),
  );
}

/** Packages that are spread over layers are as many layers, and one more for the project's own files. */
function partsOf(layer: LayerRecipe | undefined): LayerRecipe[] {
  if (layer === undefined) return [];
  if (layer.kind !== 'npm' || layer.split === undefined || layer.part !== undefined) return [layer];
  return Array.from({ length: layer.split + 1 }, (_, part) => ({ ...layer, part }));
}

/** Undefined for a layer, or a group of which every item, is for other platforms. */
function layerFor(layer: LayerRecipe, platform: Platform): LayerRecipe | undefined {
  if (!isFor(layer, platform)) return undefined;
  if (layer.kind !== 'group') return layer;
  const items = layer.items.filter((item) => isFor(item, platform));
  return items.length === 0 ? undefined : { ...layer, items };
}

function isFor({ platforms }: Pick<SingleLayer, 'platforms'>, platform: Platform): boolean {
  return platforms === undefined || platforms.some((one) => samePlatform(one, platform));
}

export function samePlatform(a: Platform, b: Platform): boolean {
  return formatPlatform(normalizePlatform(a)) === formatPlatform(normalizePlatform(b));
}
