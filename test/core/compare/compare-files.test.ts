/** Which paths of two root file systems differ, and in what. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareFiles } from '../../../src/core/compare/compare-files.ts';
import type { SourcedTree, TreeEntry } from '../../../src/core/tree/file-tree.ts';
import { mergeLayers } from '../../../src/core/tree/merge-layers.ts';
import { anyEntry, file, folder, hardlink, layer, symlink } from '../tree/sample-trees.ts';

/** `+ path`, `- path`, `~ path: aspects`. */
function told(before: SourcedTree, after: SourcedTree): string[] {
  return compareFiles(before, after).map((difference) => {
    if (difference.change === 'changed') return `~ ${difference.path}: ${difference.aspects.join(' ')}`;
    return `${difference.change === 'added' ? '+' : '-'} ${difference.path}`;
  });
}

function changed(before: TreeEntry, after: TreeEntry): string[] {
  return told(layer(1, before), layer(1, after));
}

const plain = file('a');

describe('two root file systems', () => {
  it('differ in nothing where their entries are the same', () => {
    expect(changed(plain, { ...plain })).toEqual([]);
  });

  it('tell added and removed paths in byte order', () => {
    expect(told(layer(1, file('b'), file('d')), layer(1, file('a'), file('d'), file('e')))).toEqual([
      '+ a',
      '- b',
      '+ e',
    ]);
  });

  it.each<[string, object]>([
    ['mode', { mode: 0o4755 }],
    ['owner', { uid: 1 }],
    ['owner', { gid: 1 }],
    ['xattrs', { xattrs: { 'user.a': 'AA==' } }],
    ['mtime', { mtime: { seconds: 0, nanoseconds: 1 } }],
    ['mode owner', { mode: 0o600, uid: 7 }],
  ])('tell a changed %s by itself', (aspects, change) => {
    expect(changed(plain, { ...plain, ...change })).toEqual([`~ a: ${aspects}`]);
  });

  it('tell changed content, a link’s target, a device’s numbers', () => {
    expect(changed(file('a', 'one'), file('a', 'two'))).toEqual(['~ a: content']);
    expect(changed(symlink('a', 'x'), symlink('a', 'y'))).toEqual(['~ a: target']);
    const device = { ...plain, type: 'block-device', major: 1, minor: 2 } as TreeEntry;
    expect(changed(device, { ...device, minor: 3 } as TreeEntry)).toEqual(['~ a: device']);
  });

  it('tell another type alone, since the node is another', () => {
    expect(changed(plain, { ...folder('a'), uid: 9 } as TreeEntry)).toEqual(['~ a: type']);
  });

  it('take the mode of a symlink and an empty set of attributes for nothing', () => {
    expect(changed(symlink('a', 'x'), { ...symlink('a', 'x'), mode: 0o755 } as TreeEntry)).toEqual([]);
    expect(changed(plain, { ...plain, xattrs: {} } as TreeEntry)).toEqual([]);
  });
});

describe('folders that no layer describes', () => {
  it('are there all the same, as unpacking makes them', () => {
    const bare = layer(1, file('a/b/c'));
    const described = layer(1, folder('a'), folder('a/b'), file('a/b/c'));
    expect(told(bare, described)).toEqual([]);
    expect(told(described, bare)).toEqual([]);
  });

  it('differ where the described one is not as unpacking makes it, but for its time', () => {
    const strict = { ...folder('a', 0o700), mtime: { seconds: 9 } } as TreeEntry;
    expect(told(layer(1, file('a/b')), layer(1, strict, file('a/b')))).toEqual(['~ a: mode']);
  });

  it('may be the root', () => {
    expect(told(layer(1, file('a')), layer(1, folder('', 0o700), file('a')))).toEqual(['~ : mode']);
  });
});

describe('names of one file', () => {
  const linked = layer(1, file('a', 'x'), hardlink('b', 'a'));

  it('are told where they become files of their own', () => {
    const apart = layer(1, file('a', 'x'), file('b', 'x'));
    expect(told(linked, apart)).toEqual(['~ a: hardlinks', '~ b: hardlinks']);
    expect(told(apart, linked)).toEqual(['~ a: hardlinks', '~ b: hardlinks']);
  });

  it('are of equal rank: the other stays the file it was where the first goes', () => {
    expect(told(linked, layer(1, file('b', 'x')))).toEqual(['- a']);
    expect(told(layer(1, file('b', 'x')), linked)).toEqual(['+ a']);
  });

  it('are all told where their content changes', () => {
    expect(told(linked, layer(1, file('a', 'y'), hardlink('b', 'a')))).toEqual([
      '~ a: content',
      '~ b: content',
    ]);
  });

  it('may belong to another file', () => {
    const [one, other] = [file('a', 'x'), file('c', 'x')];
    const before = layer(1, one, hardlink('b', 'a'), other);
    const after = layer(1, one, file('b', 'x'), hardlink('c', 'b'));
    expect(told(before, after)).toEqual(['~ a: hardlinks', '~ b: hardlinks', '~ c: hardlinks']);
  });
});

it('a tree differs from itself in nothing, and exchanging two trees exchanges added and removed', () => {
  const tree = fc
    .array(anyEntry, { maxLength: 12 })
    .map(
      (entries) => mergeLayers([layer(1, ...new Map(entries.map((one) => [one.path, one])).values())]).merged,
    );
  fc.assert(
    fc.property(tree, tree, (one, other) => {
      expect(compareFiles(one, one)).toEqual([]);
      const swapped = { added: 'removed', removed: 'added', changed: 'changed' };
      const there = compareFiles(one, other).map(({ path, change }) => [path, swapped[change]]);
      const back = compareFiles(other, one).map(({ path, change }) => [path, change]);
      expect(there).toEqual(back);
    }),
  );
});
