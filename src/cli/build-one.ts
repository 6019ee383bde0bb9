/** One image of a plan, executed into the store and delivered nowhere, for commands that look at what would be built. */
import { executeRecipe, type RecipePlan } from '../build.ts';
import { Bug } from '../core/diagnostic/bug.ts';
import type { BuiltImage } from '../core/image/image.ts';
import type { PlannedImage } from '../core/plan/plan.ts';
import { boundMemory } from './bound-memory.ts';
import { oneImage } from './one-image.ts';
import { repairingStore } from './repair-store.ts';
import type { Session } from './session.ts';

/** A plan of a recipe, or one that was made elsewhere; with an identity it becomes the recipe's last build. */
export type PlannedBuild = Pick<RecipePlan, 'portable' | 'contextFolder'> & Partial<RecipePlan>;

export interface BuildOneCall<Planned extends PlannedBuild> {
  /** Asked again where the store had to be repaired. */
  readonly makePlan: () => Promise<Planned>;
  /** Of the image that is wanted, where there are several. */
  readonly name: string | undefined;
  /** How the one that is meant is named. */
  readonly cure: string;
  readonly jobs: number;
}

export interface BuiltOne<Planned extends PlannedBuild> {
  readonly planned: Planned;
  readonly image: PlannedImage;
  readonly built: BuiltImage;
}

/** Throws `command/bad-argument` before anything is made where the image is not known. */
export function buildOne<Planned extends PlannedBuild>(
  { makePlan, name, cure, jobs }: BuildOneCall<Planned>,
  session: Session,
): Promise<BuiltOne<Planned>> {
  boundMemory();
  const ignores = (): boolean => false;
  const work = async (): Promise<BuiltOne<Planned>> => {
    const planned = await makePlan();
    const image = oneImage(planned.portable.plan, name, cure);
    const { images } = session.valueOf(await executeRecipe({ ...planned, jobs, ignores }, session));
    const built = images.find((one) => one.name === image.name);
    if (built === undefined) throw new Bug(`the plan made no ${image.name}`);
    return { planned, image, built };
  };
  return repairingStore(work, (warning) => {
    session.show(warning);
  });
}
