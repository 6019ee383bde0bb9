/** oci.lock on disk, changed by several at once and by those who come after one that was killed. */
import { existsSync, readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { digestOf } from '../../../src/core/digest/digest.ts';
import { formatLock } from '../../../src/core/recipe/lock/format-lock.ts';
import { emptyLock, type Lock, noPins, withMissing } from '../../../src/core/recipe/lock/lock.ts';
import { changeLockFile, readLockFile } from '../../../src/io/source/lock-file.ts';
import { currentOwner, ownedName } from '../../../src/io/store/process-owner.ts';
import { temporaryFolder } from './sample-context.ts';

const { signal } = new AbortController();
const names = Array.from({ length: 8 }, (_, index) => `image-${String(index)}`);

let folder: string;
let path: string;
beforeEach(() => {
  folder = temporaryFolder();
  path = join(folder, 'oci.lock');
});

const adding = (name: string) => (current: Lock | undefined) =>
  withMissing(current ?? emptyLock(1), {
    ...noPins,
    images: new Map([[`x.example/${name}:1`, { digest: digestOf(Buffer.from(name)), platforms: new Map() }]]),
  });
const change = (name: string) => changeLockFile({ path, name: 'oci.lock' }, signal, adding(name));

function locked(): string[] {
  const read = readLockFile({ path, name: 'oci.lock' });
  return read.ok ? [...(read.value?.lock.images.keys() ?? [])] : ['unreadable'];
}

const all = names.map((name) => `x.example/${name}:1`).sort();

describe('a lock that several change at once', () => {
  it('has what each of them added', async () => {
    await Promise.all(names.map(change));
    expect(locked().sort()).toEqual(all);
    expect(readdirSync(folder)).toEqual(['oci.lock']);
  });
});

describe('a lock whose last writer was killed', () => {
  it('is changed by the next one, where the process is known to have ended', async () => {
    const ended = ownedName({ ...currentOwner(), start: '1' });
    writeFileSync(`${path}.writing`, ended);
    await change('a');
    expect(locked()).toEqual(['x.example/a:1']);
    expect(existsSync(`${path}.writing`)).toBe(false);
  });

  it('is changed by the next one after a while, where nobody can say', async () => {
    writeFileSync(`${path}.writing`, '');
    const past = Date.now() / 1000 - 60;
    utimesSync(`${path}.writing`, past, past);
    await change('a');
    expect(locked()).toEqual(['x.example/a:1']);
  });
});

describe('a lock', () => {
  it('that a living process writes is waited for, until an abort', async () => {
    writeFileSync(`${path}.writing`, ownedName());
    const aborted = AbortSignal.timeout(100);
    const waiting = changeLockFile({ path, name: 'oci.lock' }, aborted, adding('a'));
    await expect(waiting).rejects.toMatchObject({ name: 'AbortError' });
    expect(existsSync(path)).toBe(false);
  });

  it('that would say the same stays as it is, comments and line ends included', async () => {
    await change('a');
    const text = `# mine\n${readFileSync(path, 'utf8')}`.replaceAll('\n', '\r\n');
    writeFileSync(path, text);
    const before = statSync(path).mtimeMs;
    await change('a');
    expect([readFileSync(path, 'utf8'), statSync(path).mtimeMs]).toEqual([text, before]);
  });

  it('that is broken is not replaced', async () => {
    writeFileSync(path, 'lockVersion: 1\n<<<<<<<\n');
    const outcome = await change('a');
    expect(outcome.ok).toBe(false);
    expect(readFileSync(path, 'utf8')).toBe('lockVersion: 1\n<<<<<<<\n');
    expect(existsSync(`${path}.writing`)).toBe(false);
  });

  it('is the text of its values', async () => {
    await change('a');
    expect(readFileSync(path, 'utf8')).toBe(formatLock(adding('a')(undefined)));
  });
});
