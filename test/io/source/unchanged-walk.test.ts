/** What a remembered walk must notice, and what it may answer without reading a file. */
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ImagePath } from '../../../src/core/tree/image-path.ts';
import type { FileDigester } from '../../../src/io/source/digest-file.ts';
import type { CopyRequest } from '../../../src/io/source/file-source.ts';
import { loadStatIndex, type StatIndex, statIndexFile } from '../../../src/io/source/stat-index.ts';
import { StatRows } from '../../../src/io/source/stat-rows.ts';
import type { WalkRecord } from '../../../src/io/source/walk-record.ts';
import { type Copied, copy, copyRequest, createContext, temporaryFolder } from './sample-context.ts';

/** Long after every file of these tests was written. */
const later = (): number => Date.now() + 3_600_000;

const nodes = {
  'src/a': 'one',
  'src/run': { mode: 0o755, text: '#!/bin/sh\n' },
  'src/cert.pem': 'a certificate\n',
  'src/lib/b': 'two',
  'src/lib/deep/c': 'three',
  'src/link': { link: 'lib/b' },
  'src/empty/': '',
  'src/node_modules/p/.npmrc': 'registry=x\n',
  'src/skipped.log': 'not taken',
  elsewhere: 'one',
};

const request = copyRequest('src', { exclude: ['*.log'] });

/** Ends when the file system's clock has moved on, so that whatever is written next has another time. */
function untilTheClockMoves(context: string): void {
  const probe = join(context, 'probe');
  const stamp = (): bigint => {
    writeFileSync(probe, '');
    return lstatSync(probe, { bigint: true }).ctimeNs;
  };
  const before = stamp();
  while (stamp() === before);
  unlinkSync(probe);
}

/** Indexes for builds that follow one another: on disk, or one that keeps no folder's own times. */
const memories: readonly [string, (context: string) => () => StatIndex][] = [
  [
    "by a folder's own times",
    (context) => {
      const place = { file: statIndexFile(temporaryFolder(), context), context };
      return () => loadStatIndex(place);
    },
  ],
  [
    'by the names in a folder',
    (context) => {
      const place = { file: statIndexFile(temporaryFolder(), context), context };
      let kept: WalkRecord | undefined;
      return () => ({
        ...loadStatIndex(place),
        walks: {
          find: (key) => (kept?.facts.key === key ? kept : undefined),
          keep: (record) => {
            kept = { ...record, folders: StatRows.from(new Uint8Array(1 << 16), 64) };
          },
        },
      });
    },
  ],
];

async function build(index: StatIndex, context: string, asked: CopyRequest = request): Promise<Copied> {
  const copied = await copy(context, asked, { statIndex: index, now: later });
  index.save();
  return copied;
}

const refuseToRead = (path: ImagePath): never => {
  throw new Error(`${path} was looked at by its content`);
};
const readsNothing: FileDigester = { digest: refuseToRead, read: refuseToRead };

type Change = (at: (name: string) => string) => void;

const changes: Readonly<Record<string, Change>> = {
  'other content': (at) => writeFileSync(at('a'), 'two'),
  'other content under the old size and mtime': (at) => {
    const { atime, mtime } = lstatSync(at('a'));
    writeFileSync(at('a'), 'six');
    utimesSync(at('a'), atime, mtime);
  },
  'the same content in another file': (at) => {
    writeFileSync(at('lib/b'), 'TWO');
    writeFileSync(at('new'), 'two');
    renameSync(at('new'), at('lib/b'));
  },
  'a file that may be executed': (at) => chmodSync(at('lib/deep/c'), 0o755),
  'a file under another name': (at) => renameSync(at('a'), at('aa')),
  'a file in another folder': (at) => renameSync(at('a'), at('lib/a')),
  'a file more': (at) => writeFileSync(at('lib/deep/d'), ''),
  'a file less': (at) => rmSync(at('lib/b')),
  'a folder more': (at) => mkdirSync(at('lib/new')),
  'an empty folder less': (at) => rmSync(at('empty'), { recursive: true }),
  'a file in the place of a folder': (at) => {
    rmSync(at('empty'), { recursive: true });
    writeFileSync(at('empty'), '');
  },
  'a folder in the place of a file': (at) => {
    rmSync(at('a'));
    mkdirSync(at('a'));
  },
  'a link in the place of the folder that it leads to': (at) => {
    renameSync(at('lib/deep'), at('../deep'));
    symlinkSync('../../deep', at('lib/deep'));
  },
  'a link in the place of a file': (at) => {
    rmSync(at('a'));
    symlinkSync('../elsewhere', at('a'));
  },
  'a link to elsewhere': (at) => {
    rmSync(at('link'));
    symlinkSync('lib/c', at('link'));
  },
  'a name of other bytes': (at) => writeFileSync(Buffer.from(`${at('')}caf\xe9`, 'latin1'), ''),
  'a FIFO in the place of a file': (at) => {
    rmSync(at('a'));
    execFileSync('mkfifo', [at('a')]);
  },
  'a secret more': (at) => writeFileSync(at('.env'), 'A=b'),
  'a file that is a private key by now': (at) =>
    writeFileSync(at('cert.pem'), '-----BEGIN PRIVATE KEY-----\n'),
  'a file more that is left out': (at) => writeFileSync(at('more.log'), ''),
  'a .dockerignore': (at) => writeFileSync(at('../.dockerignore'), 'src/a\n'),
};

