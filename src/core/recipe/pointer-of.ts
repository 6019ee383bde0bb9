/** Where what an image says was written: in its own entry, or at the top level that it inherits from. */
import { joinPointer, type RecipePath } from '../diagnostic/source-text.ts';
import type { ImageRecipe } from './recipe.ts';

/** `pointerOf(image, 'env', 'PATH')` is `/env/PATH` or `/images/NAME/env/PATH`. */
export function pointerOf(
  image: Pick<ImageRecipe, 'at' | 'origins'>,
  ...path: readonly (string | number)[]
): RecipePath {
  const [key = '', name] = path;
  const origin =
    image.origins[`${String(key)}/${String(name ?? '')}`] ?? image.origins[String(key)] ?? image.at;
  return path.reduce<RecipePath>(joinPointer, origin);
}
