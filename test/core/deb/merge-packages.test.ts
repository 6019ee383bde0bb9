import { describe, expect, it } from 'vitest';
import { mergePackages, type PackageTree } from '../../../src/core/deb/merge-packages.ts';
import { digestOf } from '../../../src/core/digest/digest.ts';
import { checkTree } from '../../../src/core/tree/check-tree.ts';
import type { NodeEntry } from '../../../src/core/tree/file-tree.ts';
import { comparePaths, type ImagePath } from '../../../src/core/tree/image-path.ts';

const plain = { uid: 0, gid: 0, mtime: { seconds: 7 } } as const;
const digest = digestOf(new Uint8Array());

/** A text is a file's owner package, `{ link }` and `{ hard }` are links, a number is a folder's mode. */
type Node = 'file' | number | { readonly link: string } | { readonly hard: string };

function entry(text: string, node: Node): NodeEntry {
  const path = text as ImagePath;
  if (node === 'file') return { ...plain, type: 'file', path, mode: 0o644, size: 0, digest };
  if (typeof node === 'number') return { ...plain, type: 'directory', path, mode: node };
  if ('hard' in node) return { ...plain, type: 'hardlink', path, mode: 0o644, target: node.hard as ImagePath };
  return { ...plain, type: 'symlink', path, mode: 0o777, target: node.link };
}

function pack(name: string, nodes: Readonly<Record<string, Node>>, replaces?: string): PackageTree {
  const entries = Object.entries(nodes).map(([path, node]) => entry(path, node));
  entries.sort((a, b) => comparePaths(a.path, b.path));
  return { name, version: '1.0', replaces, sourced: { tree: { entries }, contents: {} } };
}

function merge(...packages: readonly PackageTree[]) {
  const { merged, clashes } = mergePackages(packages);
  checkTree(merged.tree);
  const found = merged.tree.entries.map((one) => ('target' in one ? `${one.path} -> ${one.target}` : one.path));
  return { found, clashes, entries: merged.tree.entries };
}

const links = ['bin -> usr/bin', 'lib -> usr/lib', 'sbin -> usr/sbin'];

describe('merged packages', () => {
  it('are one tree, the same whatever their order', () => {
    const packages = [pack('b', { '': 0o755, usr: 0o755, 'usr/b': 'file' }), pack('a', { usr: 0o755, 'usr/a': 'file' })];
    const { found, clashes } = merge(...packages);
    expect(found).toEqual(['', ...links.slice(0, 2), links[2], 'usr', 'usr/a', 'usr/b']);
    expect(clashes).toEqual([]);
    expect(merge(...packages.reverse()).entries).toEqual(merge(...packages).entries);
  });

  it('keep the metadata of the first that has a folder, base-files before all others', () => {
    const { entries } = merge(pack('adduser', { tmp: 0o755 }), pack('base-files', { tmp: 0o1777 }));
    expect(entries.find(({ path }) => path === 'tmp')).toMatchObject({ mode: 0o1777 });
  });

  it('stand in /usr, links to them too', () => {
    const { found } = merge(
      pack('old', {
        lib: 0o755,
        'lib/x': 'file',
        'lib/z': { hard: 'lib/x' },
        lib64: 0o755,
        'lib64/ld.so': { link: '/lib/x' },
        bin: 0o755,
        'bin/sh': 'file',
      }),
      pack('new', { usr: 0o755, 'usr/lib': 0o700, 'usr/lib/y': 'file' }),
    );
    expect(found).toEqual([
      'bin -> usr/bin',
      'lib -> usr/lib',
      'lib64 -> usr/lib64',
      'sbin -> usr/sbin',
      'usr',
      'usr/bin',
      'usr/bin/sh',
      'usr/lib',
      'usr/lib/x',
      'usr/lib/y',
      'usr/lib/z -> usr/lib/x',
      'usr/lib64',
      'usr/lib64/ld.so -> /lib/x',
    ]);
  });

  it('keep the links to /usr that a package brings itself', () => {
    const { found, clashes } = merge(pack('base-files', { bin: { link: 'usr/bin' }, 'usr/bin': 0o755 }));
    expect(found).toContain('bin -> usr/bin');
    expect(clashes).toEqual([]);
  });

  it('clash where two want one file, and where /usr brings two files to one place', () => {
    expect(merge(pack('a', { x: 'file' }), pack('b', { x: 'file' })).clashes).toEqual([
      { path: 'x', packages: ['a', 'b'] },
    ]);
    expect(merge(pack('a', { 'lib/x': 'file', 'usr/lib/x': 'file' })).clashes).toEqual([
      { path: 'usr/lib/x', packages: ['a', 'a'] },
    ]);
    expect(merge(pack('a', { x: 'file' }), pack('b', { x: 0o755, 'x/y': 'file' })).clashes).not.toEqual([]);
  });

  it.each(['b', 'b (<< 2.0)', 'c, b (>= 1.0)'])('do not clash where one says Replaces: %s', (field) => {
    const [own, replaced] = [pack('a', { x: { link: 'mine' } }, field), pack('b', { x: 'file' })];
    expect(merge(own, replaced)).toMatchObject({ clashes: [] });
    expect(merge(own, replaced).found).toContain('x -> mine');
    expect(merge(pack('z', { x: { link: 'mine' } }, field), replaced).found).toContain('x -> mine');
  });

  it('clash where what is replaced is another version', () => {
    const { clashes } = merge(pack('a', { x: 'file' }, 'b (<< 1.0)'), pack('b', { x: 'file' }));
    expect(clashes).toHaveLength(1);
  });
});
