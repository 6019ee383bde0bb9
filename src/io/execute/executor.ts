/**
 * Does what a plan says: for each action its result is recalled, or it runs and its result is recorded. Only a whole
 * success is recorded. A failure of the world becomes a diagnostic at the place of the action's cause.
 */
import { type Diagnostic, type Outcome, succeed } from '../../core/diagnostic/diagnostic.ts';
import { diagnosticOf, Failure } from '../../core/diagnostic/failure.ts';
import type { Emit } from '../../core/event/build-event.ts';
import type { ImageSet } from '../../core/image/image.ts';
import type { Descriptor } from '../../core/oci/descriptor.ts';
import type { BuildInputs } from '../../core/plan/build-inputs.ts';
import type { Action, CacheKey, FetchAction, PortablePlan } from '../../core/plan/plan.ts';
import { needsOf } from '../../core/plan/graph.ts';
import { placeAt, type Planning } from '../../core/plan/planning.ts';
import { createPacker, type Packer } from '../layer/packer.ts';
import type { ContentOpener } from '../source/open-content.ts';
import type { Store } from '../store/store.ts';
import type { BaseLayers } from '../transport/fetch-base.ts';
import { type ActionResult, headOf, rememberResult } from './action-result.ts';
import { imageSetOf, reportImages } from './image-set.ts';
import { type RecipeIdentity, rememberBuild } from './build-history.ts';
import type { RemoteCache } from './remote-cache.ts';
import { type ActionStatus, planStatus } from './plan-status.ts';
import { runSteps, type Step } from './scheduler.ts';

export interface ExecuteContext {
  readonly store: Store;
  readonly contents: ContentOpener;
  readonly bases: BaseLayers;
  /**
   * Brings a base's blobs into the store, its layers only where `bases` says so; gives the descriptors of everything
   * below its manifest.
   */
  fetchBase(action: FetchAction, signal: AbortSignal): Promise<readonly Descriptor[]>;
  /** Where layers may be taken from instead of being made; nowhere if absent. */
  readonly cache?: RemoteCache;
  /** How many actions run at once, and how many threads compress for all of them. */
  readonly jobs: number;
  /** Whether an action is to run even where its result is known. */
  readonly ignores: (action: Action) => boolean;
  /** Where the recipe stands, for explanations; absent for a plan made elsewhere. */
  readonly identity?: RecipeIdentity;
  /** What the plan was made of, likewise. */
  readonly inputs?: BuildInputs;
  /** The recipe's text and places, for diagnostics; absent for a plan made elsewhere. */
  readonly recipe?: Planning['recipe'];
  readonly emit: Emit;
  readonly signal: AbortSignal;
}

/** The images of the plan, whole in the store; or one diagnostic of what went wrong. */
export async function executePlan(
  portable: PortablePlan,
  context: ExecuteContext,
): Promise<Outcome<ImageSet>> {
  const { plan, trees } = portable;
  const { store, identity, inputs, emit } = context;
  const statuses = await planStatus(portable, context);
  const results = new Map<CacheKey, ActionResult>();
  emit({
    type: 'plan-made',
    actions: plan.actions.length,
    cached: statuses.filter((one) => one.cached).length,
    labels: plan.actions.map((action) => action.label),
  });
  const packer = createPacker({ threads: context.jobs });
  // A block under way may take seconds; whoever aborts does not wait for it.
  const endThreads = (): void => void packer.close();
  context.signal.addEventListener('abort', endThreads, { once: true });
  const built = new Set<CacheKey>();
  const steps = statuses.map((status) => stepOf(status, { portable, results, built, context, packer }));
  try {
    await runSteps(steps, context);
  } catch (error) {
    const diagnostic = diagnosticFor(error, context.recipe);
    if (diagnostic === undefined) throw error;
    return { ok: false, diagnostics: [diagnostic] };
  } finally {
    context.signal.removeEventListener('abort', endThreads);
    await packer.close();
  }
  const set = imageSetOf(plan, results);
  if (identity !== undefined && inputs !== undefined)
    await rememberBuild(store, identity, { inputs, trees, images: set.images, contents: context.contents });
  reportImages(set, { plan, results, built, emit });
  return succeed(set);
}

