/** Tars that other tools write of a real folder are read as what the folder holds. */
import { execFileSync, spawnSync } from 'node:child_process';
import {
  chmodSync,
  linkSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { NodeEntry } from '../../../src/core/tree/file-tree.ts';
import { type ReadTree, readTree } from '../../../src/io/layer/read-tree.ts';
import { codeOf, digestOfBytes, pack, reading } from './pack-entries.ts';

const root = mkdtempSync(join(tmpdir(), 'layerwright-foreign-'));
const source = join(root, 'source');
afterAll(() => rmSync(root, { recursive: true, force: true }));

const deep = `${'d'.repeat(60)}/${'e'.repeat(60)}`;
const content: Readonly<Record<string, string>> = {
  plain: 'plain content',
  empty: '',
  [`${deep}/${'f'.repeat(120)}`]: 'long',
  ünïcode: 'u',
  setuid: 's',
  old: 'o',
};

beforeAll(() => {
  mkdirSync(join(source, deep), { recursive: true });
  for (const [path, text] of Object.entries(content)) {
    writeFileSync(join(source, path), text);
    chmodSync(join(source, path), 0o640);
    utimesSync(join(source, path), 1, 1_000_000_000);
  }
  writeFileSync(Buffer.concat([Buffer.from(`${source}/`), Buffer.from([0xff])]), 'binary');
  chmodSync(join(source, 'setuid'), 0o4755);
  utimesSync(join(source, 'old'), 1, -1000);
  symlinkSync('../plain', join(source, 'd-link'));
  symlinkSync(`/${'t'.repeat(150)}`, join(source, 'long-link'));
  linkSync(join(source, 'plain'), join(source, 'another'));
  execFileSync('mkfifo', [join(source, 'pipe')]);
});

const writers: Readonly<Record<string, readonly string[]>> = {
  'tar --format=gnu': ['tar', '--format=gnu', '-C', source, '-cf', '-', '.'],
  'tar --format=pax': ['tar', '--format=pax', '-C', source, '-cf', '-', '.'],
  'tar --format=pax --xattrs': ['tar', '--format=pax', '--xattrs', '-C', source, '-cf', '-', '.'],
  'tar --format=oldgnu': ['tar', '--format=oldgnu', '-C', source, '-cf', '-', '.'],
  'bsdtar --format=pax': ['bsdtar', '--format=pax', '-C', source, '-cf', '-', '.'],
  'bsdtar --format=gnutar': ['bsdtar', '--format=gnutar', '-C', source, '-cf', '-', '.'],
};

function expectSource({ tree }: ReadTree): void {
  const byPath = new Map(tree.entries.map((entry) => [entry.path as string, entry as NodeEntry]));
  for (const [path, text] of Object.entries(content)) {
    const { mode, uid, gid, mtimeMs } = lstatSync(join(source, path));
    const entry = byPath.get(path === 'plain' ? 'another' : path);
    expect(entry).toMatchObject({
      type: 'file',
      digest: digestOfBytes(Buffer.from(text)),
      mode: mode & 0o7777,
      uid,
      gid,
    });
    expect(entry?.mtime.seconds).toBe(Math.floor(mtimeMs / 1000));
  }
  expect(byPath.get('\udcff')).toMatchObject({ type: 'file', size: 6 });
  expect(byPath.get('plain')).toMatchObject({ type: 'hardlink', target: 'another' });
  expect(byPath.get('d-link')).toMatchObject({ type: 'symlink', target: '../plain' });
  expect(byPath.get('long-link')).toMatchObject({ type: 'symlink', target: `/${'t'.repeat(150)}` });
  expect(byPath.get('pipe')).toMatchObject({ type: 'fifo' });
  expect(byPath.get('')).toMatchObject({ type: 'directory' });
}

describe.each(Object.entries(writers))('%s', (_name, [tool = '', ...args]) => {
  const isThere = spawnSync(tool, ['--version']).status === 0;

  it.skipIf(!isThere)('writes what we read (skipped where it is not installed)', async () => {
    const env = { ...process.env, LC_ALL: 'C.UTF-8' };
    const bytes = execFileSync(tool, args, { env, stdio: ['ignore', 'pipe', 'ignore'] });
    expectSource(await readTree(reading(bytes)));
  });
});

describe('GNU sparse files, in each of their formats (H40)', () => {
  it.each(['0.0', '0.1', '1.0', 'gnu'])('are refused: %s', async (version) => {
    const path = join(root, 'sparse');
    execFileSync('truncate', ['-s', '1M', path]);
    execFileSync('dd', ['if=/dev/zero', `of=${path}`, 'bs=1', 'count=1', 'seek=500000', 'conv=notrunc'], {
      stdio: 'ignore',
    });
    const format = version === 'gnu' ? ['--format=gnu'] : ['--format=pax', `--sparse-version=${version}`];
    const bytes = execFileSync('tar', [...format, '-S', '-C', root, '-cf', '-', 'sparse']);
    expect(await codeOf(readTree(reading(bytes)))).toBe('layer/sparse-file');
  });
});

describe('what we pack of such a folder', () => {
  it('unpacks with GNU tar to the same folder', async () => {
    const bytes = execFileSync('tar', ['--format=pax', '-C', source, '-cf', '-', '.'], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const { tree } = await readTree(reading(bytes));
    const packed = await pack(tree.entries, {
      ...content,
      another: content['plain'] ?? '',
      '\udcff': 'binary',
    });
    const target = join(root, 'target');
    mkdirSync(target);
    execFileSync('tar', ['-C', target, '-xpzf', '-'], { input: packed.bytes });
    const list = (folder: string): string =>
      execFileSync(
        'tar',
        [
          '--format=pax',
          '--pax-option=delete=atime,delete=ctime,exthdr.name=x',
          '--sort=name',
          '-C',
          folder,
          '-cf',
          '-',
          '.',
        ],
        { stdio: ['ignore', 'pipe', 'ignore'] },
      ).toString('latin1');
    expect(list(target) === list(source)).toBe(true);
  });
});
