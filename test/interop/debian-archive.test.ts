/** The small archive that other tests use is one to the real apt and dpkg, and its faults are faults to them too. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aptIn, type Apt, hasApt } from '../rigs/apt.ts';
import { type DebianArchive, startDebianArchive, tampered } from '../rigs/debian-archive.ts';
import { arMembers } from '../rigs/debian-member.ts';
import { byHashName, poolPath, type ReleaseSpec } from '../rigs/debian-release.ts';
import { compressions, samplePackages, type SamplePackages } from '../rigs/debian-sample.ts';
import { type ScratchFolder, scratchFolder } from '../rigs/scratch-folder.ts';
import { hasGpg, makeSigningKey, type SigningKey } from '../rigs/signing-key.ts';

describe.skipIf(!hasApt || !hasGpg)('the small archive (needs apt, dpkg-deb and gpg)', () => {
  let scratch: ScratchFolder;
  let key: SigningKey;
  let sample: SamplePackages;
  let archive: DebianArchive;
  beforeAll(async () => {
    scratch = scratchFolder('archive');
    key = makeSigningKey();
    sample = samplePackages();
    archive = await startDebianArchive();
    writeFileSync(join(scratch.path, 'key.gpg'), key.keyring);
  });
  afterAll(async () => {
    await archive.stop();
    key.remove();
    scratch.remove();
  });

  const stable = (more: Partial<ReleaseSpec> = {}): ReleaseSpec => ({
    suite: 'stable',
    components: { main: sample.main },
    key,
    ...more,
  });

  /** A root that reads these suites of the mirror. */
  function apt(name: string, suites: readonly string[], architecture = 'amd64'): Apt {
    const folder = join(scratch.path, name);
    mkdirSync(folder);
    const line = (suite: string): string =>
      `deb [signed-by=${join(scratch.path, 'key.gpg')}] ${archive.mirror} ${suite} main\n`;
    return aptIn({ folder, architecture, sources: suites.map(line).join('') });
  }

  it.each(['amd64', 'arm64'])('gives apt a closure for %s', async (architecture) => {
    archive.publish(stable());
    const root = apt(`closure-${architecture}`, ['stable'], architecture);
    expect(await root.run('apt-get', 'update')).toMatchObject({ status: 0, stderr: '' });
    expect(await root.closure('greeter')).toEqual([
      'greeter-base=1.0',
      'greeter-data=1:2.0-1',
      'greeter-extra=3.0',
      'greeter=1:2.0-1',
      'libgreet1=1.1-1',
      'small-mail=1.0',
    ]);
  });

  it('has a newer library in its updates, signed in two files', async () => {
    archive.publish(stable());
    archive.publish(stable({ suite: 'updates', components: { main: sample.updates }, signed: 'detached' }));
    const root = apt('updates', ['stable', 'updates']);
    expect(await root.run('apt-get', 'update')).toMatchObject({ status: 0 });
    expect(await root.closure('libgreet1')).toEqual(['libgreet1=1.2-1']);
  });

  it('is refused by apt once anything in it is changed, expired or signed by another', async () => {
    const name = 'main/binary-amd64/Packages.xz';
    const faults: Readonly<Record<string, () => string>> = {
      index: () => {
        archive.publish(stable({ suite: 'index' }));
        const bytes = archive.files.get(`debian/dists/index/${name}`) ?? Buffer.alloc(0);
        archive.files.set(`debian/dists/index/${byHashName(name, bytes)}`, tampered(bytes));
        return 'Hash Sum mismatch';
      },
      expired: () => {
        archive.publish(stable({ suite: 'expired', validUntil: Date.now() - 86_400_000 }));
        return 'is expired';
      },
      release: () => {
        archive.publish(stable({ suite: 'release', signed: 'inline' }));
        const path = 'debian/dists/release/InRelease';
        const text = String(archive.files.get(path)).replace('Label: Layerwright', 'Label: layerwright');
        archive.files.set(path, Buffer.from(text));
        return 'BADSIG';
      },
      other: () => {
        const another = makeSigningKey({ algorithm: 'rsa2048' });
        archive.publish(stable({ suite: 'other', key: another }));
        another.remove();
        return 'NO_PUBKEY';
      },
    };
    for (const [fault, commit] of Object.entries(faults)) {
      const words = commit();
      const ran = await apt(fault, [fault]).run('apt-get', '-o', 'APT::Update::Error-Mode=any', 'update');
      expect(ran.status, fault).toBe(100);
      expect(ran.stderr + ran.stdout, fault).toContain(words);
    }
  });

  it('has packages in every compression, and dpkg-deb reads them all', () => {
    for (const compression of compressions) {
      const built = sample.main.find(({ spec }) => spec.name === `packed-${compression}`);
      const path = join(scratch.path, built?.fileName ?? '');
      writeFileSync(path, built?.bytes ?? '');
      const extension = { xz: '.xz', zstd: '.zst', gzip: '.gz', none: '', bzip2: '.bz2' }[compression];
      expect(arMembers(built?.bytes ?? Buffer.alloc(0)).at(-1)?.name).toBe(`data.tar${extension}`);
      expect(execFileSync('dpkg-deb', ['-c', path], { encoding: 'utf8' })).toContain(`packed/${compression}`);
    }
  });

  it('answers for what was asked: whole files, the rest of one, and what is not there', async () => {
    archive.publish(stable());
    const [built] = sample.main;
    const url = `${archive.mirror}/${built === undefined ? '' : poolPath('main', built)}`;
    const whole = await fetch(url);
    expect(Buffer.from(await whole.arrayBuffer()).equals(built?.bytes ?? Buffer.alloc(0))).toBe(true);
    const rest = await fetch(url, { headers: { range: 'bytes=100-' } });
    expect([rest.status, (await rest.arrayBuffer()).byteLength]).toEqual([
      206,
      (built?.bytes.length ?? 0) - 100,
    ]);
    const same = await fetch(url, { headers: { 'if-none-match': whole.headers.get('etag') ?? '' } });
    expect(same.status).toBe(304);
    expect((await fetch(`${url}x`)).status).toBe(404);
    expect(archive.asked().at(-1)).toMatch(/_amd64[.]debx$/);
  });
});
