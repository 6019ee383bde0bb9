/**
 * What every store promises, whatever it is made of (src/io/store/store.ts). Each implementation runs this suite:
 * see test/io/store.
 */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { canonicalBytes } from '../../src/core/digest/canonical-json.ts';
import { digestOf, type Digest } from '../../src/core/digest/digest.ts';
import type { Store } from '../../src/io/store/store.ts';

export interface StoreUnderTest {
  readonly store: Store;
  /** Called after each test. */
  close(): Promise<void>;
}

export function storeSuite(name: string, open: () => Promise<StoreUnderTest>): void {
  describe(`${name} keeps the promises of a store`, () => {
    let opened: StoreUnderTest;
    let store: Store;
    beforeEach(async () => {
      opened = await open();
      store = opened.store;
    });
    afterEach(() => opened.close());

    describe('blobs', () => {
      blobTests(() => store);
    });
    describe('results', () => {
      resultTests(() => store);
    });
  });
}

const hello = new TextEncoder().encode('hello');
const helloDigest = digestOf(hello);

function blobTests(current: () => Store): void {
  it('gives back the bytes that were put', async () => {
    const { blobs } = current();
    expect(await blobs.put(hello)).toEqual({ digest: helloDigest, size: 5 });
    expect(await blobs.size(helloDigest)).toBe(5);
    expect(text(await collect(blobs.read(helloDigest)))).toBe('hello');
    expect(text(await blobs.readAll(helloDigest, 5))).toBe('hello');
  });

  it('shows nothing under a digest before commit', async () => {
    const { blobs } = current();
    const writer = blobs.createWriter();
    writer.write(hello);
    expect(await blobs.size(helloDigest)).toBeUndefined();
    expect(await collect(blobs.list())).toEqual([]);
    await writer.commit();
    expect(await blobs.size(helloDigest)).toBe(5);
  });

  it('takes a buffer that its owner uses again at once', async () => {
    const { blobs } = current();
    const buffer = new Uint8Array(4);
    const writer = blobs.createWriter();
    for (const letter of 'abc') writer.write(buffer.fill(letter.charCodeAt(0)));
    const { digest } = await writer.commit();
    expect(text(await blobs.readAll(digest, 100))).toBe('aaaabbbbcccc');
  });

  it('leaves nothing after abort, which may come twice and after commit', async () => {
    const { blobs } = current();
    const aborted = blobs.createWriter();
    aborted.write(hello);
    aborted.abort();
    aborted.abort();
    expect(await collect(blobs.list())).toEqual([]);
    const committed = blobs.createWriter();
    committed.write(hello);
    await committed.commit();
    committed.abort();
    expect(text(await blobs.readAll(helloDigest, 5))).toBe('hello');
  });

  it.each([
    ['another digest', { digest: digestOf(new Uint8Array([1])) }],
    ['more bytes', { digest: helloDigest, size: 6 }],
    ['fewer bytes', { digest: helloDigest, size: 4 }],
    ['no bytes', { size: 0 }],
  ])('refuses bytes where %s were expected, and keeps nothing', async (_, expected) => {
    const { blobs } = current();
    await expect(blobs.put(hello, expected)).rejects.toMatchObject({ code: 'store/blob-mismatch' });
    expect(await collect(blobs.list())).toEqual([]);
  });

  it('refuses a body that goes on after its size when the bytes come, not at its end', () => {
    const writer = current().blobs.createWriter({ size: 6 });
    writer.write(hello);
    expect(() => {
      writer.write(hello);
    }).toThrow(/goes on after the 6 bytes/);
    writer.abort();
  });

  it('publishes under sha512 where that digest was expected', async () => {
    const { blobs } = current();
    const digest = digestOf(hello, 'sha512');
    expect(await blobs.put(hello, { digest, size: 5 })).toEqual({ digest, size: 5 });
    expect(text(await blobs.readAll(digest, 5))).toBe('hello');
    expect(await blobs.size(helloDigest)).toBeUndefined();
  });

  it('holds the empty blob', async () => {
    const { blobs } = current();
    const digest = digestOf(new Uint8Array());
    expect(await blobs.put(new Uint8Array())).toEqual({ digest, size: 0 });
    expect(await blobs.size(digest)).toBe(0);
    expect((await blobs.readAll(digest, 0)).byteLength).toBe(0);
    expect(await collect(blobs.read(digest))).toEqual([]);
  });

  it('takes the same blob twice, and from eight writers at once', async () => {
    const { blobs } = current();
    await Promise.all(Array.from({ length: 8 }, () => blobs.put(hello)));
    await blobs.put(hello);
    expect(await collect(blobs.list())).toEqual([{ digest: helloDigest, size: 5 }]);
  });

  it('keeps eight different blobs that are written in turns apart', async () => {
    const { blobs } = current();
    const contents = Array.from({ length: 8 }, (_, at) => pattern(50_000 + at, at));
    const writers = contents.map((content) => ({ content, writer: blobs.createWriter() }));
    for (let at = 0; at < 60_000; at += 10_000) {
      for (const { content, writer } of writers) writer.write(content.subarray(at, at + 10_000));
    }
    const facts = await Promise.all(writers.map(({ writer }) => writer.commit()));
    expect(facts.map(({ digest }) => digest)).toEqual(contents.map((content) => digestOf(content)));
  });

  it("gives a blob of many chunks back whole, each chunk the reader's own", async () => {
    const { blobs } = current();
    const content = pattern(3_000_001, 7);
    const { digest } = await blobs.put(content);
    const chunks = await collect(blobs.read(digest));
    expect(chunks.length).toBeGreaterThan(1);
    expect(Buffer.concat(chunks).equals(content)).toBe(true);
    chunks[0]?.fill(0);
    expect(Buffer.from(await blobs.readAll(digest, 4_000_000)).equals(content)).toBe(true);
  });

  it('lets a reader stop early', async () => {
    const { blobs } = current();
    const { digest } = await blobs.put(pattern(3_000_000, 1));
    for await (const chunk of blobs.read(digest)) {
      expect(chunk.byteLength).toBeGreaterThan(0);
      break;
    }
    expect(await blobs.size(digest)).toBe(3_000_000);
  });

  it('says that a blob is missing', async () => {
    const { blobs } = current();
    expect(await blobs.size(helloDigest)).toBeUndefined();
    await expect(collect(blobs.read(helloDigest))).rejects.toMatchObject({ code: 'store/blob-missing' });
    await expect(blobs.readAll(helloDigest, 10)).rejects.toMatchObject({ code: 'store/blob-missing' });
  });

  it('reads no more than the limit as a whole', async () => {
    const { blobs } = current();
    await blobs.put(hello);
    await expect(blobs.readAll(helloDigest, 4)).rejects.toMatchObject({ code: 'store/blob-too-large' });
  });

  it('lists blobs in byte order of their digests', async () => {
    const { blobs } = current();
    for (let at = 0; at < 20; at += 1) await blobs.put(pattern(10, at));
    await blobs.put(hello, { digest: digestOf(hello, 'sha512') });
    const digests = (await collect(blobs.list())).map(({ digest }) => digest);
    expect(digests).toHaveLength(21);
    expect(digests).toEqual([...digests].sort((a, b) => (a < b ? -1 : 1)));
  });
}

