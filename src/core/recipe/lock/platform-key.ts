/** What the lock calls a platform. */
import { normalizePlatform } from '../../oci/normalize-platform.ts';
import { formatPlatformInFull, type Platform } from '../../oci/platform.ts';

/** `linux/arm64`, whichever way it was written. */
export function platformKey(platform: Platform): string {
  return formatPlatformInFull(normalizePlatform(platform));
}
