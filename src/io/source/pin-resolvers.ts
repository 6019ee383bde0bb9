/** What asks for files and packages that a lock is to pin, over the store and the connections of a build. */
import { Bug } from '../../core/diagnostic/bug.ts';
import type { Download } from '../download/download-request.ts';
import type { RegistryClient } from '../registry/registry-client.ts';
import type { Store } from '../store/store.ts';
import { fileFetcher } from './fetch-file.ts';
import { type Machine, noMachine } from './machine.ts';
import type { PinContext } from './resolve-pins.ts';

export interface ResolverContext {
  readonly store: Store;
  readonly registries: RegistryClient;
  readonly signal: AbortSignal;
  readonly machine?: Machine;
}

/** What speaks HTTP is loaded when something is downloaded. */
export function downloader({ store, registries, signal }: ResolverContext): Download {
  return async (request, blobs = store.blobs) => {
    const { download } = await import('../download/download.ts');
    return download(request, { blobs, registries, signal });
  };
}

export function pinResolvers(context: ResolverContext): Pick<PinContext, 'fetchFile' | 'resolvePackages'> {
  return {
    fetchFile: fileFetcher({ download: downloader(context), machine: context.machine ?? noMachine }),
    resolvePackages: () => Promise.reject(new Bug('no layer asks for packages yet')),
  };
}
