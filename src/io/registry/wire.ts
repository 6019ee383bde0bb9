/**
 * One exchange over HTTP, with undici: no retries, no redirects, no credentials of its own. undici is loaded at the
 * first request (it takes as long as the rest of the program). Proxies come from the settings; loopback is never
 * proxied, as in Go's net/http. NODE_EXTRA_CA_CERTS is Node's own doing.
 */
import { Readable } from 'node:stream';
import { rootCertificates } from 'node:tls';
import type * as UndiciModule from 'undici';
import type { Dispatcher } from 'undici';
import { Failure } from '../../core/diagnostic/failure.ts';
import { addressKind } from './network-address.ts';
import { ProxyProblem } from './network-problem.ts';
import { orAborted } from './or-aborted.ts';
import type { RegistrySettings } from './registry-settings.ts';
import type { RequestBody } from './request-body.ts';
import { SpeedMeter } from './speed-meter.ts';

export type Method = 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

export interface WireRequest {
  readonly method: Method;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: RequestBody | undefined;
  readonly signal: AbortSignal;
}

export interface WireResponse {
  readonly status: number;
  /** A header's value; values of one that came several times are joined by `, `. */
  header(name: string): string | undefined;
  /** The bytes as sent, once; a stall or a lost connection throws. Leaving the loop closes the connection. */
  readonly body: AsyncIterable<Uint8Array>;
  /** Gives up the body, which frees the connection. Never throws. */
  discard(): Promise<void>;
}

/** Connections, kept alive until `close`. */
export class Wire {
  readonly #settings: RegistrySettings;
  #agents: Promise<AgentKinds> | undefined;

  constructor(settings: RegistrySettings) {
    this.#settings = settings;
  }

