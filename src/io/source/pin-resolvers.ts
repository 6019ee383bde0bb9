/** What asks for files and packages that a lock is to pin, over the store and the connections of a build. */
import type { Emit } from '../../core/event/build-event.ts';
import type { Download } from '../download/download-request.ts';
import type { RegistryClient } from '../registry/registry-client.ts';
import type { BlobFacts, Store } from '../store/store.ts';
import { fileFetcher } from './fetch-file.ts';
import { type Machine, noMachine } from './machine.ts';
import type { PinContext } from './resolve-pins.ts';

export interface ResolverContext {
  readonly store: Store;
  readonly registries: RegistryClient;
  readonly signal: AbortSignal;
  readonly machine?: Machine;
  readonly emit?: Emit;
}

/**
 * What speaks HTTP is loaded when something is downloaded. A file that is on its way into the store already, for another
 * platform or layer, is waited for.
 */
export function downloader({ store, registries, signal }: ResolverContext): Download {
  const underWay = new Map<string, Promise<BlobFacts>>();
  const begin: Download = async (request, blobs = store.blobs) => {
    const { download } = await import('../download/download.ts');
    return download(request, { blobs, registries, signal });
  };
  return (request, blobs) => {
    const { url, expected } = request;
    if (blobs !== undefined && blobs !== store.blobs) return begin(request, blobs);
    if (expected?.digest === undefined) return begin(request);
    const key = `${expected.digest} ${url}`;
    const known = underWay.get(key);
    if (known !== undefined) return known;
    const begun = begin(request).finally(() => underWay.delete(key));
    underWay.set(key, begun);
    return begun;
  };
}

/** `contextFolder` is absolute: a recipe's own keyring stands there. */
export function pinResolvers(
  context: ResolverContext,
  contextFolder: string,
): Pick<PinContext, 'fetchFile' | 'resolvePackages'> {
  const { store, machine = noMachine, emit } = context;
  const saying = { download: downloader(context), ...(emit === undefined ? {} : { emit }) };
  return {
    fetchFile: fileFetcher({ ...saying, machine }),
    resolvePackages: async ({ asked }) => {
      const { resolveDebs } = await import('./deb/resolve-debs.ts');
      return resolveDebs(asked, { store, ...saying, machine, context: contextFolder, now: Date.now });
    },
  };
}
