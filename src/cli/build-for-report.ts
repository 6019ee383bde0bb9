/** Builds one image as `build` does, delivers it nowhere, and lays it open beside the recipe that made it. */
import type { ImageSide } from '../core/compare/image-side.ts';
import { type LayerSource, layerSources } from '../core/compare/layer-sources.ts';
import type { Timeline } from '../core/event/timeline.ts';
import { Bug } from '../core/diagnostic/bug.ts';
import type { PlannedImage } from '../core/plan/plan.ts';
import { planRecipe, type RecipePlan } from '../build.ts';
import { recallTimeline, rememberTimeline } from '../io/execute/build-timeline.ts';
import { buildOne, type BuiltOne } from './build-one.ts';
import { openSide } from './open-side.ts';
import type { LockOptions, RecipeOptions, RegistryOptions } from './options.ts';
import { recordTimeline } from './record-timeline.ts';
import type { Session } from './session.ts';
import { sessionRecipe } from './session-recipe.ts';
import type { Surroundings } from './surroundings.ts';

export interface ReportBuild {
  readonly planned: RecipePlan;
  readonly image: PlannedImage;
  readonly side: ImageSide;
  readonly sources: readonly LayerSource[];
  /** Of this build, or of the last one that had anything to do. */
  readonly timeline: Timeline;
}

export interface ReportBuildCall {
  readonly options: Omit<RecipeOptions, 'cache'> & RegistryOptions & LockOptions;
  /** The image that is wanted, where the recipe makes several. */
  readonly name: string | undefined;
}

export async function buildForReport(
  call: ReportBuildCall,
  outer: Session,
  surroundings: Surroundings,
): Promise<ReportBuild> {
  const { session, timeline } = recordTimeline(outer, surroundings);
  const { planned, image, built } = await build(call, session, surroundings);
  const [reference = image.name] = image.references;
  const side = await openSide(
    {
      reference: { transport: 'store', digest: built.root.digest },
      platform: call.options.platform,
      name: reference,
    },
    session,
  );
  const position = built.images.findIndex(({ manifest }) => manifest.digest === side.descriptor.digest);
  const made = image.platforms[position];
  if (made === undefined) throw new Bug(`the image has no manifest ${side.descriptor.digest}`);
  const sources = layerSources(planned, made.key);
  return { planned, image, side, sources, timeline: await lastTimeline(timeline(), planned, session) };
}

async function build(
  { options, name }: ReportBuildCall,
  session: Session,
  surroundings: Surroundings,
): Promise<BuiltOne<RecipePlan>> {
  const names = name === undefined ? [] : [name];
  const request = await sessionRecipe(
    { options: { ...options, cache: true }, names, access: 'read-write', lacking: 'add' },
    session,
    surroundings,
  );
  const makePlan = async (): Promise<RecipePlan> => session.valueOf(await planRecipe(request, session));
  const jobs = options.jobs ?? surroundings.processors;
  return buildOne({ makePlan, name, cure: 'name the one that is meant', jobs }, session);
}

async function lastTimeline(
  timeline: Timeline,
  { identity }: RecipePlan,
  { store }: Session,
): Promise<Timeline> {
  // Remembered and read again, the next report of the same build has the same bytes.
  await rememberTimeline(store.results, identity, timeline);
  return (await recallTimeline(store.results, identity)) ?? timeline;
}
