/**
 * Both images of the whole path, every way into every engine: the usual run of that test takes one of them each way.
 *
 *     node scripts/engine-campaign.mjs      needs what `npm run setup:interop` installs
 */
import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';

const { status } = spawnSync(
  process.execPath,
  ['node_modules/vitest/vitest.mjs', 'run', 'test/interop/whole-path-run.test.ts'],
  {
    cwd: resolve(import.meta.dirname, '..'),
    stdio: 'inherit',
    env: { ...process.env, LAYERWRIGHT_CAMPAIGN: 'engines' },
  },
);
process.exit(status ?? 1);
