/** A loopback server that keeps everything it is sent, and answers as a test says: for hostile and faulty registries. */
import { type IncomingMessage, type ServerResponse, createServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { Certificate } from './certificate.ts';

export interface RecordedRequest {
  readonly method: string;
  /** Path and query. */
  readonly url: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

export interface Reply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  readonly body?: string | Uint8Array;
  /** What happens on the wire besides: the connection breaks, the body ends early, or nothing more is sent. */
  readonly fault?: 'reset' | 'reset-in-body' | 'stall' | 'stall-in-body' | 'close-in-body';
}

export type Respond = (request: RecordedRequest, number: number) => Reply | Promise<Reply>;

export interface RecordingListener {
  /** `127.0.0.1:PORT`. */
  readonly host: string;
  /** `http://127.0.0.1:PORT` or https. */
  readonly origin: string;
  readonly requests: readonly RecordedRequest[];
  /** Connections accepted so far. */
  connections(): number;
  /** Every byte of every request, as latin1 text. */
  seen(): string;
  stop(): Promise<void>;
}

export async function startListener(
  respond: Respond,
  options: { readonly tls?: Pick<Certificate, 'key' | 'certificate'> } = {},
): Promise<RecordingListener> {
  const requests: RecordedRequest[] = [];
  const raw: string[] = [];
  const sockets = new Set<Socket>();
  let connections = 0;
  const onRequest = (message: IncomingMessage, response: ServerResponse): void => {
    const chunks: Buffer[] = [];
    raw.push(`${message.method ?? ''} ${message.url ?? ''}\n${message.rawHeaders.join('\n')}\n`);
    message.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      raw.push(chunk.toString('latin1'));
    });
    message.on('end', () => {
      const request = recorded(message, Buffer.concat(chunks));
      requests.push(request);
      void Promise.resolve(respond(request, requests.length)).then((reply) => {
        send(reply, request, response);
      });
    });
  };
  const { tls } = options;
  const server =
    tls === undefined
      ? createServer(onRequest)
      : createTlsServer({ key: tls.key, cert: tls.certificate }, onRequest);
  server.on('connection', (socket: Socket) => {
    connections += 1;
    sockets.add(socket);
    socket.on('error', () => undefined);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const host = `127.0.0.1:${String((server.address() as AddressInfo).port)}`;
  return {
    host,
    origin: `${tls === undefined ? 'http' : 'https'}://${host}`,
    requests,
    connections: () => connections,
    seen: () => raw.join(''),
    stop: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => {
          resolve();
        });
      }),
  };
}

function recorded(message: IncomingMessage, body: Buffer): RecordedRequest {
  const url = message.url ?? '';
  const parsed = new URL(url, 'http://listener');
  return {
    method: message.method ?? '',
    url,
    path: parsed.pathname,
    query: parsed.searchParams,
    headers: message.headers,
    body,
  };
}

function send(reply: Reply, request: RecordedRequest, response: ServerResponse): void {
  const { fault } = reply;
  if (fault === 'stall') return;
  if (fault === 'reset') {
    response.socket?.resetAndDestroy();
    return;
  }
  const body = Buffer.from(reply.body ?? '');
  const headers = { 'content-length': String(body.length), ...reply.headers };
  const kept = Object.entries(headers).filter(([, value]) => value !== '');
  // An empty content-length means none: the body then ends where the connection does.
  response.useChunkedEncodingByDefault = false;
  response.writeHead(reply.status, Object.fromEntries(kept) as Record<string, string>);
  if (request.method === 'HEAD') response.end();
  else if (fault === undefined) response.end(body);
  else breakOff(response, body, fault);
}

function breakOff(response: ServerResponse, body: Buffer, fault: Reply['fault']): void {
  response.write(body.subarray(0, Math.floor(body.length / 2)), () => {
    if (fault === 'reset-in-body') response.socket?.resetAndDestroy();
    if (fault === 'close-in-body') response.socket?.end();
  });
}

/** A reply with JSON. */
export function json(status: number, value: unknown, headers: Reply['headers'] = {}): Reply {
  return { status, headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(value) };
}

/** The error document of the distribution spec. */
export function errorDocument(code: string, message: string): object {
  return { errors: [{ code, message }] };
}
