/** What the bench measures with: no figure comes of a command that failed, or of a layer that does not hold the tree. */
import { appendFileSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deflateRawSync } from 'node:zlib';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { checkLayer } from '../../bench/check-layer.mjs';
import { makeLargeFile } from '../../bench/generate.mjs';
import { layoutBytes } from '../../bench/layout-bytes.mjs';
import { peakMemory } from '../../bench/peak-memory.mjs';
import { timed } from '../../bench/timed.mjs';
import { succeed } from '../rigs/command.ts';
import { type ScratchFolder, scratchFolder } from '../rigs/scratch-folder.ts';

let scratch: ScratchFolder;
beforeEach(() => {
  scratch = scratchFolder('bench');
});
afterEach(() => {
  scratch.remove();
});

test('gives the times and the output of a command that ends with 0', async () => {
  const { wall, cpu, stdout } = await timed({
    script: 'echo "$1$WORD"',
    operands: ['a'],
    env: { WORD: 'b' },
  });
  expect(stdout).toBe('ab\n');
  expect([wall, cpu].every((seconds) => Number.isFinite(seconds) && seconds >= 0)).toBe(true);
});

test.each([
  ['a command', 'echo wrong >&2; exit 3'],
  ['the first of a pipeline', '(echo wrong >&2; exit 3) | cat'],
  ['the first of several commands', '(echo wrong >&2; exit 3)\ntrue'],
])('%s that fails is an error with what it said', async (_, script) => {
  await expect(timed({ script })).rejects.toThrow(/ended with 3:[^]*wrong/);
});

test.skipIf(process.platform !== 'linux')(
  'the peak of memory is at least what a process filled (needs /proc)',
  async () => {
    const script = 'const filled = Buffer.alloc(2e8, 1); setTimeout(() => filled.length, 100);';
    expect(await peakMemory([process.execPath, '-e', script], {})).toBeGreaterThan(2e8);
    await expect(peakMemory([process.execPath, '-e', 'process.exit(4)'], {})).rejects.toThrow('ended with 4');
  },
);

test('a layer is held against the tree, name by name and byte by byte', async () => {
  const tree = join(scratch.path, 'tree');
  const cache = join(scratch.path, 'cache');
  mkdirSync(join(tree, 'node_modules/inner'), { recursive: true });
  writeFileSync(join(tree, 'node_modules/inner/file.js'), 'as built');
  writeFileSync(
    join(tree, 'oci.config.yaml'),
    'from: scratch\nplatforms: [linux/amd64]\nlayers: [{ copy: node_modules, to: /node_modules }]\n',
  );
  succeed(['build', '-o', 'oci:layout:latest'], { cwd: tree, cache });
  const layout = join(tree, 'layout');
  await checkLayer(layout, tree);
  expect(layoutBytes(layout)).toBeGreaterThan(0);

  writeFileSync(join(tree, 'node_modules/inner/file.js'), 'is later');
  await expect(checkLayer(layout, tree)).rejects.toThrow('are not those of the tree');
  appendFileSync(join(tree, 'node_modules/another.js'), '');
  await expect(checkLayer(layout, tree)).rejects.toThrow('the layer lists 3 entries, the tree 4');
});

test('the large file has the wanted size, compresses by half, and is the same each time', () => {
  const [one, other] = ['one', 'other'].map((name) => join(scratch.path, name)) as [string, string];
  for (const path of [one, other]) makeLargeFile(path, 2 ** 20);
  expect(statSync(one).size).toBe(2 ** 20);
  expect(readFileSync(one).equals(readFileSync(other))).toBe(true);
  const ratio = deflateRawSync(readFileSync(one)).length / 2 ** 20;
  expect(ratio).toBeGreaterThan(0.5);
  expect(ratio).toBeLessThan(0.7);
});
