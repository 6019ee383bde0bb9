/** The image that a new one is set beside: the one that was named, or the one that the recipe gave before. */
import type { ImageSide } from '../core/compare/image-side.ts';
import { Failure } from '../core/diagnostic/failure.ts';
import { formatPlatform } from '../core/oci/platform.ts';
import { listBuilds, recallBuild } from '../io/execute/build-history.ts';
import type { ReportBuild } from './build-for-report.ts';
import { openSide } from './open-side.ts';
import type { Session } from './session.ts';

/**
 * `against` as written: a reference, `none`, or undefined for what was built before. Undefined where nothing was, or
 * where the store has it no more.
 */
export async function previousImage(
  against: string | undefined,
  built: ReportBuild,
  session: Session,
): Promise<ImageSide | undefined> {
  if (against === 'none') return undefined;
  if (against === undefined) return imageBefore(built, session);
  const platform = [formatPlatform(built.side.platform)];
  return openSide({ reference: against, name: against, platform }, session);
}

/** The newest build of the image that gave another one, of those that are still whole. */
async function imageBefore(built: ReportBuild, session: Session): Promise<ImageSide | undefined> {
  const { planned, image, side } = built;
  for (const listed of await listBuilds(session.store.results, planned.identity)) {
    const record = await recallBuild(session.store, listed);
    const made = record?.made.find(({ name }) => name === image.name);
    if (made === undefined || made.manifests.includes(side.descriptor.digest)) continue;
    const reference = { transport: 'store', digest: made.digest } as const;
    const platform = [formatPlatform(side.platform)];
    try {
      return await openSide({ reference, name: 'the build before', platform }, session);
    } catch (error) {
      // Of another platform, or collected meanwhile.
      if (!(error instanceof Failure)) throw error;
    }
  }
  return undefined;
}
