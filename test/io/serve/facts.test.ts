import { mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { encodedOf } from '../../../src/core/digest/digest.ts';
import { diskFacts } from '../../../src/io/serve/disk-facts.ts';
import { layeredFacts } from '../../../src/io/serve/layered-facts.ts';
import { memoryFacts } from '../../../src/io/serve/memory-facts.ts';
import { openRegistryFolder } from '../../../src/io/serve/registry-folder.ts';
import type { StoreFolder } from '../../../src/io/store/store-folder.ts';
import { scratchFolder, type ScratchFolder } from '../../rigs/scratch-folder.ts';
import { descriptorOf, factsSuite } from '../../suites/facts-suite.ts';

const made: ScratchFolder[] = [];
afterEach(() => {
  for (const scratch of made.splice(0)) scratch.remove();
});

async function newFolder(): Promise<StoreFolder> {
  const scratch = scratchFolder('facts');
  made.push(scratch);
  const options = { access: 'read-write', absent: 'refused', onWarning: () => undefined } as const;
  return (await openRegistryFolder(scratch.path, options)).folder;
}

factsSuite('memory', memoryFacts);
factsSuite('the disk', async () => diskFacts(await newFolder()));
factsSuite('what is kept over what was found', async () =>
  layeredFacts(memoryFacts(), diskFacts(await newFolder())),
);

const blobs = { repository: 'acme/app', kind: 'blobs' } as const;
const one = descriptorOf('one');

test('what was found and what is kept are one list, of which only the kept part is written', async () => {
  const [found, kept] = [memoryFacts(), memoryFacts()];
  const facts = layeredFacts(found, kept);
  const two = descriptorOf('two');
  await found.put(blobs, one);
  await facts.put(blobs, two);
  expect(facts.list(blobs)).toHaveLength(2);
  expect(found.list(blobs)).toEqual([one]);
  expect(await facts.remove(blobs, one.digest)).toBe(true);
  expect(facts.list(blobs)).toEqual([two]);
});

test('a file that is no fact counts as absent, whatever it holds', async () => {
  const folder = await newFolder();
  const facts = diskFacts(folder);
  await facts.put(blobs, one);
  const place = join(folder.path, 'repositories/acme/app/_blobs');
  const file = join(place, `sha256-${encodedOf(one.digest)}.json`);
  expect(readdirSync(place)).toEqual([`sha256-${encodedOf(one.digest)}.json`]);
  for (const text of [
    '',
    '{',
    '[]',
    JSON.stringify({ ...one, size: -1 }),
    JSON.stringify(descriptorOf('two')),
  ]) {
    writeFileSync(file, text);
    expect(facts.get(blobs, one.digest)).toBeUndefined();
  }
  expect(facts.list(blobs)).toEqual([]);
});

test('nothing is written through a link that stands in place of a folder', async () => {
  const folder = await newFolder();
  const outside = scratchFolder('outside');
  made.push(outside);
  mkdirSync(join(folder.path, 'repositories'));
  symlinkSync(outside.path, join(folder.path, 'repositories/acme'));
  await expect(diskFacts(folder).put(blobs, one)).rejects.toMatchObject({ code: 'serve/not-a-layout' });
  expect(readdirSync(outside.path)).toEqual([]);
});
