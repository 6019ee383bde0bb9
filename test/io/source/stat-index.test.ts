import {
  appendFileSync,
  lstatSync,
  readdirSync,
  readFileSync,
  renameSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { digestOf } from '../../../src/core/digest/digest.ts';
import type { ImagePath } from '../../../src/core/tree/image-path.ts';
import { createFileDigester } from '../../../src/io/source/digest-file.ts';
import { createFolderGate } from '../../../src/io/source/folder-gate.ts';
import { loadStatIndex, type StatIndex, statIndexFile } from '../../../src/io/source/stat-index.ts';
import { createContext, temporaryFolder } from './sample-context.ts';

const path = (text: string) => text as ImagePath;
const stat = (file: string) => lstatSync(file, { bigint: true });
const digest = digestOf(Buffer.from('x'));
/** Long after every file of these tests was written. */
const later = Date.now() + 3_600_000;

/** Whether an index that is loaded anew knows a file. */
function knows(place: { file: string; context: string }, name: string): boolean {
  return loadStatIndex(place).find(path(name), stat(join(place.context, name))) !== undefined;
}

function recorded(nodes: Record<string, string>): { file: string; context: string } {
  const context = createContext(nodes);
  const place = { file: statIndexFile(temporaryFolder(), context), context };
  const index = loadStatIndex(place);
  for (const name of Object.keys(nodes))
    index.record(path(name), { stats: stat(join(context, name)), digest, readAt: later });
  index.save();
  return place;
}

describe('a stat index', () => {
  it('knows a file that has not changed, in the next build too', () => {
    const place = recorded({ a: '1', 'd/b': '2' });
    expect(loadStatIndex(place).find(path('d/b'), stat(join(place.context, 'd/b')))).toBe(digest);
    expect(knows(place, 'a')).toBe(true);
  });

  it('does not know a file whose size, time, inode or mode is another', () => {
    const place = recorded({ size: '1', time: '1', inode: '1', mode: '1', same: '1' });
    const at = (name: string) => join(place.context, name);
    appendFileSync(at('size'), '2');
    utimesSync(at('time'), 1, 1);
    writeFileSync(at('new'), '1');
    renameSync(at('new'), at('inode'));
    writeFileSync(at('mode'), '1', { mode: 0o755 });
    expect(['size', 'time', 'inode', 'same'].map((name) => knows(place, name))).toEqual([
      false,
      false,
      false,
      true,
    ]);
  });

  it('notices other content under the old size and mtime, by the ctime', () => {
    const place = recorded({ a: 'one' });
    const { atime, mtime } = lstatSync(join(place.context, 'a'));
    writeFileSync(join(place.context, 'a'), 'two');
    utimesSync(join(place.context, 'a'), atime, mtime);
    expect(knows(place, 'a')).toBe(false);
  });

  it('never trusts a file that was written in the tick in which it was read', () => {
    const context = createContext({ a: 'one' });
    const index = loadStatIndex({ file: statIndexFile(temporaryFolder(), context), context });
    const stats = stat(join(context, 'a'));
    const written = Number(stats.ctimeNs / 1_000_000n);
    for (const readAt of [written - 5, written, written + 50]) {
      index.record(path('a'), { stats, digest, readAt });
      expect(index.find(path('a'), stats)).toBeUndefined();
    }
    index.record(path('a'), { stats, digest, readAt: written + 3_000 });
    expect(index.find(path('a'), stats)).toBe(digest);
  });

  it('waits longer where a file system counts in whole seconds, and for times to come', () => {
    const context = createContext({ a: 'one' });
    const index = loadStatIndex({ file: statIndexFile(temporaryFolder(), context), context });
    const whole = { ...stat(join(context, 'a')), ctimeNs: 5_000_000_000n, mtimeNs: 5_000_000_000n };
    const stats = whole;
    index.record(path('a'), { stats, digest, readAt: 6_900 });
    expect(index.find(path('a'), stats)).toBeUndefined();
    index.record(path('a'), { stats, digest, readAt: 7_200 });
    expect(index.find(path('a'), stats)).toBe(digest);
    const future = { ...whole, mtimeNs: BigInt(later) * 2_000_000n };
    index.record(path('a'), { stats: future, digest, readAt: later });
    expect(index.find(path('a'), future)).toBeUndefined();
  });

  it('keeps negative times, large inodes and names of any bytes', () => {
    const context = createContext({ a: '1' });
    const place = { file: statIndexFile(temporaryFolder(), context), context };
    const odd = { ...stat(join(context, 'a')), mtimeNs: -5n, ino: 2n ** 64n - 1n };
    const index = loadStatIndex(place);
    index.record(path('caf\udce9/\n'), { stats: odd, digest, readAt: later });
    index.save();
    expect(loadStatIndex(place).find(path('caf\udce9/\n'), odd)).toBe(digest);
  });

  it('is empty where its file is corrupt, cut short, of another version or of another context', () => {
    const place = recorded({ a: '1' });
    const good = readFileSync(place.file);
    for (let at = 0; at < good.length; at += 7) {
      const bad = Buffer.from(good);
      bad[at] = (bad[at] ?? 0) ^ 0x40;
      writeFileSync(place.file, bad);
      expect(knows(place, 'a')).toBe(false);
    }
    for (const length of [0, 3, 40, 56, good.length - 1]) {
      writeFileSync(place.file, good.subarray(0, length));
      expect(knows(place, 'a')).toBe(false);
    }
    writeFileSync(place.file, good);
    expect(knows(place, 'a')).toBe(true);
    const elsewhere = { ...place, context: `${place.context}2` };
    expect(loadStatIndex(elsewhere).find(path('a'), stat(join(place.context, 'a')))).toBeUndefined();
  });

  it('forgets what many builds did not use, and nothing before', () => {
    const place = recorded({ old: '1', used: '1' });
    for (let build = 0; build < 21; build += 1) {
      const index = loadStatIndex(place);
      expect(index.find(path('used'), stat(join(place.context, 'used')))).toBe(digest);
      index.record(path('new'), { stats: stat(join(place.context, 'used')), digest, readAt: later });
      index.save();
      // A look at the others by an index that is not saved changes nothing.
      expect(knows(place, 'old')).toBe(build < 20);
    }
    expect(knows(place, 'used')).toBe(true);
  });

  it('is written in one step, and not at all where nothing is new', () => {
    const place = recorded({ a: '1' });
    const before = stat(place.file).ino;
    const index = loadStatIndex(place);
    index.find(path('a'), stat(join(place.context, 'a')));
    index.save();
    expect(stat(place.file).ino).toBe(before);
    expect(readdirSync(join(place.file, '..')).length).toBe(1);
  });

  it('does without a folder that cannot be written', () => {
    const context = createContext({ a: '1' });
    const index = loadStatIndex({ file: '/dev/null/none/index.stat', context });
    index.record(path('a'), { stats: stat(join(context, 'a')), digest, readAt: later });
    index.save();
    expect(index.find(path('a'), stat(join(context, 'a')))).toBe(digest);
  });
});

describe('a file digester', () => {
  it('finds a change of the same size in the same tick', () => {
    const context = createContext({});
    const place = { file: statIndexFile(temporaryFolder(), context), context };
    const digests = new Set<string>();
    for (let round = 0; round < 40; round += 1) {
      writeFileSync(join(context, 'a'), String(round).padStart(4, '0'));
      digests.add(digestWith(loadStatIndex(place), context));
    }
    expect(digests.size).toBe(40);
  });

  it('reads a file once and then takes it from the index', () => {
    const context = createContext({ a: 'content' });
    const place = { file: statIndexFile(temporaryFolder(), context), context };
    const index = loadStatIndex(place);
    expect(digestWith(index, context, () => later)).toBe(digestOf(Buffer.from('content')));
    index.save();
    const again = loadStatIndex(place);
    expect(again.find(path('a'), stat(join(context, 'a')))).toBe(digestOf(Buffer.from('content')));
  });

  it('says so where a file has vanished, or is something else by now', () => {
    const context = createContext({ a: 'content', d: { link: '/etc/passwd' }, 'f/': '' });
    const gate = createFolderGate(context);
    const digester = createFileDigester({
      gate,
      statIndex: loadStatIndex({ file: '', context }),
      now: Date.now,
    });
    const stats = stat(join(context, 'a'));
    for (const gone of ['gone', 'd', 'f', 'a/b']) {
      expect(() => digester.digest(path(gone), stats)).toThrow(
        expect.objectContaining({ code: 'source/changed' }),
      );
    }
    gate.close();
  });
});

function digestWith(statIndex: StatIndex, context: string, now: () => number = Date.now): string {
  const gate = createFolderGate(context);
  const { digest: found } = createFileDigester({ gate, statIndex, now }).digest(
    path('a'),
    stat(join(context, 'a')),
  );
  gate.close();
  statIndex.save();
  return found;
}
