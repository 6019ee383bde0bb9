/** A registry of ours for tests, in a folder of the test's own, and what tests say to it. */
import { join } from 'node:path';
import { digestOf } from '../../src/core/digest/digest.ts';
import { serve, type RegistryServer, type ServeOptions } from '../../src/io/serve/serve.ts';
import { scratchFolder } from './scratch-folder.ts';

export interface ServedRegistry extends RegistryServer {
  readonly folder: string;
  /** `METHOD PATH STATUS` of each request so far. */
  readonly requests: readonly string[];
  readonly warnings: readonly string[];
  /** Starts anew on the same folder, as after a restart. */
  restart(options?: Partial<ServeOptions>): Promise<void>;
  stop(): Promise<void>;
}

export async function startServe(options: Partial<ServeOptions> = {}): Promise<ServedRegistry> {
  const scratch = scratchFolder('serve');
  const folder = options.folder ?? join(scratch.path, 'registry');
  const requests: string[] = [];
  const warnings: string[] = [];
  const start = (more: Partial<ServeOptions> = {}): Promise<RegistryServer> =>
    serve({
      folder,
      onWarning: ({ message }) => warnings.push(message),
      onAnswer: ({ method, url, status }) => requests.push(`${method} ${url} ${String(status)}`),
      ...options,
      ...more,
    });
  let running = await start();
  return {
    folder,
    requests,
    warnings,
    get host() {
      return running.host;
    },
    get url() {
      return running.url;
    },
    close: () => running.close(),
    restart: async (more) => {
      await running.close();
      running = await start(more);
    },
    stop: async () => {
      await running.close();
      scratch.remove();
    },
  };
}

/** Pushes a blob to a repository's URL (`http://HOST/v2/NAME`) with one request, and gives its digest. */
export async function pushTo(repository: string, content: string | Uint8Array): Promise<string> {
  const body = Buffer.from(content);
  const digest = digestOf(body);
  const answer = await fetch(`${repository}/blobs/uploads/?digest=${digest}`, { method: 'POST', body });
  if (answer.status !== 201) throw new Error(`push: ${String(answer.status)} ${await answer.text()}`);
  return digest;
}
