/**
 * A reverse proxy that spoils answers of a registry: at a given rate, by a seed, in thirteen ways. Which request is spoilt
 * depends on the seed, the request and how often it came before, not on the order in which several arrive; how it is
 * spoilt is, of the ways that it can be, the one played least so far.
 */
import { createHash } from 'node:crypto';
import { Agent, createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

/** In the words of the issue: `busy` is 429, with or without Retry-After. */
export const faultKinds = [
  'reset',
  'stall',
  'truncated',
  'busy-says-when',
  'busy',
  'server-error',
  'wrong-length',
  'wrong-bytes',
  'wrong-range',
  'expired-token',
  'lost-upload',
  'closed-after-body',
  'slow-loris',
] as const;

export type FaultKind = (typeof faultKinds)[number];

export interface FaultProxyOptions {
  /** Share of the requests that are spoilt, 0 to 1; asked at each request. */
  readonly rate: () => number;
  readonly seed: string;
  /** All unless they are given. */
  readonly kinds?: readonly FaultKind[];
  /** `127.0.0.1:PORT` of the server that a path goes to; asked at each request. */
  readonly upstream: (path: string) => string;
}

export interface FaultProxy {
  /** `127.0.0.1:PORT`. */
  readonly host: string;
  readonly requests: () => number;
  /** How often each fault was played. */
  readonly played: Readonly<Record<FaultKind, number>>;
  stop(): Promise<void>;
}

interface Exchange {
  readonly message: IncomingMessage;
  readonly response: ServerResponse;
  readonly body: Buffer;
}

interface Answer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

export async function startFaultProxy(options: FaultProxyOptions): Promise<FaultProxy> {
  const played = Object.fromEntries(faultKinds.map((kind) => [kind, 0])) as Record<FaultKind, number>;
  const choose = chooser(options, played);
  const agent = new Agent({ keepAlive: true });
  const sockets = new Set<Socket>();
  let requests = 0;
  const serve = async (exchange: Exchange): Promise<void> => {
    requests += 1;
    const kind = choose(exchange);
    if (kind !== undefined) played[kind] += 1;
    await play(kind, exchange, (sent) => forward(sent, agent, options.upstream(sent.message.url ?? '/')));
  };
  const server = createServer((message, response) => {
    const chunks: Buffer[] = [];
    message.on('data', (chunk: Buffer) => chunks.push(chunk));
    message.on('end', () => {
      // What cannot be passed on is a broken connection to whoever asked.
      serve({ message, response, body: Buffer.concat(chunks) }).catch(() => response.socket?.destroy());
    });
  });
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((settle) => server.listen(0, '127.0.0.1', settle));
  return {
    host: `127.0.0.1:${String((server.address() as AddressInfo).port)}`,
    requests: () => requests,
    played,
    stop: () =>
      new Promise((settle) => {
        for (const socket of sockets) socket.destroy();
        agent.destroy();
        server.close(() => {
          settle();
        });
      }),
  };
}

/** Decides what happens to a request; undefined lets it through. */
function chooser(
  options: FaultProxyOptions,
  played: FaultProxy['played'],
): (exchange: Exchange) => FaultKind | undefined {
  const { rate, seed, kinds = faultKinds } = options;
  const times = new Map<string, number>();
  const refused = new Set<string>();
  return ({ message }) => {
    const name = nameOf(message);
    const time = (times.get(name) ?? 0) + 1;
    times.set(name, time);
    // Whoever was told that its token has expired comes back with a fresh one, though others may use it too.
    const token = refused.delete(name) || message.headers.authorization === undefined ? 'fresh' : 'old';
    const draw = createHash('sha256')
      .update([seed, name, String(time)].join('\n'))
      .digest();
    if (draw.readUInt32BE(0) / 2 ** 32 >= rate()) return undefined;
    const able = kinds.filter((kind) => isAble(kind, message, token));
    const kind = able.sort((one, other) => played[one] - played[other])[0];
    if (kind === 'expired-token') refused.add(name);
    return kind;
  };
}

/** The session of an upload differs from run to run; which blob it is for does not. */
function nameOf({ method, url = '' }: IncomingMessage): string {
  return `${method ?? ''} ${url.replace(/[0-9a-f-]{36}/, 'SESSION').replace(/_state=[^&]*&?/, '')}`;
}

/** Whether the fault can happen to such a request. */
function isAble(kind: FaultKind, message: IncomingMessage, token: 'old' | 'fresh'): boolean {
  const { method, headers, url = '' } = message;
  switch (kind) {
    case 'truncated':
    case 'wrong-length':
    case 'wrong-bytes':
    case 'slow-loris':
      return method === 'GET' && /\/(?:blobs|manifests)\//.test(url);
    case 'wrong-range':
      return method === 'GET' && headers.range !== undefined;
    case 'expired-token':
      return token === 'old' && /^Bearer /.test(headers.authorization ?? '');
    case 'lost-upload':
      return method === 'PUT' && url.includes('/uploads/');
    case 'closed-after-body':
      return method === 'PUT';
    default:
      return true;
  }
}

type Forward = (exchange: Exchange) => Promise<Answer>;

async function play(kind: FaultKind | undefined, exchange: Exchange, pass: Forward): Promise<void> {
  const { response } = exchange;
  switch (kind) {
    case undefined:
      send(response, await pass(exchange));
      return;
    case 'reset':
      response.socket?.resetAndDestroy();
      return;
    case 'stall':
      return;
    case 'busy-says-when':
      send(response, refusal(429, 'TOOMANYREQUESTS', { 'retry-after': '1' }));
      return;
    case 'busy':
      send(response, refusal(429, 'TOOMANYREQUESTS'));
      return;
    case 'server-error':
      send(response, refusal([500, 502, 503, 504][exchange.body.length % 4] ?? 500, 'UNKNOWN'));
      return;
    case 'expired-token':
      send(response, await withoutToken(exchange, pass));
      return;
    case 'lost-upload':
      send(response, refusal(404, 'BLOB_UPLOAD_UNKNOWN'));
      return;
    case 'closed-after-body':
      await pass(exchange);
      response.socket?.destroy();
      return;
    default:
      spoil(kind, response, await pass(exchange));
  }
}

/** Faults of a body that is on its way. */
function spoil(
  kind: 'truncated' | 'wrong-length' | 'wrong-bytes' | 'wrong-range' | 'slow-loris',
  response: ServerResponse,
  answer: Answer,
): void {
  const { body } = answer;
  const half = body.subarray(0, Math.floor(body.length / 2));
  switch (kind) {
    case 'wrong-bytes':
      send(response, { ...answer, body: Buffer.from(body.map((byte) => byte ^ 1)) });
      return;
    case 'wrong-length':
      send(response, { ...answer, body: half });
      return;
    case 'wrong-range':
      send(response, { ...answer, ...otherRange(answer) });
      return;
    case 'truncated':
      begin(response, answer);
      response.write(half, () => response.socket?.end());
      return;
    case 'slow-loris':
      begin(response, answer);
      drip(response, body);
  }
}

/** A byte now and then, until the other side has had enough. */
function drip(response: ServerResponse, body: Buffer): void {
  let given = 0;
  const timer = setInterval(() => {
    if (given < body.length - 1) response.write(body.subarray(given, ++given));
  }, 100);
  response.once('close', () => {
    clearInterval(timer);
  });
}

/** A range that begins a byte late, said to be so. */
function otherRange({ headers, body }: Answer): Partial<Answer> {
  const [, first = '0', last = '0', all = '0'] =
    /^bytes (\d+)-(\d+)\/(\d+)$/.exec(headers['content-range'] ?? '') ?? [];
  const range = `bytes ${String(Number(first) + 1)}-${last}/${all}`;
  return { headers: { ...headers, 'content-range': range }, body: body.subarray(1) };
}

/** What the registry itself says to a request without the token. */
async function withoutToken({ message, ...rest }: Exchange, pass: Forward): Promise<Answer> {
  const { authorization, ...headers } = message.headers;
  if (authorization === undefined) throw new Error('a request without a token cannot have an expired one');
  const stripped = Object.assign(Object.create(message) as IncomingMessage, { headers });
  return await pass({ ...rest, message: stripped });
}

function refusal(status: number, code: string, headers: IncomingMessage['headers'] = {}): Answer {
  const body = Buffer.from(JSON.stringify({ errors: [{ code, message: 'a fault of the proxy' }] }));
  return { status, headers: { 'content-type': 'application/json', ...headers }, body };
}

function forward({ message, body }: Exchange, agent: Agent, upstream: string): Promise<Answer> {
  const { method, url: path, headers } = message;
  return new Promise((settle, fail) => {
    // The Host stays the proxy's own, so that a Location leads back here.
    const sent = request(`http://${upstream}`, { agent, method, path, headers }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.on('error', fail);
      answer.on('end', () => {
        settle({ status: answer.statusCode ?? 502, headers: answer.headers, body: Buffer.concat(chunks) });
      });
    });
    sent.on('error', fail);
    sent.end(body);
  });
}

/** The head of an answer whose body may turn out otherwise. */
function begin(response: ServerResponse, { status, headers }: Answer): void {
  const kept = Object.entries(headers).filter(
    ([name]) => !/^(?:connection|transfer-encoding|keep-alive)$/.test(name),
  );
  response.writeHead(status, Object.fromEntries(kept) as Record<string, string>);
}

/** A whole answer, whose length is that of its body; that of a HEAD stands. */
function send(response: ServerResponse, answer: Answer): void {
  const { headers, body } = answer;
  const isHead = response.req.method === 'HEAD';
  const length = isHead ? {} : { 'content-length': String(body.length) };
  begin(response, { ...answer, headers: { ...headers, ...length } });
  response.end(isHead ? undefined : body);
}