describe.each(memories)('a remembered walk, %s', (_name, memoryOf) => {
  it('answers with the whole source, warnings too, and looks into no file', async () => {
    const context = createContext(nodes);
    const memory = memoryOf(context);
    const first = await build(memory(), context);
    const again = await copy(context, request, { statIndex: memory(), digester: readsNothing, now: later });
    expect(again.tree?.digest).toBe(first.tree?.digest);
    expect(again.tree?.tree).toEqual(first.tree?.tree);
    expect(again.tree?.contents).toEqual(first.tree?.contents);
    expect(again.codes).toEqual(['source/secret-in-dependency']);
    expect(again.found).toEqual(first.found);
  });

  it.each(Object.entries(changes))('notices %s', async (_change, change) => {
    const context = createContext(nodes);
    const memory = memoryOf(context);
    await build(memory(), context);
    untilTheClockMoves(context);
    change((name) => join(context, 'src', name));
    const fresh = await copy(context, request);
    for (const round of ['the build after it', 'the one after that']) {
      const again = await build(memory(), context);
      expect(again.tree?.digest, round).toBe(fresh.tree?.digest);
      expect(again.tree?.tree, round).toEqual(fresh.tree?.tree);
      expect(again.found, round).toEqual(fresh.found);
    }
  });

  it.each([
    ['include', { include: ['**/b'] }],
    ['exclude', { exclude: ['a'] }],
    ['ignore', { ignore: false }],
  ])('is not taken for one with another %s', async (_key, more) => {
    const context = createContext({ ...nodes, '.dockerignore': 'src/lib/deep\n' });
    const memory = memoryOf(context);
    await build(memory(), context);
    const asked = copyRequest('src', more);
    const again = await build(memory(), context, asked);
    expect(again.paths).toEqual((await copy(context, asked)).paths);
  });
});

describe('a walk', () => {
  it('is not remembered while a file of it is too young to be trusted', async () => {
    const context = createContext(nodes);
    const place = { file: statIndexFile(temporaryFolder(), context), context };
    const index = loadStatIndex(place);
    const { ctimeMs } = lstatSync(join(context, 'src/a'));
    await copy(context, request, { statIndex: index, now: () => ctimeMs + 50 });
    index.save();
    expect(walkFiles(place.file)).toEqual([]);
  });

  it('of a folder in the root of the context, and of the context itself, is remembered', async () => {
    const context = createContext({ 'a/b': '1', c: '2' });
    const place = { file: statIndexFile(temporaryFolder(), context), context };
    for (const source of ['.', 'a']) {
      const asked = copyRequest(source);
      const first = await build(loadStatIndex(place), context, asked);
      const more = { statIndex: loadStatIndex(place), digester: readsNothing, now: later };
      expect((await copy(context, asked, more)).tree?.digest).toBe(first.tree?.digest);
    }
  });

  it('whose file is corrupt or cut short is walked again', async () => {
    const context = createContext(nodes);
    const place = { file: statIndexFile(temporaryFolder(), context), context };
    const first = await build(loadStatIndex(place), context);
    const [file = ''] = walkFiles(place.file);
    const good = readFileSync(file);
    for (let at = 0; at < good.length; at += 31) {
      const bad = Buffer.from(good);
      bad[at] = (bad[at] ?? 0) ^ 0x10;
      writeFileSync(file, at % 2 === 0 ? bad : good.subarray(0, at));
      const again = await copy(context, request, { statIndex: loadStatIndex(place), now: later });
      expect(again.tree?.digest).toBe(first.tree?.digest);
    }
  });

  it('is forgotten when no build has used it for a month', async () => {
    const context = createContext(nodes);
    const place = { file: statIndexFile(temporaryFolder(), context), context };
    await build(loadStatIndex(place), context);
    const [old = ''] = walkFiles(place.file);
    const monthAgo = Date.now() / 1000 - 31 * 24 * 3600;
    utimesSync(old, monthAgo, monthAgo);
    await build(loadStatIndex(place), context, copyRequest('src', { exclude: ['a'] }));
    const [kept, ...more] = walkFiles(place.file);
    expect([kept === old, more]).toEqual([false, []]);
  });
});

function walkFiles(file: string): string[] {
  const folder = join(file, '..');
  const names = statNames(folder).filter((name) => name.endsWith('.walk'));
  return names.map((name) => join(folder, name));
}

function statNames(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
