/**
 * Does what a plan says: for each action its result is recalled, or it runs and its result is recorded. Only a whole
 * success is recorded. A failure of the world becomes a diagnostic at the place of the action's cause.
 */
import { type Diagnostic, type Outcome, succeed } from '../../core/diagnostic/diagnostic.ts';
import { diagnosticOf, Failure } from '../../core/diagnostic/failure.ts';
import type { Emit } from '../../core/event/build-event.ts';
import type { ImageSet } from '../../core/image/image.ts';
import type { Descriptor } from '../../core/oci/descriptor.ts';
import type { Action, CacheKey, FetchAction, PortablePlan } from '../../core/plan/plan.ts';
import { needsOf } from '../../core/plan/graph.ts';
import { placeAt, type Planning } from '../../core/plan/planning.ts';
import { createPacker, type Packer } from '../layer/packer.ts';
import type { ContentOpener } from '../source/open-content.ts';
import type { Store } from '../store/store.ts';
import { type ActionResult, type BaseLayers, headOf, rememberResult } from './action-result.ts';
import { imageSetOf, reportImages } from './image-set.ts';
import { type RecipeIdentity, rememberBuild } from './last-build.ts';
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
  /** How many actions run at once, and how many threads compress for all of them. */
  readonly jobs: number;
  /** Whether an action is to run even where its result is known. */
  readonly ignores: (action: Action) => boolean;
  /** Where the recipe stands, for explanations; absent for a plan made elsewhere. */
  readonly identity?: RecipeIdentity;
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
  const { plan } = portable;
  const { store, ignores, bases, emit } = context;
  const statuses = await planStatus(portable, { store, ignores, bases, recipe: context.identity });
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
  const steps = statuses.map((status) => stepOf(status, { portable, results, context, packer }));
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
  const built = statuses.filter((status) => status.cached === undefined).map((status) => status.action.key);
  if (context.identity !== undefined && built.length > 0) {
    await rememberBuild(store, context.identity, portable);
  }
  const set = imageSetOf(plan, results);
  reportImages(set, { plan, results, built: new Set(built), emit });
  return succeed(set);
}

interface Execution {
  readonly portable: PortablePlan;
  readonly results: Map<CacheKey, ActionResult>;
  readonly context: ExecuteContext;
  readonly packer: Packer;
}

function stepOf(status: ActionStatus, execution: Execution): Step<CacheKey> {
  const { action, cached, reason } = status;
  const { results, context } = execution;
  const run = async (signal: AbortSignal): Promise<void> => {
    const result = cached ?? (await executeAction(status, execution, signal));
    results.set(action.key, result);
    const outcome = cached === undefined ? 'built' : 'cached';
    const { label, kind } = action;
    context.emit({ type: 'action-finished', label, kind, outcome, reason, ...sizeOf(result) });
  };
  return { key: action.key, needs: needsOf(action), run };
}

function sizeOf(result: ActionResult): { digest: Descriptor['digest']; size: number } {
  const { digest, size } = headOf(result);
  return { digest, size };
}

async function executeAction(
  { action, reason }: ActionStatus,
  { portable, results, context, packer }: Execution,
  signal: AbortSignal,
): Promise<ActionResult> {
  const { label, kind } = action;
  context.emit({ type: 'action-started', label, kind, reason });
  try {
    // What makes layers is loaded when one has to be made.
    const { runAction } = await import('./run-action.ts');
    const result = await runAction(action, {
      blobs: context.store.blobs,
      trees: portable.trees,
      contents: context.contents,
      packer,
      fetchBase: (fetch, stop) => context.fetchBase(fetch, stop),
      resultOf: (key) => results.get(key),
      signal,
      onProgress: (done) => {
        context.emit({ type: 'action-progress', label, done });
      },
    });
    await rememberResult(context.store, action, result);
    return result;
  } catch (error) {
    context.emit({ type: 'action-failed', label, kind });
    throw error instanceof Failure ? new ActionFailure(action, error) : error;
  }
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
