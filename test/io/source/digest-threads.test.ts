/** Digests on threads: the same answers as on one, in whatever order they come. Runs the built worker. */
import { lstatSync } from 'node:fs';
import { join } from 'node:path';
import type { Worker } from 'node:worker_threads';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { ImagePath } from '../../../src/core/tree/image-path.ts';
import type { ReadFile, UnreadFiles } from '../../../src/io/source/digest-batch.ts';
import { createFileReader, type FileReader } from '../../../src/io/source/digest-file.ts';
import { startDigestThreads } from '../../../src/io/source/digest-threads.ts';
import { createFolderGate } from '../../../src/io/source/folder-gate.ts';
import { emptyStatIndex, loadStatIndex, statIndexFile } from '../../../src/io/source/stat-index.ts';
import { startDigestWorker } from '../../../src/io/source/start-digest-worker.ts';
import { StatRows } from '../../../src/io/source/stat-rows.ts';
import { copy, copyRequest, createContext, temporaryFolder } from './sample-context.ts';

/** 600 files, some large, some that cannot be read as what they were seen as. */
function sample(): { readonly context: string; readonly files: UnreadFiles } {
  const nodes = Object.fromEntries(
    Array.from({ length: 600 }, (_, at) => [`d${String(at % 7)}/f${String(at)}`, 'x'.repeat(at * 37)]),
  );
  const large = { 'large/a': 'a'.repeat(1 << 20), 'large/b': 'b'.repeat((1 << 18) + 1), 'large/empty': '' };
  const context = createContext({ ...nodes, ...large, link: { link: 'large/a' } });
  const paths = [...Object.keys(nodes), ...Object.keys(large)] as ImagePath[];
  for (const gone of ['gone', 'link', 'large', 'd1/f1/below']) {
    paths.splice(5, 0, gone as ImagePath);
  }
  const seen = new StatRows();
  for (const path of paths) {
    seen.push(
      lstatSync(join(context, /^(?:d\d\/f\d+|large\/.*)$/.test(path) ? path : 'd0/f0'), { bigint: true }),
    );
  }
  return { context, files: { paths, rows: seen } };
}

/** What can be told of a file to everybody. */
function textOf(file: ReadFile | undefined): string {
  if (file === undefined) return 'nothing';
  if ('failure' in file) return `${file.failure.code}: ${file.failure.message}`;
  const { size, ino } = file.rows.stats(file.row);
  return `${file.rows.digest(file.row)} ${String(size)} ${String(ino)}`;
}

/** What every file is, told by the way of a single file. */
function readHere(context: string, { paths, rows }: UnreadFiles): string[] {
  const gate = createFolderGate(context);
  const read = createFileReader(gate, Date.now);
  const texts = paths.map((path, at) => {
    try {
      const { stats, digest } = read(path, rows.stats(at));
      return `${digest} ${String(stats.size)} ${String(stats.ino)}`;
    } catch (error) {
      return textOf({ failure: error as never });
    }
  });
  gate.close();
  return texts;
}

function readerOf(context: string): FileReader {
  const gate = createFolderGate(context);
  onTestFinished(() => {
    gate.close();
  });
  return createFileReader(gate, Date.now);
}

