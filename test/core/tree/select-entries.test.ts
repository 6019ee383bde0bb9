import { describe, expect, it } from 'vitest';
import type { SourcedTree } from '../../../src/core/tree/file-tree.ts';
import { createGlobFilter } from '../../../src/core/tree/glob.ts';
import type { ImagePath } from '../../../src/core/tree/image-path.ts';
import { selectEntries } from '../../../src/core/tree/select-entries.ts';
import { file, folder, hardlink, layer, removed } from './sample-trees.ts';

function select(sourced: SourcedTree, how: { strip?: number; include?: string[]; exclude?: string[] }) {
  const filter = createGlobFilter({ include: how.include ?? [], exclude: how.exclude ?? [] });
  return selectEntries(sourced, { strip: how.strip ?? 0, filter });
}
const pathsOf = ({ tree }: SourcedTree) => tree.entries.map((entry) => entry.path);

describe('a selection of a tree', () => {
  const archive = layer(
    1,
    folder('p'),
    folder('p/bin'),
    file('p/bin/a'),
    file('p/lib'),
    hardlink('p/z', 'p/bin/a'),
  );

  it('takes leading components off, of hardlinks too', () => {
    const { selected } = select(archive, { strip: 1 });
    expect(pathsOf(selected)).toEqual(['bin', 'bin/a', 'lib', 'z']);
    expect(selected.tree.entries.at(-1)).toMatchObject({ type: 'hardlink', target: 'bin/a' });
    expect(selected.contents['bin/a' as ImagePath]).toMatchObject({ path: 'layer1' });
  });

  it('keeps the folders above what it takes, and no others', () => {
    const sourced = layer(1, folder('a'), folder('a/b'), file('a/b/c'), folder('d'), file('d/e'));
    expect(pathsOf(select(sourced, { include: ['**/c'] }).selected)).toEqual(['a', 'a/b', 'a/b/c']);
  });

  it('makes a hardlink the file where its file is left out', () => {
    const { selected } = select(archive, { strip: 1, include: ['z'] });
    expect(selected.tree.entries).toEqual([{ ...file('p/bin/a'), path: 'z' }]);
    expect(selected.contents['z' as ImagePath]).toEqual(archive.contents['p/bin/a' as ImagePath]);
  });

  it('keeps whiteouts', () => {
    expect(pathsOf(select(layer(1, removed('a')), {}).selected)).toEqual(['a']);
  });

  it('says which paths two entries claim', () => {
    const sourced = layer(
      1,
      folder('a'),
      file('a/x'),
      folder('b'),
      file('b/x'),
      folder('a/y'),
      folder('b/y'),
    );
    expect(select(sourced, { strip: 1 }).collisions).toEqual(['x']);
  });
});
