/**
 * Trees that were made of packages, remembered by what decides them. Their digests are at hand, their entries are parsed
 * only where somebody asks for them, since a planner that knows a digest needs no entry. A result names the blobs that
 * contents stand in too: garbage collection keeps them as long as it, and where one has gone all the same the trees are
 * not known, since whoever packs a layer again needs it. So it is where the list of their packages has gone, which is made
 * with them alone.
 */
import { type Digest, parseDigest } from '../../core/digest/digest.ts';
import type { SourceTree } from '../../core/plan/snapshot.ts';
import { accountsIn, type AccountTexts } from '../../core/tree/account-texts.ts';
import type { SourcedTree } from '../../core/tree/file-tree.ts';
import type { Store } from '../store/store.ts';
import { StoreError } from '../store/store-error.ts';
import { lazySourceTree, sourceTreeOf } from './digest-tree.ts';
import type { SourceProblem } from './problem-collector.ts';
import { knowsPackages } from './source-packages.ts';

/** How trees of one kind stand in a blob. */
export interface TreeFormat {
  /** Raised when trees of this kind are made, or written, in another way. */
  readonly version: number;
  /** Plain JSON. */
  readonly textOf: (sourced: SourcedTree) => unknown;
  /** Of what `textOf` gave. */
  readonly treeOf: (text: unknown) => SourcedTree;
}

export interface RememberedTrees {
  readonly trees: readonly SourceTree[];
  readonly record: TreesRecord;
}

/** What stands in the store for trees; the same may stand under several keys. */
export interface TreesRecord {
  readonly version: number;
  readonly parts: readonly (AccountTexts & { readonly digest: Digest; readonly text: Digest })[];
  /** Those that contents stand in. */
  readonly blobs: readonly Digest[];
  /** Said again whenever the trees are recalled. */
  readonly warnings: readonly SourceProblem[];
}

/** By what trees are known: results of this kind have this key. */
export interface TreesPlace {
  readonly store: Store;
  readonly kind: 'npm' | 'npm-source' | 'debs';
  readonly key: Digest;
}

/** Undefined where they are not known, of another version, or not whole. */
export async function recallTrees(
  { store, kind, key }: TreesPlace,
  format: TreeFormat,
): Promise<RememberedTrees | undefined> {
  const record = await store.results.get(kind, key);
  if (!isRecord(record, format)) return undefined;
  const sizes = await Promise.all(record.blobs.map((blob) => store.blobs.size(blob)));
  if (sizes.includes(undefined)) return undefined;
  const digests = record.parts.map(({ digest }) => digest);
  if (!(await knowsPackages(store, digests))) return undefined;
  try {
    const texts = await Promise.all(record.parts.map(({ text }) => store.blobs.readAll(text, longest)));
    const trees = record.parts.map((part, at) =>
      lazySourceTree(part, () => format.treeOf(jsonOf(texts[at] ?? new Uint8Array()))),
    );
    return { trees, record };
  } catch (error) {
    if (error instanceof StoreError) return undefined;
    throw error;
  }
}

const longest = 1 << 30;

/** A checksum holds the record to what was written; that was by this version, or by who knows which program. */
function isRecord(value: unknown, { version }: TreeFormat): value is TreesRecord {
  if (typeof value !== 'object' || value === null) return false;
  const { version: found, parts, blobs, warnings } = value as Partial<TreesRecord>;
  const lists: readonly unknown[] = [parts, blobs, warnings];
  if (found !== version || !lists.every(Array.isArray) || parts?.length === 0) return false;
  const texts = (parts as Partial<TreesRecord['parts'][number]>[]).flatMap(({ digest, text }) => [
    digest,
    text,
  ]);
  return [...texts, ...(blobs as unknown[])].every(
    (digest) => typeof digest === 'string' && parseDigest(digest).ok,
  );
}

function jsonOf(bytes: Uint8Array): unknown {
  return JSON.parse(Buffer.from(bytes).toString('utf8'));
}

/** Trees that were made now; `accounts` go with each of them. */
export interface MadeTrees {
  readonly trees: readonly (SourcedTree & AccountTexts)[];
  readonly blobs: readonly Digest[];
  readonly warnings: readonly SourceProblem[];
}

export async function rememberTrees(
  place: TreesPlace,
  format: TreeFormat,
  { trees, blobs, warnings }: MadeTrees,
): Promise<RememberedTrees> {
  const made = trees.map((tree) => sourceTreeOf(tree, { single: false, ...accountsIn(tree) }));
  const parts: TreesRecord['parts'][number][] = [];
  for (const tree of made) {
    // Text may hold lone surrogates; they are written as escapes.
    const bytes = Buffer.from(JSON.stringify(format.textOf(tree)));
    const text = (await place.store.blobs.put(bytes)).digest;
    parts.push({ digest: tree.digest, text, ...accountsIn(tree) });
  }
  const record: TreesRecord = { version: format.version, parts, blobs, warnings };
  await keepRecord(place, record);
  return { trees: made, record };
}

/** Under one more key, where the same trees are known by something else too. */
export async function keepRecord({ store, kind, key }: TreesPlace, record: TreesRecord): Promise<void> {
  await store.results.put(kind, key, record);
}
