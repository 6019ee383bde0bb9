/** Other readers of tar read what we write as we do: GNU tar, bsdtar, tar-stream, and Go's archive/tar. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { extract } from 'tar-stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { endOfTar, writeHeader } from '../../../src/core/tar/tar-header.ts';
import type { NodeEntry } from '../../../src/core/tree/file-tree.ts';
import { type ImagePath, pathToBytes } from '../../../src/core/tree/image-path.ts';
import { digest, node } from './any-entry.ts';
import { padded } from './raw-tar.ts';

const folder = mkdtempSync(join(tmpdir(), 'layerwright-oracle-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const hasTool = (name: string): boolean => spawnSync('sh', ['-c', `command -v ${name}`]).status === 0;
const content = 'content';
const at = (path: string): { path: ImagePath } => ({ path: path as ImagePath });
const file = (path: string, more: Partial<NodeEntry> = {}): NodeEntry =>
  ({ ...node, ...at(path), type: 'file', size: content.length, digest, ...more }) as NodeEntry;

const long = (length: number, letter = 'n'): string => letter.repeat(length);
const names = [
  'a',
  'é/ü',
  long(100),
  long(101),
  `${long(99)}/${long(99, 'm')}`,
  `${long(155)}/${long(100, 'm')}`,
  `${long(156)}/${long(100, 'm')}`,
  `${long(99)}/${long(60, 'm')}`,
  // The cut of a name of more than 100 bytes in the ustar field falls on a slash, or inside a letter.
  `${long(99)}/${long(120, 'm')}`,
  `${long(99)}é${long(20, 'm')}`,
  ...[1, 50, 51, 76, 77, 78, 80].map((depth) => `${'d/'.repeat(depth)}${long(depth, 'e')}`),
];
const binaryNames = ['\udcff', 'a/\udcfe', `${long(120)}\udcff`, `${long(60)}/${long(60)}\udc80`];

const plainEntries: NodeEntry[] = [
  { ...node, ...at(''), type: 'directory', mode: 0o755 },
  ...names.map((name) => file(name)),
  ...names.map((name): NodeEntry => ({ ...node, ...at(`dir/${name}`), type: 'directory', mode: 0o1777 })),
  ...names.map((name, index): NodeEntry => ({
    ...node,
    ...at(`sym/${index}`),
    type: 'symlink',
    mode: 0o777,
    target: `../${name}`,
  })),
  ...names.map((name, index): NodeEntry => ({
    ...node,
    ...at(`hard/${index}`),
    type: 'hardlink',
    target: name as ImagePath,
  })),
  file('suid', { mode: 0o4755, uid: 1000, gid: 100 }),
  file('ids', { uid: 2 ** 21 - 1, gid: 2 ** 21 }),
  file('more-ids', { uid: 2 ** 32 - 2, gid: 2 ** 31 }),
  file('late', { mtime: { seconds: 8 ** 11 - 1 } }),
  file('later', { mtime: { seconds: 8 ** 11 } }),
  file('early', { mtime: { seconds: -86400 } }),
  file('between', { mtime: { seconds: 1, nanoseconds: 500_000_000 } }),
  { ...node, ...at('pipe'), type: 'fifo' },
  { ...node, ...at('null'), type: 'character-device', major: 1, minor: 3 },
  { ...node, ...at('disk'), type: 'block-device', major: 4095, minor: 1048575 },
];

function tarOf(entries: readonly NodeEntry[]): Uint8Array {
  const parts = entries.flatMap((entry) => [
    writeHeader(entry),
    entry.type === 'file' ? padded(content) : Buffer.alloc(0),
  ]);
  return Buffer.concat([...parts, endOfTar]);
}

function shownName(entry: NodeEntry): string {
  if (entry.type !== 'directory') return entry.path;
  return entry.path === '' ? './' : `${entry.path}/`;
}

const lines = (text: string): string[] => text.split('\n').filter((line) => line !== '');

describe('tars that we write, read by others', () => {
  const plain = join(folder, 'plain.tar');
  const binary = join(folder, 'binary.tar');
  beforeAll(() => {
    writeFileSync(plain, tarOf(plainEntries));
    writeFileSync(binary, tarOf(binaryNames.map((name) => file(name))));
  });
  const run = (tool: string, ...args: string[]): string =>
    execFileSync(tool, args, {
      env: { ...process.env, LC_ALL: 'C.UTF-8', TZ: 'UTC' },
      encoding: 'latin1',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  const latin1 = (text: string): string => Buffer.from(pathToBytes(text)).toString('latin1');

  it.skipIf(!hasTool('tar'))('GNU tar lists every name', () => {
    expect(lines(run('tar', '--quoting-style=literal', '-tf', plain))).toEqual(
      plainEntries.map((entry) => latin1(shownName(entry))),
    );
    expect(lines(run('tar', '--quoting-style=literal', '-tf', binary))).toEqual(binaryNames.map(latin1));
  });

  it.skipIf(!hasTool('tar'))('GNU tar reads types, modes, ids, sizes, times and targets', () => {
    const listed = lines(
      run('tar', '--quoting-style=literal', '--full-time', '--numeric-owner', '-tvf', plain),
    );
    expect(listed).toEqual(plainEntries.map((entry) => expect.stringMatching(gnuPattern(entry))));
  });

  it.skipIf(!hasTool('bsdtar'))('bsdtar lists every name', () => {
    expect(lines(run('bsdtar', '-tf', plain))).toEqual(plainEntries.map((entry) => latin1(shownName(entry))));
  });

  it.skipIf(!hasTool('bsdtar'))('bsdtar reads types, modes, ids and times as mtree', () => {
    const listed = run(
      'bsdtar',
      '-cf',
      '-',
      '--format=mtree',
      '--options=mtree:!all,mtree:type,mtree:mode,mtree:uid,mtree:gid,mtree:time,mtree:link',
      `@${plain}`,
    );
    for (const entry of plainEntries.filter(({ path }) =>
      /^(suid|ids|more-ids|early|later|between|pipe)$/.test(path),
    )) {
      const { seconds, nanoseconds = 0 } = entry.mtime;
      const line = lines(listed).find(
        (it) => it.startsWith(`./${entry.path} `) || it.startsWith(`${entry.path} `),
      );
      expect(line).toContain(`uid=${entry.uid}`);
      expect(line).toContain(`gid=${entry.gid}`);
      expect(line).toContain(`mode=${entry.mode.toString(8)}`);
      expect(line).toContain(`time=${seconds}.${nanoseconds}`);
    }
  });

  it('tar-stream reads names, types, modes, ids, sizes and targets, but no ids above 2^21', async () => {
    const entries = plainEntries.filter(({ uid, gid }) => uid < 2 ** 21 && gid < 2 ** 21);
    const seen: object[] = [];
    const stream = extract();
    stream.on('entry', (header, body, next) => {
      const { name, type, mode, uid, gid, size, linkname } = header;
      seen.push({ name, type, mode, uid, gid, size, linkname });
      body.on('end', next).resume();
    });
    const finished = new Promise<void>((resolve, reject) =>
      stream.on('finish', () => resolve()).on('error', reject),
    );
    stream.end(tarOf(entries));
    await finished;
    expect(seen).toEqual(entries.map(tarStreamHeader));
  });
});

const letters = {
  file: '-',
  directory: 'd',
  symlink: 'l',
  hardlink: 'h',
  fifo: 'p',
  'character-device': 'c',
  'block-device': 'b',
};

function gnuPattern(entry: NodeEntry): RegExp {
  const size =
    entry.type === 'file' ? content.length : 'major' in entry ? `${entry.major},${entry.minor}` : 0;
  const { seconds, nanoseconds = 0 } = entry.mtime;
  const time = new Date(seconds * 1000 + nanoseconds / 1e6)
    .toISOString()
    .replace(/^\+0*/, '')
    .replace('T', ' ')
    .slice(0, 19);
  return new RegExp(`^${letters[entry.type]}\\S{9} ${entry.uid}/${entry.gid} +${size} ${time}`);
}

function tarStreamHeader(entry: NodeEntry): object {
  const types = { hardlink: 'link', fifo: 'fifo' } as Readonly<Record<string, string>>;
  const isLink = entry.type === 'symlink' || entry.type === 'hardlink';
  return {
    // tar-stream drops the slash of a folder.
    name: shownName(entry).replace(/\/$/, '') === '.' ? './' : shownName(entry),
    type: types[entry.type] ?? entry.type,
    mode: entry.mode,
    uid: entry.uid,
    gid: entry.gid,
    size: entry.type === 'file' ? entry.size : 0,
    linkname: isLink ? entry.target : null,
  };
}
