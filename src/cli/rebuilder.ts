/**
 * Builds a recipe again and again in one process: plans, and does what the plan says where it says something new. The
 * last good images stay what they are until better ones stand in their place; what is wrong is shown once.
 */
import { executeRecipe, planRecipe, type RecipePlan } from '../build.ts';
import type { Diagnostic, Outcome } from '../core/diagnostic/diagnostic.ts';
import { diagnosticOf, DiagnosticsError, Failure } from '../core/diagnostic/failure.ts';
import type { BuildEvent } from '../core/event/build-event.ts';
import type { RebuildFinished, WatchEvent } from '../core/event/watch-event.ts';
import type { BuiltImage } from '../core/image/image.ts';
import { KeptIndexes } from '../io/execute/kept-indexes.ts';
import type { OnRead } from '../io/source/read-place.ts';
import type { FolderWatch } from '../io/watch/folder-watch.ts';
import type { WatchBuild } from '../io/watch/watch-session.ts';
import type { Engine } from '../io/transport/engine.ts';
import { basesFor, type DeliveryOptions, requireDestinations } from './deliver-all.ts';
import type { GoodBuild } from './good-build.ts';
import { handOut, indexInStore, offerByName } from './hand-out.ts';
import { ignoredActions } from './ignored-actions.ts';
import type { RecipeOptions } from './options.ts';
import { type RecipeCall, recipeRequest } from './recipe-request.ts';
import { repairingStore } from './repair-store.ts';
import { refuseOwnOutputs } from './own-outputs.ts';
import { changedImages, sameImages } from './rebuild-changes.ts';
import type { Session } from './session.ts';
import type { Surroundings } from './surroundings.ts';

export interface RebuilderOptions {
  readonly call: RecipeCall & { readonly options: RecipeOptions & DeliveryOptions };
  readonly session: Session;
  readonly surroundings: Surroundings;
  readonly folders: FolderWatch;
  readonly engine: Engine | undefined;
  /** Whether the images have to be whole in the store, wherever else they go. */
  readonly keepsWhole: boolean;
  readonly tell: (event: WatchEvent) => void;
  /** The first build has ended, well or not. */
  readonly onFirst: () => void;
  /** Told of images that are new, or were asked for again. */
  readonly onGood: (built: GoodBuild) => Promise<void>;
  /** A file changed while it was read; whoever watches has not told of it yet. */
  readonly onOutdated: () => void;
}

/** What fails since a file changed while it was read, by the snapshot or by the pack. */
const changedUnderHands: ReadonlySet<string> = new Set(['source/changed', 'layer/file-changed']);

/** A file that changes at each reading is told of after so many. */
const mostRetries = 5;

export class Rebuilder {
  readonly #options: RebuilderOptions;
  readonly #indexes: KeptIndexes;
  #good: GoodBuild | undefined;
  /** What the last build said, as it was said. */
  #said: { readonly failure?: string; readonly warnings: ReadonlySet<string> } = { warnings: new Set() };
  /** Until a build has come to its end. */
  #isFirst = true;
  #retries = 0;

  constructor(options: RebuilderOptions) {
    this.#options = options;
    this.#indexes = new KeptIndexes(options.call.stats.folder);
  }

  /** The last good build; undefined before there is one. */
  get good(): GoodBuild | undefined {
    return this.#good;
  }

  /** Rejects for bugs only. */
  async build(build: WatchBuild): Promise<void> {
    const { tell } = this.#options;
    tell({ type: 'build-began' });
    await this.#attempt(build);
    tell({ type: 'build-ended', outdated: build.signal.aborted });
    if (this.#isFirst && !build.signal.aborted) {
      this.#isFirst = false;
      this.#indexes.save();
      this.#options.onFirst();
    }
  }

