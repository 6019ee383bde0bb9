/** umoci unpacks a layer of ours to the very tree that was packed. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { TreeEntry } from '../../../src/core/tree/file-tree.ts';
import { comparePaths, type ImagePath } from '../../../src/core/tree/image-path.ts';
import { readTree } from '../../../src/io/layer/read-tree.ts';
import { fileEntry, none, pack, plain, reading } from './pack-entries.ts';

const isThere = spawnSync('umoci', ['--version']).status === 0 && process.getuid?.() === 0;
const root = mkdtempSync(join(tmpdir(), 'layerwright-umoci-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const at = (path: string): { readonly path: ImagePath } & typeof plain => ({
  ...plain,
  path: path as ImagePath,
});
const long = `${'long/'.repeat(50)}${'name'.repeat(40)}`;
const contents: Readonly<Record<string, string>> = {
  'etc/hosts': '127.0.0.1',
  ping: 'ELF',
  [long]: 'l',
  '\udcff': 'b',
  ü: 'u',
};
const foldersOfLong = Array.from({ length: 50 }, (_, depth) => 'long/'.repeat(depth + 1).slice(0, -1));

const entries: TreeEntry[] = [
  { type: 'directory' as const, ...at(''), mode: 0o755 },
  { type: 'directory' as const, ...at('etc'), mode: 0o1777, mtime: { seconds: 1_000_000_000 } },
  { ...fileEntry('etc/hosts', contents['etc/hosts'] ?? ''), uid: 1000, gid: 2 ** 21 },
  {
    type: 'hardlink' as const,
    ...at('etc/hosts.also'),
    uid: 1000,
    gid: 2 ** 21,
    target: 'etc/hosts' as ImagePath,
  },
  { type: 'character-device' as const, ...at('null'), mode: 0o666, major: 1, minor: 3 },
  { type: 'block-device' as const, ...at('disk'), mode: 0o660, gid: 6, major: 8, minor: 300 },
  { type: 'fifo' as const, ...at('pipe'), uid: 5, mtime: { seconds: 1, nanoseconds: 500_000_000 } },
  {
    ...fileEntry('ping', 'ELF'),
    mode: 0o4755,
    xattrs: { 'security.capability': 'AQAAAgAgAAAAAAAAAAAAAAAAAAA=' },
  },
  { type: 'symlink' as const, ...at('lib64'), mode: 0o777, target: '/usr/lib' },
  ...foldersOfLong.map((path) => ({ type: 'directory' as const, ...at(path), mode: 0o711 })),
  fileEntry(long, 'l'),
  fileEntry('\udcff', 'b'),
  fileEntry('ü', 'u'),
].sort((a, b) => comparePaths(a.path, b.path));

describe('umoci', () => {
  it.skipIf(!isThere)('unpacks what we pack to the same tree (skipped without umoci or root)', async () => {
    const { bytes } = await pack(entries, contents, { compression: none });
    const tar = join(root, 'layer.tar');
    writeFileSync(tar, bytes);
    const umoci = (...args: string[]): void => void execFileSync('umoci', args, { cwd: root, stdio: 'pipe' });
    umoci('init', '--layout', 'layout');
    umoci('new', '--image', 'layout:t');
    umoci('raw', 'add-layer', '--image', 'layout:t', tar);
    umoci('unpack', '--image', 'layout:t', 'bundle');
    const rootfs = join(root, 'bundle', 'rootfs');
    const repacked = execFileSync('tar', [
      '--format=pax',
      '--xattrs',
      '--xattrs-include=*',
      '-C',
      rootfs,
      '-cf',
      '-',
      '.',
    ]);
    const { tree } = await readTree(reading(repacked));
    // umoci sets the times of the root to when it unpacked.
    const timeless = (entry: TreeEntry): object => (entry.path === '' ? { path: '' } : entry);
    expect(tree.entries.map(timeless)).toEqual(entries.map(timeless));
  });
});
