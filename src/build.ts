/**
 * The composition root: wires the path of data, recipe text → recipe → snapshot → plan → images → receipts, and decides
 * nothing. Paths that a recipe names start at its context; paths of the command line at the working folder.
 */
import { basename, dirname, resolve } from 'node:path';
import { type Diagnostic, type Outcome, succeed } from './core/diagnostic/diagnostic.ts';
import { diagnosticOf, DiagnosticsError, Failure } from './core/diagnostic/failure.ts';
import { withWarnings } from './core/diagnostic/with-warnings.ts';
import type { SourceText } from './core/diagnostic/source-text.ts';
import { layerFormat } from './core/deflate/layer-format.ts';
import type { Emit } from './core/event/build-event.ts';
import type { ImageSet } from './core/image/image.ts';
import { type BuildInputs, buildInputs } from './core/plan/build-inputs.ts';
import { makePlan } from './core/plan/make-plan.ts';
import type { Snapshot } from './core/plan/snapshot.ts';
import type { Action, PortablePlan } from './core/plan/plan.ts';
import { expandRecipe, type Expansion } from './core/recipe/expand-recipe.ts';
import type { Lock, LockDocument } from './core/recipe/lock/lock.ts';
import { pinRequests } from './core/recipe/lock/pin-request.ts';
import { parseRecipe } from './core/recipe/parse-recipe.ts';
import type { ImageRecipe, Recipe, Target } from './core/recipe/recipe.ts';
import { executePlan } from './io/execute/executor.ts';
import type { RecipeIdentity } from './io/execute/build-history.ts';
import type { CacheRepository, RemoteCache } from './io/execute/remote-cache.ts';
import {
  openPlanMemory,
  openStatIndex,
  type Remembering,
  rememberingLock,
  saveRemembered,
} from './io/execute/remembering.ts';
import type { RegistryClient } from './io/registry/registry-client.ts';
import { imagePlaces } from './io/source/image-places.ts';
import { type Machine, noMachine } from './io/source/machine.ts';
import { createContentOpener } from './io/source/open-content.ts';
import { type PackageRecall, packageRecall } from './io/source/source-packages.ts';
import type { OnRead } from './io/source/read-place.ts';
import type { OpenImage } from './io/source/reading.ts';
import { downloader, pinResolvers } from './io/source/pin-resolvers.ts';
import type { PinContext } from './io/source/resolve-pins.ts';
import { type LockUse, settleLock } from './io/source/settle-lock.ts';
import { takeSnapshot } from './io/source/take-snapshot.ts';
import type { Store } from './io/store/store.ts';
import type { BlobsOnDemand } from './io/transport/blobs-on-demand.ts';
import { type BaseLayers, blobsOfPlan, fetchBase, type OpenOutside } from './io/transport/fetch-base.ts';
import type { OpenContext } from './io/transport/open-image.ts';

/** What effects need, opened by the caller and closed by it. */
export interface BuildContext {
  readonly store: Store;
  readonly registries: RegistryClient;
  readonly emit: Emit;
  readonly signal: AbortSignal;
  /** Where credentials, caches and lists of mirrors stand on this computer; without it none are looked for. */
  readonly machine?: Machine;
}

export interface RecipeRequest {
  readonly source: SourceText;
  /** The recipe's folder, absolute. */
  readonly folder: string;
  readonly expansion: Expansion;
  /** UTC seconds: SOURCE_DATE_EPOCH or 0. */
  readonly epoch: number;
  /** What the caller says in place of the recipe, such as `-t`. */
  readonly override?: (image: ImageRecipe) => ImageRecipe;
  /** How many threads may read sources at the same time; one, the caller's own, if absent. */
  readonly threads?: number;
  /** The lock beside the recipe; without it, whatever references stand for now is used. */
  readonly lock?: LockUse;
  /** Where digests of files are remembered; without it every file is read. */
  readonly stats?: Remembering;
  /** Told each place on this computer before it is looked at: what would change there could change the plan. */
  readonly onRead?: OnRead;
}

/** A recipe as far as it can be decided without doing anything. */
export interface RecipePlan {
  readonly recipe: Recipe;
  /** The recipe's images for each of their platforms, with every substitution done: what the plan was made of. */
  readonly targets: readonly Target[];
  readonly portable: PortablePlan;
  /** Absolute; relative paths of the recipe start here. */
  readonly contextFolder: string;
  readonly identity: RecipeIdentity;
  /** What its keys were made of, for whoever says what changed. */
  readonly inputs: BuildInputs;
  readonly packagesOf: PackageRecall;
}

