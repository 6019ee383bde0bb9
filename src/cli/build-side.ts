/** What the recipe would give now, or what a plan gives, laid open: executed into the store and delivered nowhere. */
import type { ImageSide } from '../core/compare/image-side.ts';
import { layerOrigins } from '../core/compare/layer-origins.ts';
import { Bug } from '../core/diagnostic/bug.ts';
import type { BuiltImage } from '../core/image/image.ts';
import type { Plan } from '../core/plan/plan.ts';
import { executeRecipe, planRecipe, type RecipePlan } from '../build.ts';
import { boundMemory } from './bound-memory.ts';
import { oneImage } from './one-image.ts';
import { openSide } from './open-side.ts';
import type { LockOptions, RecipeOptions, RegistryOptions } from './options.ts';
import { type RecipeCall, recipeRequest } from './recipe-request.ts';
import { repairingStore } from './repair-store.ts';
import type { Session } from './session.ts';
import type { Surroundings } from './surroundings.ts';
import { readBytes } from './write-file.ts';

export interface BuildSideCall {
  readonly options: Omit<RecipeOptions, 'cache'> & RegistryOptions & LockOptions;
  /** Of the image that is wanted, where the recipe makes several. */
  readonly image: string | undefined;
  /** What the image is called in what is said of it. */
  readonly name: string;
}

type Planned = Pick<RecipePlan, 'portable' | 'contextFolder'> & Partial<Pick<RecipePlan, 'recipe'>>;

/** Pins that the lock lacks are refused, as by `plan`: whoever looks at an image changes no file. */
export async function openRecipeSide(
  call: BuildSideCall,
  session: Session,
  surroundings: Surroundings,
): Promise<ImageSide> {
  const { folder, statFolder } = session;
  const recipeCall: RecipeCall = {
    options: { ...call.options, cache: true },
    names: call.image === undefined ? [] : [call.image],
    folder,
    stats: { folder: statFolder, access: 'read-write' },
    lacking: 'refuse',
    onLock: session.addSource,
  };
  const request = await recipeRequest(recipeCall, surroundings);
  session.addSource(request.source);
  const plan = async (): Promise<Planned> => session.valueOf(await planRecipe(request, session));
  return openPlanned(plan, call, { session, surroundings });
}

/** A plan that `plan --out` wrote; contents that the store lacks are read beside the working folder. */
export async function openPlanSide(
  file: string,
  call: BuildSideCall,
  { session, surroundings }: { readonly session: Session; readonly surroundings: Surroundings },
): Promise<ImageSide> {
  const { readPortablePlan } = await import('../core/plan/read-plan.ts');
  const portable = session.valueOf(readPortablePlan(readBytes(session.folder, file), file));
  const planned = { portable, contextFolder: session.folder };
  return openPlanned(() => Promise.resolve(planned), call, { session, surroundings });
}

async function openPlanned(
  makePlan: () => Promise<Planned>,
  { options, image, name }: BuildSideCall,
  { session, surroundings }: { readonly session: Session; readonly surroundings: Surroundings },
): Promise<ImageSide> {
  boundMemory();
  const jobs = options.jobs ?? surroundings.processors;
  const ignores = (): boolean => false;
  const execute = async (): Promise<{ built: BuiltImage; plan: Plan }> => {
    // Not the recipe's identity: its last build stays the last one that somebody asked for.
    const { portable, contextFolder, recipe } = await makePlan();
    // Known before anything is made.
    const wanted = oneImage(portable.plan, image, 'name the one that is meant with --image').name;
    const recipeOf = recipe === undefined ? {} : { recipe };
    const request = { portable, contextFolder, jobs, ignores, ...recipeOf };
    const made = session.valueOf(await executeRecipe(request, session));
    const built = made.images.find((one) => one.name === wanted);
    if (built === undefined) throw new Bug(`the plan made no ${wanted}`);
    return { built, plan: portable.plan };
  };
  const { built, plan } = await repairingStore(execute, (warning) => {
    session.show(warning);
  });
  const reference = { transport: 'store', digest: built.root.digest } as const;
  const origins = layerOrigins(plan, built);
  return openSide({ reference, platform: options.platform, name, origins }, session);
}
