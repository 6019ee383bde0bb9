import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkTree, compareEntries } from '../../../src/core/tree/check-tree.ts';
import type { SourcedTree } from '../../../src/core/tree/file-tree.ts';
import type { ImagePath } from '../../../src/core/tree/image-path.ts';
import { mergeLayers } from '../../../src/core/tree/merge-layers.ts';
import { anyEntry, file, folder, hardlink, layer, opaque, removed, symlink } from './sample-trees.ts';

function paths(...layers: SourcedTree[]): string[] {
  return mergeLayers(layers).merged.tree.entries.map((entry) => entry.path);
}

describe('layers, one on the other', () => {
  it('let the last entry of a path win, content and all', () => {
    const { merged } = mergeLayers([layer(1, file('a', 'old')), layer(2, file('a', 'new'))]);
    expect(merged.tree.entries).toEqual([file('a', 'new')]);
    expect(merged.contents['a' as ImagePath]).toEqual({ in: 'archive', path: 'layer2', offset: 0 });
  });

  it('lose what a whiteout names, and all below it', () => {
    expect(paths(layer(1, folder('a'), file('a/b'), file('ab')), layer(2, removed('a')))).toEqual(['ab']);
  });

  it('keep what the layer of a whiteout has itself (H22)', () => {
    expect(paths(layer(1, folder('a'), file('a/b')), layer(2, removed('a/b'), file('a/b')))).toEqual([
      'a',
      'a/b',
    ]);
    expect(
      paths(layer(1, folder('a'), file('a/b')), layer(2, folder('a'), file('a/c'), opaque('a'))),
    ).toEqual(['a', 'a/c']);
  });

  it('take a whiteout of nothing for what it is (H23)', () => {
    expect(paths(layer(1, file('a')), layer(2, removed('none/such')))).toEqual(['a']);
  });

  it('lose everything by an opaque root', () => {
    expect(paths(layer(1, folder(''), folder('a'), file('a/b')), layer(2, opaque(''), file('c')))).toEqual([
      '',
      'c',
    ]);
  });

  it('put a file of `bin/` where a lower `bin -> usr/bin` leads (H09)', () => {
    const lower = layer(1, symlink('bin', 'usr/bin'), folder('usr'), folder('usr/bin'));
    expect(paths(lower, layer(2, file('bin/tool')))).toEqual(['bin', 'usr', 'usr/bin', 'usr/bin/tool']);
    expect(paths(lower, layer(2, file('bin/tool')), layer(3, removed('bin/tool')))).toEqual([
      'bin',
      'usr',
      'usr/bin',
    ]);
  });

  it('never lead out of the root', () => {
    const lower = layer(1, symlink('out', '../../..'), symlink('abs', '/etc'), symlink('loop', 'loop'));
    expect(paths(lower, layer(2, file('out/a'), file('abs/b')))).toEqual([
      'a',
      'abs',
      'etc/b',
      'loop',
      'out',
    ]);
    expect(paths(lower, layer(2, file('loop/c')))).toContain('loop/c');
  });

  it('change a folder into a file with all that was in it, and a file into a folder', () => {
    expect(paths(layer(1, folder('a'), file('a/b')), layer(2, file('a')))).toEqual(['a']);
    // A layer need not name the folders above its files.
    expect(paths(layer(1, file('a/b')), layer(2, file('a')))).toEqual(['a']);
    expect(mergeLayers([layer(1, file('a')), layer(2, file('a/b'))]).merged.tree.entries).toEqual([
      file('a/b'),
    ]);
    expect(paths(layer(1, symlink('a', 'x')), layer(2, folder('a'), file('a/b')))).toEqual(['a', 'a/b']);
  });

  it('keep the old content under a hardlink whose file a later layer replaces', () => {
    const lower = layer(1, file('a', 'one'), hardlink('b', 'a'), hardlink('c', 'a'));
    const { merged } = mergeLayers([lower, layer(2, file('a', 'two'))]);
    expect(merged.tree.entries).toMatchObject([
      file('a', 'two'),
      file('b', 'one'),
      { type: 'hardlink', target: 'b' },
    ]);
    expect(merged.contents['b' as ImagePath]).toMatchObject({ path: 'layer1' });
  });

  it('link to a file of a lower layer, through links too', () => {
    const lower = layer(1, symlink('bin', 'usr/bin'), folder('usr'), folder('usr/bin'), file('usr/bin/sh'));
    const { merged, broken } = mergeLayers([lower, layer(2, hardlink('ash', 'bin/sh'))]);
    expect(broken).toEqual([]);
    expect(merged.tree.entries.map((entry) => [entry.path, entry.type])).toContainEqual(['ash', 'file']);
    expect(merged.tree.entries.map((entry) => [entry.path, entry.type])).toContainEqual([
      'usr/bin/sh',
      'hardlink',
    ]);
  });

  it('say which hardlinks lead nowhere', () => {
    const { merged, broken } = mergeLayers([
      layer(1, hardlink('a', 'none'), folder('d'), hardlink('e', 'd')),
    ]);
    expect(broken).toEqual(['a', 'e']);
    expect(merged.tree.entries).toEqual([folder('d')]);
  });

  it('always make a tree that keeps the rules, without whiteouts', () => {
    const anyLayer = fc
      .uniqueArray(anyEntry, { selector: (entry) => entry.path, maxLength: 10 })
      .map((entries) => ({ tree: { entries: entries.toSorted(compareEntries) }, contents: {} }));
    fc.assert(
      fc.property(fc.array(anyLayer, { maxLength: 4 }), (layers) => {
        const { merged } = mergeLayers(layers);
        checkTree(merged.tree);
        expect(merged.tree.entries.some((entry) => entry.type === 'removed' || entry.type === 'opaque')).toBe(
          false,
        );
      }),
      { numRuns: 1000 },
    );
  });
});
