import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Difference, formatDifference } from '../../../src/core/compare/difference.ts';
import { tarDifferences } from '../../../src/core/compare/tar-differences.ts';
import { createTarOutliner, type TarOutline } from '../../../src/core/compare/tar-outline.ts';
import { createHasher } from '../../../src/io/store/native-hasher.ts';
import { type RawEntry, rawTar } from '../../rigs/raw-tar.ts';

function outline(tar: Buffer, chunkBytes = tar.length): TarOutline {
  const outliner = createTarOutliner(() => createHasher());
  for (let at = 0; at < tar.length; at += chunkBytes) outliner.push(tar.subarray(at, at + chunkBytes));
  return outliner.outline();
}

/** What differs, as it is said. */
function differences(rebuilt: readonly RawEntry[], given: readonly RawEntry[]): string[] {
  const found = tarDifferences({ rebuilt: outline(rawTar(rebuilt)), given: outline(rawTar(given)) });
  const placed: Difference[] = [...found].map((one) => ({ ...one, where: 'layer' }));
  return placed.map((one) =>
    formatDifference(one, { rebuilt: 'ours', given: 'theirs' }).slice('layer: '.length),
  );
}

const folder: RawEntry = { name: 'a/', type: '5', mode: 0o755 };
const file: RawEntry = { name: 'a/f', content: 'hello' };

describe('the outline of a tar', () => {
  const entries: readonly RawEntry[] = [
    folder,
    { ...file, pax: { atime: '1.5', 'SCHILY.xattr.user.x': Buffer.from([0, 255]) } },
    { name: 'short', gnuLongName: 'b'.repeat(300), content: 'x'.repeat(700) },
    { name: 'link', type: '2', link: 'a/f' },
    { name: 'empty' },
  ];

  test('is the same for chunks of any size', () => {
    const tar = rawTar(entries);
    const whole = outline(tar);
    expect(whole.members.map(({ path }) => path)).toEqual(['a', 'a/f', 'b'.repeat(300), 'link', 'empty']);
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2000 }), (size) => {
        expect(outline(tar, size)).toEqual(whole);
      }),
      { numRuns: 50 },
    );
  });

  test('says where each content starts, and how long the end is', () => {
    const tar = rawTar(entries);
    const { members, ending } = outline(tar);
    const named = members.find(({ path }) => path === 'a/f');
    expect(tar.subarray(named?.offset ?? 0, (named?.offset ?? 0) + 5).toString()).toBe('hello');
    expect(ending).toBe(1024);
  });
});

describe('two tars', () => {
  test('that are equal have no difference', () => {
    expect(differences([folder, file], [folder, file])).toEqual([]);
  });

  test.each<[string, Partial<RawEntry>, readonly string[]]>([
    ['mode', { mode: 0o600 }, ['a/f: mode 0644 ≠ 0600']],
    ['mode', { mode: 0o100644 }, ['a/f: file type in the mode 0000 ≠ 100000']],
    ['owner', { uid: 5 }, ['a/f: owner 0 ≠ 5']],
    ['group', { gid: 2 ** 30 }, ['a/f: group 0 ≠ 1073741824']],
    ['day', { mtime: 86_400 }, ['a/f: mtime 1970-01-01 ≠ 1970-01-02']],
    ['second', { mtime: 61 }, ['a/f: mtime 1970-01-01 ≠ 1970-01-01T00:01:01Z']],
    ['fraction', { pax: { mtime: '0.25' } }, ['a/f: mtime 1970-01-01 ≠ 1970-01-01T00:00:00.25Z']],
    ['time before 1970', { pax: { mtime: '-0.25' } }, ['a/f: mtime 1970-01-01 ≠ 1969-12-31T23:59:59.75Z']],
    ['time of no calendar', { pax: { mtime: '9000000000000' } }, ['a/f: mtime 1970-01-01 ≠ 9000000000000 s']],
    ['type', { type: '2', link: 'x', content: '' }, ['a/f: type a file of 5 bytes ≠ a symlink']],
    ['content', { content: 'hallo' }, ['a/f: content']],
    ['PAX record', { pax: { atime: '1.5' } }, ['a/f: PAX record atime: `1.5` in theirs, nothing in ours']],
    ['idle record', { pax: { uid: '0' } }, ['a/f: PAX record uid: `0` in theirs, nothing in ours']],
    [
      'attribute',
      { pax: { 'SCHILY.xattr.user.x': 'v' } },
      ['a/f: xattr user.x: `v` in theirs, nothing in ours'],
    ],
    ['name', { name: './a/f' }, ['a/f: name as written `a/f` ≠ `./a/f`']],
    ['name of the GNU format', { gnuLongName: 'a/f' }, ['a/f: other bytes in its header']],
  ])('differ in the %s of a file', (_, change, said) => {
    expect(differences([folder, file], [folder, { ...file, ...change }])).toEqual(said);
  });

  test('name what only one has before what both have', () => {
    const said = differences(
      [folder, file, { name: 'old' }],
      [folder, { ...file, mode: 0o600 }, { name: 'new' }],
    );
    expect(said).toEqual([
      'old: a file of 0 bytes in ours, nothing in theirs',
      'new: a file of 0 bytes in theirs, nothing in ours',
      'a/f: mode 0644 ≠ 0600',
    ]);
  });

  test('are paired by path whatever their order, which is said once', () => {
    const names = ['a', 'b', 'c', 'd'].map((name) => ({ name }));
    expect(differences(names, [...names].reverse())).toEqual(['order of entries: entry 1 a ≠ d']);
  });

  test('may name one path twice', () => {
    const said = differences([file], [file, { ...file, content: 'again' }]);
    expect(said).toEqual(['a/f (again, 2): a file of 5 bytes in theirs, nothing in ours']);
  });

  test('escape what a terminal would act on', () => {
    const said = differences([], [{ name: 'x\u001b[31m' }]);
    expect(said).toEqual(['x\\x1b[31m: a file of 0 bytes in theirs, nothing in ours']);
  });
});

test('bytes that fill up a block, and zeros at the end, are bytes of a tar', () => {
  const tar = rawTar([file]);
  const dirty = Buffer.from(tar);
  dirty.writeUInt8(1, 512 + 100);
  const said = (given: Buffer): string[] =>
    [...tarDifferences({ rebuilt: outline(tar), given: outline(given) })].map(({ what }) => what);
  expect(said(dirty)).toEqual(['a/f: padding']);
  expect(said(Buffer.concat([tar, Buffer.alloc(512)]))).toEqual(['zeros at the end of the tar']);
});
