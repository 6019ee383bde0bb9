/** Which packages of a lock are installed, by platform and by what is omitted: as `npm ci --dry-run` says it. */
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { npmPlatform } from '../../../src/core/npm/npm-platform.ts';
import { type Omitted, packageClosure } from '../../../src/core/npm/package-closure.ts';
import { parsePackageLock } from '../../../src/core/npm/package-lock.ts';
import { hasNpmRegistry, packagesToAdd } from '../../rigs/npm-oracle.ts';
import {
  glibcOnArm64,
  glibcOnX64,
  muslOnX64,
  type NpmTarget,
  projectNames,
  targetName,
} from '../../rigs/npm-project.ts';
import { hasProgram } from '../../rigs/runtimes.ts';

const isCampaign = process.env['LAYERWRIGHT_CAMPAIGN'] === 'npm';
const canRun = hasProgram('npm') && hasNpmRegistry();
const root = resolve(import.meta.dirname, '../../..');

const production: readonly Omitted[] = ['dev'];
const everywhere = [glibcOnX64, glibcOnArm64, muslOnX64].map((target) => ({ target, omit: production }));
const otherOmissions: readonly (readonly Omitted[])[] = [
  [],
  ['dev', 'optional'],
  ['dev', 'peer'],
  ['optional'],
];
const trials = [...everywhere, ...otherOmissions.map((omit) => ({ target: glibcOnX64, omit }))];

/** Six hundred packages, and dev and optional dependencies that share some of theirs. */
const usual = ['bench/npm/large', 'test/interop/npm/projects/rollup-service'];
const folders = isCampaign
  ? [...usual, ...projectNames.map((name) => `test/interop/npm/projects/${name}`)]
  : usual;

describe.skipIf(!canRun)('npm would install the same packages (needs npm with a registry)', () => {
  test.each(folders)('%s', { timeout: 900_000 }, async (path) => {
    const folder = join(root, path);
    for (const { target, omit } of isCampaign ? trials : trials.slice(-4)) {
      const about = `${targetName(target)}, without ${omit.join()}`;
      expect(ourPackages(folder, target, omit), about).toEqual(await packagesToAdd(folder, target, omit));
    }
  });
});

/** `name version`, sorted; those inside of another's tarball are not npm's to install. */
function ourPackages(folder: string, { cpu, libc }: NpmTarget, omit: readonly Omitted[]): string[] {
  const parsed = parsePackageLock(
    readFileSync(join(folder, 'package-lock.json'), 'utf8'),
    'package-lock.json',
  );
  if (!parsed.ok) throw new Error(parsed.problem.message);
  const platform = npmPlatform({ os: 'linux', architecture: cpu === 'x64' ? 'amd64' : cpu }, libc);
  const { packages } = packageClosure({ lock: parsed.lock, project: '', omit: new Set(omit), platform });
  return packages
    .filter(({ locked }) => !locked.inBundle)
    .map(({ place, locked }) => `${place.replace(/^.*node_modules[/]/, '')} ${locked.version ?? ''}`)
    .sort();
}
