/** What the recipe would give now, or what a plan gives, laid open: executed into the store and delivered nowhere. */
import type { ImageSide } from '../core/compare/image-side.ts';
import { layerOrigins } from '../core/compare/layer-origins.ts';
import { planRecipe } from '../build.ts';
import { buildOne, type PlannedBuild } from './build-one.ts';
import { openSide } from './open-side.ts';
import type { LockOptions, RecipeOptions, RegistryOptions } from './options.ts';
import type { Session } from './session.ts';
import { sessionRecipe } from './session-recipe.ts';
import type { Surroundings } from './surroundings.ts';
import { readBytes } from './write-file.ts';

export interface BuildSideCall {
  readonly options: Omit<RecipeOptions, 'cache'> & RegistryOptions & LockOptions;
  /** Of the image that is wanted, where the recipe makes several. */
  readonly image: string | undefined;
  /** What the image is called in what is said of it. */
  readonly name: string;
}

/** Pins that the lock lacks are refused, as by `plan`: whoever looks at an image changes no file. */
export async function openRecipeSide(
  call: BuildSideCall,
  session: Session,
  surroundings: Surroundings,
): Promise<ImageSide> {
  const names = call.image === undefined ? [] : [call.image];
  const options = { ...call.options, cache: true };
  const request = await sessionRecipe(
    { options, names, access: 'read-write', lacking: 'refuse' },
    session,
    surroundings,
  );
  const plan = async (): Promise<PlannedBuild> => {
    // Not the recipe's identity: its last build stays the last one that somebody asked for.
    const { portable, contextFolder, recipe } = session.valueOf(await planRecipe(request, session));
    return { portable, contextFolder, recipe };
  };
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
  makePlan: () => Promise<PlannedBuild>,
  { options, image, name }: BuildSideCall,
  { session, surroundings }: { readonly session: Session; readonly surroundings: Surroundings },
): Promise<ImageSide> {
  const jobs = options.jobs ?? surroundings.processors;
  const cure = 'name the one that is meant with --image';
  const { planned, built } = await buildOne({ makePlan, name: image, cure, jobs }, session);
  const reference = { transport: 'store', digest: built.root.digest } as const;
  const origins = layerOrigins(planned.portable.plan, built);
  return openSide({ reference, platform: options.platform, name, origins }, session);
}
