/**
 * Facts on disk, one small file each at `repositories/NAME/_KIND/ALGORITHM-HEX.json`: no database and no lock, so a
 * crash costs at most what nobody was told of yet. No component of a repository's name begins with `_`, so the folders
 * of `a` and of `a/b` never meet.
 */
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { canonicalBytes } from '../../core/digest/canonical-json.ts';
import { algorithmOf, type Digest, encodedOf, parseDigest } from '../../core/digest/digest.ts';
import type { Descriptor } from '../../core/oci/descriptor.ts';
import { isRepository } from '../../core/oci/reference.ts';
import { parseStrictJson } from '../../core/oci/strict-json.ts';
import { validateDescriptor } from '../../core/oci/validate-image.ts';
import { createFolderSync, replaceFile } from '../store/durable-file.ts';
import { isAbsent } from '../store/file-problem.ts';
import { namesIn } from '../store/folder-names.ts';
import { storeErrorOf } from '../store/store-error.ts';
import { type StoreFolder, temporaryPath } from '../store/store-folder.ts';
import type { FactGroup, Facts } from './facts.ts';
import { byBytes } from './memory-facts.ts';
import { plainFolder } from './plain-folder.ts';
import { ServeError } from './serve-error.ts';

const top = 'repositories';

/** Throws StoreError where the folder cannot be read or written; a file that is no fact counts as absent. */
export function diskFacts(folder: StoreFolder): Facts {
  return {
    repositories: () => guarded(folder, () => [...namesBelow(folder, '')].sort(byBytes)),
    get: (group, digest) => guarded(folder, () => readFact(folder, group, digest)),
    list: (group) => guarded(folder, () => listFacts(folder, group)),
    put: (group, descriptor) => putFact(folder, group, descriptor),
    remove: async (group, digest) => guarded(folder, () => removeFact(folder, group, digest)),
  };
}

function guarded<T>(folder: StoreFolder, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw storeErrorOf(error, 'reading the repositories of', folder.path);
  }
}

function* namesBelow(folder: StoreFolder, above: string): Iterable<string> {
  const names = namesIn(join(folder.path, top, above));
  if (above !== '' && names.some((name) => name.startsWith('_'))) yield above;
  for (const name of names) {
    const below = above === '' ? name : `${above}/${name}`;
    if (isRepository(below)) yield* namesBelow(folder, below);
  }
}

function partsOf(group: FactGroup): readonly string[] {
  const above = [top, ...group.repository.split('/'), `_${group.kind}`];
  return group.kind === 'referrers' ? [...above, nameOf(group.subject)] : above;
}

function nameOf(digest: Digest): string {
  return `${algorithmOf(digest)}-${encodedOf(digest)}`;
}

function pathOf(folder: StoreFolder, group: FactGroup, digest: Digest): string {
  return join(folder.path, ...partsOf(group), `${nameOf(digest)}.json`);
}

function readFact(folder: StoreFolder, group: FactGroup, digest: Digest): Descriptor | undefined {
  try {
    const parsed = parseStrictJson(readFileSync(pathOf(folder, group, digest)));
    if (!parsed.ok || validateDescriptor(parsed.value).length > 0) return undefined;
    const descriptor = parsed.value as unknown as Descriptor;
    return descriptor.digest === digest ? descriptor : undefined;
  } catch (error) {
    if (isAbsent(error)) return undefined;
    throw error;
  }
}

function listFacts(folder: StoreFolder, group: FactGroup): readonly Descriptor[] {
  return namesIn(join(folder.path, ...partsOf(group))).flatMap((name) => {
    const match = /^(sha256|sha512)-([0-9a-f]+)\.json$/.exec(name);
    const parsed = parseDigest(`${match?.[1] ?? ''}:${match?.[2] ?? ''}`);
    return parsed.ok ? (readFact(folder, group, parsed.digest) ?? []) : [];
  });
}

async function putFact(folder: StoreFolder, group: FactGroup, descriptor: Descriptor): Promise<void> {
  try {
    const place = plainFolder(folder.path, partsOf(group));
    const path = pathOf(folder, group, descriptor.digest);
    await replaceFile(path, canonicalBytes(descriptor), temporaryPath(folder));
    await createFolderSync(place)();
  } catch (error) {
    if (error instanceof ServeError) throw error;
    throw storeErrorOf(error, 'recording what was pushed in', folder.path);
  }
}

function removeFact(folder: StoreFolder, group: FactGroup, digest: Digest): boolean {
  const path = pathOf(folder, group, digest);
  if (readFact(folder, group, digest) === undefined) return false;
  rmSync(path, { force: true });
  return true;
}
