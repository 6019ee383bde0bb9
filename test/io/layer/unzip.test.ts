import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  mkdtempSync,
  mkdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { defaultTarLimits } from '../../../src/core/tar/tar-limits.ts';
import type { TreeEntry } from '../../../src/core/tree/file-tree.ts';
import { readLayer } from '../../../src/io/layer/read-layer.ts';
import { readTree } from '../../../src/io/layer/read-tree.ts';
import { endOf, type RawEntry, zipOf } from '../../core/zip/raw-zip.ts';
import { hasProgram } from '../../rigs/runtimes.ts';
import { inChunks } from './pack-entries.ts';

const folder = mkdtempSync(join(tmpdir(), 'layerwright-test-zip-'));
afterAll(() => rmSync(folder, { recursive: true }));

async function treeOf(bytes: Uint8Array): Promise<readonly TreeEntry[]> {
  const reading = readLayer({ chunks: inChunks(bytes), mediaType: undefined, limits: defaultTarLimits });
  return (await readTree(reading)).tree.entries;
}

async function refusalOf(bytes: Uint8Array): Promise<string> {
  try {
    await treeOf(bytes);
    return 'read';
  } catch (error) {
    if (error instanceof Error && 'code' in error && typeof error.code === 'string') return error.code;
    throw error;
  }
}

