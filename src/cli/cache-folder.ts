/** Where the store is: LAYERWRIGHT_CACHE_DIR, else `layerwright` in XDG_CACHE_HOME or ~/.cache (XDG Base Directory Specification). */
import { isAbsolute, join, resolve } from 'node:path';
import type { Surroundings } from './surroundings.ts';

export function cacheFolder({ cwd, env, home }: Pick<Surroundings, 'cwd' | 'env' | 'home'>): string {
  const named = env['LAYERWRIGHT_CACHE_DIR'];
  if (named !== undefined && named !== '') return resolve(cwd, named);
  const base = env['XDG_CACHE_HOME'];
  // The specification says to pass over a base folder that is not absolute.
  return join(base !== undefined && isAbsolute(base) ? base : join(home, '.cache'), 'layerwright');
}
