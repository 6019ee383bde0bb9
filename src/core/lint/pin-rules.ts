/** What a recipe reads from places that move: today's, or something else tomorrow. */
import type { Diagnostic } from '../diagnostic/diagnostic.ts';
import { quoteText } from '../diagnostic/escape-text.ts';
import { placeAt } from '../plan/planning.ts';
import { isImagePin, pinName, type PinRequest } from '../recipe/lock/pin-request.ts';
import type { Recipe } from '../recipe/recipe.ts';

export interface ReadReferences {
  /** Everything that the images read from such places. */
  readonly asked: readonly PinRequest[];
  /** What of it the lock does not pin. */
  readonly missing: readonly PinRequest[];
}

/** One diagnostic for each place and rule, whatever the number of platforms. */
export function pinDiagnostics(
  { asked, missing }: ReadReferences,
  recipe: Pick<Recipe, 'source' | 'places'>,
): Diagnostic[] {
  const unpinned = missing.filter((request) => !isImagePin(request) || request.digest === undefined);
  const latest = asked
    .filter(isImagePin)
    .filter(({ digest, reference }) => digest === undefined && reference.tag === 'latest');
  const found = [
    ...unpinned.map((request) => diagnosticFor(request, unpinnedRules[request.kind], recipe)),
    ...latest.map((request) => diagnosticFor(request, latestBase, recipe)),
  ];
  return [...new Map(found.map((one) => [`${one.code} ${String(one.place?.span.start)}`, one])).values()];
}

interface Rule {
  readonly code: 'lint/unpinned-base' | 'lint/unpinned-source' | 'lint/latest-base';
  readonly says: string;
  readonly help: string;
}

const unpinnedBase: Rule = {
  code: 'lint/unpinned-base',
  says: 'is not pinned, and may be another image tomorrow',
  help: 'run `layerwright lock`, and commit oci.lock',
};

const unpinnedRules: Readonly<Record<PinRequest['kind'], Rule>> = {
  image: unpinnedBase,
  file: {
    code: 'lint/unpinned-source',
    says: 'is not pinned, and may be another file tomorrow',
    help: 'run `layerwright lock`, and commit oci.lock; or write `sha256`',
  },
  packages: {
    code: 'lint/unpinned-source',
    says: 'is not pinned, and may be other packages tomorrow',
    help: 'run `layerwright lock`, and commit oci.lock',
  },
};

const latestBase: Rule = {
  code: 'lint/latest-base',
  says: 'moves from one major version to the next',
  help: 'name a tag of one version line, such as `node:22-slim`',
};

function diagnosticFor(
  request: PinRequest,
  { code, says, help }: Rule,
  recipe: Pick<Recipe, 'source' | 'places'>,
): Diagnostic {
  const place = placeAt(recipe, request.at);
  return {
    code,
    severity: 'warning',
    message: `${quoteText(pinName(request))} ${says}`,
    ...(place === undefined ? {} : { place }),
    help,
  };
}
