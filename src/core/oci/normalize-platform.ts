/** The one spelling of each platform (github.com/containerd/platforms, platforms.go Normalize). */
import type { Platform } from './platform.ts';
import { normalizeArchitecture, normalizeOs } from './platform-names.ts';

/** Lower case, aliases translated, the usual variant left out, features sorted and each once. */
export function normalizePlatform(platform: Platform): Platform {
  const { architecture, variant } = normalizeArchitecture(platform.architecture, platform.variant ?? '');
  const version = platform['os.version'] ?? '';
  const features = [...new Set(platform['os.features'])].sort((a, b) => (a < b ? -1 : 1));
  return {
    os: normalizeOs(platform.os),
    architecture,
    ...(variant === '' ? {} : { variant }),
    ...(version === '' ? {} : { 'os.version': version }),
    ...(features.length === 0 ? {} : { 'os.features': features }),
  };
}
