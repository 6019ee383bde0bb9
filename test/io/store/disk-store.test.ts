import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Diagnostic } from '../../../src/core/diagnostic/diagnostic.ts';
import { digestOf, encodedOf } from '../../../src/core/digest/digest.ts';
import { openDiskStore } from '../../../src/io/store/disk-store.ts';
import { refreshIndex, writeIndex } from '../../../src/io/store/index-file.ts';
import { nativeDigestOf } from '../../../src/io/store/native-hasher.ts';
import { verifyStore } from '../../../src/io/store/verify-store.ts';
import { collect, digestOfText, pattern, text } from '../../suites/store-suite.ts';

let folder: string;
let warnings: Diagnostic[];
beforeEach(async () => {
  folder = join(await mkdtemp(join(tmpdir(), 'layerwright-store-')), 'store');
  warnings = [];
});
afterEach(() => rm(join(folder, '..'), { recursive: true, force: true }));

const open = () => openDiskStore(folder, { onWarning: (warning) => warnings.push(warning) });
const key = digestOfText('key');
const hello = new TextEncoder().encode('hello');
const helloPath = () => join(folder, 'blobs/sha256', encodedOf(digestOf(hello)));

function filesBelow(path: string): string[] {
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

describe('the folder of a store', () => {
  it('is private, and an image layout', async () => {
    await open();
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    expect(readFileSync(join(folder, 'oci-layout'), 'utf8')).toBe('{"imageLayoutVersion":"1.0.0"}');
    chmodSync(folder, 0o755);
    await open();
    expect(statSync(folder).mode & 0o777).toBe(0o700);
  });

  it('has an index of the images that results speak of, replaced whole and in one order', async () => {
    const store = await open();
    const root = (name: string) => ({ mediaType: 'application/x', digest: digestOfText(name), size: 1 });
    await store.results.put('image', digestOfText('a'), { root: root('one') });
    await store.results.put('image', digestOfText('b'), { root: root('two') });
    await store.results.put('layer', digestOfText('b'), {});
    await refreshIndex(store.folder, {
      kinds: ['image'],
      rootOf: (value) => (value as { root: ReturnType<typeof root> }).root,
    });
    const derived = readFileSync(join(folder, 'index.json'), 'utf8');
    await writeIndex(store.folder, [root('two'), root('one'), root('two')]);
    expect(readFileSync(join(folder, 'index.json'), 'utf8')).toBe(derived);
    expect((JSON.parse(derived) as { manifests: unknown[] }).manifests).toHaveLength(2);
  });

  it.each([
    ['holds something else', 'notes.txt'],
    ['is a layout of somebody else', 'index.json'],
  ])('is refused where it %s, and stays as it was', async (_, name) => {
    mkdirSync(folder);
    chmodSync(folder, 0o755);
    writeFileSync(join(folder, name), '{}');
    await expect(open()).rejects.toMatchObject({ code: 'store/not-ours' });
    expect(readdirSync(folder)).toEqual([name]);
    expect(statSync(folder).mode & 0o777).toBe(0o755);
  });

  it('is refused where a file stands, which stays as it was', async () => {
    writeFileSync(folder, 'mine');
    await expect(open()).rejects.toMatchObject({ code: 'store/not-ours' });
    expect(readFileSync(folder, 'utf8')).toBe('mine');
  });

  it('is known again where its making was cut short', async () => {
    mkdirSync(join(folder, 'results'), { recursive: true });
    const store = await open();
    await store.blobs.put(hello);
  });

  it('is not made by opening it read-only', async () => {
    const store = await openDiskStore(folder, { access: 'read-only' });
    expect(await store.blobs.size(digestOf(hello))).toBeUndefined();
    expect(await store.results.get('layer', key)).toBeUndefined();
    expect(await collect(store.blobs.list())).toEqual([]);
    expect(existsSync(folder)).toBe(false);
  });
});

describe.skipIf(process.platform !== 'linux')('a blob that goes to the disk while it is written', () => {
  const piece = pattern(5 * 1024 * 1024, 7);
  const openFiles = (): string[] =>
    readdirSync('/proc/self/fd').flatMap((fd) => {
      try {
        return [readlinkSync(`/proc/self/fd/${fd}`)].filter((file) => file.startsWith(folder));
      } catch {
        return [];
      }
    });

  it('is whole when it is committed', async () => {
    const { blobs } = await open();
    const writer = blobs.createWriter();
    for (let at = 0; at < 15; at += 1) {
      writer.write(piece);
      if (at % 4 === 3) await nextTurn();
    }
    const { digest, size } = await writer.commit();
    expect(size).toBe(15 * piece.length);
    expect(nativeDigestOf(readFileSync(join(folder, 'blobs/sha256', encodedOf(digest))))).toBe(digest);
    expect(openFiles()).toEqual([]);
  });

  it('leaves no file and no descriptor when it is given up meanwhile', async () => {
    const { blobs } = await open();
    const writer = blobs.createWriter();
    for (let at = 0; at < 7; at += 1) writer.write(piece);
    writer.abort();
    expect(readdirSync(join(folder, 'tmp'))).toEqual([]);
    while (openFiles().length > 0) await nextTurn();
  });
});

describe('a store opened read-only', () => {
  it('reads, changes nothing, and refuses to write', async () => {
    const writable = await open();
    await writable.blobs.put(hello);
    await writable.results.put('layer', key, 1);
    const before = filesBelow(folder).map((path) => [path, statSync(path).mtimeMs]);
    const store = await openDiskStore(folder, { access: 'read-only', now: () => Date.now() + 1e9 });
    expect(text(await store.blobs.readAll(digestOf(hello), 5))).toBe('hello');
    expect(await store.results.get('layer', key)).toBe(1);
    await expect(store.blobs.put(hello)).rejects.toMatchObject({ code: 'store/read-only' });
    await expect(store.results.put('layer', key, 2)).rejects.toMatchObject({ code: 'store/read-only' });
    expect(filesBelow(folder).map((path) => [path, statSync(path).mtimeMs])).toEqual(before);
  });

  it('takes a corrupt blob for missing, warns once, and leaves it where it is', async () => {
    await (await open()).blobs.put(hello);
    writeFileSync(helloPath(), '');
    const options = {
      access: 'read-only',
      onWarning: (warning: Diagnostic) => warnings.push(warning),
    } as const;
    const store = await openDiskStore(folder, options);
    expect(await store.blobs.size(digestOf(hello))).toBeUndefined();
    expect(await store.blobs.size(digestOf(hello))).toBeUndefined();
    expect(warnings).toHaveLength(1);
    expect(existsSync(helloPath())).toBe(true);
  });
});

describe('a corrupt entry', () => {
  it.each([
    [
      'a folder',
      (path: string) => {
        mkdirSync(join(path, 'x'), { recursive: true });
      },
    ],
    [
      'an empty file',
      (path: string) => {
        writeFileSync(path, '');
      },
    ],
    [
      'a file that may not be read',
      (path: string) => {
        writeFileSync(path, 'hello', { mode: 0 });
        chmodSync(path, 0);
      },
    ],
    [
      'a link',
      (path: string) => {
        symlinkSync('/etc/passwd', path);
      },
    ],
  ])('that is %s is quarantined, counts as missing, and is replaced', async (_, make) => {
    const store = await open();
    make(helloPath());
    expect(await store.blobs.size(digestOf(hello))).toBeUndefined();
    expect(warnings).toMatchObject([{ code: 'store/entry-quarantined', severity: 'warning' }]);
    expect(readdirSync(join(folder, 'quarantine'))).toHaveLength(1);
    await expect(collect(store.blobs.read(digestOf(hello)))).rejects.toMatchObject({
      code: 'store/blob-missing',
    });
    await store.blobs.put(hello);
    expect(text(await store.blobs.readAll(digestOf(hello), 5))).toBe('hello');
  });

  it('that is a folder makes way for a blob that nobody looked for before', async () => {
    const store = await open();
    mkdirSync(join(helloPath(), 'x'), { recursive: true });
    await store.blobs.put(hello);
    expect(text(await store.blobs.readAll(digestOf(hello), 5))).toBe('hello');
    expect(warnings).toHaveLength(1);
  });

  it('with other bytes of the same number fails the read, is quarantined, and is healed by writing', async () => {
    const store = await open();
    await store.blobs.put(hello);
    writeFileSync(helloPath(), 'hallo');
    await expect(store.blobs.readAll(digestOf(hello), 5)).rejects.toMatchObject({
      code: 'store/blob-corrupt',
    });
    expect(warnings).toHaveLength(1);
    expect(existsSync(helloPath())).toBe(false);
    await store.blobs.put(hello);
    expect(await store.blobs.size(digestOf(hello))).toBe(5);
  });

  it('is found wherever one bit of any file was flipped', async () => {
    const first = await open();
    for (let at = 0; at < 5; at += 1) await first.blobs.put(pattern(100 + at, at));
    for (const kind of ['layer', 'image']) await first.results.put(kind, key, { kind, list: [1, 2, 3] });
    const files = filesBelow(folder).filter((path) => !path.endsWith('oci-layout'));
    expect(files).toHaveLength(7);
    for (const [at, path] of files.entries()) {
      const bytes = readFileSync(path);
      const flipped = Buffer.from(bytes);
      const offset = (at * 37 + 11) % bytes.length;
      flipped.writeUInt8(flipped.readUInt8(offset) ^ (1 << (at % 8)), offset);
      writeFileSync(path, flipped);
      const verdict = await verifyStore(await open());
      expect(verdict.corrupt, path).toHaveLength(1);
      expect(existsSync(path)).toBe(false);
      writeFileSync(path, bytes);
    }
    expect((await verifyStore(await open())).corrupt).toEqual([]);
  });

  it('in oci-layout is written again', async () => {
    await open();
    writeFileSync(join(folder, 'oci-layout'), '{"imageLayoutVersion":"9.0.0"}');
    await open();
    expect(readFileSync(join(folder, 'oci-layout'), 'utf8')).toContain('1.0.0');
  });
});

describe('a result', () => {
  const resultPath = () => join(folder, 'results/layer', `sha256-${encodedOf(key)}.json`);

  it('of another version of layerwright is a miss, and stays for that version', async () => {
    const store = await open();
    await store.results.put('layer', key, 1);
    writeFileSync(
      resultPath(),
      readFileSync(resultPath(), 'utf8').replace('"formatVersion":1', '"formatVersion":2'),
    );
    expect(await store.results.get('layer', key)).toBeUndefined();
    expect(warnings).toEqual([]);
    expect(existsSync(resultPath())).toBe(true);
  });

  it.each([
    ['torn', '{"checksum":"sha2'],
    ['empty', ''],
    ['null', 'null'],
    ['of a wrong shape', '{"formatVersion":1,"content":[]}'],
  ])('that is %s is a miss with a warning', async (_, content) => {
    const store = await open();
    await store.results.put('layer', key, 1);
    writeFileSync(resultPath(), content);
    expect(await store.results.get('layer', key)).toBeUndefined();
    expect(warnings).toHaveLength(1);
    expect(readdirSync(join(folder, 'quarantine'))).toHaveLength(1);
  });

  it('under the name of another key is a miss', async () => {
    const store = await open();
    const other = digestOfText('other');
    await store.results.put('layer', other, 1);
    const otherPath = join(folder, 'results/layer', `sha256-${encodedOf(other)}.json`);
    writeFileSync(resultPath(), readFileSync(otherPath));
    expect(await store.results.get('layer', key)).toBeUndefined();
    expect(await store.results.get('layer', other)).toBe(1);
  });
});
