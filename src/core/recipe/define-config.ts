/** For recipes written as code (`oci.config.mjs`): the value itself, with the types of a recipe. */
import type { RecipeShape } from './recipe-schema.ts';

export type RecipeConfig = RecipeShape;

export function defineConfig(recipe: RecipeConfig): RecipeConfig {
  return recipe;
}
