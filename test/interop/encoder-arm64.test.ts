/** Another processor gives the same bytes: the golden digests under an arm64 Node, run by qemu. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nodeOfVersion } from '../../scripts/node-versions.mjs';
import { layerFormat } from '../../src/core/deflate/layer-format.ts';
import { bundleScript } from '../rigs/bundled-script.ts';
import { hasProgram } from '../rigs/runtimes.ts';
import { type ScratchFolder, scratchFolder } from '../rigs/scratch-folder.ts';

const golden = resolve(import.meta.dirname, '../golden');
const qemu = 'qemu-aarch64-static';
const canRun = hasProgram(qemu) && hasProgram('mmdebstrap');

let scratch: ScratchFolder;
beforeAll(() => {
  scratch = scratchFolder('arm64');
});
afterAll(() => {
  scratch.remove();
});

/** The C and C++ libraries that Node is linked with. */
function makeSysroot(): string | undefined {
  const sysroot = join(scratch.path, 'sysroot');
  const packages = ['--variant=extract', '--include=libc6,libstdc++6'];
  const made = spawnSync('mmdebstrap', ['--arch=arm64', ...packages, 'bookworm', sysroot]);
  return made.status === 0 && existsSync(join(sysroot, 'lib')) ? sysroot : undefined;
}

describe.skipIf(!canRun)(`on arm64 (needs ${qemu}, mmdebstrap and its mirror)`, () => {
  it('the encoder gives the golden digests', { timeout: 300_000 }, async (context) => {
    const sysroot = makeSysroot() ?? context.skip('mmdebstrap has no mirror here');
    const script = await bundleScript(join(golden, 'encoder-digests-child.ts'), scratch.path);
    const node = nodeOfVersion('22', 'linux-arm64');
    const { stdout, stderr } = spawnSync(qemu, ['-L', sysroot, node, script], { encoding: 'utf8' });
    expect(stderr).toBe('');
    expect(stdout).toBe(readFileSync(join(golden, `encoder-format-${layerFormat}.txt`), 'utf8'));
  });
});
