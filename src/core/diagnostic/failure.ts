/**
 * The world failed: a file, a registry, a disk. One sentence says what was being done, to what, and what was found.
 * Each area has its own subclass (StoreError, RegistryError, SourceError, BundleError, LayerError) so that
 * a caller can tell them apart; the exit code comes from the catalogue.
 */
import type { DiagnosticCode } from './catalogue.ts';
import type { Diagnostic } from './diagnostic.ts';
import type { RecipePath } from './source-text.ts';

export interface FailureOptions {
  readonly help?: string;
  readonly cause?: unknown;
}

export class Failure extends Error {
  readonly code: DiagnosticCode;
  readonly help: string | undefined;

  constructor(code: DiagnosticCode, message: string, options: FailureOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = new.target.name;
    this.code = code;
    this.help = options.help;
  }
}

/** The failure as a diagnostic without a place; a catcher that knows the place adds it. */
export function diagnosticOf(failure: Failure): Diagnostic {
  return {
    code: failure.code,
    severity: 'error',
    message: failure.message,
    ...(failure.help === undefined ? {} : { help: failure.help }),
  };
}

/** Carries diagnostics through code that can only throw; caught where outcomes are made. */
export class DiagnosticsError extends Error {
  readonly diagnostics: readonly Diagnostic[];

  constructor(diagnostics: readonly Diagnostic[]) {
    super(diagnostics.map((diagnostic) => diagnostic.message).join('; '));
    this.name = 'DiagnosticsError';
    this.diagnostics = diagnostics;
  }
}

/**
 * Diagnostics without places about one value of the recipe, or about a part of it: `parts` says which for each, as a JSON
 * Pointer below that value (empty for the whole, and `/1` for the second of its list).
 */
export class PartsError extends DiagnosticsError {
  readonly parts: readonly RecipePath[];

  constructor(found: readonly { readonly part: RecipePath; readonly diagnostic: Diagnostic }[]) {
    super(found.map(({ diagnostic }) => diagnostic));
    this.name = 'PartsError';
    this.parts = found.map(({ part }) => part);
  }
}