describe('a zip file', () => {
  it('is a tree with the modes and links of Unix, and times in UTC', async () => {
    const extra = Buffer.from('5554050001d2029649', 'hex');
    const entries = await treeOf(
      zipOf(
        { name: 'bin/', mode: 0o40750 },
        { name: 'bin/tool', content: 'run', method: 8, mode: 0o104755, extra },
        { name: 'bin/link', content: '../etc/x', mode: 0o120777 },
        {
          name: 'read.me',
          content: 'dos',
          date: (40 << 9) | (2 << 5) | 29,
          time: (12 << 11) | (34 << 5) | 28,
        },
        { name: 'empty/' },
      ),
    );
    expect(entries).toMatchObject([
      { path: 'bin', type: 'directory', mode: 0o750, mtime: { seconds: 315532800 } },
      { path: 'bin/link', type: 'symlink', target: '../etc/x' },
      {
        path: 'bin/tool',
        type: 'file',
        mode: 0o4755,
        size: 3,
        uid: 0,
        gid: 0,
        mtime: { seconds: 1234567890 },
      },
      { path: 'empty', type: 'directory', mode: 0o755 },
      {
        path: 'read.me',
        type: 'file',
        mode: 0o644,
        mtime: { seconds: Date.UTC(2020, 1, 29, 12, 34, 56) / 1000 },
      },
    ]);
  });

  it('has names in UTF-8 where it says so, and in code page 437 elsewhere', async () => {
    const names = (
      await treeOf(zipOf({ name: 'Grün', flags: 0x800 }, { name: Buffer.from([0x81, 0xe1]) }))
    ).map(({ path }) => path);
    expect(names).toEqual(['Grün', 'üß']);
    expect(await refusalOf(zipOf({ name: Buffer.from([0xff]), flags: 0x800 }))).toBe('layer/bad-zip');
  });

  it('may have no entries, and a comment', async () => {
    expect(await treeOf(zipOf())).toEqual([]);
    expect(await treeOf(endOf({ count: 0, size: 0, offset: 0, comment: 'nothing here' }))).toEqual([]);
  });

  const cases: readonly (readonly [string, readonly RawEntry[], string])[] = [
    ['leaves by ..', [{ name: 'a/../../x' }], 'layer/path-escapes'],
    ['is absolute', [{ name: '/etc/x' }], 'layer/path-escapes'],
    ['is on a drive', [{ name: 'C:/x' }], 'layer/path-escapes'],
    ['has a NUL', [{ name: 'a\0b' }], 'layer/bad-zip'],
    ['has a backslash', [{ name: 'a\\..\\b' }], 'layer/bad-zip'],
    ['has no name', [{ name: '' }], 'layer/bad-zip'],
    ['is there twice', [{ name: 'a' }, { name: './a' }], 'layer/bad-zip'],
    ['stands below a file', [{ name: 'a' }, { name: 'a/b' }], 'layer/not-a-folder'],
    ['is encrypted', [{ flags: 1 }], 'layer/zip-encrypted'],
    ['has its header hidden', [{ flags: 0x2000 }], 'layer/zip-encrypted'],
    ['is a patch', [{ flags: 0x20 }], 'layer/bad-zip'],
    ['is in lzma', [{ method: 14, content: 'x' }], 'layer/compression-unknown'],
    ['is a device', [{ mode: 0o20644 }], 'layer/unknown-type'],
    ['is a folder by its name only', [{ name: 'a/', mode: 0o100644 }], 'layer/bad-zip'],
    ['is a folder with content', [{ name: 'a/', content: 'x' }], 'layer/bad-zip'],
    ['is a link to nothing', [{ mode: 0o120777 }], 'layer/bad-zip'],
    ['has another sum', [{ content: 'x', crc: 1 }], 'layer/zip-checksum'],
    ['is stored longer', [{ content: 'x', size: 2 }], 'layer/bad-zip'],
    ['inflates to more', [{ content: 'xxxx', size: 3, method: 8 }], 'layer/bad-zip'],
    ['inflates to less', [{ content: 'xxxx', size: 5, method: 8 }], 'layer/bad-zip'],
    ['is no deflate', [{ data: Buffer.from([7, 7, 7]), content: 'x', method: 8 }], 'layer/bad-zip'],
    ['is deflate and more', [{ data: Buffer.from([3, 0, 7]), content: '', method: 8 }], 'layer/bad-zip'],
    ['is called otherwise locally', [{ name: 'a', local: { name: 'b' } }], 'layer/bad-zip'],
    ['has another size locally', [{ content: 'x', local: { size: 2 } }], 'layer/bad-zip'],
    ['has another method locally', [{ content: 'x', local: { method: 8 } }], 'layer/bad-zip'],
    ['has no local header', [{ content: 'x', offset: 3 }], 'layer/bad-zip'],
    [
      'shares its data',
      [
        { name: 'a', content: 'x' },
        { name: 'b', content: 'x', offset: 0 },
      ],
      'layer/bad-zip',
    ],
    ['has a cut extra field', [{ extra: Buffer.from('555409', 'hex').subarray(0, 3) }], 'read'],
    ['has an extra field that goes on', [{ extra: Buffer.from('5554090001', 'hex') }], 'layer/bad-zip'],
  ];
  it.each(cases)('whose entry %s: %#', async (_, entries, code) => {
    expect(await refusalOf(zipOf(...entries))).toBe(code);
  });

  const good = zipOf({ name: 'a', content: 'hello' }, { name: 'b', content: 'x'.repeat(500), method: 8 });

  it('is refused when it is cut, has something before or behind it, or two ends', async () => {
    for (let length = 4; length < good.length; length += 1) {
      expect(await refusalOf(good.subarray(0, length)), String(length)).toMatch(
        /^layer\/(truncated|bad-zip)$/,
      );
    }
    expect(await refusalOf(Buffer.concat([good, Buffer.alloc(1)]))).toBe('layer/truncated');
    expect(await refusalOf(Buffer.concat([good.subarray(0, 34), good]))).toBe('layer/bad-zip');
    const inner = endOf({ count: 0, size: 0, offset: 0 }).toString('latin1');
    expect(await refusalOf(endOf({ count: 0, size: 0, offset: 0, comment: inner }))).toBe('layer/bad-zip');
  });

  it('and was damaged is refused or read, and never an exception that is not ours', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(good.length - 1), fc.integer({ min: 1, max: 255 }), async (at, flip) => {
        const bytes = Uint8Array.from(good);
        bytes[at] = bytes[at]! ^ flip;
        expect(await refusalOf(bytes)).toMatch(/^(read|layer\/[a-z-]+)$/);
      }),
      { numRuns: 150 },
    );
  });
});

