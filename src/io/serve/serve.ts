/**
 * A registry (distribution-spec 1.1) over a folder, and over the build store beside it: for tests, development, and
 * images that are handed over without a network. docs/serve.md says what it keeps where.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { performance } from 'node:perf_hooks';
import type { Diagnostic } from '../../core/diagnostic/diagnostic.ts';
import { escapeText } from '../../core/diagnostic/escape-text.ts';
import type { DiskStore } from '../store/disk-store.ts';
import { errorCode } from '../store/file-problem.ts';
import { type Account, type Gate, gateFor } from './accounts.ts';
import { type Answer, sendAnswer } from './answer.ts';
import { diskFacts } from './disk-facts.ts';
import { layoutTags } from './layout-tags.ts';
import { type ListenAddress, listen, type ServerCertificate } from './listener.ts';
import { answerOf, Refusal } from './refusal.ts';
import { openRegistryFolder } from './registry-folder.ts';
import { Repositories } from './repositories.ts';
import { routeOf } from './route.ts';
import { answerRoute, requireReading } from './router.ts';
import { type ServeLimits, serveLimits } from './serve-limits.ts';
import type { Served, ServedRequest } from './served-request.ts';
import { servedBlobs } from './served-blobs.ts';
import { joinedTags, storeTags } from './store-tags.ts';
import { createTurns } from './turns.ts';
import { Uploads } from './uploads.ts';

export interface ServeOptions {
  /** An image layout, or a folder that is made one. Pushes go into it. */
  readonly folder: string;
  /** A build store, whose images are served by their references beside those of the folder. */
  readonly store?: Pick<DiskStore, 'folder'>;
  /** Default: 127.0.0.1 and a free port. */
  readonly listen?: Partial<ListenAddress>;
  /** `read-only` refuses every change with 405 and writes nothing. Default `read-write`. */
  readonly access?: 'read-write' | 'read-only';
  /** Default: none, and everybody may do everything. */
  readonly accounts?: readonly Account[];
  readonly tls?: ServerCertificate;
  readonly limits?: Partial<ServeLimits>;
  readonly onWarning?: (warning: Diagnostic) => void;
  /** Told of each request when it has been answered. */
  readonly onAnswer?: (answered: AnsweredRequest) => void;
}

export interface AnsweredRequest {
  readonly method: string;
  /** As it stood in the request, query included: escape before printing. */
  readonly url: string;
  readonly status: number;
}

export interface RegistryServer {
  /** `127.0.0.1:PORT`: what stands before a repository in a reference. */
  readonly host: string;
  /** `http://127.0.0.1:PORT`, or https. */
  readonly url: string;
  /** Ends what is under way and leaves the folder; idempotent. */
  close(): Promise<void>;
}

/**
 * Starts a server; resolves when it can be reached. Throws ServeError (`serve/not-a-layout`, `serve/in-use`,
 * `serve/cannot-listen`, `serve/bad-certificate`), StoreError or TransportError.
 */
export async function serve(options: ServeOptions): Promise<RegistryServer> {
  const { access = 'read-write', tls, onWarning = () => undefined } = options;
  const limits = { ...serveLimits, ...options.limits };
  const absent = options.store === undefined ? 'refused' : 'empty';
  const place = await openRegistryFolder(options.folder, { access, absent, onWarning });
  const served = servedFrom({ ...options, onWarning }, { folder: place.folder, limits });
  const context = { access, gate: gateFor(options.accounts ?? []), onWarning, onAnswer: options.onAnswer };
  try {
    const listener = await listen({
      address: { host: '127.0.0.1', port: 0, ...options.listen },
      tls,
      idleConnection: limits.idleConnection,
      onRequest: (request, response) => void respond({ served, context }, request, response),
    });
    const close = async (): Promise<void> => {
      await listener.close();
      await served.uploads.endAll();
      place.close();
    };
    let closing: Promise<void> | undefined;
    const scheme = tls === undefined ? 'http' : 'https';
    return { host: listener.host, url: `${scheme}://${listener.host}`, close: () => (closing ??= close()) };
  } catch (error) {
    place.close();
    throw error;
  }
}

function servedFrom(
  { store, onWarning }: Pick<ServeOptions, 'store'> & { readonly onWarning: (warning: Diagnostic) => void },
  { folder, limits }: { readonly folder: DiskStore['folder']; readonly limits: ServeLimits },
): Served {
  const blobs = servedBlobs(folder, store === undefined ? [] : [store.folder]);
  const own = layoutTags(folder);
  const tags = store === undefined ? own : joinedTags(own, storeTags(store.folder));
  return {
    repositories: new Repositories({ facts: diskFacts(folder), tags, blobs, onWarning }),
    blobs,
    uploads: new Uploads({ begin: () => blobs.begin(), limits, now: () => performance.now() }),
    turns: createTurns(),
    limits,
  };
}

interface Serving {
  readonly served: Served;
  readonly context: {
    readonly access: 'read-write' | 'read-only';
    readonly gate: Gate;
    readonly onWarning: (warning: Diagnostic) => void;
    readonly onAnswer: ServeOptions['onAnswer'];
  };
}

async function respond(serving: Serving, message: IncomingMessage, response: ServerResponse): Promise<void> {
  const { context } = serving;
  const answer = await answerTo(serving, message);
  try {
    await sendAnswer(response, answer);
  } catch (error) {
    // Bytes turned out wrong, or the client has gone: either way nobody must take what arrived for the whole.
    response.destroy();
    if (!isClientGone(error)) context.onWarning(failed(message, error));
  }
  context.onAnswer?.({ method: message.method ?? '', url: message.url ?? '', status: answer.status });
}

/** Never throws: what nobody foresaw is told to who runs the server, and the client learns that it failed. */
async function answerTo({ served, context }: Serving, message: IncomingMessage): Promise<Answer> {
  const url = message.url ?? '';
  const [path = '', ...rest] = url.split('?');
  const request: ServedRequest = {
    method: message.method ?? '',
    query: new URLSearchParams(rest.join('?')),
    headers: message.headers,
    body: message,
  };
  try {
    refusePages(request);
    context.gate(request.headers.authorization);
    const route = routeOf(path);
    if (context.access === 'read-only') requireReading(request);
    return await answerRoute(served, request, route);
  } catch (error) {
    if (error instanceof Refusal) return answerOf(error);
    if (!isClientGone(error)) context.onWarning(failed(message, error));
    return answerOf(new Refusal('UNKNOWN', 'the server failed; what it says on its own side tells why'));
  }
}

/** Only browsers say where a request comes from, and no page has business with a registry on its reader's computer. */
function refusePages({ headers }: ServedRequest): void {
  if (headers.origin === undefined) return;
  throw new Refusal('DENIED', 'requests of web pages are not answered');
}

const broken: readonly unknown[] = ['ECONNRESET', 'EPIPE', 'ERR_STREAM_PREMATURE_CLOSE'];

function isClientGone(error: unknown): boolean {
  return broken.includes(errorCode(error));
}

function failed({ method = '', url = '' }: IncomingMessage, error: unknown): Diagnostic {
  const words = error instanceof Error ? error.message : String(error);
  return {
    code: 'serve/request-failed',
    severity: 'warning',
    message: `${escapeText(`${method} ${url}`)} failed: ${escapeText(words)}`,
  };
}
