/**
 * Real Debian packages on nothing at all, against apt, dpkg, mmdebstrap, ldconfig and update-ca-certificates: the same
 * closure, the same files, and beside them only what docs/recipe.md says that we add.
 */
import { execFileSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type DebianMirror, knownSuites, startDebianMirror } from '../../scripts/debian-mirror.mjs';
import { type Apt, aptIn } from '../rigs/apt.ts';
import { layerFiles, unpackLayout } from '../rigs/built-root.ts';
import { lockedClosure, mirrorValue } from '../rigs/debian-project.ts';
import { differences, isAdded, isOurs } from '../rigs/debian-differences.ts';
import {
  folderTimes,
  hasMmdebstrap,
  mergedLinks,
  unpackByDpkgDeb,
  unpackByMmdebstrap,
  unpackTar,
} from '../rigs/debian-trees.ts';
import { makeProject, type Project } from '../rigs/project.ts';
import { startListener } from '../rigs/recording-listener.ts';
import { runBuilt } from '../rigs/run-program.ts';
import { hasProgram, isRoot } from '../rigs/runtimes.ts';
import { type ScratchFolder, scratchFolder } from '../rigs/scratch-folder.ts';
import { type ListedNode, listTree } from '../rigs/tree-listing.ts';

const names = ['ca-certificates', 'tzdata', 'libssl3', 'libstdc++6', 'tini', 'busybox-static'];
const architectures = ['amd64', 'arm64'] as const;
type Architecture = (typeof architectures)[number];

const canCompare = isRoot && hasMmdebstrap && knownSuites.length > 0;
let scratch: ScratchFolder;
let mirror: DebianMirror;
let project: Project;