/** Parses, reads the world once, plans. Every problem of a step is told before the next one starts. */
export async function planRecipe(
  request: RecipeRequest,
  context: BuildContext,
): Promise<Outcome<RecipePlan>> {
  const parsed = parseRecipe(request.source);
  if (!parsed.ok) return parsed;
  const recipe = parsed.value;
  const expanded = expandRecipe(recipe, request.expansion);
  if (!expanded.ok) return withWarnings(expanded, parsed.warnings);
  const { override = (image: ImageRecipe): ImageRecipe => image } = request;
  const targets = expanded.value.map((target) => ({ ...target, image: override(target.image) }));
  const contextFolder = resolve(request.folder, recipe.context ?? '.');
  const read = await readSources({ recipe, targets, contextFolder, request }, context);
  if (!read.ok) return withWarnings(read, [...parsed.warnings, ...expanded.warnings]);
  const warnings = [...parsed.warnings, ...expanded.warnings, ...read.warnings];
  const planned = drawPlan({ recipe, targets, contextFolder, request }, read.value);
  if (!planned.ok) return withWarnings(planned, warnings);
  const packagesOf = packageRecall(context.store);
  const value = { ...planned.value, recipe, targets, contextFolder, packagesOf };
  return succeed(value, [...warnings, ...planned.warnings]);
}

function drawPlan(
  { recipe, targets, request }: Sources,
  { snapshot, lock }: ReadSources,
): Outcome<Pick<RecipePlan, 'portable' | 'identity' | 'inputs'>> {
  const { expansion, epoch } = request;
  const identity = { folder: request.folder, file: request.source.name };
  const memory = openPlanMemory(request.stats, identity);
  const settings = { layerFormat, epoch };
  const selected = selectedNames(targets, expansion.names);
  const known = memory === undefined ? {} : { memory };
  const planned = makePlan({ recipe, targets, snapshot, settings, selected, ...known });
  if (!planned.ok) return planned;
  saveRemembered(request.stats, memory);
  const portable = planned.value;
  const { ignore } = snapshot;
  const inputs = buildInputs({ plan: portable.plan, recipe, targets, lock, ignore, selection: expansion });
  return succeed({ portable, identity, inputs }, planned.warnings);
}

function selectedNames(targets: readonly Target[], names: readonly string[] = []): Set<string> {
  return new Set(names.length === 0 ? targets.map((target) => target.image.name) : names);
}

interface Sources {
  readonly recipe: Recipe;
  readonly targets: readonly Target[];
  readonly contextFolder: string;
  readonly request: RecipeRequest;
}

interface ReadSources {
  readonly snapshot: Snapshot;
  /** What pinned them. */
  readonly lock: Lock | undefined;
}

async function readSources(sources: Sources, context: BuildContext): Promise<Outcome<ReadSources>> {
  const { recipe, targets, contextFolder, request } = sources;
  const { signal, store } = context;
  const { onRead = () => undefined } = request;
  const openImage = toldOpener(contextFolder, context, onRead);
  const locked = await settledLock(sources, { openImage, ...pinResolvers(context, contextFolder), signal });
  if (!locked.ok) return locked;
  const statIndex = openStatIndex(request.stats, contextFolder);
  const snapshot = await takeSnapshot(targets, {
    recipe,
    contextFolder,
    store,
    statIndex,
    openImage,
    download: downloader(context),
    machine: context.machine ?? noMachine,
    emit: context.emit,
    ...(locked.value && { lock: locked.value }),
    onRead,
    signal,
    threads: request.threads ?? 1,
  });
  saveRemembered(request.stats, statIndex);
  if (!snapshot.ok) return snapshot;
  return succeed({ snapshot: snapshot.value, lock: locked.value?.lock }, snapshot.warnings);
}

