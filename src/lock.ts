/**
 * The commands of the lock: it is completed and freed of what nobody asks for, moved to what references stand for now,
 * held against the recipe, and held against the registries. What a build does with it stands in
 * io/source/settle-lock.ts.
 */
import { type BuildContext, imageOpener, type RecipeRequest } from './build.ts';
import { layerFormat } from './core/deflate/layer-format.ts';
import { Bug } from './core/diagnostic/bug.ts';
import { type Diagnostic, type Outcome, outcomeOf, succeed } from './core/diagnostic/diagnostic.ts';
import { quoteText } from './core/diagnostic/escape-text.ts';
import { suggestion } from './core/diagnostic/suggest.ts';
import type { Digest } from './core/digest/digest.ts';
import { expandRecipe } from './core/recipe/expand-recipe.ts';
import {
  missingRequests,
  reportLayerFormat,
  reportMissing,
  reportNoLock,
  reportStale,
  withoutStale,
} from './core/recipe/lock/check-lock.ts';
import { emptyLock, type Lock, type LockDocument, withImages, withMissing } from './core/recipe/lock/lock.ts';
import { type PinRequest, pinRequests } from './core/recipe/lock/pin-request.ts';
import { selectReferences } from './core/recipe/lock/select-references.ts';
import { parseRecipe } from './core/recipe/parse-recipe.ts';
import type { Recipe } from './core/recipe/recipe.ts';
import { changeLockFile, type LockFile, readLockFile } from './io/source/lock-file.ts';
import { askedPins, type PinContext, resolvePins } from './io/source/resolve-pins.ts';

/** The recipe is taken whole: all its images, for their own platforms. */
export interface LockingRequest extends Pick<RecipeRequest, 'source' | 'folder' | 'expansion'> {
  readonly lock: LockFile;
}

export interface ChangedLock {
  readonly before: Lock;
  readonly after: Lock;
}

/** Pins what is missing at what it stands for now, takes away what is stale, and keeps everything else. */
export async function completeLock(
  request: LockingRequest,
  context: BuildContext,
): Promise<Outcome<ChangedLock>> {
  const read = readBoth(request);
  if (!read.ok) return read;
  const { recipe, whole, document } = read.value;
  // An older format is moved to ours; what a newer layerwright wrote is its own to change.
  const locked = document?.lock ?? emptyLock(layerFormat);
  if (document !== undefined && locked.layerFormat > layerFormat) return refuse(document);
  const missing = missingRequests(document?.lock, { asked: whole, whole });
  const found = await resolvePins(askedPins(missing, locked.images), pinContext(request, recipe, context));
  if (!found.ok) return found;
  return change(request, context, (current) => ({
    ...withoutStale(withMissing(current, found.value), recipe, whole),
    layerFormat,
  }));
}

/**
 * Moves the named references, or all, to what they stand for now. `command/bad-argument` for a name that the recipe does
 * not have.
 */
export async function updateLock(
  request: LockingRequest,
  names: readonly string[],
  context: BuildContext,
): Promise<Outcome<ChangedLock>> {
  const read = readBoth(request);
  if (!read.ok) return read;
  const { recipe, whole, document } = read.value;
  const foreign = document === undefined ? [] : reportLayerFormat(document, layerFormat);
  const references = [...new Set(whole.map(({ text }) => text))];
  const { chosen, unknown } = selectReferences(references, names);
  const problems = [...foreign, ...unknown.map((name) => unknownName(name, references))];
  const asked = outcomeOf(problems, () => whole.filter(({ text }) => chosen.has(text)));
  if (!asked.ok) return asked;
  const found = await resolvePins(askedPins(asked.value), pinContext(request, recipe, context));
  if (!found.ok) return found;
  return change(request, context, (current) => withImages(current, found.value));
}

/** Asks nobody. The lock is what `completeLock` would write, or every difference is said with its line. */
export function checkLock(request: LockingRequest): Outcome<void> {
  const read = readBoth(request);
  if (!read.ok) return read;
  const { recipe, whole, document } = read.value;
  const missing = missingRequests(document?.lock, { asked: whole, whole });
  // What is missing says so itself, with its line.
  const absent = missing.length > 0 ? [] : [reportNoLock(request.lock.name)];
  const problems = [
    ...(document === undefined ? absent : reportLayerFormat(document, layerFormat)),
    ...reportMissing(recipe, document, missing),
    ...(document === undefined ? [] : reportStale(recipe, document, whole)),
  ];
  return outcomeOf(problems, () => undefined);
}

export interface OutdatedPin {
  /** In full. */
  readonly reference: string;
  /** Absent where the lock does not have it. */
  readonly locked?: Digest;
  /** What it stands for now. */
  readonly now: Digest;
}

/** The references of the recipe that stand for something else than the lock says. Asks the registries, writes nothing. */
export async function findOutdated(
  request: LockingRequest,
  context: BuildContext,
): Promise<Outcome<readonly OutdatedPin[]>> {
  const read = readBoth(request);
  if (!read.ok) return read;
  const { recipe, whole, document } = read.value;
  // What it is for each platform is not asked: a tag that has lost one is outdated, and no error here.
  const tags = askedPins(whole.filter(({ digest }) => digest === undefined));
  const asked = tags.map((pin) => ({ ...pin, platforms: [] }));
  const found = await resolvePins(asked, pinContext(request, recipe, context));
  if (!found.ok) return found;
  const pins = [...found.value].sort(([a], [b]) => (a < b ? -1 : 1));
  return succeed(
    pins.flatMap(([reference, { digest: now }]) => {
      const locked = document?.lock.images.get(reference)?.digest;
      return locked === now ? [] : [{ reference, ...(locked && { locked }), now }];
    }),
  );
}

interface RecipeAndLock {
  readonly recipe: Recipe;
  readonly whole: readonly PinRequest[];
  /** Absent where there is no lock yet. */
  readonly document: LockDocument | undefined;
}

function readBoth({ source, expansion, lock }: LockingRequest): Outcome<RecipeAndLock> {
  const parsed = parseRecipe(source);
  if (!parsed.ok) return parsed;
  const recipe = parsed.value;
  const expanded = expandRecipe(recipe, { args: expansion.args, env: expansion.env });
  if (!expanded.ok) return expanded;
  const read = readLockFile(lock);
  return read.ok ? succeed({ recipe, whole: pinRequests(expanded.value), document: read.value }) : read;
}

function pinContext(request: LockingRequest, recipe: Recipe, context: BuildContext): PinContext {
  return { recipe, openImage: imageOpener(request.folder, context), signal: context.signal };
}

/** The change is made to what stands in the file when its turn comes. */
async function change(
  { lock }: LockingRequest,
  { signal }: BuildContext,
  changed: (current: Lock) => Lock,
): Promise<Outcome<ChangedLock>> {
  let before = emptyLock(layerFormat);
  const written = await changeLockFile(lock, signal, (current) => {
    before = current ?? before;
    return changed(before);
  });
  return written.ok ? succeed({ before, after: written.value.lock }) : written;
}

function refuse(document: LockDocument): Outcome<never> {
  return outcomeOf<never>(reportLayerFormat(document, layerFormat), () => {
    throw new Bug('a newer layer format is a problem');
  });
}

function unknownName(name: string, references: readonly string[]): Diagnostic {
  const message = `the recipe names no image ${quoteText(name)}`;
  const help = suggestion(name, references) ?? 'it reads nothing from a registry';
  return { code: 'command/bad-argument', severity: 'error', message, help };
}