describe.skipIf(!canCompare)('deb: on scratch (needs root, apt with Debian sources, and mmdebstrap)', () => {
  const apts = new Map<Architecture, Apt>();
  beforeAll(async () => {
    scratch = scratchFolder('debian');
    mirror = await startDebianMirror();
    project = makeProject(`image: localhost/debian
from: scratch
platforms: [linux/amd64, linux/arm64]
layers:
  - deb: ${JSON.stringify(names)}
    mirror: ${mirrorValue(mirror.suites)}
compression: { type: gzip, level: 1 }
`);
    const built = await runBuilt(['build', '-o', 'oci:layout'], project.options);
    expect(built).toMatchObject({ status: 0 });
    await Promise.all(architectures.map(unpackAll));
  }, 240_000);
  afterAll(async () => {
    mirror.stop();
    project.remove();
    scratch.remove();
  });

  const folderOf = (architecture: Architecture, of: string): string => join(scratch.path, architecture, of);

  async function unpackAll(architecture: Architecture): Promise<void> {
    mkdirSync(folderOf(architecture, 'apt'), { recursive: true });
    const apt = aptIn({ folder: folderOf(architecture, 'apt'), architecture, sources: mirror.sources });
    apts.set(architecture, apt);
    const updated = await apt.run('apt-get', 'update');
    expect(updated).toMatchObject({ status: 0, stderr: '' });
    unpackLayout(join(project.folder, 'layout'), architecture, folderOf(architecture, 'ours'));
    await unpackByMmdebstrap({ names, architecture }, mirror, folderOf(architecture, 'mmdebstrap'));
  }

  describe.each(architectures)('%s', (architecture) => {
    it('has the closure that apt resolves', async () => {
      const closure = await apts.get(architecture)?.closure(...names);
      expect(lockedClosure(project.folder, `linux/${architecture}`)).toEqual(closure);
    });

    it('holds each package as dpkg-deb -x unpacks it', async () => {
      const argv = ['-y', '-d', '--no-install-recommends', 'install', ...names];
      await apts.get(architecture)?.run('apt-get', ...argv);
      const debs = folderOf(architecture, 'apt/cache/archives');
      const packages = unpackByDpkgDeb(debs, folderOf(architecture, 'each'));
      expect(packages.size).toBe(lockedClosure(project.folder, `linux/${architecture}`).length);
      const ours = listTree(folderOf(architecture, 'ours'));
      const held = new Set<string>(mergedLinks[architecture]);
      for (const [name, tree] of packages) {
        expect(
          differences(tree, ours, (path) => tree.has(path)),
          name,
        ).toEqual([]);
        for (const path of tree.keys()) held.add(path);
      }
      expect([...ours.keys()].filter((path) => !held.has(path) && !isOurs(path))).toEqual([]);
    });

    it('is what mmdebstrap --variant=extract makes, but for what it and we add', () => {
      const [ours, theirs] = ['ours', 'mmdebstrap'].map((of) => listTree(folderOf(architecture, of)));
      if (ours === undefined || theirs === undefined) throw new Error('Bug: nothing was listed');
      const isCommon = (path: string): boolean => !isAdded(path);
      expect(differences(theirs, ours, isCommon)).toEqual([]);
      // The comparison sees a difference where there is one.
      const planted = new Map(ours);
      planted.set('usr/bin/tini', { ...(ours.get('usr/bin/tini') as ListedNode), mtime: '0' });
      expect(differences(theirs, planted, isCommon)).toHaveLength(1);
    });

    it('has folders of the mtime that the first of their packages gives them', () => {
      const debs = folderOf(architecture, 'apt/cache/archives');
      const names = readdirSync(debs).filter((name) => name.endsWith('.deb'));
      const times = names.sort().map((name) => folderTimes(join(debs, name)));
      const [layer = ''] = layerFiles(join(project.folder, 'layout'), architecture);
      const folders = [...folderTimes(layer)].filter(([path]) => times.some((time) => time.has(path)));
      expect(folders.length).toBeGreaterThan(100);
      for (const [path, seconds] of folders)
        expect({ path, seconds }).toEqual({ path, seconds: times.find((time) => time.has(path))?.get(path) });
    });

    it('names its packages to dpkg-query, with digests that fit', () => {
      const root = folderOf(architecture, 'ours');
      const folder = join(root, 'var/lib/dpkg/status.d');
      const files = readdirSync(folder);
      const admin = folderOf(architecture, 'admin');
      mkdirSync(join(admin, 'info'), { recursive: true });
      mkdirSync(join(admin, 'updates'), { recursive: true });
      const stanzas = files.filter((name) => !name.endsWith('.md5sums'));
      writeFileSync(
        join(admin, 'status'),
        stanzas.map((name) => readFileSync(join(folder, name))).join('\n'),
      );
      const format = '${Package}=${Version} ${Architecture} ${db:Status-Abbrev}\n';
      const listed = execFileSync('dpkg-query', [`--admindir=${admin}`, '-W', '-f', format], {
        encoding: 'utf8',
      });
      const lines = listed
        .trim()
        .split('\n')
        .map((line) => line.split(' '));
      expect(lines.map(([first = '']) => first).sort()).toEqual(
        lockedClosure(project.folder, `linux/${architecture}`),
      );
      expect(
        lines.filter(([, arch, status]) => status !== 'ii' || !['all', architecture].includes(arch ?? '')),
      ).toEqual([]);
      const sums = files.filter((name) => name.endsWith('.md5sums'));
      expect(sums).toHaveLength(lines.length);
      for (const name of sums)
        execFileSync('md5sum', ['--quiet', '--strict', '-c', join(folder, name)], {
          cwd: root,
          stdio: 'pipe',
        });
    });

    it('holds the certificates that update-ca-certificates gathers', () => {
      const root = folderOf(architecture, 'mmdebstrap');
      const target = folderOf(architecture, 'certificates');
      for (const name of ['certs', 'hooks', 'local']) mkdirSync(join(target, name), { recursive: true });
      const all = join(root, 'usr/share/ca-certificates');
      const listed = readdirSync(join(all, 'mozilla')).map((name) => `mozilla/${name}\n`);
      writeFileSync(join(target, 'conf'), listed.sort().join(''));
      execFileSync(
        join(root, 'usr/sbin/update-ca-certificates'),
        [
          ['--certsconf', join(target, 'conf')],
          ['--certsdir', all],
          ['--localcertsdir', join(target, 'local')],
          ['--etccertsdir', join(target, 'certs')],
          ['--hooksdir', join(target, 'hooks')],
        ].flat(),
        { stdio: 'pipe' },
      );
      const [ours, theirs] = [
        join(folderOf(architecture, 'ours'), 'etc/ssl/certs'),
        join(target, 'certs'),
      ].map((folder) => contents(folder, root));
      expect(ours).toEqual(theirs);
    });
  });

  it('has the links that ldconfig makes', () => {
    const copy = folderOf('amd64', 'ldconfig');
    unpackTar(`${folderOf('amd64', 'mmdebstrap')}.tar`, copy);
    // Without those that packages carry, ldconfig makes every one.
    const carried = [...listTree(copy)].filter(
      ([path, { type }]) => type === 'symlink' && /[.]so[.]\d+$/.test(path),
    );
    for (const [path] of carried) rmSync(join(copy, path));
    const before = listTree(copy);
    execFileSync('/sbin/ldconfig', ['-r', copy], { stdio: 'pipe' });
    const made = [...listTree(copy)].filter(([path, { type }]) => type === 'symlink' && !before.has(path));
    expect(made.map(([path]) => path)).toContain('usr/lib/x86_64-linux-gnu/libstdc++.so.6');
    const ours = listTree(folderOf('amd64', 'ours'));
    for (const [path, { target }] of made) expect(ours.get(path)?.target, path).toBe(target);
  });
});

