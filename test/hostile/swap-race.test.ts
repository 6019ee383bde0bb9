/** safety.md T3, H15: another process swaps folders of the tree for links to the outside while we unpack into them. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { ImagePath } from '../../src/core/tree/image-path.ts';
import { SafeRoot } from '../../src/io/bundle/safe-root.ts';
import { type ScratchFolder, scratchFolder } from '../rigs/scratch-folder.ts';

const swaps = 10_000;
const swappers = 4;

let scratch: ScratchFolder;
beforeAll(() => {
  scratch = scratchFolder('swap');
});
afterAll(() => {
  scratch.remove();
});

/** Plain JavaScript for `node -e`: the folder `d` is there, away, a link to the outside, and there again. */
const swapper = `
const fs = require('node:fs');
const [tree, out, mine, count] = process.argv.slice(1);
const attempt = (action) => { try { action(); } catch {} };
for (let at = 0; at < Number(count); at += 1) {
  attempt(() => fs.renameSync(tree + '/d', tree + '/' + mine));
  attempt(() => fs.symlinkSync(out, tree + '/d'));
  attempt(() => fs.unlinkSync(tree + '/d'));
  attempt(() => fs.renameSync(tree + '/' + mine, tree + '/d'));
}
`;

it('nothing is written outside in ten thousand swaps', { timeout: 120_000 }, async () => {
  const [tree, spare, out] = ['tree', 'spare', 'out'].map((name) => join(scratch.path, name)) as [
    string,
    string,
    string,
  ];
  for (const folder of [tree, spare, out, join(tree, 'd')]) mkdirSync(folder);
  const root = await SafeRoot.open({ directory: tree, spare });
  const running = Array.from({ length: swappers }, (_, at) =>
    spawn(process.execPath, ['-e', swapper, tree, out, `aside${String(at)}`, String(swaps / swappers)], {
      stdio: 'ignore',
    }),
  );
  const ended = Promise.all(running.map(exitOf));
  let made = 0;
  for (let at = 0; running.some(({ exitCode }) => exitCode === null); at += 1) {
    made += makeSome(root, at);
    if (at % 8 === 0) await nextTurn();
  }
  await ended;
  root.close();
  expect(readdirSync(out)).toEqual([]);
  expect(made).toBeGreaterThan(100);
});

function exitOf(child: ChildProcess): Promise<void> {
  return new Promise((settle) => {
    child.once('exit', () => {
      settle();
    });
  });
}

const metadata = { mode: 0o644, uid: 0, gid: 0, mtime: { seconds: 0 } };

/** A file, a folder, a link and a whiteout below `d`; gives how many of them went well. */
function makeSome(root: SafeRoot, at: number): number {
  const path = (name: string): ImagePath => `${name}${String(at % 50)}` as ImagePath;
  const nothing = { has: () => false, owns: () => false };
  const attempts = [
    () => {
      root.makeFile(path('d/f'), metadata).file.finish();
    },
    // The way through another folder makes the next one look `d` up again.
    () => root.makeFolder(path('other/'), metadata),
    () => root.makeFolder(path('d/sub/'), metadata),
    () => root.makeSymlink(path('d/l'), '../../out', metadata),
    () => {
      root.remove(path('d/f'), nothing);
    },
  ];
  return attempts.filter((attempt) => wentWell(attempt)).length;
}

/** Failing is fine: a folder that somebody takes away can end an unpack, but not lead it elsewhere. */
function wentWell(attempt: () => unknown): boolean {
  try {
    attempt();
    return true;
  } catch {
    return false;
  }
}
