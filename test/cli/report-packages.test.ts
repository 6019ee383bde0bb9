/** `report` names the packages of an image: those that our own sources lay down, and those of a system that dpkg manages. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, lstatSync, mkdirSync, readdirSync, readlinkSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, test } from 'vitest';
import type { ReportPackage } from '../../src/core/compare/report.ts';
import { runInProcess } from '../rigs/command-in-process.ts';
import { startDebianArchive } from '../rigs/debian-archive.ts';
import { buildPackages } from '../rigs/debian-package.ts';
import { projectOf, type PublishedPackage, startNpmRegistry } from '../rigs/npm-registry.ts';
import { makeProject, type Project } from '../rigs/project.ts';
import { hasGpg, makeSigningKey } from '../rigs/signing-key.ts';

interface ReportJson {
  readonly packages: readonly (Omit<ReportPackage, 'layers'> & { readonly layers: readonly string[] })[];
  readonly withoutPackage: { readonly size: number; readonly files: number };
  readonly duplicates: readonly unknown[];
}

let project: Project;
beforeEach(() => {
  project = makeProject(undefined);
});
afterEach(() => {
  project.remove();
});

async function reportJson(): Promise<ReportJson> {
  const { status, stdout, stderr } = await runInProcess(['report', '-q', '--json'], project.options);
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout) as ReportJson;
}

const outline = ({ packages }: ReportJson): string[] =>
  packages.map(({ name, version, place, change, before = '', size, files, layers }) =>
    [name, version, place, change, before, size, files, ...layers].join(' '),
  );

describe('the packages of node_modules', () => {
  const recipe = 'from: scratch\nlayers:\n  - copy: tree\n    to: app\n';
  const write = (place: string, manifest: object, files: Readonly<Record<string, string>> = {}): void => {
    project.write(`tree/${place}/package.json`, JSON.stringify(manifest));
    for (const [name, text] of Object.entries(files)) project.write(`tree/${place}/${name}`, text);
  };
  const manifestSize = (name: string, version: string): number => JSON.stringify({ name, version }).length;

  it('are named by what package.json says, nested, scoped and under another name too', async () => {
    project.write('oci.config.yaml', recipe);
    write('node_modules/debug', { name: 'debug', version: '4.3.7' }, { 'src/index.js': 'x'.repeat(100) });
    write('node_modules/debug/node_modules/ms', { name: 'ms', version: '2.0.0' });
    write('node_modules/ms', { name: 'ms', version: '2.1.3' });
    write('node_modules/@acme/tool', { name: '@acme/tool', version: '1.0.0' });
    write('node_modules/old', { name: 'new', version: '3.0.0' });
    write('node_modules/odd', { version: 1 });
    project.write('tree/server.js', 'listen()');
    const report = await reportJson();
    const size = manifestSize('ms', '2.0.0');
    expect(outline(report)).toEqual([
      `debug 4.3.7 app/node_modules/debug same  ${String(100 + manifestSize('debug', '4.3.7'))} 2 copy tree`,
      `@acme/tool 1.0.0 app/node_modules/@acme/tool same  ${String(manifestSize('@acme/tool', '1.0.0'))} 1 copy tree`,
      `new 3.0.0 app/node_modules/old same  ${String(manifestSize('new', '3.0.0'))} 1 copy tree`,
      `ms 2.0.0 app/node_modules/debug/node_modules/ms same  ${String(size)} 1 copy tree`,
      `ms 2.1.3 app/node_modules/ms same  ${String(size)} 1 copy tree`,
    ]);
    expect(report.duplicates).toEqual([
      {
        name: 'ms',
        versions: [
          { version: '2.0.0', places: ['app/node_modules/debug/node_modules/ms'] },
          { version: '2.1.3', places: ['app/node_modules/ms'] },
        ],
        size: 2 * size,
      },
    ]);
    expect(report.withoutPackage.files).toBe(2);
  });

  it('are set beside those of the image built before', async () => {
    project.write('oci.config.yaml', recipe);
    write('node_modules/ms', { name: 'ms', version: '2.0.0' }, { 'index.js': 'ms' });
    write('node_modules/gone', { name: 'gone', version: '1.0.0' }, { 'index.js': 'gone' });
    await reportJson();
    write('node_modules/ms', { name: 'ms', version: '2.1.3' });
    project.write('.dockerignore', 'tree/node_modules/gone\n');
    expect(outline(await reportJson())).toEqual([
      `gone 1.0.0 app/node_modules/gone removed  ${String(4 + manifestSize('gone', '1.0.0'))} 2`,
      `ms 2.1.3 app/node_modules/ms changed 2.0.0 ${String(2 + manifestSize('ms', '2.1.3'))} 2 copy tree`,
    ]);
  });
});

test.skipIf(!hasGpg)('`npm` and `deb` lay down packages that are known again (dpkg-deb, gpg)', async () => {
  const ms: PublishedPackage = { name: 'ms', version: '2.1.3', files: { 'index.js': 'ms\n' } };
  const registry = await startNpmRegistry([ms]);
  const [archive, key] = [await startDebianArchive(), makeSigningKey()];
  try {
    const library = 'lib/libapp.so.1';
    const packages = buildPackages([
      {
        name: 'libapp1',
        version: '3.0-1',
        architecture: 'amd64',
        files: { [library]: 'library\n' },
        control: { md5sums: `${createHash('md5').update('library\n').digest('hex')}  ${library}\n` },
      },
    ]);
    archive.publish({ suite: 'stable', components: { main: packages }, key });
    project.write('key.gpg', key.keyring);
    for (const [name, text] of Object.entries(projectOf([ms]))) project.write(name, text);
    project.write('.npmrc', `registry=${registry.origin}/\n`);
    const deb = `deb: [libapp1]\n    suite: stable\n    mirror: ${archive.mirror}\n    keyring: key.gpg`;
    project.write(
      'oci.config.yaml',
      `from: scratch\nplatforms: [linux/amd64]\nworkdir: /app\nlayers:\n  - ${deb}\n  - npm: .\n`,
    );
    expect(outline(await reportJson())).toEqual([
      'ms 2.1.3 app/node_modules/ms same  34 2 npm',
      'libapp1 3.0-1 amd64 same  8 1 deb libapp1',
    ]);
  } finally {
    key.remove();
    await archive.stop();
    await registry.stop();
  }
});

const dpkg = '/var/lib/dpkg';
const shown = spawnSync('dpkg', ['-L', 'coreutils', 'bash'], { encoding: 'utf8' });

test.skipIf(shown.status !== 0)('files of a system are those that dpkg -L names (dpkg)', async () => {
  const target = join(project.folder, 'root');
  mkdirSync(join(target, dpkg, 'info'), { recursive: true });
  cpSync(join(dpkg, 'status'), join(target, dpkg, 'status'));
  const lists = ['bash.list', 'coreutils.list'];
  for (const name of lists) cpSync(join(dpkg, 'info', name), join(target, dpkg, 'info', name));
  copyMergedFolders(target);
  const sizes: Record<string, { files: number; size: number }> = {};
  for (const name of ['coreutils', 'bash']) {
    const files = filesOf(name);
    for (const file of files) {
      mkdirSync(dirname(join(target, file)), { recursive: true });
      cpSync(file, join(target, file), { verbatimSymlinks: true });
    }
    const bytes = files.map((file) => lstatSync(file)).filter((stats) => stats.isFile());
    sizes[name] = { files: files.length, size: bytes.reduce((sum, { size }) => sum + size, 0) };
  }
  project.write('oci.config.yaml', 'from: scratch\nlayers:\n  - copy: root\n    to: /\n');
  const { packages, withoutPackage } = await reportJson();
  for (const [name, counted] of Object.entries(sizes))
    expect(packages.find((one) => one.name === name)).toMatchObject({ kind: 'deb', ...counted });
  expect(packages).toHaveLength(installed());
  // The status and the lists are dpkg's own and of no package, and so are the links of a system.
  const links = readdirSync(target, { withFileTypes: true }).filter((entry) => entry.isSymbolicLink());
  expect(withoutPackage.files).toBe(1 + lists.length + links.length);
});

/** `bin`, `lib` and others, where they are links into usr. */
function copyMergedFolders(target: string): void {
  for (const name of ['bin', 'lib', 'lib64', 'sbin']) {
    if (lstatSync(`/${name}`, { throwIfNoEntry: false })?.isSymbolicLink() !== true) continue;
    mkdirSync(join(target, 'usr', name), { recursive: true });
    symlinkSync(readlinkSync(`/${name}`), join(target, name));
  }
}

/** Those that are there; documentation may have been left out. */
function filesOf(name: string): string[] {
  const { stdout } = spawnSync('dpkg', ['-L', name], { encoding: 'utf8' });
  const paths = stdout.split('\n').filter((path) => path.startsWith('/') && path !== '/.');
  return paths.filter((path) => {
    const stats = lstatSync(path, { throwIfNoEntry: false });
    const isFolder = stats?.isDirectory() === true || paths.some((other) => other.startsWith(`${path}/`));
    return stats !== undefined && !isFolder;
  });
}

/** As dpkg counts them. */
function installed(): number {
  const { stdout } = spawnSync('dpkg-query', ['-W', '-f', '${db:Status-Status}\n'], { encoding: 'utf8' });
  return stdout.split('\n').filter((status) => status === 'installed').length;
}
