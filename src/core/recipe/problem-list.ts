/** Where the parts of the recipe reader add what they find; the list is put in the order of the text at the end. */
import type { DiagnosticCode } from '../diagnostic/catalogue.ts';
import type { Diagnostic } from '../diagnostic/diagnostic.ts';
import { createPlacer, type Place, type SourceText, type Span } from '../diagnostic/source-text.ts';

export interface Problem {
  readonly code: DiagnosticCode;
  readonly message: string;
  readonly help?: string | undefined;
  readonly related?: { readonly message: string; readonly span: Span };
}

export interface ProblemList {
  readonly found: readonly Diagnostic[];
  add(span: Span, problem: Problem): void;
}

export function createProblemList(source: SourceText): ProblemList {
  const found: Diagnostic[] = [];
  const placeOf = createPlacer(source);
  return {
    found,
    add: (span, problem) => found.push(diagnosticOf(placeOf, span, problem)),
  };
}

function diagnosticOf(placeOf: (span: Span) => Place, span: Span, problem: Problem): Diagnostic {
  const { code, message, help, related } = problem;
  return {
    code,
    severity: 'error',
    message,
    place: placeOf(span),
    ...(related === undefined
      ? {}
      : { related: [{ message: related.message, place: placeOf(related.span) }] }),
    ...(help === undefined ? {} : { help }),
  };
}

/** By place, then by code; the same problem found twice stands once. */
export function inTextOrder(diagnostics: readonly Diagnostic[]): Diagnostic[] {
  const unique = new Map(diagnostics.map((diagnostic) => [identityOf(diagnostic), diagnostic]));
  return [...unique.values()].sort((a, b) => startOf(a) - startOf(b));
}

function identityOf({ code, message, place }: Diagnostic): string {
  return JSON.stringify([code, message, place?.span.start, place?.span.end]);
}

function startOf(diagnostic: Diagnostic): number {
  return diagnostic.place?.span.start ?? 0;
}