interface Execution {
  readonly portable: PortablePlan;
  readonly results: Map<CacheKey, ActionResult>;
  /** Keys of the actions that this build ran itself. */
  readonly built: Set<CacheKey>;
  readonly context: ExecuteContext;
  readonly packer: Packer;
}

function stepOf(status: ActionStatus, execution: Execution): Step<CacheKey> {
  const { action, cached, reason } = status;
  const { results, built, context } = execution;
  const run = async (signal: AbortSignal): Promise<void> => {
    const { result, outcome, from } =
      cached === undefined
        ? await executeAction(status, execution, signal)
        : ({ result: cached, outcome: 'cached' } satisfies Executed);
    results.set(action.key, result);
    if (outcome === 'built') built.add(action.key);
    const { label, kind } = action;
    const where = from === undefined ? {} : { from };
    context.emit({ type: 'action-finished', label, kind, outcome, ...where, reason, ...sizeOf(result) });
  };
  return { key: action.key, needs: needsOf(action), run };
}

interface Executed {
  readonly result: ActionResult;
  readonly outcome: 'built' | 'cached';
  /** The remote cache that it came from. */
  readonly from?: string;
}

function sizeOf(result: ActionResult): { digest: Descriptor['digest']; size: number } {
  const { digest, size } = headOf(result);
  return { digest, size };
}

async function executeAction(
  { action, reason }: ActionStatus,
  execution: Execution,
  signal: AbortSignal,
): Promise<Executed> {
  const { label, kind } = action;
  const { store, emit } = execution.context;
  emit({ type: 'action-started', label, kind, reason });
  try {
    const executed = await takeOrRun(action, execution, signal);
    await rememberResult(store, action, executed.result);
    return executed;
  } catch (error) {
    emit({ type: 'action-failed', label, kind });
    throw error instanceof Failure ? new ActionFailure(action, error) : error;
  }
}

async function takeOrRun(
  action: Action,
  { portable, results, context, packer }: Execution,
  signal: AbortSignal,
): Promise<Executed> {
  const { store, contents, cache, ignores, emit } = context;
  const { label } = action;
  const onProgress = (done: number, total?: number): void => {
    emit({ type: 'action-progress', label, done, ...(total === undefined ? {} : { total }) });
  };
  const making = { blobs: store.blobs, trees: portable.trees, packer, signal, onProgress };
  if (action.kind === 'layer' && !ignores(action)) {
    const taken = await cache?.take(action, making);
    if (taken !== undefined)
      return { result: { kind: 'layer', layer: taken.layer }, outcome: 'cached', from: taken.from };
  }
  // What makes layers is loaded when one has to be made.
  const { runAction } = await import('./run-action.ts');
  const result = await runAction(action, {
    ...making,
    contents,
    fetchBase: (fetch, stop) => context.fetchBase(fetch, stop),
    resultOf: (key) => results.get(key),
  });
  return { result, outcome: 'built' };
}

/** Carries which action failed from the step to the catcher above. */
class ActionFailure extends Error {
  readonly action: Action;
  readonly failure: Failure;

  constructor(action: Action, failure: Failure) {
    super(failure.message, { cause: failure });
    this.action = action;
    this.failure = failure;
  }
}

function diagnosticFor(error: unknown, recipe: Planning['recipe'] | undefined): Diagnostic | undefined {
  if (!(error instanceof ActionFailure)) return undefined;
  const place = recipe === undefined ? undefined : placeAt(recipe, error.action.cause);
  return { ...diagnosticOf(error.failure), ...(place === undefined ? {} : { place }) };
}
