/** A lock is parsed once: what it was read as is kept, for the same bytes of the same file alone. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, expect, it } from 'vitest';
import { digestOf } from '../../../src/core/digest/digest.ts';
import { formatLock } from '../../../src/core/recipe/lock/format-lock.ts';
import { emptyLock, type Lock } from '../../../src/core/recipe/lock/lock.ts';
import { type LockFile, readLockFile } from '../../../src/io/source/lock-file.ts';
import { openLockMemory } from '../../../src/io/source/lock-memory.ts';
import { temporaryFolder } from './sample-context.ts';

const digest = digestOf(Buffer.from('any'));
const sha256 = digest.slice('sha256:'.length);
const lock: Lock = {
  layerFormat: 1,
  images: new Map([['x.example/a:1', { digest, platforms: new Map([['linux/amd64', digest]]) }]]),
  fetched: new Map([['https://x.example/file', { sha256, size: 3 }]]),
  packages: [
    {
      deb: ['small'],
      platform: 'linux/amd64',
      packages: [{ name: 'small', version: '1-1', path: 'pool/small_1-1_amd64.deb', sha256, size: 5 }],
    },
  ],
};

let folder: string;
let file: Required<Pick<LockFile, 'path' | 'name' | 'memory'>>;
/** Locks that were taken from memory. */
let recalled: number;

function fileWith(access: 'read-write' | 'read-only'): typeof file {
  const path = join(folder, 'oci.lock');
  const memory = openLockMemory({ folder: join(folder, 'stat'), access }, path);
  const recall: typeof memory.recall = (bytes) => {
    const found = memory.recall(bytes);
    if (found !== undefined) recalled += 1;
    return found;
  };
  return { path, name: 'oci.lock', memory: { ...memory, recall } };
}

beforeEach(() => {
  folder = temporaryFolder();
  recalled = 0;
  file = fileWith('read-write');
  writeFileSync(file.path, formatLock(lock));
});

function read(from: LockFile = file) {
  const found = readLockFile(from);
  if (!found.ok || found.value === undefined) throw new Error('there is no lock');
  return found.value;
}

it('is the same document from memory, places and all', () => {
  const parsed = read();
  const again = read();
  expect(recalled).toBe(1);
  expect(again.lock).toEqual(lock);
  expect({ ...again }).toEqual({ ...parsed });
  expect(again.places.values.get('/layerFormat')).toEqual(parsed.places.values.get('/layerFormat'));
});

it('is parsed where a byte of it has changed, and kept anew', () => {
  read();
  writeFileSync(file.path, formatLock(emptyLock(1)));
  expect(read().lock).toEqual(emptyLock(1));
  expect(recalled).toBe(0);
  expect(read().lock).toEqual(emptyLock(1));
  expect(recalled).toBe(1);
});

it('is parsed where memory is damaged', () => {
  read();
  const [name = ''] = readdirSync(join(folder, 'stat'));
  const kept = join(folder, 'stat', name);
  const bytes = readFileSync(kept);
  bytes[bytes.length - 1] = 0;
  writeFileSync(kept, bytes);
  expect(read().lock).toEqual(lock);
  expect(recalled).toBe(0);
});

it('is refused at every reading where there is something to say of it', () => {
  writeFileSync(file.path, 'lockVersion: 1\nlayerFormat: none\n');
  const first = readLockFile(file);
  expect(first.ok).toBe(false);
  expect(readLockFile(file)).toEqual(first);
  expect(recalled).toBe(0);
});

it('is not kept by whoever writes nothing', () => {
  const reader = fileWith('read-only');
  read(reader);
  read(reader);
  expect(recalled).toBe(0);
});
