/** From results to the images that people asked for, and what is said of each at the end of a build. */
import { Bug } from '../../core/diagnostic/bug.ts';
import type { Emit } from '../../core/event/build-event.ts';
import type { BuiltImage, Image, ImageSet } from '../../core/image/image.ts';
import { formatPlatform } from '../../core/oci/platform.ts';
import type { CacheKey, Plan, PlannedImage } from '../../core/plan/plan.ts';
import type { ActionResult } from './action-result.ts';

type Results = ReadonlyMap<CacheKey, ActionResult>;

export function imageSetOf(plan: Plan, results: Results): ImageSet {
  return { images: plan.images.map((planned) => builtImage(planned, results)) };
}

function builtImage(planned: PlannedImage, results: Results): BuiltImage {
  const images = planned.platforms.map(({ key }) => imageOf(key, results));
  const head = results.get(planned.key);
  const root = head?.kind === 'index' ? head.index : images[0]?.manifest;
  if (root === undefined) throw new Bug(`image ${planned.name} has no platform`);
  const { name, references } = planned;
  return { name, references, root, images };
}

function imageOf(key: CacheKey, results: Results): Image {
  const result = results.get(key);
  if (result?.kind !== 'image') throw new Bug(`no image under ${key}`);
  return result.image;
}

/** One event for each platform of each image: its size, and how much of it this build made. */
export function reportImages(
  set: ImageSet,
  made: {
    readonly plan: Plan;
    readonly results: Results;
    readonly built: ReadonlySet<CacheKey>;
    readonly emit: Emit;
  },
): void {
  const newLayers = new Set(
    [...made.built].flatMap((key) => {
      const result = made.results.get(key);
      return result?.kind === 'layer' ? [result.layer.descriptor.digest] : [];
    }),
  );
  for (const { name, images } of set.images) {
    for (const { manifest, layers, platform } of images) {
      const sizes = layers.map(({ descriptor }) => descriptor.size);
      const fresh = layers.filter(({ descriptor }) => newLayers.has(descriptor.digest));
      made.emit({
        type: 'image-finished',
        name,
        platform: formatPlatform(platform),
        digest: manifest.digest,
        size: sum(sizes),
        newBytes: sum(fresh.map(({ descriptor }) => descriptor.size)),
      });
    }
  }
}

function sum(sizes: readonly number[]): number {
  return sizes.reduce((total, size) => total + size, 0);
}