  /** Errors: whatever undici or the body throws; see network-problem.ts. */
  async send(request: WireRequest): Promise<WireResponse> {
    this.#agents ??= openAgents(this.#settings);
    const agents = await this.#agents;
    const { direct, proxied } = request.body === undefined ? agents.plain : agents.upload;
    const agent = addressKind(request.url.hostname) === 'loopback' ? direct : proxied;
    const upload = meteredUpload(request, this.#settings);
    try {
      const answer = agent.request({
        origin: request.url.origin,
        path: request.url.pathname + request.url.search,
        method: request.method,
        headers: { ...request.headers, ...upload.headers },
        body: upload.body ?? null,
        signal: upload.signal,
        headersTimeout: this.#settings.timeouts.headers,
        bodyTimeout: 0,
      });
      return wireResponse(await orAborted(answer, upload.signal), this.#settings);
    } catch (error) {
      throw upload.problem() ?? error;
    } finally {
      upload.end();
    }
  }

  async close(): Promise<void> {
    const agents = await this.#agents;
    if (agents === undefined) return;
    const all = [agents.plain, agents.upload].flatMap(({ direct, proxied }) => [direct, proxied]);
    await Promise.all(all.map((agent) => agent.destroy()));
  }
}

interface Agents {
  readonly direct: Dispatcher;
  readonly proxied: Dispatcher;
}

/**
 * Each kind has `perHost` connections of its own: an upload may be fed by a download from the same host, and would wait
 * for ever where uploads had taken all connections that there are.
 */
interface AgentKinds {
  readonly plain: Agents;
  readonly upload: Agents;
}

async function openAgents(settings: RegistrySettings): Promise<AgentKinds> {
  // By its default: what the bundled command loads has no other name, since undici is CommonJS.
  const { default: undici } = await import('undici');
  return { plain: agentsOf(undici, settings), upload: agentsOf(undici, settings) };
}

function agentsOf(undici: Undici, settings: RegistrySettings): Agents {
  const { Agent, EnvHttpProxyAgent, Pool } = undici;
  const connections = settings.perHost;
  const connect = { ...trusted(settings), timeout: settings.timeouts.connect };
  const direct = new Agent({ connect, connections });
  const { http = '', https = http, none = '' } = settings.proxy;
  if (http === '' && https === '') return { direct, proxied: direct };
  // Given as arguments, empty ones too, so that the process's own environment plays no part.
  const proxies = { httpProxy: http, httpsProxy: https, noProxy: none };
  const clientFactory = (origin: URL, options: object): Dispatcher =>
    withProxyProblems(new Pool(origin, { ...options, headersTimeout: settings.timeouts.connect }));
  const proxied = new EnvHttpProxyAgent({
    ...proxies,
    connect,
    connections,
    requestTls: connect,
    clientFactory,
  });
  return { direct, proxied };
}

function trusted({ ca, onlyCa }: RegistrySettings): { readonly ca?: string[] } {
  if (onlyCa !== undefined) return { ca: [onlyCa] };
  return ca === undefined ? {} : { ca: [...rootCertificates, ca] };
}

type Undici = Pick<typeof UndiciModule, 'Agent' | 'EnvHttpProxyAgent' | 'Pool'>;
type OpenTunnel = (options: Dispatcher.ConnectOptions) => Promise<Dispatcher.ConnectData>;

// undici 7.30 connects again without end when a proxy closes the connection on a CONNECT (a SocketError is taken for
// a connection that was idle too long); an error of another kind ends the request.
function withProxyProblems(pool: Dispatcher): Dispatcher {
  const openTunnel: OpenTunnel = pool.connect.bind(pool);
  const connect: OpenTunnel = async (options) => {
    try {
      return await openTunnel(options);
    } catch (error) {
      throw new ProxyProblem(error);
    }
  };
  return Object.assign(pool, { connect });
}

interface MeteredUpload {
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Readable;
  readonly signal: AbortSignal;
  /** What the body itself threw, or the stall, where that is why the exchange failed. */
  problem(): Error | undefined;
  end(): void;
}

function meteredUpload(request: WireRequest, settings: RegistrySettings): MeteredUpload {
  const { body } = request;
  // undici listens to what it is given; a signal of its own for each request keeps the caller's free of listeners.
  const signal = AbortSignal.any([request.signal]);
  if (body === undefined) {
    return { headers: {}, signal, problem: () => undefined, end: () => undefined };
  }
  const stalled = new AbortController();
  let problem: Error | undefined;
  const meter = new SpeedMeter(settings.timeouts.lowSpeed, (error) => {
    problem ??= error;
    stalled.abort(error);
  });
  async function* chunks(opened: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    try {
      for await (const chunk of opened) {
        meter.waiting();
        yield chunk;
        meter.moved(chunk.length);
      }
    } catch (error) {
      if (error instanceof Failure) problem ??= error;
      throw error;
    } finally {
      meter.stop();
    }
  }
  const stream = Readable.from(chunks(body.open()), { objectMode: true, highWaterMark: 1 });
  return {
    headers: { 'content-length': String(body.size) },
    body: stream,
    signal: AbortSignal.any([signal, stalled.signal]),
    problem: () => problem,
    end: () => {
      meter.stop();
      stream.destroy();
    },
  };
}

function wireResponse(response: Dispatcher.ResponseData, settings: RegistrySettings): WireResponse {
  const { body, headers, statusCode } = response;
  // A body that nobody reads any more may still fail; that is no concern of anyone's.
  body.on('error', () => undefined);
  return {
    status: statusCode,
    header(name) {
      const value = headers[name];
      return typeof value === 'object' ? value.join(', ') : value;
    },
    body: { [Symbol.asyncIterator]: () => meteredDownload(body, settings) },
    async discard() {
      await body.dump({ limit: 65_536 }).catch(() => undefined);
      body.destroy();
    },
  };
}

async function* meteredDownload(
  body: Readable,
  settings: RegistrySettings,
): AsyncGenerator<Uint8Array, void, undefined> {
  const meter = new SpeedMeter(settings.timeouts.lowSpeed, (error) => body.destroy(error));
  try {
    meter.waiting();
    for await (const chunk of body as AsyncIterable<Uint8Array>) {
      meter.moved(chunk.length);
      yield chunk;
      meter.waiting();
    }
  } finally {
    meter.stop();
    body.destroy();
  }
}
