/** `verify`: images and bundles that are sound, damaged or hostile; a recipe that gives one image everywhere, or does not. */
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { gzipSync } from 'node:zlib';
import { plant } from '../rigs/planted-image.ts';
import { makeProject, type Project } from '../rigs/project.ts';
import { rawTar } from '../rigs/raw-tar.ts';
import { runCommand } from '../rigs/command.ts';

const recipe = `
image: registry.example/acme/api:1.4.0
platforms: [linux/amd64, linux/arm64]
layers:
  - copy: dist
    to: app
  - file: /etc/arch
    content: \${{ platform.arch }}
`;

let project: Project;
afterEach(() => {
  project.remove();
});

function build(text = recipe): void {
  project = makeProject(text, { 'dist/server.js': 'one', 'dist/run': 'two' });
  project.succeed('build', '-q', '-o', 'oci:out');
}

/** The smallest first. */
function blobFiles(): string[] {
  const folder = join(project.folder, 'out/blobs/sha256');
  const files = readdirSync(folder).map((name) => join(folder, name));
  return files.sort((a, b) => statSync(a).size - statSync(b).size);
}

function layerFiles(): string[] {
  return blobFiles().filter((file) => readFileSync(file).readUInt16BE(0) === 0x1f8b);
}

describe('verify', () => {
  test('says what it checked of a sound image', () => {
    build();
    const [sound, checked] = project.succeed('verify', 'oci:out', '-q').split('\n');
    expect(sound).toMatch(/^sound {4}oci:out {2}sha256:[0-9a-f]{64}$/);
    expect(checked).toMatch(/^checked {2}1 index, 2 manifests, 2 configs, 3 layers, [0-9.]+ kB: /);
  });

  test('takes one platform out of an index', () => {
    build();
    const json = JSON.parse(
      project.succeed('verify', 'oci:out', '--platform', 'linux/arm64', '--json', '-q'),
    );
    expect(json).toMatchObject({ checked: { indexes: 0, manifests: 1, configs: 1, layers: 2 } });
  });

  test('reads every transport, and writes nothing', () => {
    build();
    project.succeed('copy', '-q', 'oci:out', 'oci-archive:app.tar');
    project.succeed('copy', '-q', '--platform', 'linux/amd64', 'oci:out', 'docker-archive:docker.tar');
    const cache = join(project.folder, 'no-cache-here');
    for (const reference of ['oci:out', 'oci-archive:app.tar', 'docker-archive:docker.tar']) {
      const run = runCommand(['verify', '-q', reference], { ...project.options, cache });
      expect(run).toMatchObject({ status: 0, stderr: '' });
    }
    expect(readdirSync(project.folder)).not.toContain('no-cache-here');
  });

  test('names every blob that is damaged, and ends with 4', () => {
    build();
    for (const file of layerFiles().slice(0, 2)) {
      const bytes = readFileSync(file);
      bytes.writeUInt8(bytes.readUInt8(20) ^ 0xff, 20);
      writeFileSync(file, bytes);
    }
    const { status, stdout, stderr } = project.run('verify', 'oci:out', '-q');
    expect([status, stdout]).toEqual([4, '']);
    expect(stderr.match(/^error\[verify\/blob-mismatch\]/gm)).toHaveLength(2);
  });

  test('tells a document that was damaged', () => {
    build();
    const [config] = blobFiles().filter((file) => readFileSync(file, 'latin1').includes('"rootfs"'));
    writeFileSync(config ?? '', readFileSync(config ?? '', 'latin1').replace('linux', 'linus'));
    const { status, stderr } = project.run('verify', 'oci:out', '-q');
    expect(stderr).toContain('error[transport/blob-mismatch]');
    expect(status).toBe(4);
  });

  test('refuses a layer that is hostile although its digests are right, and ends with 3', async () => {
    build(recipe.replace(', linux/arm64', ''));
    const hostile = rawTar([{ name: '../etc/passwd', content: 'root::0:0' }]);
    await plant(join(project.folder, 'out'), join(project.folder, 'hostile'), {
      tar: () => hostile,
      pack: (tar) => gzipSync(tar),
      config: ({ history }) => void history.pop(),
    });
    const { status, stderr } = project.run('verify', 'oci:hostile', '-q');
    expect(status).toBe(3);
    // What is hostile is said before what is merely wrong.
    expect(stderr.match(/^error\[\S+\]/gm)).toEqual([
      'error[layer/path-escapes]',
      'error[verify/contradiction]',
    ]);
  });

  test('says what is missing when nothing is named', () => {
    build();
    const { status, stderr } = project.run('verify');
    expect([status, stderr]).toEqual([2, expect.stringContaining('error[command/bad-argument]')]);
  });
});

