/** What all facts promise, wherever they are kept (src/io/serve/facts.ts). Each implementation runs this suite. */
import { beforeEach, describe, expect, it } from 'vitest';
import { digestOf } from '../../src/core/digest/digest.ts';
import type { Descriptor } from '../../src/core/oci/descriptor.ts';
import type { FactGroup, Facts } from '../../src/io/serve/facts.ts';

export function descriptorOf(text: string, more: Partial<Descriptor> = {}): Descriptor {
  const bytes = Buffer.from(text);
  return { mediaType: 'text/plain', digest: digestOf(bytes), size: bytes.length, ...more };
}

export function factsSuite(name: string, open: () => Facts | Promise<Facts>): void {
  describe(`${name} keeps the promises of facts`, () => {
    const [one, two] = [descriptorOf('one'), descriptorOf('two')];
    const blobs: FactGroup = { repository: 'acme/app', kind: 'blobs' };
    let facts: Facts;
    beforeEach(async () => {
      facts = await open();
    });

    it('gives back what was put, and nothing else', async () => {
      await facts.put(blobs, one);
      expect(facts.get(blobs, one.digest)).toEqual(one);
      expect(facts.get(blobs, two.digest)).toBeUndefined();
    });

    it('keeps groups apart', async () => {
      await facts.put(blobs, one);
      const others: readonly FactGroup[] = [
        { repository: 'acme/app', kind: 'manifests' },
        { repository: 'acme/app', kind: 'referrers', subject: one.digest },
        { repository: 'acme', kind: 'blobs' },
        { repository: 'acme/app/blobs', kind: 'blobs' },
      ];
      for (const group of others) expect(facts.get(group, one.digest)).toBeUndefined();
    });

    it('replaces what stands under the digest', async () => {
      const noted = { ...one, annotations: { 'org.example.note': 'later' } };
      await facts.put(blobs, one);
      await facts.put(blobs, noted);
      expect(facts.list(blobs)).toEqual([noted]);
    });

    it('lists a group in the order of digests', async () => {
      const long = { ...one, digest: digestOf(Buffer.from('one'), 'sha512') };
      const all = [two, long, one];
      for (const descriptor of all) await facts.put(blobs, descriptor);
      expect(facts.list(blobs).map(({ digest }) => digest)).toEqual(all.map(({ digest }) => digest).sort());
      expect(facts.list({ repository: 'other', kind: 'blobs' })).toEqual([]);
    });

    it('says whether there was anything to remove', async () => {
      await facts.put(blobs, one);
      expect(await facts.remove(blobs, one.digest)).toBe(true);
      expect(await facts.remove(blobs, one.digest)).toBe(false);
      expect(facts.list(blobs)).toEqual([]);
    });

    it('names repositories in byte order, those inside others too', async () => {
      for (const repository of ['b', 'a/b', 'a', 'a-b', 'a/b/c'])
        await facts.put({ ...blobs, repository }, one);
      expect(facts.repositories()).toEqual(['a', 'a-b', 'a/b', 'a/b/c', 'b']);
    });
  });
}
