/** What images of registries stand for: today's, or another one tomorrow. */
import type { Diagnostic } from '../diagnostic/diagnostic.ts';
import { quoteText } from '../diagnostic/escape-text.ts';
import { placeAt } from '../plan/planning.ts';
import type { ImagePin } from '../recipe/lock/pin-request.ts';
import type { Recipe } from '../recipe/recipe.ts';

export interface ReadReferences {
  /** Everything that the images read from registries. */
  readonly asked: readonly ImagePin[];
  /** What of it the lock does not pin. */
  readonly missing: readonly ImagePin[];
}

/** One diagnostic for each place and rule, whatever the number of platforms. */
export function baseDiagnostics(
  { asked, missing }: ReadReferences,
  recipe: Pick<Recipe, 'source' | 'places'>,
): Diagnostic[] {
  const unpinned = missing.filter(({ digest }) => digest === undefined);
  const latest = asked.filter(({ digest, reference }) => digest === undefined && reference.tag === 'latest');
  const found = [
    ...unpinned.map((request) => diagnosticFor(request, unpinnedBase, recipe)),
    ...latest.map((request) => diagnosticFor(request, latestBase, recipe)),
  ];
  return [...new Map(found.map((one) => [`${one.code} ${String(one.place?.span.start)}`, one])).values()];
}

interface Rule {
  readonly code: 'lint/unpinned-base' | 'lint/latest-base';
  readonly says: string;
  readonly help: string;
}

const unpinnedBase: Rule = {
  code: 'lint/unpinned-base',
  says: 'is not pinned, and may be another image tomorrow',
  help: 'run `layerwright lock`, and commit oci.lock',
};

const latestBase: Rule = {
  code: 'lint/latest-base',
  says: 'moves from one major version to the next',
  help: 'name a tag of one version line, such as `node:22-slim`',
};

function diagnosticFor(
  { text, at }: ImagePin,
  { code, says, help }: Rule,
  recipe: Pick<Recipe, 'source' | 'places'>,
): Diagnostic {
  const place = placeAt(recipe, at);
  return {
    code,
    severity: 'warning',
    message: `${quoteText(text)} ${says}`,
    ...(place === undefined ? {} : { place }),
    help,
  };
}
