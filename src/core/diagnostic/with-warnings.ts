/** A step that failed, told after what the steps before it warned of. */
import type { Diagnostic, Outcome } from './diagnostic.ts';

export function withWarnings<T>(
  failed: Outcome<T> & { ok: false },
  warnings: readonly Diagnostic[],
): Outcome<never> {
  const [first, ...rest] = [...warnings, ...failed.diagnostics];
  return first === undefined ? failed : { ok: false, diagnostics: [first, ...rest] };
}
