/** Which images are made for which platforms: those asked for, and below each those that it builds on, first. */
import type { Diagnostic } from '../diagnostic/diagnostic.ts';
import { quoteText } from '../diagnostic/escape-text.ts';
import { suggestion } from '../diagnostic/suggest.ts';
import type { Platform } from '../oci/platform.ts';
import type { ImageRecipe } from './recipe.ts';
import { samePlatform } from './substitute-image.ts';

export interface SelectedImage {
  readonly image: ImageRecipe;
  readonly platforms: readonly Platform[];
}

export interface Selection {
  /** Names of images; all of them where there is none. */
  readonly names?: readonly string[] | undefined;
  /** In place of the recipe's platforms; `all` are the recipe's. */
  readonly platforms?: 'all' | readonly Platform[] | undefined;
}

/** The name of the image that an image builds on for a platform, where that is one of the recipe. */
export type ParentOf = (image: ImageRecipe, platform: Platform) => string | undefined;

/** In an order in which each image stands after those it builds on; otherwise the order of the text. */
export function selectImages(
  images: readonly ImageRecipe[],
  selection: Selection,
  parentOf: ParentOf,
): SelectedImage[] {
  const { names = [], platforms: asked } = selection;
  const byName = new Map(images.map((image) => [image.name, image]));
  const wanted = new Map<string, Platform[]>();
  const want = (image: ImageRecipe, platform: Platform): void => {
    const known = wanted.get(image.name) ?? [];
    if (known.some((one) => samePlatform(one, platform))) return;
    wanted.set(image.name, [...known, platform]);
    const parent = byName.get(parentOf(image, platform) ?? '');
    // A platform that the parent is not made for is the planner's to report.
    if (parent !== undefined && platformsOf(parent, asked).some((one) => samePlatform(one, platform))) {
      want(parent, platform);
    }
  };
  for (const image of images) {
    if (names.length > 0 && !names.includes(image.name)) continue;
    for (const platform of platformsOf(image, asked)) want(image, platform);
  }
  return parentsFirst(images, wanted, parentOf).map((image) => ({
    image,
    platforms: platformsOf(image, asked).filter((platform) =>
      (wanted.get(image.name) ?? []).some((one) => samePlatform(one, platform)),
    ),
  }));
}

function platformsOf(image: ImageRecipe, asked: Selection['platforms']): readonly Platform[] {
  return asked === undefined || asked === 'all' ? image.platforms : asked;
}

function parentsFirst(
  images: readonly ImageRecipe[],
  wanted: ReadonlyMap<string, readonly Platform[]>,
  parentOf: ParentOf,
): ImageRecipe[] {
  const ordered = new Set<ImageRecipe>();
  const entered = new Set<string>();
  const visit = (image: ImageRecipe): void => {
    // An image that is entered already is settled, or part of a circle, which has its own diagnostic.
    if (entered.has(image.name)) return;
    entered.add(image.name);
    for (const platform of wanted.get(image.name) ?? []) {
      const parent = images.find((one) => one.name === parentOf(image, platform));
      if (parent !== undefined && wanted.has(parent.name)) visit(parent);
    }
    ordered.add(image);
  };
  for (const image of images) if (wanted.has(image.name)) visit(image);
  return [...ordered];
}

/** Names that were asked for and are not there; they stand in no text, so they have no place. */
export function unknownNames(images: readonly ImageRecipe[], names: readonly string[]): Diagnostic[] {
  const known = images.map((image) => image.name);
  return names
    .filter((name) => !known.includes(name))
    .map((name) => ({
      code: 'recipe/unknown-image',
      severity: 'error',
      message: `the recipe has no image ${quoteText(name)}`,
      ...helpField(suggestion(name, known)),
    }));
}

function helpField(help: string | undefined): { help?: string } {
  return help === undefined ? {} : { help };
}
