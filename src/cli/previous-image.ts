/** The image that a new one is set beside: the one that was named, or the one that the recipe gave before. */
import type { ImageSide } from '../core/compare/image-side.ts';
import { formatPlatform } from '../core/oci/platform.ts';
import type { ReportBuild } from './build-for-report.ts';
import { openSide } from './open-side.ts';
import type { Session } from './session.ts';

/** `against` as written: a reference, `none`, or undefined for whatever was built before; undefined where nothing was. */
export async function previousImage(
  against: string | undefined,
  { side }: ReportBuild,
  session: Session,
): Promise<ImageSide | undefined> {
  if (against === 'none') return undefined;
  const platform = [formatPlatform(side.platform)];
  if (against !== undefined) return openSide({ reference: against, name: against, platform }, session);
  return undefined;
}
