/**
 * Layers that somebody made elsewhere, read from repositories of registries. Nothing there is believed: a layer is taken
 * only when packing what it holds by the plan gives exactly the blob that the entry names, so a wrong or hostile entry
 * costs the work of making the layer and never changes an image (docs/decisions/0009-remote-cache.md).
 */
import type { Diagnostic } from '../../core/diagnostic/diagnostic.ts';
import { escapeText } from '../../core/diagnostic/escape-text.ts';
import { Failure } from '../../core/diagnostic/failure.ts';
import type { Layer } from '../../core/image/image.ts';
import { cacheTag, readCacheManifest } from '../../core/plan/cache-entry.ts';
import type { LayerAction } from '../../core/plan/plan.ts';
import { LayerError } from '../../core/tar/layer-error.ts';
import type { TreeEntry } from '../../core/tree/file-tree.ts';
import { mediaTypeOf } from '../layer/compression.ts';
import { repackLayer } from '../layer/repack.ts';
import { type FetchedManifest, readManifest } from '../registry/manifests.ts';
import { readBlob } from '../registry/read-blob.ts';
import type { RegistryClient } from '../registry/registry-client.ts';
import { RegistryError } from '../registry/registry-error.ts';
import type { Repository } from '../registry/repository.ts';
import { plannedEntries } from './planned-entries.ts';
import type { ActionContext } from './run-action.ts';

/** A repository that holds results. */
export interface CacheRepository {
  readonly registry: string;
  readonly repository: string;
}

/** What taking a layer needs of a build. */
export type Taking = Pick<ActionContext, 'blobs' | 'trees' | 'packer' | 'signal' | 'onProgress'>;

export interface TakenLayer {
  /** Stands in the store. */
  readonly layer: Layer;
  /** The repository, as the user writes it. */
  readonly from: string;
}

export interface RemoteCache {
  /**
   * The layer that the action makes, or undefined where no repository has it or none can be believed, which has been
   * said then. Throws what the store throws, and the signal's reason.
   */
  take(action: LayerAction, taking: Taking): Promise<TakenLayer | undefined>;
}

export interface RemoteCacheContext {
  readonly registries: RegistryClient;
  readonly onWarning: (warning: Diagnostic) => void;
}

/** Repositories are asked in their order; one that cannot be read is not asked again. */
export function createRemoteCache(
  repositories: readonly CacheRepository[],
  context: RemoteCacheContext,
): RemoteCache {
  const readers = repositories.map((repository) => createReader(repository, context));
  return {
    take: async (action, taking) => {
      for (const { name, read } of readers) {
        const layer = await read(action, taking);
        if (layer !== undefined) return { layer, from: name };
      }
      return undefined;
    },
  };
}

interface Reader {
  /** As the user writes it. */
  readonly name: string;
  readonly read: (action: LayerAction, taking: Taking) => Promise<Layer | undefined>;
}

function createReader(
  { registry, repository: path }: CacheRepository,
  { registries, onWarning }: RemoteCacheContext,
): Reader {
  const name = `${registry}/${path}`;
  let isLost = false;
  const lose = (error: RegistryError): void => {
    if (!isLost) onWarning(unavailable(name, error));
    isLost = true;
  };
  const read: Reader['read'] = async (action, taking) => {
    if (isLost) return undefined;
    const { signal } = taking;
    try {
      const repository = await registries.open(registry, path, { purpose: 'read', signal });
      return await takeFrom(repository, action, taking);
    } catch (error) {
      signal.throwIfAborted();
      const reason = refusalOf(error);
      if (reason !== undefined) onWarning(entryRefused(name, action, reason));
      else if (error instanceof RegistryError) lose(error);
      else throw error;
      return undefined;
    }
  };
  return { name, read };
}

/** Undefined where the repository has no entry. */
async function takeFrom(
  repository: Repository,
  action: LayerAction,
  taking: Taking,
): Promise<Layer | undefined> {
  const found = await findEntry(repository, action, taking.signal);
  if (found === undefined) return undefined;
  const mediaType = mediaTypeOf(action.compression);
  const claim = readCacheManifest(found.bytes, { key: action.key, mediaType });
  if (!claim.ok) throw new EntryRefused(claim.reason);
  return proveLayer(claim.layer, repository, { action, taking });
}

// A registry answers 404 for a tag that it lacks and for a repository that was never pushed to.
async function findEntry(
  repository: Repository,
  { key }: LayerAction,
  signal: AbortSignal,
): Promise<FetchedManifest | undefined> {
  try {
    return await readManifest(repository, { tag: cacheTag(key) }, signal);
  } catch (error) {
    if (error instanceof RegistryError && error.status === 404) return undefined;
    throw error;
  }
}

/** The store takes what our own encoder writes, under the digest that the entry claims, or nothing. */
async function proveLayer(
  claimed: Layer,
  repository: Repository,
  { action, taking }: { readonly action: LayerAction; readonly taking: Taking },
): Promise<Layer> {
  const { digest, size } = claimed.descriptor;
  const { entries, tarBytes } = plannedEntries(action, taking.trees);
  const writer = taking.blobs.createWriter({ digest, size });
  try {
    const { diffId } = await repackLayer({
      ...taking,
      claimed: readBlob(repository, claimed.descriptor, taking.signal),
      entries: entriesAlone(entries),
      tarBytes,
      compression: action.compression,
      sink: writer,
    });
    if (diffId !== claimed.diffId) throw new EntryRefused('it claims another diffID than its layer has');
    await writer.commit();
    return claimed;
  } finally {
    writer.abort();
  }
}

function* entriesAlone(laid: Iterable<{ readonly entry: TreeEntry }>): Generator<TreeEntry> {
  for (const { entry } of laid) yield entry;
}

/** Why an entry is not believed; undefined for an error that says nothing of the entry. */
function refusalOf(error: unknown): string | undefined {
  if (error instanceof EntryRefused || error instanceof LayerError) return error.message;
  if (!(error instanceof Failure)) return undefined;
  if (error.code === 'store/blob-mismatch') return 'its layer is not compressed as it would be here';
  if (error instanceof RegistryError && error.status === 404) return 'its layer is not there';
  return untrusted.has(error.code) ? error.message : undefined;
}

const untrusted: ReadonlySet<string> = new Set([
  'registry/untrusted-manifest',
  'registry/differs',
  'registry/schema1',
]);

class EntryRefused extends Error {}

function entryRefused(cache: string, { label }: LayerAction, reason: string): Diagnostic {
  return {
    code: 'cache/entry-refused',
    severity: 'warning',
    message: `the entry of ${cache} for \`${escapeText(label)}\` is not used: ${reason}`,
    help: 'the layer is made here; find out who can write to that repository',
  };
}

function unavailable(cache: string, error: RegistryError): Diagnostic {
  return {
    code: 'cache/unavailable',
    severity: 'warning',
    message: `the cache ${cache} is not used: ${error.message}`,
    help: ['the build goes on without it', ...(error.help === undefined ? [] : [error.help])].join('; '),
  };
}
