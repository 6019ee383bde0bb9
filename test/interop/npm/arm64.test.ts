/** On any machine the arm64 variant of an image holds arm64's native code, and it runs. */
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { nodeOfVersion } from '../../../scripts/node-versions.mjs';
import { arm64Needs, arm64Sysroot, canRunArm64, elfMachine, qemu } from '../../rigs/arm64.ts';
import { succeed } from '../../rigs/command.ts';
import { hasNpmRegistry, npmRegistry } from '../../rigs/npm-oracle.ts';
import { copyProject, lockedPackages } from '../../rigs/npm-project.ts';
import { hasProgram } from '../../rigs/runtimes.ts';
import { type ScratchFolder, scratchFolder } from '../../rigs/scratch-folder.ts';
import { listTree } from '../../rigs/tree-listing.ts';

const names = ['esbuild-service', 'rollup-service', 'sharp-service', 'swc-service'];
const canRun = hasProgram('npm') && hasNpmRegistry();

let scratch: ScratchFolder;
beforeAll(() => {
  scratch = scratchFolder('npm-arm64');
});
afterAll(() => {
  scratch.remove();
});

describe.skipIf(!canRun)('native packages of two platforms (needs npm with a registry)', () => {
  beforeAll(() => {
    for (const name of names) copyProject(name, join(scratch.path, name));
    const layers = names.flatMap((name) => [
      `  - npm: ${name}`,
      `    to: /${name}`,
      `  - copy: ${name}/service.js`,
      `    to: /${name}/service.js`,
    ]);
    const head = ['from: scratch', 'compression: { type: gzip, level: 1 }', 'layers:'];
    writeFileSync(join(scratch.path, 'oci.config.yaml'), [...head, ...layers, ''].join('\n'));
    const options = { cwd: scratch.path, cache: join(scratch.path, 'cache'), env: npmRegistry() };
    for (const platform of ['amd64', 'arm64']) {
      const words = ['--platform', `linux/${platform}`, '-o', `rootfs:${platform}`];
      succeed(['build', '-q', ...words], options);
    }
  }, 300_000);

  test.each([
    ['amd64', 'x86-64'],
    ['arm64', 'AArch64'],
  ])('every native file of %s is for %s, by its ELF header', (platform, machine) => {
    const root = join(scratch.path, platform);
    const files = [...listTree(root)].filter(([, { type }]) => type === 'file').map(([path]) => path);
    const native = files.flatMap((path) => {
      const found = elfMachine(join(root, path));
      return found === undefined ? [] : [[path.split('/')[0], found]];
    });
    expect(new Set(native.map(([name]) => name))).toEqual(new Set(names));
    expect(new Set(native.map(([, found]) => found))).toEqual(new Set([machine]));
  });

  describe.skipIf(!canRunArm64)(`arm64's run (${arm64Needs})`, () => {
    const runByQemu = (...words: readonly string[]) => spawnSync(qemu, words, { encoding: 'utf8' });

    test("esbuild's program says its version", () => {
      const folder = join(scratch.path, 'arm64/esbuild-service/node_modules/@esbuild/linux-arm64/bin');
      const { stdout, stderr } = runByQemu(join(folder, 'esbuild'), '--version');
      const version = lockedPackages(join(scratch.path, 'esbuild-service'))['node_modules/esbuild']?.version;
      expect(stdout.trim(), stderr).toBe(version);
    });

    test.for(['rollup-service', 'sharp-service', 'swc-service'])(
      '%s answers, in an arm64 Node',
      { timeout: 120_000 },
      (name, context) => {
        const sysroot = arm64Sysroot() ?? context.skip('mmdebstrap has no mirror here');
        const node = nodeOfVersion('22', 'linux-arm64');
        const service = join(scratch.path, 'arm64', name, 'service.js');
        const probe = resolve(import.meta.dirname, 'projects/probe.mjs');
        const { status, stdout, stderr } = runByQemu('-L', sysroot, node, probe, '--here', service);
        expect(status, stderr).toBe(0);
        expect(stdout).toContain(`${service} 200 `);
        expect(stdout).toContain(name);
      },
    );
  });
});
