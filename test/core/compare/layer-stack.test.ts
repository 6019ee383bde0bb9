import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stackLayers } from '../../../src/core/compare/layer-stack.ts';
import { compareEntries } from '../../../src/core/tree/check-tree.ts';
import type { FileTree, TreeEntry } from '../../../src/core/tree/file-tree.ts';
import { mergeLayers } from '../../../src/core/tree/merge-layers.ts';
import { file, folder, path, symlink } from '../plan/example-target.ts';

const removed = (name: string): TreeEntry => ({ type: 'removed', path: path(name) });
const opaque = (name: string): TreeEntry => ({ type: 'opaque', path: path(name) });

describe('stackLayers', () => {
  it('says which layer replaced a file', () => {
    expect(told([layer(file('etc/motd')), layer(file('etc/motd', 'new'))])).toEqual([
      '0 etc/motd hidden by 1',
      '1 etc/motd',
    ]);
  });

  it('takes away what a whiteout names, and all below it', () => {
    const base = layer(folder('var'), file('var/log'), file('keep'));
    expect(told([base, layer(removed('var'))])).toEqual([
      '0 keep',
      '0 var hidden by 1',
      '0 var/log hidden by 1',
    ]);
    expect(told([base, layer(opaque('var'), file('var/own'))])).toEqual([
      '0 keep',
      '0 var',
      '0 var/log hidden by 1',
      '1 var/own',
    ]);
  });

  it('lets a file take the place of a folder with all that is in it, and the other way round', () => {
    expect(told([layer(folder('a'), file('a/b')), layer(file('a'))])).toEqual([
      '0 a hidden by 1',
      '0 a/b hidden by 1',
      '1 a',
    ]);
    expect(told([layer(file('a')), layer(file('a/b'))])).toEqual(['0 a hidden by 1', '1 a/b']);
  });

  it('lets a file take the place of a folder that no layer names', () => {
    expect(told([layer(folder('a/b')), layer(file('a'))])).toEqual(['0 a/b hidden by 1', '1 a']);
    expect(told([layer(folder('a/b')), layer(file('a')), layer(folder('a/b'))])).toEqual([
      '0 a/b hidden by 1',
      '1 a hidden by 2',
      '2 a/b',
    ]);
  });

  it('counts a folder once, as the last layer has it', () => {
    const [only, ...more] = stackLayers([layer(folder('a', 0o755)), layer(folder('a', 0o700))]);
    expect(more).toEqual([]);
    expect(only).toMatchObject({ layer: 0, entry: { mode: 0o700 } });
  });

  it('follows the links of lower layers', () => {
    expect(told([layer(symlink('bin', 'usr/bin'), folder('usr/bin')), layer(file('bin/x'))])).toEqual([
      '0 bin',
      '0 usr/bin',
      '1 usr/bin/x',
    ]);
  });

  it('leaves standing what merging the layers leaves', () => {
    fc.assert(
      fc.property(fc.array(someLayer, { minLength: 1, maxLength: 4 }), (layers) => {
        const standing = stackLayers(layers).filter(({ hiddenBy }) => hiddenBy === undefined);
        const { merged } = mergeLayers(layers.map((tree) => ({ tree, contents: {} })));
        expect(standing.map((one) => one.path).sort()).toEqual(
          merged.tree.entries.map((one) => one.path).sort(),
        );
      }),
    );
  });
});

const somePath = fc
  .array(fc.constantFrom('a', 'b', 'c'), { minLength: 1, maxLength: 3 })
  .map((parts) => parts.join('/'));
const someEntry = fc
  .tuple(somePath, fc.constantFrom(file, folder, removed, opaque))
  .map(([at, make]) => make(at));
/** No file stands where the same layer has something below it. */
const someLayer = fc
  .uniqueArray(someEntry, { maxLength: 6, selector: (entry) => entry.path })
  .map((entries) => {
    const isBelow = ({ path: below }: TreeEntry, above: TreeEntry): boolean =>
      below.startsWith(`${above.path}/`);
    return layer(
      ...entries.filter((entry) => entry.type !== 'file' || !entries.some((one) => isBelow(one, entry))),
    );
  });

function layer(...entries: TreeEntry[]): FileTree {
  return { entries: entries.sort(compareEntries) };
}

function told(layers: readonly FileTree[]): string[] {
  return stackLayers(layers).map(
    ({ layer: at, path: found, hiddenBy }) =>
      `${String(at)} ${found}${hiddenBy === undefined ? '' : ` hidden by ${String(hiddenBy)}`}`,
  );
}
