/**
 * What the last builds of a recipe were made of, so that a later one can say what changed. A hint for people: it decides
 * nothing, and losing it costs words only. The list is found by the recipe's own place on this computer, which enters no
 * key of an action and no byte of an image; each record is a blob that only the list holds.
 */
import { digestOfValue, type Digest, parseDigest } from '../../core/digest/digest.ts';
import type { ImageSet } from '../../core/image/image.ts';
import { type BuildInputs, type BuildRecord, inputsDigest } from '../../core/plan/build-inputs.ts';
import type { PlanTrees } from '../../core/plan/plan.ts';
import type { FileTree, SourcedTree } from '../../core/tree/file-tree.ts';
import { treeText } from '../../core/tree/tree-text.ts';
import type { ContentOpener } from '../source/open-content.ts';
import { isRemembered, recall, rememberBlob } from '../source/remembered.ts';
import { StoreError } from '../store/store-error.ts';
import type { ResultCache, Store } from '../store/store.ts';
import { rememberVersions } from './package-versions.ts';

const version = 1;
const kind = 'builds';
const longestRecord = 1 << 28;

/** So many builds of a recipe are remembered. */
export const keptBuilds = 20;

/** Names the recipe whose builds follow one another: its absolute folder and its file's name. */
export interface RecipeIdentity {
  readonly folder: string;
  readonly file: string;
}

/** A build in the list; its record is a blob. */
export interface ListedBuild {
  /** inputsDigest of what it was made of. */
  readonly inputs: Digest;
  /** BuildInputs.selection. */
  readonly selection: string;
  readonly record: Digest;
}

/** Newest first. */
export async function listBuilds(
  results: ResultCache,
  recipe: RecipeIdentity,
): Promise<readonly ListedBuild[]> {
  const list = await results.get(kind, digestOfValue(recipe));
  return isVersioned(list) && Array.isArray(list['builds']) ? list['builds'].filter(isListed) : [];
}

/** Undefined where it is no longer whole. */
export async function recallBuild(store: Store, { record }: ListedBuild): Promise<BuildRecord | undefined> {
  try {
    const bytes = await store.blobs.readAll(record, longestRecord);
    const found: unknown = JSON.parse(Buffer.from(bytes).toString('utf8'));
    return isVersioned(found) ? (found['build'] as BuildRecord) : undefined;
  } catch (error) {
    if (error instanceof StoreError || error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** The builds that a build with this selection follows: of the same images and platforms, else whatever there is. */
export function buildsLike(builds: readonly ListedBuild[], selection: string): readonly ListedBuild[] {
  const alike = builds.filter((build) => build.selection === selection);
  return alike.length > 0 ? alike : builds;
}

/** What a build with these inputs follows; undefined where there is none, or its record is no longer whole. */
export async function recallLastBuild(
  store: Store,
  { identity, inputs }: { readonly identity: RecipeIdentity; readonly inputs: BuildInputs },
): Promise<BuildRecord | undefined> {
  const [last] = buildsLike(await listBuilds(store.results, identity), inputs.selection);
  return last === undefined ? undefined : recallBuild(store, last);
}

export interface FinishedBuild {
  readonly inputs: BuildInputs;
  readonly trees: PlanTrees;
  readonly images: ImageSet['images'];
  readonly contents: ContentOpener;
}

/**
 * Remembers a build, and each tree that is not remembered yet; nothing is written for one whose inputs are those of the
 * build before. A store that cannot be written to costs the record and not the build.
 */
export async function rememberBuild(
  store: Store,
  recipe: RecipeIdentity,
  build: FinishedBuild,
): Promise<void> {
  const builds = await listBuilds(store.results, recipe);
  const { inputs } = build;
  const { selection } = inputs;
  const digest = inputsDigest(inputs);
  if (builds.find((one) => one.selection === selection)?.inputs === digest) return;
  try {
    await rememberTrees(store, build);
    const listed = { inputs: digest, selection, record: await putRecord(store, build) };
    const kept = [listed, ...builds].slice(0, keptBuilds);
    await store.results.put(kind, digestOfValue(recipe), { version, builds: kept });
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
  }
}

async function putRecord(store: Store, { inputs, images }: FinishedBuild): Promise<Digest> {
  const made = images.map(({ name, root, images: all }) => ({
    name,
    digest: root.digest,
    manifests: all.map(({ manifest }) => manifest.digest),
  }));
  const build: BuildRecord = { ...inputs, made };
  const { digest } = await store.blobs.put(Buffer.from(JSON.stringify({ version, build })));
  return digest;
}

async function rememberTrees(store: Store, { trees, contents }: FinishedBuild): Promise<void> {
  for (const [name, sourced] of Object.entries(trees)) {
    const digest = name as Digest;
    if (await isRemembered(store, 'tree', digest)) continue;
    await rememberTree(store, digest, sourced);
    await rememberVersions(store.results, sourced, contents);
  }
}

/** The text of a tree has the digest that names the tree. */
async function rememberTree(store: Store, digest: Digest, { tree }: SourcedTree): Promise<void> {
  const writer = store.blobs.createWriter({ digest });
  try {
    for (const piece of treeText(tree)) writer.write(Buffer.from(piece));
    await writer.commit();
  } finally {
    writer.abort();
  }
  await rememberBlob(store, { kind: 'tree', key: digest }, digest);
}

export async function recallTree(store: Store, digest: Digest): Promise<FileTree | undefined> {
  return (await recall(store, 'tree', digest)) as FileTree | undefined;
}

function isVersioned(record: unknown): record is Record<string, unknown> {
  return (
    typeof record === 'object' &&
    record !== null &&
    (record as Record<string, unknown>)['version'] === version
  );
}

function isListed(build: unknown): build is ListedBuild {
  if (typeof build !== 'object' || build === null) return false;
  const { inputs, selection, record } = build as Readonly<Record<string, unknown>>;
  return typeof selection === 'string' && [inputs, record].every((one) => parseDigest(String(one)).ok);
}
