/** Short ways to a recipe, its problems, its targets, for the tests here. */
import type { Diagnostic } from '../../../src/core/diagnostic/diagnostic.ts';
import { formatDiagnostics } from '../../../src/core/diagnostic/format-diagnostic.ts';
import { expandRecipe, type Expansion } from '../../../src/core/recipe/expand-recipe.ts';
import { parseRecipe } from '../../../src/core/recipe/parse-recipe.ts';
import type { ImageRecipe, Recipe, Target } from '../../../src/core/recipe/recipe.ts';

export function recipeOf(text: string): Recipe {
  const source = { name: 'oci.config.yaml', text };
  const outcome = parseRecipe(source);
  if (!outcome.ok) throw new Error(formatDiagnostics(outcome.diagnostics, source));
  return outcome.value;
}

/** The first image. */
export function imageOf(text: string): ImageRecipe {
  const [image] = recipeOf(text).images;
  if (image === undefined) throw new Error('a recipe without images');
  return image;
}

export function problemsOf(text: string): readonly Diagnostic[] {
  const outcome = parseRecipe({ name: 'oci.config.yaml', text });
  return outcome.ok ? outcome.warnings : outcome.diagnostics;
}

/** `CODE LINE:COLUMN` of each problem, in their order. */
export function placesOf(problems: readonly Diagnostic[]): string[] {
  return problems.map(({ code, place }) =>
    place === undefined ? code : `${code} ${String(place.line)}:${String(place.column)}`,
  );
}

export function expand(text: string, expansion: Partial<Expansion> = {}) {
  return expandRecipe(recipeOf(text), { args: {}, env: {}, ...expansion });
}

export function targetsOf(text: string, expansion: Partial<Expansion> = {}): readonly Target[] {
  const outcome = expand(text, expansion);
  if (!outcome.ok) throw new Error(formatDiagnostics(outcome.diagnostics));
  return outcome.value;
}

export function expansionProblems(text: string, expansion: Partial<Expansion> = {}): string[] {
  const outcome = expand(text, expansion);
  return placesOf(outcome.ok ? outcome.warnings : outcome.diagnostics);
}
