/** Remote caches that cannot be read, and entries that are not what they claim to be. */
import type { DiagnosticCode } from '../../../src/core/diagnostic/catalogue.ts';
import { type CacheScene, startCacheScene } from '../../rigs/cache-scene.ts';
import type { DiagnosticCase } from '../diagnostic-case.ts';

function building(
  code: DiagnosticCode,
  act: (scene: CacheScene) => readonly string[] | undefined,
): DiagnosticCase {
  const make: DiagnosticCase['make'] = async () => {
    const scene = await startCacheScene();
    try {
      return { diagnostics: (await scene.build(act(scene))).warnings };
    } finally {
      await scene.stop();
    }
  };
  return { code, make, scrub: (text) => text.replace(/127\.0\.0\.1:\d{2,}/g, '127.0.0.1:PORT') };
}

export const cacheCases: readonly DiagnosticCase[] = [
  building('cache/unavailable', () => ['127.0.0.1:1/team/cache']),
  building('cache/entry-refused', (scene) => {
    scene.setEntry('settings', { ...scene.entry('copy dist') });
    return undefined;
  }),
];
