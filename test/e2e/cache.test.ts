/** `cache ls|du|verify|gc`, and builds on a store that was damaged or trimmed. */
import { existsSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { succeed } from '../rigs/command.ts';
import { makeProject, type Project } from '../rigs/project.ts';

const recipe = 'layers:\n  - copy: dist\n  - name: settings\n    file: /etc/a\n    content: b\n';

let project: Project;
let built = '';
beforeEach(() => {
  project = makeProject(recipe, { 'dist/server': 'one' });
  built = project.succeed('build', '-q');
});
afterEach(() => {
  project.remove();
});

const store = (): string => join(project.options.cache, 'store');
const blobFile = (digest: string): string => join(store(), 'blobs', digest.replace(':', '/'));

/** The digest of the layer that `settings` made. */
function layerDigest(): string {
  const manifest = JSON.parse(project.succeed('inspect', '--raw', `store:${built.trim()}`)) as {
    layers: { digest: string }[];
  };
  return manifest.layers[1]?.digest ?? '';
}

/** Changes one bit in the middle of a file. */
function flipBit(file: string): void {
  const bytes = readFileSync(file);
  const middle = bytes.length >> 1;
  bytes.writeUInt8(bytes.readUInt8(middle) ^ 1, middle);
  writeFileSync(file, bytes);
}

/** Makes everything in the store as if it had been used last so many days ago. */
function age(days: number): void {
  const time = Date.now() / 1000 - days * 86_400;
  for (const name of readdirSync(store(), { recursive: true, encoding: 'utf8' }))
    utimesSync(join(store(), name), time, time);
}

describe('a build that delivers a blob which is corrupt by then', () => {
  test('warns, makes it again and ends well', () => {
    flipBit(blobFile(layerDigest()));
    flipBit(blobFile(built.trim()));
    const { status, stdout, stderr } = project.run('build', '-o', 'oci:out');
    expect({ status, stdout }).toEqual({ status: 0, stdout: built });
    expect(stderr.match(/warning\[store\/blob-corrupt\]/g)).toHaveLength(2);
    expect(project.succeed('cache', 'verify')).toContain(' 0 corrupt');
  });
});

describe('a layer of the store that is corrupt by the time it is read', () => {
  test('as files of another image is brought again', () => {
    project.succeed('build', '-q', '-o', 'oci:other');
    project.write('oci.config.yaml', 'layers:\n  - image: oci:other\n    from: [/etc]\n');
    const wanted = project.succeed('build', '-q');
    flipBit(blobFile(layerDigest()));
    rmSync(join(store(), 'results/tree'), { recursive: true });
    const { status, stdout, stderr } = project.run('build');
    expect({ status, stdout }).toEqual({ status: 0, stdout: wanted });
    expect(stderr).toContain('warning[store/blob-corrupt]');
  });

  test('while it is unpacked is made again', () => {
    flipBit(blobFile(layerDigest()));
    const { status, stderr } = project.run('build', '-o', 'rootfs:root');
    expect(status).toBe(0);
    expect(stderr).toContain('warning[store/blob-corrupt]');
    expect(readFileSync(join(project.folder, 'root/etc/a'), 'utf8')).toBe('b');
  });
});

describe('cache du', () => {
  test('says where the store is and how large', () => {
    const text = project.succeed('cache', 'du');
    expect(text).toContain(`place       ${store()}\n`);
    expect(text).toMatch(/^blobs +\d\.\d kB {2}7 files$/m);
    expect(text).toMatch(/^quarantined +0 B {2}0 files$/m);
    expect(JSON.parse(project.succeed('cache', 'du', '--json'))).toMatchObject({
      path: store(),
      blobs: { count: 7 },
      temporary: { count: 0 },
      inUse: false,
    });
  });

  test('makes no store where there is none', () => {
    const cache = join(project.folder, 'elsewhere');
    expect(succeed(['cache', 'du'], { ...project.options, cache })).toContain(`place       ${cache}/store`);
    expect(existsSync(cache)).toBe(false);
  });
});

describe('cache ls', () => {
  test('lists every result with what it holds', () => {
    const rows = project.succeed('cache', 'ls').trimEnd().split('\n');
    const kinds = rows.map((row) => row.split(' ')[0]);
    expect(kinds.filter((kind) => kind === 'layer')).toHaveLength(2);
    expect(kinds.filter((kind) => kind === 'image')).toHaveLength(1);
    const listed = JSON.parse(project.succeed('cache', 'ls', '--json')) as {
      kind: string;
      holds: string[];
    }[];
    expect(listed.find(({ kind }) => kind === 'image')?.holds).toContain(built.trim());
  });
});

describe('cache verify', () => {
  test('reads everything and finds nothing wrong', () => {
    expect(project.succeed('cache', 'verify')).toMatch(
      /^7 blobs \(.* kB\) and \d+ results read, 0 corrupt\n$/,
    );
  });

  test('ends with 4 where a bit has flipped, and puts the blob away; the next build makes it again', () => {
    const digest = layerDigest();
    flipBit(blobFile(digest));
    const { status, stdout, stderr } = project.run('cache', 'verify');
    expect(status).toBe(4);
    expect(stdout).toContain('1 corrupt');
    expect(stderr).toContain(digest.replace(':', '/'));
    expect(existsSync(blobFile(digest))).toBe(false);
    expect(readdirSync(join(store(), 'quarantine'))).toHaveLength(1);
    const again = project.run('build');
    expect(again.stdout).toBe(built);
    expect(again.stderr).toContain('the same as last time, but its result is gone');
    expect(project.run('cache', 'verify').status).toBe(0);
  });

  test('gives programs each finding', () => {
    const digest = layerDigest();
    flipBit(blobFile(digest));
    const verdict = JSON.parse(project.run('cache', 'verify', '--json').stdout) as {
      corrupt: { code: string; message: string }[];
    };
    expect(verdict.corrupt).toHaveLength(1);
    expect(verdict.corrupt[0]?.message).toContain(digest.replace(':', '/'));
  });
});

describe('cache gc', () => {
  test('keeps what was used lately', () => {
    expect(project.succeed('cache', 'gc')).toMatch(/^removed 0 results and 0 blobs, 0 B\n$/);
    expect(project.succeed('build', '-q')).toBe(built);
  });

  test('removes what was last used before that, and the next build makes it again', () => {
    age(40);
    expect(project.succeed('cache', 'gc', '--keep-days', '50')).toMatch(/^removed 0 results/);
    expect(project.succeed('cache', 'gc')).toMatch(/^removed \d+ results and 7 blobs, \d\.\d kB\n$/);
    expect(project.succeed('cache', 'ls')).toBe('');
    const again = project.run('build');
    expect(again.stdout).toBe(built);
    expect(again.stderr).toContain('3 actions to run, 0 cached');
  });

  test('keeps all that a build from the store has used meanwhile', () => {
    age(40);
    project.succeed('build', '-q');
    project.succeed('cache', 'gc');
    expect(project.run('build').stderr).toContain('nothing to do');
  });

  test('with --keep-days 0 removes whatever is not in use', () => {
    age(1);
    expect(project.succeed('cache', 'gc', '--keep-days', '0')).toMatch(/^removed \d+ results and 7 blobs/);
  });

  test('takes days only', () => {
    expect(project.run('cache', 'gc', '--keep-days', 'all')).toMatchObject({ status: 2, stdout: '' });
  });
});
