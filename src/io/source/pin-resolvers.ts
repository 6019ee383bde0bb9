/** What asks for files and packages that a lock is to pin, over the store and the connections of a build. */
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

/** `contextFolder` is absolute: a recipe's own keyring stands there. */
export function pinResolvers(
  context: ResolverContext,
  contextFolder: string,
): Pick<PinContext, 'fetchFile' | 'resolvePackages'> {
  const { store, machine = noMachine } = context;
  const download = downloader(context);
  return {
    fetchFile: fileFetcher({ download, machine }),
    resolvePackages: async ({ asked }) => {
      const { resolveDebs } = await import('./deb/resolve-debs.ts');
      return resolveDebs(asked, { store, download, machine, context: contextFolder, now: Date.now });
    },
  };
}
