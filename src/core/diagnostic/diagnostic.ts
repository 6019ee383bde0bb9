/**
 * A diagnostic says what is wrong, where, and what to do. Problems of the user's text are collected as values;
 * failures of the world are thrown as `Failure` and turned into diagnostics by three catchers only
 * (executor.ts, build.ts, cli/main.ts).
 */
import type { Place } from './source-text.ts';
import type { DiagnosticCode } from './catalogue.ts';

export type Severity = 'error' | 'warning';

export interface RelatedPlace {
  readonly message: string;
  readonly place: Place;
}

export interface Diagnostic {
  readonly code: DiagnosticCode;
  readonly severity: Severity;
  /** One sentence without a full stop: what was found. Names from outside are already escaped (see escape-text.ts). */
  readonly message: string;
  readonly place?: Place;
  readonly related?: readonly RelatedPlace[];
  /** What to do about it, one sentence. */
  readonly help?: string;
}

export type Diagnostics = readonly [Diagnostic, ...Diagnostic[]];

/** What a pure step gives back: its value with warnings, or every problem it found. */
export type Outcome<T> =
  | { readonly ok: true; readonly value: T; readonly warnings: readonly Diagnostic[] }
  | { readonly ok: false; readonly diagnostics: Diagnostics };

export function succeed<T>(value: T, warnings: readonly Diagnostic[] = []): Outcome<T> {
  return { ok: true, value, warnings };
}

/** `value()` with the warnings, unless the list holds an error; then all of the list. */
export function outcomeOf<T>(found: readonly Diagnostic[], value: () => T): Outcome<T> {
  const [first, ...rest] = found;
  if (first !== undefined && found.some((diagnostic) => diagnostic.severity === 'error')) {
    return { ok: false, diagnostics: [first, ...rest] };
  }
  return { ok: true, value: value(), warnings: found };
}
