/**
 * Debian packages from a small signed archive on loopback: what is built of them, what is asked for when, and what becomes
 * of whoever changes, forges, keeps back or takes away a part of it.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { unpackLayout } from '../rigs/built-root.ts';
import { tampered } from '../rigs/debian-archive.ts';
import type { BuiltPackage } from '../rigs/debian-package.ts';
import { differences } from '../rigs/debian-differences.ts';
import { lockedClosure } from '../rigs/debian-project.ts';
import { byHashName, poolPath, type ReleaseSpec, sha256 } from '../rigs/debian-release.ts';
import { compressions } from '../rigs/debian-sample.ts';
import { type DebianProject, type DebianScene, recipeWith, startDebianScene } from '../rigs/debian-scene.ts';
import { unpackByDpkgDeb } from '../rigs/debian-trees.ts';
import { networkCut } from '../rigs/network-cut.ts';
import { isRoot } from '../rigs/runtimes.ts';
import { hasGpg, makeSigningKey } from '../rigs/signing-key.ts';
import { hasApt } from '../rigs/apt.ts';
import { listTree } from '../rigs/tree-listing.ts';

const day = 86_400_000;
const closure = [
  'greeter-base=1.0',
  'greeter-data=1:2.0-1',
  'greeter-extra=3.0',
  'greeter=1:2.0-1',
  'libgreet1=1.1-1',
  'small-mail=1.0',
];

describe.skipIf(!hasApt || !hasGpg)('packages of a small archive (needs dpkg-deb and gpg)', () => {
  let scene: DebianScene;
  beforeAll(async () => {
    scene = await startDebianScene();
  });
  afterEach(() => {
    scene.archive.files.clear();
    scene.archive.publish(scene.stable());
  });
  afterAll(() => scene.stop());

  /** Asked for while this is done. */
  async function asked(act: () => Promise<unknown>): Promise<readonly string[]> {
    const before = scene.archive.asked().length;
    await act();
    return scene.archive.asked().slice(before);
  }

  it('come with all that they need, for each platform, and are asked for once', async () => {
    const project = scene.project(['greeter']);
    const built = await project.go('build');
    expect(built).toMatchObject({ status: 0 });
    for (const platform of ['linux/amd64', 'linux/arm64'])
      expect(lockedClosure(project.folder, platform)).toEqual(closure);
    expect(readFileSync(join(project.folder, 'oci.lock'), 'utf8')).not.toContain('127.0.0.1');
    expect(
      await asked(async () => {
        expect(await project.go('build')).toMatchObject({ status: 0, stdout: built.stdout });
      }),
    ).toEqual([]);
    if (networkCut !== undefined)
      expect(await project.goAlone('build')).toMatchObject({ status: 0, stdout: built.stdout });
  });

  it.skipIf(!isRoot)(
    'are unpacked as dpkg-deb unpacks them, and no script of theirs runs (needs root)',
    async () => {
      const project = scene.project(['greeter', 'greeter-doc']);
      const { status, stderr } = await project.go('build', '-o', 'oci:layout');
      expect(status, stderr).toBe(0);
      expect(stderr).toContain('deb/scripts-not-run');
      expect(existsSync('/greeter-postinst-ran')).toBe(false);
      const debs = join(project.folder, 'debs');
      mkdirSync(debs);
      for (const built of scene.sample.main)
        if (built.spec.architecture !== 'arm64') writeFileSync(join(debs, built.fileName), built.bytes);
      unpackLayout(join(project.folder, 'layout'), 'amd64', join(project.folder, 'root'));
      const ours = listTree(join(project.folder, 'root'));
      const packages = unpackByDpkgDeb(debs, join(project.folder, 'each'));
      for (const name of [...closure.map((one) => one.replace(/=.*$/, '')), 'greeter-doc']) {
        const theirs = packages.get(name) ?? new Map<string, never>();
        expect(theirs.size, name).toBeGreaterThan(0);
        expect(
          differences(theirs, ours, (path) => theirs.has(path)),
          name,
        ).toEqual([]);
      }
    },
  );

  it('are read in every compression', async () => {
    const project = scene.project(compressions.map((name) => `packed-${name}`));
    expect(await project.go('build', '-o', 'oci:layout')).toMatchObject({ status: 0 });
    unpackLayout(join(project.folder, 'layout'), 'arm64', join(project.folder, 'root'));
    for (const name of compressions)
      expect(readFileSync(join(project.folder, 'root/usr/share/packed', name), 'utf8')).toContain(
        `${name} ....`,
      );
  });

  it('give the same image from any mirror, however its index is packed and signed', async () => {
    const first = await scene.project(['greeter']).go('build');
    const other = scene.project(['greeter'], {
      mirror: [{ url: `${scene.archive.origin}/other`, suite: 'stable' }],
      keyring: 'key.asc',
    });
    other.write('key.asc', scene.key.armoured);
    const release: Partial<ReleaseSpec> = { compressions: ['none', 'zst'], byHash: 'no', signed: 'detached' };
    scene.archive.publish(scene.stable({ ...release, date: Date.now() - day }), 'other');
    expect(await other.go('build')).toMatchObject({ status: 0, stdout: first.stdout });
  });

  describe('are refused, and nothing of theirs is stored', () => {
    const inRelease = 'debian/dists/stable/InRelease';
    const debOf = (name: string): string => {
      const built = scene.sample.main.find(({ spec }) => spec.name === name);
      return `debian/${built === undefined ? '' : poolPath('main', built)}`;
    };
    const spoil = (path: string): Buffer => {
      const bytes = tampered(scene.archive.files.get(path) ?? Buffer.alloc(0));
      scene.archive.files.set(path, bytes);
      return bytes;
    };

    it('where an index or a package is not what is signed', async () => {
      scene.archive.files.clear();
      scene.archive.publish(scene.stable({ compressions: ['xz'] }));
      const index = 'debian/dists/stable/main/binary-amd64/Packages.xz';
      const hashed = byHashName(index, scene.archive.files.get(index) ?? Buffer.alloc(0));
      const spoilt = [spoil(index), spoil(hashed)].map(sha256);
      const one = scene.project(['greeter']);
      await refused(one, 4, ['binary-amd64/', scene.archive.origin]);
      expect(one.blobs().filter((name) => spoilt.includes(name))).toEqual([]);

      scene.archive.publish(scene.stable());
      const changed = sha256(spoil(debOf('greeter-data')));
      const two = scene.project(['greeter']);
      await refused(two, 4, ['greeter-data', scene.archive.origin]);
      expect(two.blobs()).not.toContain(changed);
    });

    it('where a package is cut short', async () => {
      const path = debOf('greeter-data');
      scene.archive.files.set(path, (scene.archive.files.get(path) ?? Buffer.alloc(0)).subarray(0, 100));
      await refused(scene.project(['greeter']), 4, ['greeter-data']);
    });

    it('where the signature is bad, missing, another’s, or of a key that is over', async () => {
      const text = String(scene.archive.files.get(inRelease)).replace(
        'Label: Layerwright',
        'Label: layerwright',
      );
      const [other, over] = [makeSigningKey(), makeSigningKey({ expired: true })];
      const faults: Readonly<Record<string, () => void>> = {
        bad: () => scene.archive.files.set(inRelease, Buffer.from(text)),
        missing: () => {
          scene.archive.files.delete(inRelease);
          scene.archive.files.delete('debian/dists/stable/Release.gpg');
        },
        other: () => {
          scene.archive.publish(scene.stable({ key: other }));
        },
      };
      for (const commit of Object.values(faults)) {
        scene.archive.publish(scene.stable());
        commit();
        const project = scene.project(['greeter']);
        await refused(project, 9, [scene.archive.mirror, 'deb/bad-signature']);
        expect(project.blobs()).toEqual([]);
      }
      scene.archive.publish(scene.stable({ key: over }));
      const project = scene.project(['greeter']);
      project.write('key.gpg', over.keyring);
      await refused(project, 9, [scene.archive.mirror, 'key.gpg']);
      for (const key of [other, over]) key.remove();
    });

    it('where the archive is older than it may be, or that of another suite', async () => {
      scene.archive.publish(scene.stable({ date: Date.now() - 9 * day, validUntil: Date.now() - day }));
      const old = scene.project(['greeter']);
      await refused(old, 9, ['deb/expired', 'snapshot']);
      expect(old.blobs()).toEqual([]);
      scene.archive.publish(scene.stable({ suite: 'oldstable' }));
      for (const [path, bytes] of [...scene.archive.files])
        if (path.includes('/oldstable/')) scene.archive.files.set(path.replace('oldstable', 'stable'), bytes);
      const other = scene.project(['greeter']);
      await refused(other, 9, ['deb/wrong-suite']);
      expect(other.blobs()).toEqual([]);
    });

    it('where the locked version is gone', async () => {
      const project = scene.project(['greeter']);
      expect(await project.go('lock')).toMatchObject({ status: 0 });
      scene.archive.files.delete(debOf('greeter-data'));
      await refused(project, 5, ['greeter-data', '1:2.0-1', 'snapshot']);
    });

    it('where there is no such package, or what it needs is nowhere, or two exclude each other', async () => {
      await refused(scene.project(['greter']), 2, ['greter', 'greeter']);
      await refused(scene.project(['greeter-broken']), 2, ['greeter-broken', 'greeter (>= 2:9)']);
      await refused(scene.project(['greeter', 'unfriendly']), 2, ['unfriendly', 'greeter']);
      await refused(scene.project(['greeter', 'clashing']), 2, ['clashing', 'usr/share/greeter/words']);
    });
  });

  it('are refused where they are others than the index says', async () => {
    const published = (name: string, change: (one: BuiltPackage) => BuiltPackage): void => {
      const main = scene.sample.main.map((one) => (one.spec.name === name ? change(one) : one));
      scene.archive.publish(scene.stable({ components: { main } }));
    };
    const refusedAs = async (name: string, found: string): Promise<void> => {
      await refused(scene.project([name]), 3, ['deb/other-package', `says that it is ${found}\n`]);
    };
    published('clashing', (one) => ({ ...one, control: one.control.replace('1.0', '1.1') }));
    await refusedAs('clashing', 'clashing 1.0 all');
    published('clashing', (one) => ({ ...one, control: one.control.replace('clashing', 'renamed') }));
    await refusedAs('renamed', 'clashing 1.0 all');
    const isArm64 = ({ fileName }: BuiltPackage): boolean => fileName === 'libgreet1_1.1-1_arm64.deb';
    const bytes = scene.sample.main.find(isArm64)?.bytes ?? Buffer.alloc(0);
    published('libgreet1', (one) => ({ ...one, bytes }));
    await refusedAs('libgreet1', 'libgreet1 1.1-1 arm64');
  });

  it('are pointed at by their names where they are unknown', async () => {
    const names = ['greeter', 'greter', 'packed-xx=1.0'];
    const { status, stderr } = await scene.project(names).go('build');
    expect(status).toBe(2);
    const [first, second] = names
      .slice(1)
      .map((name) => recipeWith({ deb: names }).split('\n')[4]?.indexOf(`"${name}"`) ?? -1);
    expect(stderr).toContain(`oci.config.yaml:5:${String((first ?? -1) + 1)}\n`);
    expect(stderr).toContain('did you mean `greeter`?');
    expect(stderr).toContain(`oci.config.yaml:5:${String((second ?? -1) + 1)}\n`);
    expect(stderr).toContain('did you mean `packed-xz`?');
    expect(stderr).not.toContain('it is asked for here');
  });

  it('may replace files of others where they say so', async () => {
    const project = scene.project(['replacing']);
    expect(await project.go('build', '-o', 'oci:layout')).toMatchObject({ status: 0 });
    unpackLayout(join(project.folder, 'layout'), 'amd64', join(project.folder, 'root'));
    expect(readFileSync(join(project.folder, 'root/usr/share/greeter/words'), 'utf8')).toBe('bye\n');
  });

  it('bring accounts in place of the base’s, as docs/deb.md says, and those of `users` are added to them', async () => {
    const project = scene.project(['small-mail']);
    const layer = recipeWith({
      deb: ['small-mail'],
      mirror: scene.archive.mirror,
      suite: 'stable',
      keyring: 'key.gpg',
    }).split('\n')[4];
    project.write(
      'oci.config.yaml',
      `platforms: [linux/amd64]
images:
  base: { layers: [{ file: /etc/passwd, content: "web:x:1000:1000::/:/bin/sh\\n" }] }
  app:
    from: image:base
    users: { app: { uid: 10001 } }
    layers:
    ${layer ?? ''}
`,
    );
    expect(await project.go('build', 'app', '-o', 'oci:layout')).toMatchObject({ status: 0 });
    unpackLayout(join(project.folder, 'layout'), 'amd64', join(project.folder, 'root'));
    expect(readFileSync(join(project.folder, 'root/etc/passwd'), 'utf8')).toBe(
      'smallmail:x:999:999:Small Mail:/var/spool/small-mail:/usr/sbin/nologin\napp:x:10001:10001::/home/app:/bin/sh\n',
    );
  });

  it('come from a snapshot however old it is', async () => {
    scene.archive.publish(
      scene.stable({ date: Date.now() - 900 * day, validUntil: Date.now() - 890 * day }),
      'archive/20240101T000000Z',
    );
    const project = scene.project(['greeter'], {
      mirror: [{ url: `${scene.archive.origin}/archive/@SNAPSHOTID@`, suite: 'stable' }],
      snapshot: '20240101T000000Z',
    });
    const paths = await asked(async () => {
      expect(await project.go('build')).toMatchObject({ status: 0 });
    });
    expect(paths.filter((path) => !path.startsWith('archive/20240101T000000Z/'))).toEqual([]);
    expect(lockedClosure(project.folder, 'linux/amd64')).toEqual(closure);
  });

  it('stay what the lock says when newer ones appear, and move when they are told to', async () => {
    const project = scene.project(['libgreet1']);
    const first = await project.go('build');
    expect(first.status, first.stderr).toBe(0);
    expect(await project.go('outdated', '--exit-code')).toMatchObject({ status: 0 });
    const { main, updates } = scene.sample;
    scene.archive.publish(scene.stable({ components: { main: [...main, ...updates] } }));
    expect(await project.go('build')).toMatchObject({ status: 0, stdout: first.stdout });
    const outdated = await project.go('outdated', '--exit-code');
    expect(outdated.status).toBe(10);
    expect(outdated.stdout).toMatch(/libgreet1.*1[.]1-1.*1[.]2-1/s);
    const updated = await project.go('update', 'libgreet1');
    expect(updated.status, updated.stderr).toBe(0);
    expect(lockedClosure(project.folder, 'linux/arm64')).toEqual(['libgreet1=1.2-1']);
    const second = await project.go('build');
    expect(second.status).toBe(0);
    expect(second.stdout).not.toBe(first.stdout);
  });

  it('are not resolved where that is forbidden', async () => {
    const frozen = await scene.project(['greeter']).go('build', '--frozen-lockfile');
    expect(frozen).toMatchObject({ status: 2, stdout: '' });
    expect(frozen.stderr).toContain('oci.lock');
    const offline = await scene.project(['greeter']).go('build', '--offline');
    expect(offline).toMatchObject({ status: 2, stdout: '' });
  });

  async function refused(project: DebianProject, status: number, words: readonly string[]): Promise<void> {
    const ran = await project.go('build');
    expect(ran.status, ran.stderr).toBe(status);
    for (const word of words) expect(ran.stderr).toContain(word);
    expect(ran.stdout).toBe('');
  }
});
