/**
 * What an image of `images:` inherits from the top level (recipe.md, Rules): maps merge, scalars and lists replace,
 * `layers` append. Beside the values stands where each was written.
 */
import { joinPointer, type RecipePath } from '../diagnostic/source-text.ts';
import type { ImageShape } from './recipe-schema.ts';

export interface MergedImage {
  readonly shape: ImageShape;
  /** By key, and by `key/name` for what stands in a map: '' for the top level, `/images/NAME` for the entry. */
  readonly origins: Readonly<Record<string, RecipePath>>;
}

/** An image that inherits nothing. */
export function singleImage(shape: ImageShape): MergedImage {
  return { shape, origins: originsOf(shape, '') };
}

export function mergeImages(defaults: ImageShape, own: ImageShape, name: string): MergedImage {
  const inheritable = withoutForeignLevel(defaults, own);
  const layers = [...(defaults.layers ?? []), ...(own.layers ?? [])];
  const merged = mergeMaps(inheritable, own) as ImageShape;
  return {
    shape: layers.length === 0 ? merged : { ...merged, layers },
    origins: { ...originsOf(inheritable, ''), ...originsOf(own, joinPointer('/images', name)) },
  };
}

/** A level means something for its own type only: an image that names another type inherits none. */
function withoutForeignLevel(defaults: ImageShape, own: ImageShape): ImageShape {
  const { compression, ...others } = defaults;
  if (typeof compression !== 'object' || typeof own.compression !== 'object') return defaults;
  return compression.type === own.compression.type ? defaults : others;
}

function originsOf(shape: ImageShape, at: RecipePath): Record<string, RecipePath> {
  const origins: Record<string, RecipePath> = {};
  for (const [key, value] of Object.entries(shape)) {
    origins[key] = at;
    if (!isMap(value)) continue;
    for (const name of Object.keys(value)) origins[`${key}/${name}`] = at;
  }
  return origins;
}

function mergeMaps(defaults: object, own: object): object {
  const merged = new Map<string, unknown>(Object.entries(defaults));
  for (const [key, value] of Object.entries(own)) {
    const inherited = merged.get(key);
    merged.set(key, isMap(inherited) && isMap(value) ? mergeMaps(inherited, value) : value);
  }
  return Object.fromEntries(merged);
}

function isMap(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