/** Names with their text, or where they lead: below the root that they were made for. */
function contents(folder: string, root: string): Record<string, string> {
  const entries = readdirSync(folder, { withFileTypes: true }).map((entry) => {
    const path = join(folder, entry.name);
    return [
      entry.name,
      entry.isSymbolicLink() ? readlinkSync(path).replace(root, '') : readFileSync(path, 'utf8'),
    ];
  });
  return Object.fromEntries(entries) as Record<string, string>;
}

describe.skipIf(!canCompare || !hasProgram('runc'))('programs of Debian (needs runc)', () => {
  let programs: Project;
  beforeAll(async () => {
    scratch = scratchFolder('programs');
    mirror = await startDebianMirror();
    programs = makeProject(`image: localhost/programs
from: scratch
platforms: [linux/amd64, linux/arm64]
layers:
  - deb: [curl, nodejs, python3-minimal]
    mirror: ${mirrorValue(mirror.suites)}
env: { PATH: /usr/bin:/bin }
compression: none
`);
    const built = await runBuilt(['build', '-o', 'oci:layout'], programs.options);
    expect(built).toMatchObject({ status: 0 });
  }, 240_000);
  afterAll(async () => {
    mirror.stop();
    programs.remove();
    scratch.remove();
  });

  const run = (...words: readonly string[]) =>
    runBuilt(['run', '--network', 'host', 'oci:layout', '--', ...words], programs.options);

  it('curl fetches from a server', async () => {
    const server = await startListener(() => ({ status: 200, body: 'fetched' }));
    expect(await run('curl', '-sS', `${server.origin}/file`)).toMatchObject({ status: 0, stdout: 'fetched' });
    await server.stop();
  });

  it('node and python compute, with what they load', async () => {
    expect(await run('node', '-p', nodeProgram)).toMatchObject({ status: 0, stdout: 'x64 1.234,5\n' });
    expect(await run('python3', '-c', pythonProgram)).toMatchObject({ status: 0, stdout: 'x86_64 22\n' });
  });

  const qemu = '/usr/bin/qemu-aarch64-static';
  it.skipIf(!existsSync(qemu))('and those of the other processor too (needs qemu-user-static)', () => {
    const root = join(scratch.path, 'arm64');
    unpackLayout(join(programs.folder, 'layout'), 'arm64', root);
    copyFileSync(qemu, join(root, 'qemu'));
    const emulate = (...words: readonly string[]): string =>
      execFileSync('chroot', [root, '/qemu', ...words], {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'pipe'],
      });
    expect(emulate('/usr/bin/node', '-p', nodeProgram)).toBe('arm64 1.234,5\n');
    expect(emulate('/usr/bin/python3', '-c', pythonProgram)).toBe('aarch64 22\n');
    expect(emulate('/usr/bin/curl', '--version')).toContain('aarch64');
  });
});

const nodeProgram = 'process.arch + " " + new Intl.NumberFormat("de").format(1234.5)';
const pythonProgram = 'import os, re; print(os.uname().machine, re.sub("4", "2", "44"))';
