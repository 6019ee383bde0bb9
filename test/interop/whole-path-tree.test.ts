/**
 * The tree that umoci unpacks from our layout is the tree of our bundle, on real input with odd nodes: contents, types,
 * modes, owners, times, links, attributes. For an ordinary user all but owners, devices and privileged attributes.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { succeed } from '../rigs/command.ts';
import { canBecomeOrdinary, type OrdinaryUser, ordinaryUser } from '../rigs/ordinary-user.ts';
import { hasProgram } from '../rigs/runtimes.ts';
import { differingNodes, type ListedNode, listTree } from '../rigs/tree-listing.ts';
import { buildWholePath, canBuildWholePath, type WholePath, wholePathNeeds } from '../rigs/whole-path.ts';

const slow = 240_000;
const present = canBuildWholePath && hasProgram('umoci');

describe.skipIf(!present)(`the tree of an image (${wholePathNeeds}, umoci)`, () => {
  let built: WholePath;
  let ours: Map<string, ListedNode>;
  beforeAll(() => {
    built = buildWholePath('tree');
    succeed(['bundle', built.layouts.odd, 'ours', '-q'], built.options);
    ours = listTree(join(built.folder, 'ours/rootfs'));
  }, slow);
  afterAll(() => {
    built.remove();
  });

  test('holds a Debian root, more than 5,000 files of node_modules, and what is odd', () => {
    const files = [...ours].filter(
      ([path, { type }]) => type === 'file' && path.startsWith('srv/service/node_modules/'),
    );
    expect(files.length).toBeGreaterThan(5000);
    expect(ours.get('odd')).toMatchObject({ type: 'directory', mode: '751', owner: '3:4' });
    expect(ours.get('odd/null')).toMatchObject({ type: 'character-device', device: '259' });
    expect(ours.get('odd/loop')).toMatchObject({ type: 'block-device', owner: '0:6' });
    expect(ours.get('odd/pipe')).toMatchObject({ type: 'fifo', mode: '640' });
    expect(ours.get('odd/setgid')).toMatchObject({ mode: '2775', owner: '0:50' });
    expect(ours.get('odd/far')).toMatchObject({ owner: '70000:4000000000', mtime: '-5000000000' });
    expect(ours.get('odd/ping')?.xattrs).toEqual({
      'security.capability': 'AQAAAgAgAAAAAAAAAAAAAAAAAAA=',
    });
    expect(ours.get('odd/setuid-too')?.sameAs).toBe('odd/setuid');
    expect(ours.get('odd/twin-too')?.sameAs).toBe('odd/twin');
    expect([...ours.keys()].filter((path) => /^odd\/(spare|emptied)|share\/doc/.test(path))).toEqual([
      'odd/emptied',
      'odd/emptied/again',
      'usr/share/doc',
    ]);
  });

  test('is the same in umoci and in our bundle', { timeout: slow }, () => {
    const place = built.layouts.odd.slice('oci:'.length);
    const unpacked = spawnSync('umoci', ['unpack', '--image', place, join(built.folder, 'theirs')]);
    expect(unpacked.status, String(unpacked.stderr)).toBe(0);
    expect(differingNodes(ours, listTree(join(built.folder, 'theirs/rootfs')))).toEqual([]);
  });

  test('is the same as a root file system without a bundle', { timeout: slow }, () => {
    succeed(['copy', built.layouts.odd, 'rootfs:rootfs', '-q'], built.options);
    expect(differingNodes(ours, listTree(join(built.folder, 'rootfs')))).toEqual([]);
  });

  describe.skipIf(!canBecomeOrdinary)('for an ordinary user (needs setpriv, unshare and useradd)', () => {
    let user: OrdinaryUser;
    let lesser: Map<string, ListedNode>;
    beforeAll(() => {
      user = ordinaryUser(join(built.folder, '..'));
      cpSync(join(built.folder, 'odd-layout'), join(user.home, 'odd-layout'), { recursive: true });
      const made = user.layerwright('bundle', '--rootless', 'oci:odd-layout:it', 'ours');
      expect(made.status, made.stderr).toBe(0);
      lesser = listTree(join(user.home, 'ours/rootfs'));
    }, slow);

    test('is the same in umoci and in our bundle', { timeout: slow }, () => {
      const unpacked = user.run('umoci', 'unpack', '--rootless', '--image', 'odd-layout:it', 'theirs');
      expect(unpacked.status, unpacked.stderr).toBe(0);
      const theirs = listTree(join(user.home, 'theirs/rootfs'));
      expect(differingNodes(lesser, withoutOwnersNoted(theirs))).toEqual([]);
    });

    test('is that of root but for owners, devices and privileged attributes', () => {
      expect(differingNodes(lesser, asOrdinary(ours, user))).toEqual([]);
    });
  });
});

/** umoci writes down in an attribute which owner it could not set. */
function withoutOwnersNoted(tree: ReadonlyMap<string, ListedNode>): Map<string, ListedNode> {
  return new Map(
    [...tree].map(([path, node]) => [path, withAttributes(node, (key) => key !== 'user.rootlesscontainers')]),
  );
}

const emptyFile = { type: 'file', content: createHash('sha256').digest('hex') };

function asOrdinary(
  tree: ReadonlyMap<string, ListedNode>,
  { uid, gid }: OrdinaryUser,
): Map<string, ListedNode> {
  const owner = `${String(uid)}:${String(gid)}`;
  return new Map(
    [...tree].map(([path, node]) => {
      const { device, ...kept } = withAttributes(node, (key) => key.startsWith('user.'));
      return [path, device === undefined ? { ...kept, owner } : { ...kept, owner, ...emptyFile }];
    }),
  );
}

function withAttributes(node: ListedNode, keep: (key: string) => boolean): ListedNode {
  const { xattrs, ...rest } = node;
  const kept = Object.entries(xattrs ?? {}).filter(([key]) => keep(key));
  return kept.length === 0 ? rest : { ...rest, xattrs: Object.fromEntries(kept) };
}