describe.skipIf(!['zip', 'bsdtar', 'python3'].every(hasProgram))(
  'what others zip (needs zip, bsdtar, python3)',
  () => {
    const source = join(folder, 'source');
    mkdirSync(join(source, 'lib/deep'), { recursive: true });
    writeFileSync(join(source, 'lib/deep/text'), 'text '.repeat(5000));
    writeFileSync(join(source, 'tool'), '#!/bin/sh\n', { mode: 0o755 });
    writeFileSync(join(source, 'Grün'), 'é');
    symlinkSync('lib/deep/text', join(source, 'link'));
    chmodSync(join(source, 'lib'), 0o750);
    for (const name of ['lib/deep/text', 'tool', 'Grün', 'lib/deep', 'lib']) {
      utimesSync(join(source, name), 1234567890, 1234567890);
    }
    const target = join(folder, 'x.zip');
    const made = (command: string): Buffer => {
      rmSync(target, { force: true });
      const env = { ...process.env, LC_ALL: 'C.UTF-8', TARGET: target };
      execFileSync('sh', ['-c', command], { cwd: source, env });
      return readFileSync(target);
    };
    const python = `import os, zipfile
z = zipfile.ZipFile(os.environ['TARGET'], 'w', 8)
with z.open('large', 'w', force_zip64=True) as f: f.write(b'x' * 1000)
z.close()`;

    it.each([
      ['Info-ZIP', 'zip -qry "$TARGET" .'],
      ['Info-ZIP, for large files', 'zip -qry -fz "$TARGET" .'],
      ['bsdtar, sizes behind the data', 'bsdtar --format=zip -cf "$TARGET" .'],
      ['Python, large', `python3 -c "${python}"`],
    ])('%s: the same tree as bsdtar unpacks', async (_, command) => {
      const ours = (await treeOf(made(command))).filter(({ path }) => path !== '');
      const options = '--options=!all,type,mode,size,link,time,sha256';
      const mtree = execFileSync('bsdtar', ['-cf', '-', '--format=mtree', options, `@${target}`], {
        env: { ...process.env, TZ: 'UTC', LC_ALL: 'C.UTF-8' },
      }).toString();
      expect(ours.map(lineOf).sort()).toEqual(theirLines(mtree));
    });
  },
);

function lineOf(entry: TreeEntry): string {
  if (entry.type === 'removed' || entry.type === 'opaque') return entry.type;
  const mode = entry.mode.toString(8);
  const more =
    entry.type === 'file' ? `${entry.size} ${entry.digest.slice(7)}` : 'target' in entry ? entry.target : '';
  return `${entry.path} ${kinds[entry.type] ?? ''} ${mode} ${entry.mtime.seconds} ${more}`.trim();
}

const kinds: Readonly<Record<string, string>> = { file: 'file', directory: 'dir', symlink: 'link' };

function theirLines(mtree: string): string[] {
  return mtree
    .split('\n')
    .filter((line) => line.startsWith('./') || /^[^#/.\s]/.test(line))
    .map((line) => {
      const [name = '', ...fields] = line
        .replaceAll(/\\(\d{3})/g, (_, octal: string) => String.fromCharCode(parseInt(octal, 8)))
        .split(' ');
      const of = (key: string): string =>
        fields.find((field) => field.startsWith(`${key}=`))?.slice(key.length + 1) ?? '';
      const path = Buffer.from(name, 'latin1').toString().replace(/^\.\//, '');
      const more = of('type') === 'file' ? `${of('size')} ${of('sha256digest') || of('sha256')}` : of('link');
      const mode = Number.parseInt(of('mode'), 8).toString(8);
      return `${path} ${of('type')} ${mode} ${of('time').split('.')[0] ?? ''} ${more}`.trim();
    })
    .filter((line) => !line.startsWith('. '))
    .sort();
}