function resultTests(current: () => Store): void {
  const key = digestOf(canonicalBytes('key'));

  it('gives a result back, and undefined where there is none', async () => {
    const { results } = current();
    expect(await results.get('layer', key)).toBeUndefined();
    await results.put('layer', key, { version: 1, size: 3 });
    expect(await results.get('layer', key)).toEqual({ version: 1, size: 3 });
  });

  it('tells kinds and keys apart', async () => {
    const { results } = current();
    await results.put('layer', key, 'a layer');
    await results.put('last-build', key, 'a build');
    expect(await results.get('layer', key)).toBe('a layer');
    expect(await results.get('last-build', key)).toBe('a build');
    expect(await results.get('image', key)).toBeUndefined();
    expect(await results.get('layer', digestOf(hello))).toBeUndefined();
  });

  it('replaces a result', async () => {
    const { results } = current();
    await results.put('image', key, [1]);
    await results.put('image', key, [2]);
    expect(await results.get('image', key)).toEqual([2]);
  });

  it('keeps names of any bytes in values', async () => {
    const { results } = current();
    const value = { '\udcff name': 'é \udc80', deep: [{ a: null }, true, 1.5] };
    await results.put('folders', key, value);
    expect(await results.get('folders', key)).toEqual(value);
  });

  it('gives each caller a value of its own', async () => {
    const { results } = current();
    const value = { list: [1] };
    await results.put('layer', key, value);
    value.list.push(2);
    expect(await results.get('layer', key)).toEqual({ list: [1] });
  });

  it('takes the same key from eight writers at once', async () => {
    const { results } = current();
    await Promise.all(Array.from({ length: 8 }, (_, at) => results.put('layer', key, { at })));
    expect(await results.get('layer', key)).toHaveProperty('at');
  });
}

/** Bytes that differ by seed, and from place to place. */
export function pattern(length: number, seed: number): Uint8Array {
  const bytes = new Uint8Array(length);
  let state = seed + 1;
  for (let at = 0; at < length; at += 1) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    bytes[at] = state >>> 24;
  }
  return bytes;
}

export async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const collected: T[] = [];
  for await (const item of items) collected.push(item);
  return collected;
}

export function text(bytes: Uint8Array | readonly Uint8Array[]): string {
  return new TextDecoder().decode(bytes instanceof Uint8Array ? bytes : Buffer.concat(bytes));
}

export function digestOfText(content: string): Digest {
  return digestOf(new TextEncoder().encode(content));
}
