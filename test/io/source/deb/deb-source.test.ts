import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TreeEntry } from '../../../../src/core/tree/file-tree.ts';
import { checkTree } from '../../../../src/core/tree/check-tree.ts';
import { resolveDebs } from '../../../../src/io/source/deb/resolve-debs.ts';
import type { Reading } from '../../../../src/io/source/reading.ts';
import { tampered } from '../../../rigs/debian-archive.ts';
import { byHashName, poolPath, sha256 } from '../../../rigs/debian-release.ts';
import { compressions } from '../../../rigs/debian-sample.ts';
import { hasApt } from '../../../rigs/apt.ts';
import { hasGpg, makeSigningKey } from '../../../rigs/signing-key.ts';
import { type DebScene, debRequest, openDebScene, readRoot, resolved, stableRelease } from './deb-scene.ts';

const day = 86_400_000;

async function blobsOf({ store }: Reading): Promise<unknown[]> {
  const found: unknown[] = [];
  for await (const blob of store.blobs.list()) found.push(blob);
  return found;
}

const closure = [
  'greeter=1:2.0-1',
  'greeter-base=1.0',
  'greeter-data=1:2.0-1',
  'greeter-extra=3.0',
  'libgreet1=1.1-1',
  'small-mail=1.0',
];

describe.skipIf(!hasApt || !hasGpg)('packages of a Debian archive (needs dpkg-deb and gpg)', () => {
  let scene: DebScene;
  beforeAll(async () => {
    scene = await openDebScene();
    scene.archive.publish(stableRelease(scene));
  });
  afterAll(() => scene.close());

  async function codesOf(more: Parameters<typeof debRequest>[2], names: readonly string[] = ['greeter']) {
    const found = await resolved(debRequest(scene, names, more), scene.reading());
    return found.map((one) => (typeof one === 'string' ? one : one.code));
  }

  it('are resolved as apt resolves them, whatever the order of their names', async () => {
    expect(await resolved(debRequest(scene, ['greeter']), scene.reading())).toEqual(closure);
    const [a, b] = [
      ['greeter', 'packed-xz'],
      ['packed-xz', 'greeter'],
    ].map((names) => debRequest(scene, names));
    if (a === undefined || b === undefined) throw new Error('two requests');
    expect(await resolveDebs(a, scene.reading())).toEqual(await resolveDebs(b, scene.reading()));
  });

  it('are pinned by version, path, digest and size, and never by a host', async () => {
    const { packages, ...request } = await resolveDebs(debRequest(scene, ['libgreet1']), scene.reading());
    expect(request).toEqual({ deb: ['libgreet1'], suite: 'stable', platform: 'linux/amd64' });
    const [one] = packages;
    const built = scene.sample.main.find(
      ({ spec }) => spec.name === 'libgreet1' && spec.architecture === 'amd64',
    );
    if (built === undefined) throw new Error('the sample has a library');
    expect(one).toEqual({
      name: 'libgreet1',
      version: '1.1-1',
      path: poolPath('main', built),
      sha256: sha256(built.bytes),
      size: built.bytes.length,
    });
    expect(JSON.stringify(packages)).not.toContain('127.0.0.1');
  });

  it('come from several suites, the newest version of all of them', async () => {
    scene.archive.publish(
      stableRelease(scene, { suite: 'news', components: { main: scene.sample.updates } }),
    );
    const mirrors = ['stable', 'news'].map((suite) => ({
      url: scene.archive.mirror,
      suites: [suite],
      components: ['main'],
      keyring: 'key.gpg',
    }));
    const request = debRequest(scene, ['libgreet1'], { mirrors });
    expect(await resolved(request, scene.reading())).toEqual(['libgreet1=1.2-1']);
    const older = debRequest(scene, ['libgreet1=1.1-1'], { mirrors });
    expect(await resolved(older, scene.reading())).toEqual(['libgreet1=1.1-1']);
  });

  it('come from the apt sources of this computer, with the updates of a suite', async () => {
    scene.archive.publish(
      stableRelease(scene, { suite: 'stable-updates', components: { main: scene.sample.updates } }),
    );
    const { context } = scene.reading();
    const line = (suite: string): string =>
      `deb [signed-by=${context}/key.gpg] ${scene.archive.mirror}/ ${suite} main\n`;
    const machine = ['stable', 'stable-updates', 'stable-backports'].map(line).join('');
    const own = { mirrors: [] };
    expect(await resolved(debRequest(scene, ['libgreet1'], own), scene.reading(machine))).toEqual([
      'libgreet1=1.2-1',
    ]);
    const unnamed = debRequest(scene, ['libgreet1'], { ...own, suites: [] });
    expect(await resolved(unnamed, scene.reading(machine))).toEqual(['libgreet1=1.2-1']);
    for (const sources of [undefined, `${line('stable')}${line('trixie')}`]) {
      expect(await resolved(unnamed, scene.reading(sources))).toMatchObject([{ code: 'deb/no-source' }]);
    }
    expect(await resolved(debRequest(scene, ['x'], own), scene.reading(line('trixie')))).toMatchObject([
      { code: 'deb/no-source' },
    ]);
  });

  it.each([
    ['detached signatures', { signed: 'detached' }],
    ['zstd alone', { compressions: ['zst'] }],
    ['xz alone', { compressions: ['xz'] }],
    ['plain indexes alone, without by-hash', { compressions: ['none'], byHash: 'no' }],
  ] as const)('are read from an archive with %s', async (what, more) => {
    const suite = what.replaceAll(/[^a-z]/g, '');
    scene.archive.publish(stableRelease(scene, { suite, ...more }));
    expect(await codesOf({ suite })).toEqual(closure);
  });

  it('are one root file system, with dpkg’s records', async () => {
    const { tree, problems } = await readRoot(debRequest(scene, ['greeter', 'small-mail']), scene.reading());
    expect(problems).toMatchObject([{ code: 'deb/scripts-not-run', severity: 'warning' }]);
    expect(problems[0]?.message).toContain('greeter');
    checkTree(tree?.tree ?? { entries: [] });
    const found = new Map<string, TreeEntry>();
    for (const entry of tree?.tree.entries ?? []) found.set(entry.path, entry);
    expect(found.get('lib')).toMatchObject({ type: 'symlink', target: 'usr/lib' });
    expect(found.get('usr/lib/greeter/base')).toMatchObject({ type: 'file' });
    expect(found.get('usr/lib/greeter/helper')).toMatchObject({
      mode: 0o4755,
      mtime: { seconds: 1_700_000_000 },
    });
    expect(found.get('usr/lib/greeter/same')).toMatchObject({ type: 'hardlink' });
    expect(found.get('var/mail/greeter')).toMatchObject({ type: 'directory', mode: 0o2775 });
    for (const { name } of closure.map((text) => ({ name: text.split('=')[0] ?? '' }))) {
      expect(found.has(`var/lib/dpkg/status.d/${name}`)).toBe(true);
    }
    expect(found.has('greeter-postinst-ran')).toBe(false);
    expect(tree?.passwd).toContain('smallmail');
  });

  it.each(compressions)('are unpacked from data.tar in %s', async (compression) => {
    const name = `packed-${compression}`;
    const { tree, problems } = await readRoot(debRequest(scene, [name]), scene.reading());
    expect(problems).toEqual([]);
    expect(tree?.tree.entries.map(({ path }) => path)).toContain(`usr/share/packed/${compression}`);
  });

  it('are fetched once: the second time the store has them all', async () => {
    const [request, reading] = [debRequest(scene, ['greeter']), scene.reading()];
    const locked = await resolveDebs(request, reading);
    const first = await readRoot(request, reading, locked);
    const offline = { ...reading, download: () => Promise.reject(new Error('no network')) };
    const second = await readRoot(request, offline, locked);
    expect(second.tree?.digest).toBe(first.tree?.digest);
    expect(second.tree?.contents).toEqual(first.tree?.contents);
    // Another layer has some of the same packages.
    const part = { ...locked, packages: locked.packages.slice(0, 2) };
    expect((await readRoot(request, offline, part)).tree?.tree.entries).not.toEqual([]);
  });

  it('are refused with exit 9 where the signature, the suite or the date is wrong', async () => {
    const { archive } = scene;
    const other = makeSigningKey();
    archive.publish(stableRelease(scene, { suite: 'alien', key: other, signed: 'inline' }));
    other.remove();
    expect(await codesOf({ suite: 'alien' })).toEqual(['deb/bad-signature']);
    archive.publish(stableRelease(scene, { suite: 'expired', validUntil: Date.now() - day }));
    expect(await codesOf({ suite: 'expired' })).toEqual(['deb/expired']);
    archive.publish(stableRelease(scene, { suite: 'unsigned' }));
    for (const name of ['InRelease', 'Release.gpg']) archive.files.delete(`debian/dists/unsigned/${name}`);
    expect(await codesOf({ suite: 'unsigned' })).toEqual(['deb/bad-signature']);
    archive.files.set(
      'debian/dists/moved/InRelease',
      archive.files.get('debian/dists/stable/InRelease') ?? Buffer.alloc(0),
    );
    expect(await codesOf({ suite: 'moved' })).toEqual(['deb/wrong-suite']);
    expect(await codesOf({ suite: 'nowhere' })).toEqual(['deb/no-source']);
    const mirrors = [{ url: archive.mirror, suites: ['stable'], components: ['main'], keyring: 'none.gpg' }];
    expect(await codesOf({ mirrors })).toEqual(['deb/keyring']);
  });

  it('ignore the date of an archive of the past, and find it by its mark', async () => {
    const { archive } = scene;
    const snapshot = '20200101T000000Z';
    const old = stableRelease(scene, { suite: 'old', validUntil: Date.now() - 900 * day });
    archive.publish(old, `snapshot/debian/${snapshot}`);
    const mirror = (url: string) => ({ url, suites: ['old'], components: ['main'], keyring: 'key.gpg' });
    const marked = [mirror(`${archive.origin}/snapshot/debian/@SNAPSHOTID@`)];
    expect(await codesOf({ mirrors: marked, snapshot })).toEqual(closure);
    expect(
      await codesOf({ mirrors: [mirror(`${archive.origin}/snapshot/debian/${snapshot}`)], snapshot }),
    ).toEqual(closure);
    expect(await codesOf({ mirrors: marked })).toEqual(['deb/no-source']);
    expect(await codesOf({ mirrors: [mirror(archive.mirror)], snapshot })).toEqual(['deb/no-source']);
  });

  it('are refused with exit 4 where an index or a package has other bytes, and nothing of them is kept', async () => {
    const { archive } = scene;
    const name = 'main/binary-amd64/Packages.gz';
    archive.publish(stableRelease(scene, { suite: 'tampered', compressions: ['gz'] }));
    const bytes = archive.files.get(`debian/dists/tampered/${name}`) ?? Buffer.alloc(0);
    archive.files.set(`debian/dists/tampered/${byHashName(name, bytes)}`, tampered(bytes));
    const reading = scene.reading();
    expect(await resolved(debRequest(scene, ['greeter'], { suite: 'tampered' }), reading)).toMatchObject([
      { code: 'download/differs' },
    ]);
    expect(await blobsOf(reading)).toEqual([]);
    const request = debRequest(scene, ['packed-none']);
    const locked = await resolveDebs(request, scene.reading());
    const path = `debian/${locked.packages[0]?.path ?? ''}`;
    const deb = archive.files.get(path) ?? Buffer.alloc(0);
    archive.files.set(path, tampered(deb));
    const refused = scene.reading();
    expect(await readRoot(request, refused, locked)).toMatchObject({ codes: ['download/differs'] });
    expect(await blobsOf(refused)).toEqual([]);
    archive.files.delete(path);
    const { problems } = await readRoot(request, scene.reading(), locked);
    expect(problems).toMatchObject([{ code: 'deb/vanished' }]);
    expect(problems[0]?.help).toContain('snapshot');
    archive.files.set(path, deb);
  });

  it('are refused where two claim one file, or one another, or something is missing', async () => {
    expect((await readRoot(debRequest(scene, ['clashing', 'greeter-data']), scene.reading())).codes).toEqual([
      'deb/file-clash',
    ]);
    const replaced = await readRoot(debRequest(scene, ['replacing']), scene.reading());
    expect(replaced.problems).toEqual([]);
    expect(await codesOf({}, ['unfriendly', 'greeter'])).toEqual(['deb/conflict']);
    expect(await codesOf({}, ['greeter=9'])).toEqual(['deb/unknown-package']);
    expect(await codesOf({}, ['greetr'])).toEqual(['deb/unknown-package']);
    const windows = { os: 'windows', architecture: 'amd64' };
    expect(await codesOf({ platform: windows })).toEqual(['deb/no-architecture']);
    expect(await codesOf({ platform: { os: 'linux', architecture: 's390x' } })).toEqual(['deb/no-source']);
  });
});
