import { describe, expect, it } from 'vitest';
import { laidEntries, layOut } from '../../../src/core/plan/lay-out.ts';
import type { HardlinkEntry } from '../../../src/core/tree/file-tree.ts';
import { file, folder, path, symlink, tree } from './example-target.ts';

const hardlink = (name: string, target: string): HardlinkEntry => ({
  ...folder(name),
  type: 'hardlink',
  path: path(name),
  mode: 0o644,
  target: path(target),
});

/** Laid out at once, and one after another: the entries must be the same. */
function laid(source: ReturnType<typeof tree>, more: object = {}) {
  const placement = { tree: source.digest, to: path('app'), rules: {}, ...more };
  const layer = { placements: [placement], entries: [] };
  const { entries } = layOut(layer, () => source);
  const each = [...laidEntries(layer, () => source)];
  expect(each.map(({ entry }) => entry)).toEqual(entries);
  return { entries, sources: each.map(({ source: from }) => from) };
}

describe('laying a layer out', () => {
  it('puts the contents of a source below its destination, in byte order', () => {
    const { entries, sources } = laid(tree(file('a-b'), folder('a'), file('a/x')));
    expect(entries.map((entry) => entry.path)).toEqual(['app/a', 'app/a-b', 'app/a/x']);
    expect(sources).toEqual([undefined, { in: 'context', path: 'a-b' }, { in: 'context', path: 'a/x' }]);
  });

  it('lets rules override owner, times and modes, the mode of a link never', () => {
    const rules = { owner: { uid: 7, gid: 8 }, mode: 0o600, dirMode: 0o700, mtime: { seconds: 5 } };
    const { entries } = laid(tree(folder('d'), file('f'), symlink('l', 'f')), { rules });
    expect(entries.map((entry) => ('mode' in entry ? entry.mode : undefined))).toEqual([0o700, 0o600, 0o777]);
    expect(entries[0]).toMatchObject({ uid: 7, gid: 8, mtime: { seconds: 5 } });
  });

  it('sends a redirected folder and all below it where the link of the image leads', () => {
    const { entries } = laid(tree(folder('bin'), file('bin/x'), file('y')), {
      redirects: { bin: 'usr/bin' },
    });
    expect(entries.map((entry) => entry.path)).toEqual(['app/y', 'usr/bin', 'usr/bin/x']);
  });

  it('makes the first name of a hardlinked file the file, whatever the placement', () => {
    const source = tree(file('z'), hardlink('link', 'z'));
    const { entries, sources } = laid(source);
    expect(entries.map((entry) => [entry.path, entry.type])).toEqual([
      ['app/link', 'file'],
      ['app/z', 'hardlink'],
    ]);
    expect(entries[1]).toMatchObject({ target: 'app/link' });
    expect(sources).toEqual([{ in: 'context', path: 'z' }, undefined]);
  });

  it('reports a path that two placements claim, and merges folders', () => {
    const source = tree(folder('d'), file('d/x'));
    const placement = { tree: source.digest, to: path(''), rules: {} };
    const { collisions } = layOut({ placements: [placement, placement], entries: [] }, () => source);
    expect(collisions).toEqual([{ path: 'd/x', first: 0, second: 1 }]);
  });

  it('reports a file that stands where another source has a folder', () => {
    const [one, two] = [tree(file('d')), tree(file('d/x'))];
    const trees = new Map([one, two].map((source) => [source.digest, source]));
    const placements = [one, two].map(({ digest }) => ({ tree: digest, to: path(''), rules: {} }));
    const { collisions } = layOut({ placements, entries: [] }, (digest) => trees.get(digest));
    expect(collisions).toEqual([{ path: 'd', first: 0, second: 1 }]);
  });

  it('gives the entries of several sources and of the recipe in one order, the later of two folders', () => {
    const [one, two] = [tree(folder('a'), file('a/x'), file('c')), tree(folder('a'), file('a/b'), file('b'))];
    const trees = new Map([one, two].map((source) => [source.digest, source]));
    const layer = {
      placements: [
        { tree: one.digest, to: path(''), rules: {} },
        { tree: two.digest, to: path(''), rules: { dirMode: 0o700 } },
      ],
      entries: [folder('z'), folder('aa')],
    };
    const { entries, collisions } = layOut(layer, (digest) => trees.get(digest));
    expect(entries.map((entry) => entry.path)).toEqual(['a', 'a/b', 'a/x', 'aa', 'b', 'c', 'z']);
    expect(entries[0]).toMatchObject({ type: 'directory', mode: 0o700 });
    expect(collisions).toEqual([]);
    expect([...laidEntries(layer, (digest) => trees.get(digest))].map(({ entry }) => entry)).toEqual(entries);
  });
});
