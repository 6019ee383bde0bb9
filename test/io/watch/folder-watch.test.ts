/** Each change is made and then waited for: a notice that does not come fails by the test's time limit. */
import {
  chmodSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, test } from 'vitest';
import { FolderWatch } from '../../../src/io/watch/folder-watch.ts';
import { pathFromBytes } from '../../../src/core/tree/image-path.ts';
import { scratchFolder, type ScratchFolder } from '../../rigs/scratch-folder.ts';

let scratch: ScratchFolder;
let root: string;
let folders: FolderWatch;
let notice: (() => void) | undefined;
let refusals: unknown[];

beforeEach(() => {
  scratch = scratchFolder('folder-watch');
  root = scratch.path;
  refusals = [];
  folders = new FolderWatch({
    onChange: () => notice?.(),
    onRefusal: (error) => refusals.push(error),
  });
});
afterEach(() => {
  folders.close();
  scratch.remove();
});

/** Everything below a folder, as a snapshot would read it. */
function watchAll(folder: string): void {
  folders.add({ folder });
  for (const entry of readdirSync(folder, { withFileTypes: true }))
    if (entry.isDirectory()) watchAll(join(folder, entry.name));
}

function nextRound(add: () => void): void {
  folders.begin();
  add();
  folders.keepAdded();
}

/** Resolves with the first notice after the change. */
async function told(change: () => void): Promise<void> {
  await quiet();
  const first = new Promise<void>((resolve) => {
    notice = resolve;
  });
  change();
  await first;
  notice = undefined;
}

/** Notices of what happened before have come when a change made now is told. */
async function quiet(): Promise<void> {
  const marker = join(root, '..', `${root.slice(root.lastIndexOf('/') + 1)}.marker`);
  const seen = new Promise<void>((resolve) => {
    notice = resolve;
  });
  folders.add({ folder: join(root, '..'), name: marker.slice(marker.lastIndexOf('/') + 1) });
  writeFileSync(marker, '');
  await seen;
  rmSync(marker);
  for (let turn = 0; turn < 3; turn += 1) await new Promise(setImmediate);
  notice = undefined;
}

describe('a watched folder tells', () => {
  const file = (name: string): string => join(root, name);
  beforeEach(() => {
    mkdirSync(file('a/b'), { recursive: true });
    writeFileSync(file('a/b/c'), 'one');
    symlinkSync('c', file('a/b/link'));
    watchAll(root);
  });

  test.each<readonly [what: string, change: () => void]>([
    ['a write', () => writeFileSync(file('a/b/c'), 'two')],
    ['a mode', () => chmodSync(file('a/b/c'), 0o755)],
    ['a new file', () => writeFileSync(file('a/b/d'), 'new')],
    ['a file that goes', () => unlinkSync(file('a/b/c'))],
    [
      'an atomic save',
      () => {
        writeFileSync(join(root, '..', 'save.tmp'), 'two');
        renameSync(join(root, '..', 'save.tmp'), file('a/b/c'));
      },
    ],
    [
      'a link that points elsewhere',
      () => {
        unlinkSync(file('a/b/link'));
        symlinkSync('d', file('a/b/link'));
      },
    ],
    ['a folder under another name', () => renameSync(file('a/b'), file('a/x'))],
    ['a folder that goes', () => rmSync(file('a/b'), { recursive: true })],
    ['a new folder', () => mkdirSync(file('a/new'))],
  ])('%s', async (_what, change) => {
    await told(change);
  });

  it('what happens in a folder that came back under its name', async () => {
    await told(() => renameSync(file('a/b'), file('a/x')));
    await told(() => renameSync(file('a/x'), file('a/b')));
    await quiet();
    nextRound(() => watchAll(root));
    await told(() => writeFileSync(file('a/b/c'), 'two'));
  });
});

describe('a folder watch', () => {
  it('tells of one name where one name matters, and of no other', async () => {
    folders.add({ folder: root, name: 'recipe.yaml' });
    let other = false;
    await quiet();
    notice = () => {
      other = true;
    };
    writeFileSync(join(root, 'another'), '');
    await quiet();
    expect(other).toBe(false);
    await told(() => writeFileSync(join(root, 'recipe.yaml'), ''));
  });

  it('waits for a folder that is not there, however deep', async () => {
    folders.add({ folder: join(root, 'x/y/z') });
    await told(() => mkdirSync(join(root, 'x/y/z'), { recursive: true }));
    await quiet();
    nextRound(() => folders.add({ folder: join(root, 'x/y/z') }));
    await told(() => writeFileSync(join(root, 'x/y/z/file'), ''));
    expect(refusals).toEqual([]);
  });

  it('notices that another folder stands there, even where nobody told of it', async () => {
    mkdirSync(join(root, 'a/b'), { recursive: true });
    mkdirSync(join(root, 'other'));
    folders.add({ folder: join(root, 'a/b') });
    renameSync(join(root, 'a'), join(root, 'x'));
    renameSync(join(root, 'other'), join(root, 'a'));
    mkdirSync(join(root, 'a/b'));
    await quiet();
    nextRound(() => folders.add({ folder: join(root, 'a/b') }));
    await told(() => writeFileSync(join(root, 'a/b/new'), 'two'));
  });

  it('lets go what a later round does not add', () => {
    mkdirSync(join(root, 'a'));
    mkdirSync(join(root, 'b'));
    for (const name of ['a', 'b']) folders.add({ folder: join(root, name) });
    expect(folders.size).toBe(2);
    nextRound(() => folders.add({ folder: join(root, 'b') }));
    expect([folders.covers(join(root, 'a')), folders.covers(join(root, 'b'))]).toEqual([false, true]);
    folders.close();
    expect(folders.size).toBe(0);
  });

  it('watches a folder whose name is no UTF-8', async () => {
    const name = Buffer.from([0x66, 0xff]);
    const bytes = Buffer.concat([Buffer.from(`${root}/`), name]);
    mkdirSync(bytes);
    folders.add({ folder: pathFromBytes(bytes) });
    await told(() => writeFileSync(Buffer.concat([bytes, Buffer.from('/file')]), ''));
  });

  it.skipIf(process.platform !== 'linux')('gives back every watch of the system (needs Linux)', () => {
    for (let at = 0; at < 50; at += 1) mkdirSync(join(root, String(at)));
    const before = inotifyWatches();
    watchAll(root);
    expect(inotifyWatches() - before).toBe(51);
    folders.close();
    expect(inotifyWatches()).toBe(before);
  });
});

/** proc_pid_fdinfo(5): one line for each watch of an inotify descriptor. */
function inotifyWatches(): number {
  return readdirSync('/proc/self/fdinfo').flatMap((fd) => {
    try {
      return readFileSync(`/proc/self/fdinfo/${fd}`, 'utf8').match(/^inotify /gm) ?? [];
    } catch {
      return [];
    }
  }).length;
}
