/** The recipes that documents show are recipes: each block of YAML with an image's keys parses without a problem. */
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { parseRecipe } from '../../src/core/recipe/parse-recipe.ts';
import { codeBlocks, documentNames, readDocument } from '../rigs/documents.ts';

const shown = await Promise.all(
  (await documentNames()).map(async (document) => ({
    document,
    recipes: recipesIn(await readDocument(document)),
  })),
);

describe.each(shown.filter(({ recipes }) => recipes.length > 0))('$document', ({ recipes }) => {
  test.each(
    recipes.map((text) => [text.split('\n').find((line) => /^image:/.test(line)) ?? 'a recipe', text]),
  )('shows a recipe without a mistake: %s', (_, text) => {
    const parsed = parseRecipe({ name: 'oci.config.yaml', text });
    expect(parsed.ok ? parsed.warnings : parsed.diagnostics).toEqual([]);
  });
});

test('the pages for those who come from elsewhere show one each', () => {
  const from = shown.filter(({ document }) => /from-\w+\.md$/.test(document));
  expect(from.map(({ recipes }) => recipes.length)).toEqual([1, 1, 1]);
});

function recipesIn(markdown: string): readonly string[] {
  return codeBlocks(markdown).flatMap(({ language, text }) => {
    if (language !== 'yaml') return [];
    const value = parse(text) as object | null;
    return value !== null && ('layers' in value || 'from' in value || 'image' in value) ? [text] : [];
  });
}