describe('verify --rebuild', () => {
  test('builds the image that has the name, of several in a recipe', () => {
    const several = `${recipe}images:\n  api: {}\n  debug: { image: registry.example/acme/debug, env: { DEBUG: "1" } }\n`;
    project = makeProject(several, { 'dist/server.js': 'one' });
    project.succeed('build', 'debug', '-q', '-o', 'oci:out:latest');
    expect(project.succeed('verify', '--rebuild', 'oci:out', '-q')).toContain('rebuilt  the same: ');
    const other = project.run('verify', '--rebuild', 'oci:out', '--image', 'api', '-q');
    expect([other.status, other.stderr]).toEqual([4, expect.stringContaining('config: env `DEBUG`')]);
  });

  test('compares the platform that was asked for alone', () => {
    build();
    const args = ['verify', '--rebuild', 'oci:out', '--platform', 'linux/arm64', '-q'];
    expect(project.succeed(...args)).toContain('rebuilt  the same: ');
  });

  test('says with which epoch an image was made', () => {
    build();
    const env = { SOURCE_DATE_EPOCH: '1767398400' };
    const { status, stderr } = runCommand(['verify', '--rebuild', 'oci:out', '-q'], {
      ...project.options,
      env,
    });
    expect(status).toBe(4);
    expect(stderr).toContain('created `2026-01-03T00:00:00Z` ≠ `1970-01-01T00:00:00Z`');
    expect(stderr).toContain('build again with SOURCE_DATE_EPOCH=0, which the image was made with');
  });

  test('reads files again although nothing about them looks new, and leaves the store as it was', () => {
    build();
    const before = project.succeed('cache', 'du');
    project.succeed('verify', '--rebuild', 'oci:out', '-q');
    expect(project.succeed('cache', 'du')).toBe(before);
    project.write('dist/server.js', 'ONE');
    const { status, stderr } = project.run('verify', '--rebuild', 'oci:out', '-q');
    expect(status).toBe(4);
    expect(stderr).toContain('layer 1 `copy dist`: app/server.js: content at byte 0: 0x4f ≠ 0x6f');
  });

  test('gives programs the first difference', () => {
    build();
    project.write('dist/more.js', 'more');
    const { status, stdout, stderr } = project.run('verify', '--rebuild', 'oci:out', '--json', '-q');
    expect(status).toBe(4);
    const first = {
      field: 'missing entry',
      where: expect.stringContaining('layer 1') as string,
      what: 'app/more.js',
    };
    expect(JSON.parse(stdout)).toMatchObject({ rebuild: { same: false, first } });
    expect(JSON.parse(stderr)).toMatchObject({
      diagnostics: [{ code: 'verify/rebuild-differs', exitCode: 4 }],
    });
  });
});

describe('verify --twice', () => {
  test('builds elsewhere and finds the same image; no output of the recipe is written', () => {
    project = makeProject(`${recipe}outputs: ["oci:delivered"]\n`, { 'dist/server.js': 'one' });
    const [varied, same] = project.succeed('verify', '--twice', '-q').split('\n');
    for (const what of ['another folder', 'TZ=', 'LC_ALL=', 'umask 077', 'processor'])
      expect(varied).toContain(what);
    expect(same).toMatch(/^twice {4}\S+ is the same: sha256:[0-9a-f]{64}$/);
    expect(readdirSync(project.folder).sort()).toEqual(['dist', 'oci.config.yaml']);
  });

  test('names what of the surroundings a recipe lets in', () => {
    build(`${recipe}args: { ZONE: { env: TZ, default: none } }\nlabels: { zone: "\${{ args.ZONE }}" }\n`);
    const { status, stderr } = project.run('verify', '--twice', '-q');
    expect(status).toBe(4);
    expect(stderr).toContain('error[verify/builds-differ]');
    expect(stderr).toContain('label `zone` `none` ≠ `Pacific/Chatham`');
  });

  test('says what is wrong with a recipe as a build does', () => {
    project = makeProject('layers:\n  - copy: nowhere\n');
    const { status, stderr } = project.run('verify', '--twice', '-q');
    expect(stderr).toContain(' --> oci.config.yaml:2:');
    expect(status).toBe(2);
  });
});

describe('verify bundle:DIR', () => {
  test('holds the files of a bundle against its image', () => {
    build();
    project.succeed('pull', '-q', 'oci:out');
    project.succeed('bundle', '-q', '--platform', 'linux/amd64', 'oci:out', 'bundle');
    expect(project.succeed('verify', '-q', 'bundle:bundle')).toContain(
      'entries of the image: type, mode, content',
    );
    writeFileSync(join(project.folder, 'bundle/rootfs/app/server.js'), 'ONE');
    const { status, stderr } = project.run('verify', '-q', 'bundle:bundle');
    expect([status, stderr]).toEqual([4, expect.stringContaining('`app/server.js` has another content')]);
  });

  test('cannot build a bundle again', () => {
    build();
    const { status, stderr } = project.run('verify', '--rebuild', 'bundle:out');
    expect([status, stderr]).toEqual([2, expect.stringContaining('error[command/bad-argument]')]);
  });
});
