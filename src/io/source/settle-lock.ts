/**
 * The lock as a build uses it, before anything outside is read: what it lacks is resolved and written, or refused, as
 * the caller says. Afterwards everything that the targets name is pinned, and two builds at once use the same pins.
 */
import { layerFormat } from '../../core/deflate/layer-format.ts';
import { type Diagnostic, type Outcome, outcomeOf, succeed } from '../../core/diagnostic/diagnostic.ts';
import { missingRequests, reportLayerFormat, reportMissing } from '../../core/recipe/lock/check-lock.ts';
import { emptyLock, type LockDocument, noPins, withMissing } from '../../core/recipe/lock/lock.ts';
import type { PinRequest } from '../../core/recipe/lock/pin-request.ts';
import { reportStale, withoutStale } from '../../core/recipe/lock/stale-entries.ts';
import type { Recipe } from '../../core/recipe/recipe.ts';
import { changeLockFile, type LockFile, readLockFile } from './lock-file.ts';
import { askedPins, type PinContext, resolvePins } from './resolve-pins.ts';

export interface LockUse extends LockFile {
  /**
   * What becomes of what the lock lacks: `add` resolves and writes it, `refuse` says so, and `freeze` says too what the
   * lock has that the recipe does not ask for.
   */
  readonly missing: 'add' | 'refuse' | 'freeze';
}

export interface LockNeeds {
  readonly recipe: Recipe;
  /** Of the targets that are made now. */
  readonly asked: readonly PinRequest[];
  /** Of all images of the recipe, for their own platforms. */
  readonly whole: readonly PinRequest[];
}

/** Undefined where there is no lock and nothing to pin. Throws SourceError `lock/unwritable`, and on an abort. */
export async function settleLock(
  needs: LockNeeds,
  use: LockUse,
  context: Omit<PinContext, 'recipe'>,
): Promise<Outcome<LockDocument | undefined>> {
  const read = readLockFile(use);
  if (!read.ok) return read;
  const document = read.value;
  const foreign = document === undefined ? [] : reportLayerFormat(document, layerFormat);
  const missing = missingRequests(document?.lock, needs);
  if (use.missing !== 'add' || foreign.length > 0) {
    const problems = [...foreign, ...refused(needs, use, { document, missing })];
    return outcomeOf(problems, () => document);
  }
  return missing.length === 0 ? succeed(document) : addMissing(missing, { document, use, needs, context });
}

function refused(
  { recipe, whole }: LockNeeds,
  use: LockUse,
  found: { readonly document: LockDocument | undefined; readonly missing: readonly PinRequest[] },
): Diagnostic[] {
  const { document, missing } = found;
  if (use.missing === 'add') return [];
  const stale =
    use.missing === 'freeze' && document !== undefined ? reportStale(recipe, document, whole) : [];
  return [...reportMissing(recipe, document, missing), ...stale];
}

async function addMissing(
  missing: readonly PinRequest[],
  at: {
    readonly document: LockDocument | undefined;
    readonly use: LockUse;
    readonly needs: LockNeeds;
    readonly context: Omit<PinContext, 'recipe'>;
  },
): Promise<Outcome<LockDocument>> {
  const { document, use, needs, context } = at;
  const { recipe } = needs;
  const asked = askedPins(missing, document?.lock);
  const resolved = await resolvePins(asked, { ...context, recipe });
  if (!resolved.ok) return resolved;
  // What only `--platform` asks for does not stand in the lock: a tag's index decides it, and the rest is for this build.
  const found = { ...emptyLock(layerFormat), ...resolved.value };
  const written = await changeLockFile(use, context.signal, (current) =>
    withMissing(current ?? emptyLock(layerFormat), withoutStale(found, recipe, needs.whole)),
  );
  if (!written.ok) return written;
  const { fetched, packages } = found;
  const lock = withMissing(written.value.lock, { ...noPins, fetched, packages });
  return succeed({ ...written.value, lock });
}
