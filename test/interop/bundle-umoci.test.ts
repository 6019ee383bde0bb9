/** What umoci unpacks and what we unpack is one tree: contents, types, modes, owners, times, links, attributes. */
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { unpackRootfs } from '../../src/io/bundle/rootfs.ts';
import { createMemoryStore } from '../../src/io/store/memory-store.ts';
import { bundleScript } from '../rigs/bundled-script.ts';
import { type RawEntry, rawTar } from '../rigs/raw-tar.ts';
import { hasProgram, isRoot } from '../rigs/runtimes.ts';
import { type ScratchFolder, scratchFolder } from '../rigs/scratch-folder.ts';
import { listTree } from '../rigs/tree-listing.ts';
import { makeUmociLayout, readLayoutImage, unpackByUmoci } from '../rigs/umoci.ts';

let scratch: ScratchFolder;
beforeAll(() => {
  scratch = scratchFolder('umoci');
});
afterAll(() => {
  scratch.remove();
});

const folder = (name: string, more: Partial<RawEntry> = {}): RawEntry => ({
  name,
  type: '5',
  mode: 0o755,
  mtime: 100,
  ...more,
});
const file = (name: string, more: Partial<RawEntry> = {}): RawEntry => ({
  name,
  content: name,
  mtime: 200,
  ...more,
});
const link = (name: string, target: string): RawEntry => ({
  name,
  type: '2',
  link: target,
  mode: 0o777,
  mtime: 300,
});

const base: readonly RawEntry[] = [
  folder('.', { mode: 0o711, mtime: 50, uid: 3 }),
  folder('usr'),
  folder('usr/bin', { mode: 0o2755, uid: 1, gid: 2 }),
  link('bin', 'usr/bin'),
  link('sbin', '/usr/bin'),
  file('usr/bin/su', { mode: 0o4755 }),
  file('usr/bin/ping', {
    mode: 0o755,
    pax: { 'SCHILY.xattr.security.capability': Buffer.from('AQAAAgAgAAAAAAAAAAAAAAAAAAA=', 'base64') },
  }),
  { name: 'usr/bin/sudo', type: '1', link: 'usr/bin/su', mode: 0o4755, mtime: 200 },
  folder('tmp', { mode: 0o1777 }),
  folder('shut', { mode: 0 }),
  file('shut/in', { mode: 0, uid: 70_000, gid: 4_000_000_000, mtime: -5 }),
  folder('dev'),
  { name: 'dev/null', type: '3', major: 1, minor: 3, mode: 0o666, mtime: 7 },
  { name: 'dev/loop0', type: '4', major: 7, minor: 0, mode: 0o660, gid: 6, mtime: 7 },
  { name: 'dev/pipe', type: '6', mode: 0o640, mtime: 7 },
  folder('d'),
  file('d/gone'),
  file('d/kept'),
  folder('o'),
  file('o/gone'),
  file('fine', { pax: { mtime: '1700000000.123456789' } }),
  folder('attributes', { pax: { 'SCHILY.xattr.user.note': 'a', 'SCHILY.xattr.trusted.note': 'b' } }),
  link('dangling', '/nowhere'),
  { name: Uint8Array.of(0x6e, 0xff), content: 'bytes', mtime: 9 },
];

const change: readonly RawEntry[] = [
  file('bin/tool', { mode: 0o755 }),
  file('sbin/admin'),
  file('d/.wh.gone', { content: '' }),
  folder('o'),
  file('o/.wh..wh..opq', { content: '' }),
  file('o/new'),
  folder('usr/bin', { mode: 0o755, mtime: 400 }),
  file('.wh.dangling', { content: '' }),
];

const present = hasProgram('umoci');
const ordinary = '65533';

async function compare(
  name: string,
  tars: readonly Uint8Array[],
  options: readonly string[] = [],
): Promise<void> {
  const place = join(scratch.path, name);
  mkdirSync(place);
  const layout = makeUmociLayout(place, tars);
  const theirs = unpackByUmoci(layout, join(place, 'theirs'), ...options);
  const { blobs } = createMemoryStore();
  const destination = join(place, 'ours');
  await unpackRootfs(await readLayoutImage(layout, blobs), blobs, {
    destination,
    signal: new AbortController().signal,
  });
  expect([...listTree(destination)]).toEqual([...listTree(theirs)]);
}

describe.skipIf(!present || !isRoot)('umoci and we unpack the same tree (needs root and umoci)', () => {
  it('of one layer with every type, mode, owner, time and attribute', async () => {
    await compare('one', [rawTar(base)]);
  });

  it('of two layers with whiteouts and a usr-merged base', async () => {
    await compare('two', [rawTar(base), rawTar(change)]);
  });

  it.skipIf(!hasProgram('mmdebstrap'))(
    'of a real Debian root made by mmdebstrap (needs mmdebstrap and its mirror)',
    async (context) => {
      const tar = join(scratch.path, 'debian.tar');
      const made = spawnSync('mmdebstrap', [
        '--variant=extract',
        '--include=busybox-static,base-files,netbase',
        '--mode=root',
        'bookworm',
        tar,
      ]);
      if (made.status !== 0) context.skip('mmdebstrap has no mirror here');
      await compare('debian', [readFileSync(tar)]);
    },
  );
});

describe.skipIf(!present || !isRoot || !hasProgram('setpriv'))(
  'as an ordinary user umoci and we unpack the same tree, but for owners (needs root to become one, and umoci)',
  () => {
    it('of one layer, with empty files for devices', async () => {
      const place = join(scratch.path, 'ordinary');
      mkdirSync(place);
      // umoci writes an attribute of its own where it cannot set an owner, and cannot do so everywhere.
      const entries = base.map((entry) => ({ ...entry, uid: 0, gid: 0 }));
      const layout = makeUmociLayout(place, [rawTar(entries)]);
      const script = await bundleScript(join(import.meta.dirname, 'bundle-umoci-child.ts'), place);
      execFileSync('chown', ['-R', `${ordinary}:${ordinary}`, place]);
      chmodSync(scratch.path, 0o755);
      const become = ['--reuid', ordinary, '--regid', ordinary, '--clear-groups', 'env', `HOME=${place}`];
      const [theirs, ours] = [join(place, 'theirs'), join(place, 'ours')];
      execFileSync('setpriv', [...become, 'umoci', 'unpack', '--rootless', '--image', `${layout}:t`, theirs]);
      execFileSync('setpriv', [...become, process.execPath, script, layout, ours]);
      // The script stands where the native module cannot be found, so attributes are not ours to compare here.
      const plain = (tree: string) =>
        [...listTree(tree)].map(([path, { xattrs: _, ...node }]) => [path, node]);
      expect(plain(ours)).toEqual(plain(join(theirs, 'rootfs')));
    });
  },
);

describe.skipIf(!present)('GNU tar finds what a layer says in the tree (needs umoci)', () => {
  it('of one layer', async () => {
    const place = join(scratch.path, 'tar');
    mkdirSync(place);
    const layout = makeUmociLayout(place, [rawTar(base)]);
    const { blobs } = createMemoryStore();
    const destination = join(place, 'ours');
    await unpackRootfs(await readLayoutImage(layout, blobs), blobs, {
      destination,
      signal: new AbortController().signal,
    });
    if (isRoot) execFileSync('tar', ['--compare', '-f', join(place, 'layer.tar'), '-C', destination]);
    expect(listTree(destination).size).toBe(base.length);
  });
});
