/**
 * `dedupe: base` changes what layers hold and nothing of what they show; `image:` takes out of an image what umoci
 * unpacks of it. Both as umoci sees them.
 */
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { member, tar } from '../core/tar/raw-tar.ts';
import { runInProcess } from '../rigs/command-in-process.ts';
import { hasProgram, isRoot } from '../rigs/runtimes.ts';
import { type ScratchFolder, scratchFolder } from '../rigs/scratch-folder.ts';
import { differingNodes, listTree, type ListedNode } from '../rigs/tree-listing.ts';
import { makeUmociLayout, unpackByUmoci } from '../rigs/umoci.ts';

const file = (name: string, text: string, more: object = {}): Uint8Array => member({ name, ...more }, text);
const folder = (name: string, mode = '0000755\0'): Uint8Array => member({ name, type: '5', mode });
const hardlink = (name: string, link: string): Uint8Array => member({ name, type: '1', link });
const symlink = (name: string, link: string): Uint8Array => member({ name, type: '2', link });

const lower = tar(
  folder('etc'),
  file('etc/one', 'one'),
  hardlink('etc/other', 'etc/one'),
  file('etc/gone', 'gone'),
  folder('lib', '0000700\0'),
  file('lib/a', 'a'),
  file('lib/b', 'b'),
  folder('opt'),
  file('opt/old', 'old'),
  folder('opt/sub'),
  file('opt/sub/older', 'older'),
  symlink('bin', 'lib'),
);
const upper = tar(
  file('etc/.wh.gone', ''),
  hardlink('etc/third', 'etc/one'),
  folder('opt'),
  file('opt/.wh..wh..opq', ''),
  file('opt/new', 'new'),
  file('lib/b', 'another b'),
);

describe.skipIf(!isRoot || !hasProgram('umoci'))('beside umoci (needs root and umoci)', () => {
  let scratch: ScratchFolder;
  beforeAll(() => {
    scratch = scratchFolder('dedupe');
    makeUmociLayout(scratch.path, [lower, upper]);
    writeFileSync(join(scratch.path, 'lower.tar'), lower);
    writeFileSync(join(scratch.path, 'more.tar'), tar(file('lib/a', 'a'), file('lib/c', 'c')));
  });
  afterAll(() => scratch.remove());

  const run = async (args: readonly string[], layers: readonly string[]): Promise<string> => {
    const cwd = mkdtempSync(join(scratch.path, 'recipe-'));
    mkdirSync(join(cwd, 'in'));
    const recipe = ['context: ..', ...layers];
    writeFileSync(join(cwd, 'oci.config.yaml'), `${recipe.join('\n')}\n`);
    const { status, stdout, stderr } = await runInProcess(args, { cwd, cache: join(scratch.path, 'cache') });
    expect(stderr).not.toMatch(/error/);
    expect(status).toBe(0);
    return args[0] === 'build' ? join(cwd, 'out') : stdout;
  };
  const unpacked = async (layers: readonly string[]): Promise<ReadonlyMap<string, ListedNode>> => {
    const layout = await run(['build', '-o', 'oci:out:t', '-q'], layers);
    return listTree(unpackByUmoci(layout, `${layout}-bundle`));
  };

  const deduped = (dedupe: readonly string[]): string[] => [
    'from: oci:layout:t',
    'layers:',
    '  - archive: lower.tar',
    ...dedupe,
    '  - archive: more.tar',
    ...dedupe,
  ];

  test('what is left out shows all the same', async () => {
    const [all, less] = [await unpacked(deduped([])), await unpacked(deduped(['    dedupe: base']))];
    expect(differingNodes(all, less)).toEqual([]);
  });

  test('plan says what is left out, of the base and of earlier layers', async () => {
    const text = await run(['plan'], deduped(['    dedupe: base']));
    expect(text).toMatch(/lower\.tar.* 1 file \(1 B\) below already/);
    const { plan } = JSON.parse(await run(['plan', '--json'], deduped(['    dedupe: base']))) as {
      plan: { actions: { kind: string; leftOut?: unknown }[] };
    };
    expect(plan.actions.flatMap(({ kind, leftOut }) => (kind === 'layer' ? [leftOut] : []))).toEqual([
      { paths: ['bin', 'lib/a'], files: 1, bytes: 1 },
      { paths: ['lib/a'], files: 1, bytes: 1 },
    ]);
  });

  test('copies out of an image are what umoci unpacks of it', async () => {
    const whole = listTree(unpackByUmoci(join(scratch.path, 'layout'), join(scratch.path, 'whole')));
    expect(differingNodes(whole, await unpacked(['layers:', '  - image: oci:layout:t']))).toEqual([]);
  });

  test('a hard link whose file is not taken becomes the file', async () => {
    const taken = await unpacked([
      'layers:',
      '  - image: oci:layout:t',
      '    from: [/etc/other, /etc/third]',
    ]);
    const [other, third] = [taken.get('etc/other'), taken.get('etc/third')];
    expect([other?.type, third?.sameAs, other?.content === third?.content]).toEqual([
      'file',
      'etc/other',
      true,
    ]);
    expect(taken.has('etc/one')).toBe(false);
  });
});
