/**
 * What is seldom meant of a file in a layer, and how many of them become one diagnostic: a folder of ten thousand files
 * that all have the same fault is one fault.
 */
import type { DiagnosticCode } from '../diagnostic/catalogue.ts';
import type { Diagnostic } from '../diagnostic/diagnostic.ts';
import { quoteText } from '../diagnostic/escape-text.ts';
import type { RecipePath } from '../diagnostic/source-text.ts';
import { placeAt } from '../plan/planning.ts';
import type { Recipe } from '../recipe/recipe.ts';

export interface FileFinding {
  readonly code: DiagnosticCode & `lint/${string}`;
  /** The beginning of a sentence that ends in the files' names. */
  readonly says: string;
  readonly help: string;
  /** A path in the image, or the name of a package. */
  readonly name: string;
  /** A glob that leaves it out of the copy that brought it. */
  readonly exclude?: string;
}

export interface PlacedFinding extends FileFinding {
  /** The layer of the recipe, or the item of a group. */
  readonly at: RecipePath;
}

/** One diagnostic for all findings that say the same in one place, in the order of their first. */
export function diagnosticsOf(
  findings: readonly PlacedFinding[],
  recipe: Pick<Recipe, 'source' | 'places'>,
): Diagnostic[] {
  const groups = new Map<string, PlacedFinding[]>();
  for (const finding of findings) {
    const key = `${finding.code} ${finding.at} ${finding.says}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [finding]);
    else group.push(finding);
  }
  return [...groups.values()].flatMap(([first, ...rest]) =>
    first === undefined ? [] : [diagnosticOf(first, rest, recipe)],
  );
}

function diagnosticOf(
  first: PlacedFinding,
  rest: readonly PlacedFinding[],
  recipe: Pick<Recipe, 'source' | 'places'>,
): Diagnostic {
  const { code, says, at } = first;
  const names = [...new Set([first, ...rest].map(({ name }) => name))];
  const place = placeAt(recipe, at);
  return {
    code,
    severity: 'warning',
    message: `${says} ${nameList(names)}`,
    ...(place === undefined ? {} : { place }),
    help: helpOf(first, rest),
  };
}

/** What can be left out is said with the globs that do it. */
function helpOf(first: FileFinding, rest: readonly FileFinding[]): string {
  const globs = new Set([first, ...rest].flatMap(({ exclude }) => exclude ?? []));
  if (globs.size === 0) return first.help;
  return `${first.help}, by exclude: [${[...globs].map((glob) => `'${glob}'`).join(', ')}]`;
}

function nameList(names: readonly string[]): string {
  const shown = names.slice(0, 3).map((name) => quoteText(name));
  const more = names.length - shown.length;
  return `${shown.join(', ')}${more > 0 ? ` and ${String(more)} more` : ''}`;
}
