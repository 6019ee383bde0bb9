/**
 * The npm proofs at full width: every project of test/interop/npm/projects for every target against npm itself, every
 * service under runc, Next.js compiled too. The usual run of those tests takes some of it.
 *
 *     node scripts/npm-campaign.mjs [FILTER…]      files of test/interop/npm, such as trees
 */
import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';

const filters = process.argv.slice(2).map((name) => `test/interop/npm/${name}`);
const { status } = spawnSync(
  process.execPath,
  ['node_modules/vitest/vitest.mjs', 'run', ...(filters.length > 0 ? filters : ['test/interop/npm/'])],
  {
    cwd: resolve(import.meta.dirname, '..'),
    stdio: 'inherit',
    env: { ...process.env, LAYERWRIGHT_CAMPAIGN: 'npm' },
  },
);
process.exit(status ?? 1);
