/**
 * A blob of the store is looked at when its bytes are used, which may be at the very end of a build. One that is corrupt
 * or gone is in quarantine by then and counts as not there, so the work is done again, and only what is missing is made.
 */
import type { Diagnostic } from '../core/diagnostic/diagnostic.ts';
import { diagnosticOf, DiagnosticsError, Failure } from '../core/diagnostic/failure.ts';

/** A disk that gives so many bad blobs in one build is broken. */
const mostRepairs = 16;

/** Runs `work` until no blob of the store fails it, each failure told as a warning. */
export async function repairingStore<T>(
  work: () => Promise<T>,
  onWarning: (warning: Diagnostic) => void,
): Promise<T> {
  const known = new Set<string>();
  for (;;) {
    try {
      return await work();
    } catch (error) {
      const damage = damageOf(error);
      const isNew = damage.some(({ message }) => !known.has(message));
      // What was quarantined and comes again is more than a bad blob.
      if (!isNew || known.size >= mostRepairs) throw error;
      for (const found of damage) {
        known.add(found.message);
        onWarning({ ...found, severity: 'warning', help: 'it is made again' });
      }
    }
  }
}

/** The bad blobs that an error tells of; none where something else is wrong too. */
function damageOf(error: unknown): readonly Diagnostic[] {
  const found =
    error instanceof DiagnosticsError
      ? error.diagnostics
      : error instanceof Failure
        ? [diagnosticOf(error)]
        : [];
  const problems = found.filter(({ severity }) => severity === 'error');
  return problems.every(isDamage) ? problems : [];
}

function isDamage({ code }: Pick<Diagnostic, 'code'>): boolean {
  return code === 'store/blob-corrupt' || code === 'store/blob-missing';
}
