/** What the recipe language has and this version cannot do yet, each with the way out. */
import type { Problem } from './problem-list.ts';

/** Keys, by where they stand. */
const laterKeys: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  image: {},
  layer: {
    deb: 'make a root with mmdebstrap and add it with an `archive` layer',
    dedupe: 'leave it out: nothing is deduplicated yet',
  },
  runtime: {},
};

export type KeyPlace = 'image' | 'layer' | 'runtime';

export function laterKey(place: KeyPlace | undefined, key: string): Problem | undefined {
  const keys = place === undefined ? undefined : laterKeys[place];
  if (keys === undefined || !Object.hasOwn(keys, key)) return undefined;
  return { code: 'recipe/not-yet', message: `\`${key}\` is not possible yet`, help: keys[key] };
}
