/** A request as its endpoints see it, and what they answer from. */
import type { IncomingMessage } from 'node:http';
import type { Repositories } from './repositories.ts';
import { Refusal } from './refusal.ts';
import type { ServeLimits } from './serve-limits.ts';
import type { ServedBlobs } from './served-blobs.ts';
import type { Turns } from './turns.ts';
import type { Uploads } from './uploads.ts';

export interface ServedRequest {
  readonly method: string;
  readonly query: URLSearchParams;
  /** By names in lower case, as node:http gives them. */
  readonly headers: IncomingMessage['headers'];
  readonly body: AsyncIterable<Uint8Array>;
}

/** The registry that is served. */
export interface Served {
  readonly repositories: Repositories;
  readonly blobs: ServedBlobs;
  readonly uploads: Uploads;
  /** Taken by whatever links or removes. */
  readonly turns: Turns;
  readonly limits: ServeLimits;
}

/** For a method that an endpoint does not know. */
export function wrongMethod(...allowed: readonly string[]): Refusal {
  return new Refusal('UNSUPPORTED', `this path knows ${allowed.join(', ')} only`, {
    headers: { allow: allowed.join(', ') },
  });
}

/** The announced length of the body in bytes; undefined where it is not announced. Throws Refusal SIZE_INVALID. */
export function announcedLength({ headers }: ServedRequest): number | undefined {
  const text = headers['content-length'];
  if (text === undefined) return undefined;
  const length = Number(text);
  if (/^\d+$/.test(text) && Number.isSafeInteger(length)) return length;
  throw new Refusal('SIZE_INVALID', 'the content length is no number of bytes');
}

/** The chunks of the body; the one that exceeds `limit` bytes is refused with 413, and nothing is allocated by announcement. */
export async function* boundedBody(request: ServedRequest, limit: number): AsyncIterable<Uint8Array> {
  const tooLarge = (): Refusal =>
    new Refusal('SIZE_INVALID', `more than ${String(limit)} bytes are not taken here`, { status: 413 });
  if ((announcedLength(request) ?? 0) > limit) throw tooLarge();
  let size = 0;
  for await (const chunk of request.body) {
    size += chunk.byteLength;
    if (size > limit) throw tooLarge();
    yield chunk;
  }
}
