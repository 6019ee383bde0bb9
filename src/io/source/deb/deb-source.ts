/**
 * `deb`: Debian packages with all that they need, as one tree. Which they are the lock says; each is held to its digest
 * and taken apart once, and so is their whole remembered, by the packages and the steps that it was made of: a build with
 * nothing changed asks no archive and opens no package.
 */
import { Bug } from '../../../core/diagnostic/bug.ts';
import { debianArchitecture } from '../../../core/deb/architecture.ts';
import { assembleRoot, type PackageToInstall } from '../../../core/deb/assemble-root.ts';
import { DiagnosticsError } from '../../../core/diagnostic/failure.ts';
import type { AccountTexts } from '../../../core/tree/account-texts.ts';
import type { DebRequest, SourceTree } from '../../../core/plan/snapshot.ts';
import { type Digest, digestOfValue } from '../../../core/digest/digest.ts';
import { findPackages, type LockedPackages } from '../../../core/recipe/lock/lock.ts';
import { wantedPackages } from '../../../core/recipe/lock/wanted-packages.ts';
import {
  type Contents,
  type ContentSource,
  emptyContents,
  type FileTree,
} from '../../../core/tree/file-tree.ts';
import { sourceTreeOf } from '../digest-tree.ts';
import type { Problems } from '../problem-collector.ts';
import type { Reading } from '../reading.ts';
import { sourcedTree } from '../packed-tree.ts';
import { recall, remember } from '../remembered.ts';
import { countedPackages, sayDownload } from '../say-download.ts';
import { rememberPackages } from '../source-packages.ts';
import { archivesFor } from './deb-archives.ts';
import { clashProblem, scriptsProblem } from './deb-problems.ts';
import { countAbsent, fetchDebs } from './fetch-debs.ts';
import { withContents } from './read-content.ts';
import type { UnpackedDeb } from './unpack-deb.ts';
import { debLabel, resolveDebs } from './resolve-debs.ts';

/** Raised when the same packages would make another tree. */
const rootVersion = 1;

/** What is remembered of a root: plain JSON. */
interface KnownRoot {
  readonly tree: FileTree;
  /** For each file entry in turn: the number of its blob and where it starts there, or its content as base64. */
  readonly contents: readonly (readonly [blob: number, offset: number] | string)[];
  readonly blobs: readonly Digest[];
  readonly accounts: AccountTexts;
  /** Packages with scripts that nothing stands in for. */
  readonly skipped: readonly string[];
}

/** Throws Failures and DiagnosticsError; warnings go to `problems`. */
export async function readDebSource(
  reading: Reading,
  request: DebRequest,
  problems: Problems,
): Promise<SourceTree> {
  const { packages } = await pinnedPackages(reading, request);
  const effects = [...request.effects].sort();
  const key = digestOfValue({ version: rootVersion, packages, effects });
  const known = await recallRoot(reading, key);
  const root = known ?? (await makeRoot(reading, { request, packages, key }));
  if (root.skipped.length > 0) problems.warn(scriptsProblem(root.skipped));
  const { tree, accounts } = root;
  const source = sourceTreeOf({ tree, contents: contentsOf(root) }, { single: false, ...accounts });
  const versions = packages.map(({ name, version }) => ({ name, version }));
  await rememberPackages(reading.store, source.digest, versions);
  return source;
}

async function pinnedPackages(reading: Reading, request: DebRequest): Promise<LockedPackages> {
  const { lock } = reading;
  const locked = lock === undefined ? undefined : findPackages(lock.lock, wantedPackages(request));
  return locked ?? resolveDebs(request, reading);
}

async function recallRoot({ store }: Reading, key: Digest): Promise<KnownRoot | undefined> {
  const root = (await recall(store, 'debs', key)) as KnownRoot | undefined;
  if (root === undefined) return undefined;
  const sizes = await Promise.all(root.blobs.map((blob) => store.blobs.size(blob)));
  return sizes.includes(undefined) ? undefined : root;
}

interface RootToMake {
  readonly request: DebRequest;
  readonly packages: LockedPackages['packages'];
  readonly key: Digest;
}

async function makeRoot(reading: Reading, { request, packages, key }: RootToMake): Promise<KnownRoot> {
  const { store, signal } = reading;
  const architecture = debianArchitecture(request.platform) ?? '';
  const what = `${countedPackages(await countAbsent(packages, store))} for ${architecture}`;
  const unpacked = await sayDownload({ label: debLabel(request), what }, reading, (download) =>
    fetchDebs(packages, {
      store,
      download,
      signal,
      archives: () => [...new Set(archivesFor(request, reading).map(({ url }) => url))],
      isSnapshot: request.snapshot !== undefined,
    }),
  );
  const { effects } = request;
  const { sourced, clashes, skipped, accounts } = await withContents(reading, (read) =>
    assembleRoot(packagesOf(packages, unpacked), { architecture, effects, read }),
  );
  if (clashes.length > 0) throw new DiagnosticsError(clashes.map(clashProblem));
  const { tree, contents } = sourced;
  const blobs = [...new Set(unpacked.map(({ data }) => data))];
  const numbers = new Map(blobs.map((blob, number) => [blob, number]));
  const root: KnownRoot = {
    tree,
    contents: tree.entries.flatMap((entry) =>
      entry.type === 'file' ? [packedSource(contents[entry.path], numbers)] : [],
    ),
    blobs,
    skipped,
    accounts,
  };
  await remember(store, { kind: 'debs', key, holds: blobs }, root);
  return root;
}

function packagesOf(
  packages: LockedPackages['packages'],
  unpacked: readonly UnpackedDeb[],
): PackageToInstall[] {
  return unpacked.map(({ control, tree, offsets, data }, at) => {
    const { name = '', version = '' } = packages[at] ?? {};
    const sourced = sourcedTree({ tree, offsets }, (offset) => ({ in: 'layer', blob: data, offset }));
    return { name, version, control, sourced };
  });
}

function packedSource(
  source: ContentSource | undefined,
  numbers: ReadonlyMap<Digest, number>,
): KnownRoot['contents'][number] {
  if (source?.in === 'literal') return source.base64;
  if (source?.in !== 'layer') throw new Bug('a file of a package has no content');
  return [numbers.get(source.blob) ?? 0, source.offset];
}

function contentsOf({ tree, contents, blobs }: KnownRoot): Contents {
  const sources = emptyContents();
  let file = 0;
  for (const entry of tree.entries) {
    if (entry.type !== 'file') continue;
    sources[entry.path] = sourceOf(contents[file] ?? '', blobs);
    file += 1;
  }
  return sources;
}

function sourceOf(packed: KnownRoot['contents'][number], blobs: readonly Digest[]): ContentSource {
  if (typeof packed === 'string') return { in: 'literal', base64: packed };
  const [number, offset] = packed;
  const blob = blobs[number];
  if (blob === undefined) throw new Bug('a remembered root names a blob that it does not have');
  return { in: 'layer', blob, offset };
}
