/** A build that came to a good end. */
import type { RecipePlan } from '../build.ts';
import type { BuiltImage } from '../core/image/image.ts';

export interface GoodBuild {
  readonly planned: RecipePlan;
  readonly images: readonly BuiltImage[];
}
