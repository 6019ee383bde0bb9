/** What the recipe language has and this version cannot do yet, each with the way out. */
import type { Problem } from './problem-list.ts';

const copyInstead = 'install it with your own tools and `copy` the result';

/** Keys, by where they stand. */
const laterKeys: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  image: {},
  layer: {
    npm: `${copyInstead}: npm ci --omit=dev, then copy: node_modules`,
    deb: 'make a root with mmdebstrap and add it with an `archive` layer',
    fetch: 'download the file, check its digest, and `copy` it',
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

const laterArchives = /\.(?:tar\.(?:xz|bz2|lzma)|txz|tbz2?|zip|xz|bz2)$/i;

/** An archive that is a URL, or of a compression that is not read yet. */
export function laterArchive(source: string): Problem | undefined {
  if (/^https?:\/\//i.test(source)) {
    return {
      code: 'recipe/not-yet',
      message: 'an archive cannot be a URL yet',
      help: 'download it into the context and name the file',
    };
  }
  const ending = laterArchives.exec(source)?.[0];
  if (ending === undefined) return undefined;
  return {
    code: 'recipe/not-yet',
    message: `archives that end in \`${ending.toLowerCase()}\` cannot be read yet`,
    help: 'repack it as .tar, .tar.gz or .tar.zst',
  };
}
