/** safety.md H29, H30: a file system that does not tell upper from lower case, here lowntfs-3g on a loop file. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, rmdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { unpackRootfs } from '../../src/io/bundle/rootfs.ts';
import { createMemoryStore } from '../../src/io/store/memory-store.ts';
import { imageOf } from '../rigs/layer-image.ts';
import { type RawEntry, rawTar } from '../rigs/raw-tar.ts';
import { hasProgram, isRoot } from '../rigs/runtimes.ts';

const present = isRoot && hasProgram('lowntfs-3g') && hasProgram('mkntfs') && existsSync('/dev/fuse');

let base: string;
let mounted: string;
beforeAll(() => {
  if (!present) return;
  base = mkdtempSync(join(tmpdir(), 'layerwright-folding-'));
  mounted = join(base, 'mounted');
  mkdirSync(mounted);
  const file = join(base, 'ntfs');
  writeFileSync(file, Buffer.alloc(16 * 1024 * 1024));
  for (const [command = '', ...args] of [
    ['mkntfs', '-F', '-Q', '-q', file],
    ['lowntfs-3g', '-o', 'ignore_case', file, mounted],
  ]) {
    expect(spawnSync(command, args, { stdio: 'ignore' }).status).toBe(0);
  }
});
afterAll(() => {
  if (!present) return;
  spawnSync('umount', [mounted]);
  rmdirSync(mounted); // Not empty, and so kept, where the unmount failed.
  rmSync(base, { recursive: true, force: true });
});

async function unpack(name: string, entries: readonly RawEntry[]): Promise<string> {
  const { blobs } = createMemoryStore();
  const destination = join(mounted, name);
  await unpackRootfs(await imageOf(blobs, [rawTar(entries)]), blobs, {
    destination,
    signal: new AbortController().signal,
  });
  return destination;
}

const file = (name: string): RawEntry => ({ name, content: name });

describe.skipIf(!present)('on a file system that folds names (needs root and lowntfs-3g)', () => {
  const collisions: Readonly<Record<string, readonly [string, string, ...RawEntry[]]>> = {
    'two files': ['readme', 'README', file('README'), file('readme')],
    'a file and a folder': ['x', 'X', file('X'), file('x/y')],
    'a link and what goes through it': [
      'link',
      'LINK',
      { name: 'LINK', type: '2', link: '/tmp' },
      file('link/x'),
    ],
    'a whiteout': ['a', 'A', file('A'), file('.wh.a')],
  };
  it.each(Object.entries(collisions))(
    '%s with one name are refused, and both are named',
    async (name, [later, earlier, ...entries]) => {
      await expect(unpack(name, entries)).rejects.toMatchObject({
        code: 'bundle/names-collide',
        message: expect.stringContaining(`\`${later}\` and \`${earlier}\` are one name`) as string,
      });
      expect(readdirSync(mounted)).not.toContain(name);
    },
  );

  it('an image without such names is unpacked, though its names may come back in lower case', async () => {
    const tree = await unpack('fine', [
      { name: 'Docs', type: '5', mode: 0o755 },
      file('Docs/A'),
      file('Docs/b'),
      file('Docs/A'),
    ]);
    expect(readdirSync(join(tree, 'docs'))).toHaveLength(2);
  });
});
