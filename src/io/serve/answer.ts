/** An answer as a value, and how it goes onto the wire. */
import type { ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Chunks need a `content-length` among the headers: where they end early, the connection is broken off. */
  readonly body?: Uint8Array | AsyncIterable<Uint8Array>;
}

export interface JsonOptions {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
}

export function jsonAnswer(value: unknown, { status = 200, headers = {} }: JsonOptions = {}): Answer {
  return {
    status,
    headers: { 'content-type': 'application/json', ...headers },
    body: Buffer.from(JSON.stringify(value)),
  };
}

const everywhere = {
  'docker-distribution-api-version': 'registry/2.0',
  // What is served was made by others: nobody shall guess that it is a page.
  'x-content-type-options': 'nosniff',
};

/** Throws what the body throws; the client then sees a connection that broke, never a body that looks whole. */
export async function sendAnswer(response: ServerResponse, { status, headers, body }: Answer): Promise<void> {
  const length = body instanceof Uint8Array ? { 'content-length': String(body.byteLength) } : {};
  response.writeHead(status, { ...everywhere, ...length, ...headers });
  if (body === undefined || response.req.method === 'HEAD') response.end();
  else if (body instanceof Uint8Array) response.end(body);
  else await pipeline(body, response);
}
