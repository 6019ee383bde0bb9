/**
 * Collects what is wrong with sources, each problem at the place in the recipe that asked for the source, so that one
 * run shows them all. Of one kind in one source, a handful is shown and the rest counted.
 */
import type { DiagnosticCode } from '../../core/diagnostic/catalogue.ts';
import type { Diagnostic, RelatedPlace, Severity } from '../../core/diagnostic/diagnostic.ts';
import { DiagnosticsError, diagnosticOf, Failure, PartsError } from '../../core/diagnostic/failure.ts';
import type { Place, RecipePath } from '../../core/diagnostic/source-text.ts';
import { placeAt } from '../../core/plan/planning.ts';
import type { Recipe } from '../../core/recipe/recipe.ts';

export interface SourceProblem {
  readonly code: DiagnosticCode;
  readonly message: string;
  readonly help?: string;
  readonly related?: readonly RelatedPlace[];
}

/** Problems of one source, all at its place. */
export interface Problems {
  error(problem: SourceProblem): void;
  warn(problem: SourceProblem): void;
  /**
   * A failure of the world, said like any other problem; or problems that were thrown. Of those, what has a place of its
   * own, such as a line of the lock, has the source's place beside it.
   */
  failed(failure: Failure | DiagnosticsError): void;
  /** How many errors were found for this source. */
  readonly errors: number;
}

export interface ProblemCollector {
  /** `cause` points to the value of the recipe that asks for the source. */
  at(cause: RecipePath): Problems;
  /** All of them, in the order of the text; what two platforms have in common stands once. */
  found(): Diagnostic[];
}

/** So many of one kind are shown for one source. */
const shown = 20;

type RecipeText = Pick<Recipe, 'source' | 'places'>;

export function createProblemCollector(recipe: RecipeText): ProblemCollector {
  const bySource: { readonly at: number; readonly list: () => Diagnostic[] }[] = [];
  return {
    at: (cause) => {
      const placeOfPart = (part: RecipePath): Place | undefined => placeAt(recipe, `${cause}${part}`);
      const { problems, list } = collectOne(placeOfPart);
      bySource.push({ at: placeOfPart('')?.span.start ?? 0, list });
      return problems;
    },
    found: () => unique(bySource.toSorted((a, b) => a.at - b.at).flatMap(({ list }) => list())),
  };
}

function unique(diagnostics: readonly Diagnostic[]): Diagnostic[] {
  return [...new Map(diagnostics.map((diagnostic) => [JSON.stringify(diagnostic), diagnostic])).values()];
}

/** `placeOfPart` takes a JSON Pointer below the source's value; what is not written has the place of what is above it. */
function collectOne(placeOfPart: (part: RecipePath) => Place | undefined): {
  problems: Problems;
  list: () => Diagnostic[];
} {
  const byCode = new Map<string, Diagnostic[]>();
  let errors = 0;
  const keep = (diagnostic: Diagnostic): void => {
    if (diagnostic.severity === 'error') errors += 1;
    const kind = byCode.get(diagnostic.code) ?? [];
    kind.push(diagnostic);
    byCode.set(diagnostic.code, kind);
  };
  const add = (severity: Severity, problem: SourceProblem): void => {
    keep({ severity, ...problem, ...placeField(placeOfPart('')) });
  };
  const addThrown = (diagnostic: Diagnostic, part: RecipePath): void => {
    const place = placeOfPart(part);
    if (diagnostic.place === undefined) keep({ ...diagnostic, ...placeField(place) });
    else keep({ ...diagnostic, ...(place && { related: [{ message: 'it is asked for here', place }] }) });
  };
  const problems: Problems = {
    error: (problem) => {
      add('error', problem);
    },
    warn: (problem) => {
      add('warning', problem);
    },
    failed: (error) => {
      const parts = error instanceof PartsError ? error.parts : [];
      const found = error instanceof Failure ? [diagnosticOf(error)] : error.diagnostics;
      found.forEach((diagnostic, at) => {
        addThrown(diagnostic, parts[at] ?? '');
      });
    },
    get errors() {
      return errors;
    },
  };
  return { problems, list: () => [...byCode.values()].flatMap(limited) };
}

function placeField(place: Place | undefined): Pick<Diagnostic, 'place'> {
  return place === undefined ? {} : { place };
}

function limited(kind: readonly Diagnostic[]): Diagnostic[] {
  const [first] = kind;
  const rest = kind.length - shown;
  if (first === undefined || rest < 2) return [...kind];
  const { severity, place } = first;
  const message = `${String(rest)} more like these (${first.code}) were found in this source`;
  const more: Diagnostic = { code: 'source/more-of-the-same', severity, message, ...(place && { place }) };
  return [...kind.slice(0, shown), more];
}

/** Says what is thrown that is a problem of this source; anything else goes on. The others are left be. */
export async function sayingFailures(problems: Problems, act: () => Promise<void>): Promise<void> {
  try {
    await act();
  } catch (error) {
    if (!(error instanceof Failure || error instanceof DiagnosticsError)) throw error;
    problems.failed(error);
  }
}