describe('threads that take digests', () => {
  it.each([1, 2, 5])('answer for each file as the main thread would (%i)', async (threads) => {
    const { context, files } = sample();
    const answers: string[] = [];
    const signal = new AbortController().signal;
    // The files come to be known one after the other, as in a walk.
    const found: UnreadFiles = { paths: [], rows: new StatRows() };
    const reading = startDigestThreads(found, {
      root: context,
      threads,
      signal,
      read: readerOf(context),
      onRead: (at, file) => {
        answers[at] = textOf(file);
      },
    });
    for (const [at, path] of files.paths.entries()) {
      found.paths.push(path);
      found.rows.push(files.rows.stats(at));
      if (at % 250 === 0) reading?.readNew();
    }
    await reading?.finish();
    expect(answers).toEqual(readHere(context, files));
    expect(answers.filter((answer) => answer.startsWith('source/changed'))).toHaveLength(4);
  });

  it.each([0, 1])(
    'are as many as can be started, and none is left where there are too few (%i)',
    async (most) => {
      const { context, files } = sample();
      const started: Worker[] = [];
      let answers = 0;
      const reading = startDigestThreads(files, {
        root: context,
        threads: 3,
        signal: new AbortController().signal,
        read: readerOf(context),
        onRead: () => (answers += 1),
        start: (root) => {
          if (started.length === most)
            throw Object.assign(new Error('EAGAIN'), { code: 'ERR_WORKER_INIT_FAILED' });
          const worker = startDigestWorker(root);
          started.push(worker);
          return worker;
        },
      });
      await reading?.finish();
      expect(reading !== undefined).toBe(most > 0);
      expect(answers).toBe(most > 0 ? files.paths.length : 0);
      // A thread that has ended has no id any more.
      expect(started.map(({ threadId }) => threadId)).toEqual(started.map(() => -1));
    },
  );

  it('end when they are aborted', async () => {
    const { context, files } = sample();
    const controller = new AbortController();
    const reason = new Error('enough');
    const reading = startDigestThreads(files, {
      root: context,
      threads: 2,
      signal: controller.signal,
      read: readerOf(context),
      onRead: () => {
        controller.abort(reason);
      },
    });
    await expect(reading?.finish()).rejects.toBe(reason);
  });

  it('leave what they have not come to for the thread that waits for them', async () => {
    const { context } = sample();
    const paths = Array.from({ length: 5_000 }, () => 'd0/f0' as ImagePath);
    const stats = lstatSync(join(context, 'd0/f0'), { bigint: true });
    const rows = new StatRows();
    for (const path of paths) if (path !== '') rows.push(stats);
    const read = readerOf(context);
    const told = paths.map(() => 0);
    let here = 0;
    const reading = startDigestThreads(
      { paths, rows },
      {
        root: context,
        threads: 1,
        signal: new AbortController().signal,
        read: (path, seen) => {
          here += 1;
          return read(path, seen);
        },
        onRead: (at) => (told[at] = (told[at] ?? 0) + 1),
      },
    );
    await reading?.finish();
    expect(here).toBeGreaterThan(0);
    expect(here).toBeLessThan(paths.length);
    expect(new Set(told)).toEqual(new Set([1]));
  });

  it('tell of nothing more once one of them has ended by itself', async () => {
    const { context } = sample();
    const paths = Array.from({ length: 20_000 }, () => 'd0/f0' as ImagePath);
    const stats = lstatSync(join(context, 'd0/f0'), { bigint: true });
    const rows = new StatRows();
    for (const path of paths) if (path !== '') rows.push(stats);
    let told = 0;
    const reading = startDigestThreads(
      { paths, rows },
      {
        root: context,
        threads: 1,
        signal: new AbortController().signal,
        read: readerOf(context),
        onRead: () => (told += 1),
        start: (root) => {
          const worker = startDigestWorker(root);
          void worker.terminate();
          return worker;
        },
      },
    );
    await expect(reading?.finish()).rejects.toThrow('a thread that reads the sources ended by itself');
    const then = told;
    await new Promise(setImmediate);
    expect(told).toBe(then);
    expect(told).toBeLessThan(paths.length);
  });

  it('give a copy of many files the tree that one thread gives, and remember every digest', async () => {
    const nodes = Object.fromEntries(
      Array.from({ length: 4_100 }, (_, at) => [`d${String(at % 40)}/${String(at)}`, String(at)]),
    );
    const context = createContext({ ...nodes, 'd1/absolute': { link: '/etc/hosts' } });
    const place = { file: statIndexFile(temporaryFolder(), context), context };
    const statIndex = loadStatIndex(place);
    const [one, many] = [
      await copy(context, copyRequest('.'), { statIndex: emptyStatIndex() }),
      await copy(context, copyRequest('.'), { threads: 3, statIndex, now: () => Date.now() + 3_600_000 }),
    ];
    expect(many.tree?.digest).toBe(one.tree?.digest);
    expect(many.tree?.contents).toEqual(one.tree?.contents);
    expect(many.found).toEqual(one.found);
  });
});
