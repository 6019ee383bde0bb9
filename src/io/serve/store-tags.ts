/** The build store's images by the references that builds gave them, to be read only. */
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { parseNormalizedReference } from '../../core/oci/normalize-reference.ts';
import { listNames, type NamedRoot } from '../execute/named-images.ts';
import type { StoreFolder } from '../store/store-folder.ts';
import { Refusal } from './refusal.ts';
import type { NamedImage, TagTable } from './tag-table.ts';

/** `ghcr.io/acme/api:1.4.0` is the tag `1.4.0` of `acme/api`; a build that ends meanwhile shows at the next request. */
export function storeTags(folder: StoreFolder): Pick<TagTable, 'all'> {
  let known: { readonly state: number; readonly images: readonly NamedImage[] } | undefined;
  return {
    all: async () => {
      const state = changedAt(folder);
      if (known?.state !== state) known = { state, images: listNames(folder).flatMap(imageOf) };
      return known.images;
    },
  };
}

function imageOf({ reference, root }: NamedRoot): NamedImage[] {
  const parsed = parseNormalizedReference(reference);
  if (!parsed.ok) return [];
  const { path, tag = 'latest' } = parsed.reference;
  return [{ repository: path, tag, root }];
}

/** Records are put in place by a rename, which the folder's own time tells. */
function changedAt(folder: StoreFolder): number {
  const found = statSync(join(folder.path, 'results', 'reference'), { throwIfNoEntry: false });
  return found?.mtimeMs ?? 0;
}

/** Tags that are kept, before tags that are only read. */
export function joinedTags(kept: TagTable, read: Pick<TagTable, 'all'>): TagTable {
  let known: { readonly parts: readonly unknown[]; readonly images: readonly NamedImage[] } | undefined;
  return {
    all: async () => {
      const parts = [await kept.all(), await read.all()] as const;
      if (known?.parts[0] !== parts[0] || known.parts[1] !== parts[1])
        known = { parts, images: joined(parts) };
      return known.images;
    },
    put: (image) => kept.put(image),
    remove: async (repository, tag) => {
      if (await kept.remove(repository, tag)) return true;
      const isRead = (await read.all()).some((one) => one.repository === repository && one.tag === tag);
      if (isRead) throw new Refusal('DENIED', 'this tag is of the build store, which is only read here');
      return false;
    },
  };
}

function joined([kept, read]: readonly [
  readonly NamedImage[],
  readonly NamedImage[],
]): readonly NamedImage[] {
  const taken = new Set(kept.map(({ repository, tag }) => `${repository}:${tag ?? ''}`));
  return [...kept, ...read.filter(({ repository, tag }) => !taken.has(`${repository}:${tag ?? ''}`))];
}
