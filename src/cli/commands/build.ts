/** `layerwright build`: plan, execute, deliver; one line on stdout for each image. */
import { executeRecipe, planRecipe, writeCaches } from '../../build.ts';
import { exitCodes } from '../../core/diagnostic/exit-code.ts';
import type { BuiltImage } from '../../core/image/image.ts';
import { rememberTimeline } from '../../io/execute/build-timeline.ts';
import { boundMemory } from '../bound-memory.ts';
import { buildMetadata } from '../build-metadata.ts';
import type { PlannedBuild } from '../build-one.ts';
import { type CacheOptions, cacheRepositories } from '../cache-repositories.ts';
import { CommandError } from '../command-error.ts';
import type { Invocation } from '../command-spec.ts';
import { copiedDeliveries } from '../copied-output.ts';
import { basesFor, type DeliveryOptions, requireDestinations } from '../deliver-all.ts';
import type { GithubStep } from '../github-step.ts';
import { engineOf, handOut, indexInStore, nameOf, offerByName } from '../hand-out.ts';
import { ignoredActions } from '../ignored-actions.ts';
import type { CommonOptions, LockOptions, RecipeOptions, RegistryOptions } from '../options.ts';
import { recordTimeline } from '../record-timeline.ts';
import { isGithubStep } from '../renderer-kind.ts';
import { repairingStore } from '../repair-store.ts';
import { type Session, withSession } from '../session.ts';
import { sessionRecipe } from '../session-recipe.ts';
import type { Surroundings } from '../surroundings.ts';
import { readBytes, replaceTextFile } from '../write-file.ts';

interface BuildOptions
  extends RecipeOptions, RegistryOptions, LockOptions, CommonOptions, DeliveryOptions, CacheOptions {
  readonly plan?: string;
  readonly load?: boolean;
  readonly metadataFile?: string;
  readonly digestFile?: string;
}

export async function runBuild(invocation: Invocation, surroundings: Surroundings): Promise<number> {
  boundMemory();
  const options = invocation.options as unknown as BuildOptions;
  return withSession({ options, surroundings, access: 'read-write' }, async (opened) => {
    const { session, timeline } = recordTimeline(opened, surroundings);
    const engine = options.load === true ? await engineOf(session, surroundings.env) : undefined;
    const step = isGithubStep(surroundings.env) ? await stepOf(session, surroundings.env) : undefined;
    const makePlan = await planner(invocation, session, surroundings);
    const jobs = options.jobs ?? surroundings.processors;
    const cacheFrom = cacheRepositories('--cache-from', options.cacheFrom);
    const cacheTo = cacheRepositories('--cache-to', options.cacheTo);
    const { images, portable, identity } = await repairingStore(
      async () => {
        const planned = await makePlan();
        const { plan } = planned.portable;
        const deliveries = requireDestinations(plan.images, options, { ...planned, folder: session.folder });
        const ignores = ignoredActions(options, plan);
        const bases = basesFor(deliveries);
        for (const copied of copiedDeliveries(deliveries, planned)) session.show(copied);
        await step?.begin(planned);
        const made = session.valueOf(
          await executeRecipe(
            { ...planned, bases, jobs, ignores, cacheFrom },
            { ...session, emit: step?.emit ?? session.emit },
          ),
        );
        await handOut(made.images, { session, planned, deliveries, engine });
        await indexInStore(made.images, session);
        await offerByName(made.images, session);
        return { images: made.images, portable: planned.portable, identity: planned.identity };
      },
      (warning) => {
        session.show(warning);
      },
    );
    writeFiles(images, options, session.folder);
    if (identity !== undefined) await rememberTimeline(session.store.results, identity, timeline());
    surroundings.stdout.write(
      options.json === true ? jsonText(images) : images.map((image) => `${nameOf(image)}\n`).join(''),
    );
    step?.finish(images);
    // The images stand where they belong by now, so a cache that cannot be written costs none of them.
    if (cacheTo.length > 0) await writeCaches(portable, cacheTo, session);
    return exitCodes.done;
  });
}

/** Loaded where there is a step to tell. */
async function stepOf(session: Session, env: Surroundings['env']): Promise<GithubStep> {
  const { openGithubStep } = await import('../github-step.ts');
  return openGithubStep(session, env);
}

/** Reads the plan file or the recipe, which may be standard input, and gives what makes the plan of it. */
async function planner(
  invocation: Invocation,
  session: Session,
  surroundings: Surroundings,
): Promise<() => Promise<PlannedBuild>> {
  const options = invocation.options as unknown as BuildOptions;
  if (options.plan !== undefined) {
    if (invocation.operands.length > 0)
      throw new CommandError('command/bad-argument', 'a plan is executed whole, and images are named too', {
        help: 'leave out the names, or name them when the plan is made',
      });
    const { readPortablePlan } = await import('../../core/plan/read-plan.ts');
    const portable = session.valueOf(readPortablePlan(readBytes(session.folder, options.plan), options.plan));
    return () => Promise.resolve({ portable, contextFolder: session.folder });
  }
  const call = { options, names: invocation.operands, access: 'read-write', lacking: 'add' } as const;
  const request = await sessionRecipe(call, session, surroundings);
  return async () => session.valueOf(await planRecipe(request, session));
}

function jsonText(images: readonly BuiltImage[]): string {
  return `${JSON.stringify({ images: images.map((image) => ({ ...image, reference: nameOf(image) })) }, undefined, 2)}\n`;
}

function writeFiles(images: readonly BuiltImage[], options: BuildOptions, folder: string): void {
  if (options.digestFile !== undefined) {
    replaceTextFile(folder, options.digestFile, images.map((image) => `${image.root.digest}\n`).join(''));
  }
  if (options.metadataFile !== undefined) {
    replaceTextFile(folder, options.metadataFile, `${JSON.stringify(buildMetadata(images), undefined, 2)}\n`);
  }
}
