/**
 * `npm: .` lays out what npm itself lays out: real projects, locked as npm locks them, installed by `npm ci --omit=dev
 * --ignore-scripts` for a target, and the image for the same target unpacked by umoci, node by node. `npm run
 * campaign:npm` does it for every project and every target.
 */
import { chmodSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { succeed } from '../../rigs/command.ts';
import { hasNpmRegistry, laidOut, npmCi, npmRegistry, oracleTree } from '../../rigs/npm-oracle.ts';
import {
  copyProject,
  glibcOnArm64,
  glibcOnX64,
  muslOnX64,
  type NpmTarget,
  projectNames,
  targetName,
  writeTreeRecipe,
} from '../../rigs/npm-project.ts';
import { hasProgram } from '../../rigs/runtimes.ts';
import { type ScratchFolder, scratchFolder } from '../../rigs/scratch-folder.ts';
import { differingNodes } from '../../rigs/tree-listing.ts';
import { unpackByUmoci } from '../../rigs/umoci.ts';

const targets = [glibcOnX64, glibcOnArm64, muslOnX64];
const isCampaign = process.env['LAYERWRIGHT_CAMPAIGN'] === 'npm';
const canRun = hasProgram('npm') && hasProgram('umoci') && hasNpmRegistry();

/** In a usual run each project once; where native code is chosen, for another processor or libc than services.test.ts. */
const usual = new Map<string, readonly NpmTarget[]>([
  ['next-app', isCampaign ? [glibcOnX64] : []],
  ['esbuild-service', [glibcOnArm64]],
  ['rollup-service', [muslOnX64]],
  ['sharp-service', [glibcOnArm64]],
  ['swc-service', [muslOnX64]],
]);
const trials = projectNames.flatMap((name) =>
  (isCampaign ? targets : (usual.get(name) ?? [glibcOnX64])).map((target) => ({ name, target })),
);

let scratch: ScratchFolder;
beforeAll(() => {
  scratch = scratchFolder('npm-trees');
});
afterAll(() => {
  scratch.remove();
});

describe.skipIf(!canRun)('npm lays out the same (needs npm with a registry, and umoci)', () => {
  test.for(trials.map(({ name, target }) => [name, targetName(target), target] as const))(
    '%s for %s',
    { timeout: 900_000 },
    async ([name, , target]) => {
      const folder = copyProject(name, join(scratch.path, `${name}-${targetName(target)}`));
      await npmCi(folder, target);
      const theirs = oracleTree(folder);
      const root = buildAndUnpack(folder, target);
      expect(differingNodes(theirs, laidOut(join(root, 'app/node_modules')))).toEqual([]);
      expect(laidOut(join(root, 'app')).get('package.json')?.content).toBe(
        laidOut(folder).get('package.json')?.content,
      );
      for (const made of ['', '.cache', '.layout', '.bundle'])
        rmSync(`${folder}${made}`, { recursive: true });
    },
  );
});

/** Builds the image of the packages alone, and gives where umoci laid its root. */
function buildAndUnpack(folder: string, target: NpmTarget): string {
  writeTreeRecipe(folder, target);
  const options = { cwd: folder, cache: `${folder}.cache`, env: npmRegistry() };
  rmSync(join(folder, 'node_modules'), { recursive: true });
  succeed(['build', '-q', '-o', `oci:${folder}.layout:t`], options);
  return unpackByUmoci(`${folder}.layout`, `${folder}.bundle`);
}

describe('the comparison tells what differs (control)', () => {
  const plants: readonly [string, string, (folder: string) => void][] = [
    ['a byte', 'a/index.js', (folder) => writeFileSync(join(folder, 'a/index.js'), 'One')],
    ['a mode', 'a/index.js', (folder) => chmodSync(join(folder, 'a/index.js'), 0o755)],
    ["a folder's mode", 'a', (folder) => chmodSync(join(folder, 'a'), 0o700)],
    ['a missing file', 'a/index.js', (folder) => rmSync(join(folder, 'a/index.js'))],
    ['one file more', 'a/more.js', (folder) => writeFileSync(join(folder, 'a/more.js'), '')],
    ["a link's target", '.bin/a', (folder) => relink(join(folder, '.bin/a'), '../a/other.js')],
    ['a file in place of a link', '.bin/a', (folder) => relink(join(folder, '.bin/a'))],
  ];

  test.each(plants)('%s', (what, path, plant) => {
    const folder = join(scratch.path, 'planted', what);
    for (const side of ['theirs', 'ours']) {
      mkdirSync(join(folder, side, 'a'), { recursive: true });
      mkdirSync(join(folder, side, '.bin'));
      writeFileSync(join(folder, side, 'a/index.js'), 'one');
      symlinkSync('../a/index.js', join(folder, side, '.bin/a'));
    }
    const differences = () => differingNodes(laidOut(join(folder, 'theirs')), laidOut(join(folder, 'ours')));
    expect(differences()).toEqual([]);
    plant(join(folder, 'ours'));
    expect(differences().map((line) => line.slice(0, line.indexOf(':')))).toEqual([path]);
  });
});

function relink(link: string, target?: string): void {
  rmSync(link);
  if (target === undefined) writeFileSync(link, 'one');
  else symlinkSync(target, link);
}
