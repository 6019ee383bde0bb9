/** Another processor gives the same bytes: the golden digests under an arm64 Node, run by qemu. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nodeOfVersion } from '../../scripts/node-versions.mjs';
import { layerFormat } from '../../src/core/deflate/layer-format.ts';
import { arm64Needs, arm64Sysroot, canRunArm64, qemu } from '../rigs/arm64.ts';
import { bundleScript } from '../rigs/bundled-script.ts';
import { type ScratchFolder, scratchFolder } from '../rigs/scratch-folder.ts';

const golden = resolve(import.meta.dirname, '../golden');

let scratch: ScratchFolder;
beforeAll(() => {
  scratch = scratchFolder('arm64');
});
afterAll(() => {
  scratch.remove();
});

describe.skipIf(!canRunArm64)(`on arm64 (${arm64Needs})`, () => {
  it('the encoder gives the golden digests', { timeout: 300_000 }, async (context) => {
    const sysroot = arm64Sysroot() ?? context.skip('mmdebstrap has no mirror here');
    const script = await bundleScript(join(golden, 'encoder-digests-child.ts'), scratch.path);
    const node = nodeOfVersion('22', 'linux-arm64');
    const { stdout, stderr } = spawnSync(qemu, ['-L', sysroot, node, script], { encoding: 'utf8' });
    expect(stderr).toBe('');
    expect(stdout).toBe(readFileSync(join(golden, `encoder-format-${layerFormat}.txt`), 'utf8'));
  });
});
