/**
 * The commands of the lock: it is completed and freed of what nobody asks for, moved to what the recipe's names stand for
 * now, held against the recipe, and held against the world. What a build does with it stands in
 * io/source/settle-lock.ts.
 */
import { resolve } from 'node:path';
import { type BuildContext, imageOpener, type RecipeRequest } from './build.ts';
import { layerFormat } from './core/deflate/layer-format.ts';
import { Bug } from './core/diagnostic/bug.ts';
import { type Diagnostic, type Outcome, outcomeOf, succeed } from './core/diagnostic/diagnostic.ts';
import { quoteText } from './core/diagnostic/escape-text.ts';
import { suggestion } from './core/diagnostic/suggest.ts';
import { expandRecipe } from './core/recipe/expand-recipe.ts';
import {
  missingRequests,
  reportLayerFormat,
  reportMissing,
  reportNoLock,
} from './core/recipe/lock/check-lock.ts';
import {
  emptyLock,
  type Lock,
  type LockDocument,
  packagesKey,
  withMissing,
  withPins,
} from './core/recipe/lock/lock.ts';
import { lockChanges } from './core/recipe/lock/lock-changes.ts';
import { pinName, type PinRequest, pinRequests } from './core/recipe/lock/pin-request.ts';
import { selectPins } from './core/recipe/lock/select-pins.ts';
import { reportStale, withoutStale } from './core/recipe/lock/stale-entries.ts';
import { parseRecipe } from './core/recipe/parse-recipe.ts';
import type { Recipe } from './core/recipe/recipe.ts';
import { changeLockFile, type LockFile, readLockFile } from './io/source/lock-file.ts';
import { pinResolvers } from './io/source/pin-resolvers.ts';
import { askedPins, type PinContext, resolvePins } from './io/source/resolve-pins.ts';
import { measuringBlobs } from './io/store/measuring-blobs.ts';

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
  const found = await resolvePins(askedPins(missing, locked), pinContext(request, recipe, context));
  if (!found.ok) return found;
  return change(request, context, (current) => ({
    ...withoutStale(withMissing(current, found.value), recipe, whole),
    layerFormat,
  }));
}

/**
 * Moves what is named (an image, a URL, a package), or all, to what it stands for now. `command/bad-argument` for a name that the recipe does
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
  const { chosen, unknown } = selectPins(whole, names);
  const known = [...new Set(whole.map(pinName))];
  const problems = [...foreign, ...unknown.map((name) => unknownName(name, known))];
  const asked = outcomeOf(problems, () => chosen);
  if (!asked.ok) return asked;
  const found = await resolvePins(askedPins(asked.value), pinContext(request, recipe, context));
  if (!found.ok) return found;
  return change(request, context, (current) => withPins(current, found.value));
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
  /** An image's reference in full, a URL, or a package with its suite and platform. */
  readonly reference: string;
  /** A digest, or a package's version; absent where the lock does not have it. */
  readonly locked?: string;
  /** What it stands for now; absent for a package that is not needed any more. */
  readonly now?: string;
}

/**
 * What the recipe names and stands for something else than the lock says. Asks whoever has it, a file of the web for
 * all of its bytes, and writes nothing.
 */
export async function findOutdated(
  request: LockingRequest,
  context: BuildContext,
): Promise<Outcome<readonly OutdatedPin[]>> {
  const read = readBoth(request);
  if (!read.ok) return read;
  const { recipe, whole, document } = read.value;
  const asked = askedPins(whole.filter((pin) => pin.kind !== 'image' || pin.digest === undefined));
  // What it is for each platform is not asked: a tag that has lost one is outdated, and no error here.
  const images = asked.images.map((pin) => ({ ...pin, platforms: [] }));
  const found = await resolvePins({ ...asked, images }, measuringContext(request, recipe, context));
  if (!found.ok) return found;
  const now = { ...emptyLock(layerFormat), ...found.value };
  return succeed(
    lockChanges(answersOf(document?.lock ?? emptyLock(layerFormat), now), now).map(
      ({ reference, before, after }) => ({
        reference,
        ...(before !== undefined && { locked: before }),
        ...(after !== undefined && { now: after }),
      }),
    ),
  );
}

/** The lock as far as it answers the same questions, in the same detail. */
function answersOf(lock: Lock, { images, fetched, packages }: Lock): Lock {
  const asked = new Set(packages.map(packagesKey));
  return {
    ...lock,
    images: new Map(
      [...lock.images].flatMap(([reference, image]) =>
        images.has(reference) ? [[reference, { ...image, platforms: new Map() }]] : [],
      ),
    ),
    fetched: new Map([...lock.fetched].filter(([url]) => fetched.has(url))),
    packages: lock.packages.filter((entry) => asked.has(packagesKey(entry))),
  };
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
  const { signal } = context;
  const resolvers = pinResolvers(context, contextFolderOf(request, recipe));
  return { recipe, openImage: imageOpener(request.folder, context), ...resolvers, signal };
}

function contextFolderOf({ folder }: LockingRequest, recipe: Recipe): string {
  return resolve(folder, recipe.context ?? '.');
}

/** Files are only measured, wherever the store is: nothing of them is kept. */
function measuringContext(request: LockingRequest, recipe: Recipe, context: BuildContext): PinContext {
  const store = { ...context.store, blobs: measuringBlobs(context.store.blobs) };
  const { fetchFile } = pinResolvers({ ...context, store }, contextFolderOf(request, recipe));
  return { ...pinContext(request, recipe, context), fetchFile };
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
  const message = `nothing that the recipe asks for is called ${quoteText(name)}`;
  const help = suggestion(name, references) ?? 'it reads nothing that a lock pins';
  return { code: 'command/bad-argument', severity: 'error', message, help };
}