  /** Leaves the store and what is remembered as a build would have left them. */
  async close(): Promise<void> {
    this.#indexes.save();
    await indexInStore(this.#good?.images ?? [], this.#options.session);
  }

  async #attempt(build: WatchBuild): Promise<void> {
    const { session, tell } = this.#options;
    try {
      await this.#make(build, { ...session, signal: build.signal, emit: this.#emitter(build) });
      this.#retries = 0;
    } catch (error) {
      if (build.signal.aborted) return;
      const problems = diagnosticsOf(error);
      if (problems === undefined) throw error;
      if (this.#isOutdated(problems)) this.#options.onOutdated();
      else tell(this.#failed(build, problems));
    }
  }

  /** What was given up says no more. */
  #emitter({ signal }: WatchBuild): (event: BuildEvent) => void {
    return (event) => {
      if (!signal.aborted) this.#options.session.emit(event);
    };
  }

  async #make({ cause }: WatchBuild, work: Session): Promise<void> {
    const planned = await this.#plan(work);
    const isNew = !sameImages(this.#good?.planned, planned);
    if (!isNew && cause === 'change' && this.#said.failure === undefined) {
      this.#tellFinished({ outcome: 'unchanged', cause, causes: [], images: [] });
      return;
    }
    const images = await this.#execute(planned, work);
    const before = this.#good;
    this.#good = { planned, images };
    this.#said = { warnings: this.#said.warnings };
    if (isNew || cause === 'asked') await this.#options.onGood(this.#good);
    if (this.#isFirst) return;
    const changed = await changedImages(before, this.#good, work.store);
    this.#tellFinished({ outcome: 'rebuilt', cause, ...changed });
  }

  #tellFinished(finished: Omit<RebuildFinished, 'type'>): void {
    this.#options.tell({ type: 'rebuild-finished', ...finished });
  }

  async #plan(work: Session): Promise<RecipePlan> {
    const { call, folders, surroundings } = this.#options;
    folders.begin();
    const stats = { ...call.stats, kept: this.#indexes };
    const onRead: OnRead = (place) => folders.add(place);
    const request = await recipeRequest({ ...call, stats, onRead }, surroundings);
    work.addSource(request.source);
    const planned = this.#valueOf(await planRecipe(request, work));
    folders.keepAdded();
    return planned;
  }

  async #execute(planned: RecipePlan, work: Session): Promise<readonly BuiltImage[]> {
    const { call, engine, folders, surroundings, keepsWhole } = this.#options;
    const { options } = call;
    const { plan } = planned.portable;
    const deliveries = requireDestinations(plan.images, options, { ...planned, folder: work.folder });
    refuseOwnOutputs(deliveries, planned, folders);
    const ignores = this.#isFirst ? ignoredActions(options, plan) : () => false;
    const jobs = options.jobs ?? surroundings.processors;
    const bases = keepsWhole || engine !== undefined ? 'bring' : basesFor(deliveries);
    return repairingStore(
      async () => {
        const made = this.#valueOf(await executeRecipe({ ...planned, bases, jobs, ignores }, work));
        await handOut(made.images, { session: work, planned, deliveries, engine });
        await offerByName(made.images, work);
        return made.images;
      },
      (warning) => work.emit({ type: 'diagnostic', diagnostic: warning }),
    );
  }

  /** Warnings are shown once for as long as they stand. */
  #valueOf<T>(outcome: Outcome<T>): T {
    if (!outcome.ok) throw new DiagnosticsError(outcome.diagnostics);
    const warnings = new Map(outcome.warnings.map((warning) => [JSON.stringify(warning), warning]));
    for (const [text, warning] of warnings)
      if (!this.#said.warnings.has(text)) this.#options.session.show(warning);
    if (outcome.warnings.length > 0) this.#said = { ...this.#said, warnings: new Set(warnings.keys()) };
    return outcome.value;
  }

  #isOutdated(problems: readonly Diagnostic[]): boolean {
    this.#retries += 1;
    return this.#retries <= mostRetries && problems.every(({ code }) => changedUnderHands.has(code));
  }

  #failed({ cause }: WatchBuild, problems: readonly Diagnostic[]): WatchEvent {
    const { session } = this.#options;
    const failure = JSON.stringify(problems);
    const isKnown = failure === this.#said.failure;
    if (!isKnown) for (const problem of problems) session.show(problem);
    this.#said = { ...this.#said, failure };
    const images = this.#good?.images.map(({ name, root }) => ({ name, digest: root.digest })) ?? [];
    return {
      type: 'rebuild-finished',
      outcome: isKnown ? 'failed-again' : 'failed',
      cause,
      causes: [],
      images,
    };
  }
}

function diagnosticsOf(error: unknown): readonly Diagnostic[] | undefined {
  if (error instanceof DiagnosticsError) return error.diagnostics;
  return error instanceof Failure ? [diagnosticOf(error)] : undefined;
}