/** What pins the images of the targets; undefined where the caller names no lock, or nothing is pinned. */
async function settledLock(
  { recipe, targets, request }: Sources,
  outside: Omit<PinContext, 'recipe'>,
): Promise<Outcome<LockDocument | undefined>> {
  if (request.lock === undefined) return succeed(undefined);
  request.onRead?.({ folder: dirname(request.lock.path), name: basename(request.lock.path) });
  const { args, env } = request.expansion;
  const whole = expandRecipe(recipe, { args, env });
  if (!whole.ok) return whole;
  const needs = { recipe, asked: pinRequests(targets), whole: pinRequests(whole.value) };
  return settleLock(needs, rememberingLock(request.stats, request.lock), outside);
}

/** Opens images that stand outside; what registries were asked for once is read from the store. */
export function imageOpener(folder: string, context: BuildContext): OpenImage {
  return (reference) => openOutside(reference, openContext(folder, context));
}

function toldOpener(folder: string, context: BuildContext, onRead: OnRead): OpenImage {
  const open = imageOpener(folder, context);
  return (reference) => {
    imagePlaces(reference, folder).forEach(onRead);
    return open(reference);
  };
}

function openContext(folder: string, { store, registries, emit, signal }: BuildContext): OpenContext {
  return { folder, blobs: store.blobs, registries, emit, signal };
}

/** Transports are loaded when something is read through one. */
const openOutside: OpenOutside = async (reference, context) => {
  const { openThroughStore } = await import('./io/transport/open-image.ts');
  return openThroughStore(reference, context);
};

export interface ExecuteRequest {
  readonly portable: PortablePlan;
  readonly contextFolder: string;
  /**
   * Whether the images are to be whole in the store, which is so if absent. `leave` is for images that go to registries
   * only; `deliverableBlobs` gives what these need of their bases.
   */
  readonly bases?: BaseLayers;
  readonly jobs: number;
  readonly ignores: (action: Action) => boolean;
  /** Repositories of layers that were made elsewhere, asked in this order. */
  readonly cacheFrom?: readonly CacheRepository[];
  /** Absent for a plan made elsewhere. */
  readonly recipe?: Recipe;
  readonly identity?: RecipeIdentity;
  readonly inputs?: BuildInputs;
}

/** Executes a plan beside its context; the images stand in the store, whole but for layers of bases that were left. */
export async function executeRecipe(
  request: ExecuteRequest,
  context: BuildContext,
): Promise<Outcome<ImageSet>> {
  const { contextFolder, bases = 'bring' } = request;
  const cache = await openCache(request.cacheFrom ?? [], context);
  const contents = createContentOpener({ contextFolder, blobs: context.store.blobs });
  try {
    return await executePlan(request.portable, {
      ...request,
      ...context,
      bases,
      contents,
      ...(cache === undefined ? {} : { cache }),
      fetchBase: (action, signal) =>
        fetchBase(action, bases, { ...openContext(contextFolder, { ...context, signal }), openOutside }),
    });
  } finally {
    await contents.close();
  }
}

async function openCache(
  repositories: readonly CacheRepository[],
  { registries, emit }: BuildContext,
): Promise<RemoteCache | undefined> {
  if (repositories.length === 0) return undefined;
  const { createRemoteCache } = await import('./io/execute/remote-cache.ts');
  const onWarning = (diagnostic: Diagnostic): void => {
    emit({ type: 'diagnostic', diagnostic });
  };
  return createRemoteCache(repositories, { registries, onWarning });
}

/**
 * Writes the layers of a plan that was executed to each of the repositories, for `cacheFrom` of other builds. Throws
 * DiagnosticsError, once all have been tried, with what failed at each.
 */
export async function writeCaches(
  { plan }: PortablePlan,
  cacheTo: readonly CacheRepository[],
  context: BuildContext,
): Promise<void> {
  const { offerLayers } = await import('./io/execute/offer-layers.ts');
  const failures: Diagnostic[] = [];
  for (const repository of cacheTo) {
    try {
      await offerLayers(plan, repository, context);
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      failures.push(diagnosticOf(error));
    }
  }
  const [first, ...rest] = failures;
  if (first !== undefined) throw new DiagnosticsError([first, ...rest]);
}

/**
 * The blobs of a plan's images for whoever delivers them: of the store, and the layers of bases that were left where
 * they are, brought into the store when somebody reads them. To be closed.
 */
export function deliverableBlobs(
  { plan }: PortablePlan,
  contextFolder: string,
  context: BuildContext,
): BlobsOnDemand {
  return blobsOfPlan(plan, { ...openContext(contextFolder, context), openOutside });
}
