/** The names that a recipe gives to its arguments and images. */
import { quoteText } from '../../diagnostic/escape-text.ts';
import { joinPointer } from '../../diagnostic/source-text.ts';
import type { ArgDeclaration, ImageRecipe } from '../recipe.ts';
import { imageNamePattern } from '../transport-reference.ts';
import type { Check } from './check.ts';

const argumentPattern = /^[A-Za-z_][A-Za-z0-9_]{0,127}$/;

export function checkArguments(check: Check, args: Readonly<Record<string, ArgDeclaration>>): void {
  for (const [name, { env }] of Object.entries(args)) {
    const at = joinPointer('/args', name);
    if (!argumentPattern.test(name)) check.report(at, malformed(name, 'argument'), 'key');
    if (env !== undefined && !argumentPattern.test(env)) {
      check.report(joinPointer(at, 'env'), malformed(env, 'environment variable'));
    }
  }
}

function malformed(name: string, what: string) {
  return {
    code: 'recipe/bad-name',
    message: `${quoteText(name)} is no name of an ${what}`,
    help: 'write letters, digits and `_`, and no digit first',
  } as const;
}

export function checkImageNames(check: Check, images: readonly ImageRecipe[]): void {
  for (const { name, at } of images) {
    if (at === '' || imageNamePattern.test(name)) continue;
    check.report(at, badImageName(name), 'key');
  }
}

function badImageName(name: string) {
  return {
    code: 'recipe/bad-name',
    message: `${quoteText(name)} is no name of an image`,
    help: 'write letters, digits, `.`, `_` and `-`, and a letter or digit first',
  } as const;
}
