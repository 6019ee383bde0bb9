/** What a parent folder gives to everything that is made in it must not show in an unpacked tree. */
import { chmodSync, chownSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setAttributeSync } from '@napi-rs/xattr';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RawEntry } from '../../rigs/raw-tar.ts';
import { type ScratchFolder, scratchFolder } from '../../rigs/scratch-folder.ts';
import { unpackLayers } from './unpack-harness.ts';

let scratch: ScratchFolder;
beforeEach(() => {
  scratch = scratchFolder('new-nodes');
});
afterEach(() => {
  scratch.remove();
});

const owner = { uid: process.geteuid?.() ?? 0, gid: process.getegid?.() ?? 0 };
const modes = [0o000, 0o444, 0o600, 0o644, 0o664, 0o755, 0o777, 0o1777, 0o2755, 0o4755, 0o6711];
const entries: RawEntry[] = [
  { name: 'folder/', type: '5', mode: 0o775, ...owner },
  ...modes.map((mode) => ({ name: `folder/${mode.toString(8)}`, content: 'x', mode, ...owner })),
  { name: 'folder/below/', type: '5', mode: 0o2775, ...owner },
  { name: 'folder/below/file', content: 'x', mode: 0o666, ...owner },
  { name: 'folder/link', type: '2', link: 'below', ...owner },
];

/** The tree as the entries say it, whatever `prepare` has done to the folder that it is made in. */
async function expectExact(prepare: (parent: string) => void): Promise<void> {
  const parent = join(scratch.path, 'parent');
  mkdirSync(parent);
  prepare(parent);
  const { tree, warnings } = await unpackLayers(parent, entries);
  expect(warnings).toEqual([]);
  for (const { name, mode = 0, type } of entries) {
    const node = tree.get(String(name).replace(/\/$/, ''));
    const owned = { owner: `${String(owner.uid)}:${String(owner.gid)}` };
    expect(node).toMatchObject(type === '2' ? owned : { mode: mode.toString(8), ...owned });
  }
}

describe('modes and owners are those of the layer', () => {
  it.each([0o000, 0o022, 0o077])('under the umask %i', async (umask) => {
    let before = umask;
    try {
      await expectExact(() => {
        before = process.umask(umask);
      });
    } finally {
      process.umask(before);
    }
  });

  it.skipIf(owner.uid !== 0)('in a folder that gives its group away (needs root)', async () => {
    await expectExact((parent) => {
      chownSync(parent, 0, 12_345);
      chmodSync(parent, 0o2755);
    });
  });

  it('in a folder with a default ACL', async () => {
    await expectExact((parent) => {
      setAttributeSync(parent, 'system.posix_acl_default', defaultAcl());
    });
  });
});

// linux/posix_acl_xattr.h, version 2: user::r-x, group::rwx, mask::r--, other::---, and rwx for user 1234.
function defaultAcl(): Buffer {
  const undefinedId = 0xffffffff;
  const rows = [
    [0x01, 5, undefinedId],
    [0x02, 7, 1234],
    [0x04, 7, undefinedId],
    [0x10, 4, undefinedId],
    [0x20, 0, undefinedId],
  ] as const;
  const acl = Buffer.alloc(4 + rows.length * 8);
  acl.writeUInt32LE(2, 0);
  rows.forEach(([tag, permissions, id], at) => {
    acl.writeUInt16LE(tag, 4 + at * 8);
    acl.writeUInt16LE(permissions, 6 + at * 8);
    acl.writeUInt32LE(id, 8 + at * 8);
  });
  return acl;
}
