/**
 * Runs the unit, golden and reproducibility tests, or the folders of test/ that are named, under this Node, or under each
 * of the versions that are named. Each run ends in its own line of counts; the first that fails stops the rest.
 *
 *     node scripts/test-unit.mjs [--of=FOLDER,…] [VERSION…]
 */
import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { nodeOfVersion } from './node-versions.mjs';

const root = resolve(import.meta.dirname, '..');
const vitest = 'node_modules/vitest/vitest.mjs';
const all = ['core', 'io', 'cli', 'diagnostics', 'explain', 'golden', 'reproducibility'];
const named = process.argv.slice(2);
const of = named.find((argument) => argument.startsWith('--of='));
const folders = of === undefined ? all : of.slice('--of='.length).split(',');
const versions = named.filter((argument) => argument !== of);

for (const node of versions.length > 0
  ? versions.map((version) => nodeOfVersion(version))
  : [process.execPath]) {
  const { stdout } = spawnSync(node, ['--version'], { encoding: 'utf8' });
  process.stdout.write(`\nNode ${stdout.trim()}\n`);
  const filters = folders.map((folder) => `test/${folder}/`);
  const { status } = spawnSync(node, [vitest, 'run', ...filters], {
    cwd: root,
    stdio: 'inherit',
  });
  if (status !== 0) process.exit(1);
}
