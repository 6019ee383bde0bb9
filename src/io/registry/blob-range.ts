/**
 * Asking for the rest of a blob (RFC 9110, 14; distribution spec, Pulling blobs), and what may be believed of the answer:
 * servers ignore Range and send all (200), or send another part than was asked for.
 */
import type { WireResponse } from './wire.ts';

/** Header of a request for the bytes from `from` on; from 0 it asks for all, without a range. */
export function rangeHeader(from: number): Readonly<Record<string, string>> {
  return from === 0 ? {} : { range: `bytes=${String(from)}-` };
}

/** Statuses that answer such a request: 416 says that the server finds no such bytes. */
export function rangeStatuses(from: number): readonly number[] {
  return from === 0 ? [200] : [200, 206, 416];
}

/**
 * Where in the blob the body of the answer begins: 0, or the very byte that was asked for. Undefined where the answer
 * is of no use: another range, none stated, or none at all.
 */
export function startOfAnswer(
  response: Pick<WireResponse, 'status' | 'header'>,
  from: number,
): number | undefined {
  if (response.status === 200) return 0;
  if (response.status !== 206) return undefined;
  const [, start] =
    /^bytes (\d{1,15})-\d{1,15}\/(?:\d{1,15}|\*)$/.exec(response.header('content-range') ?? '') ?? [];
  return start !== undefined && Number(start) === from ? from : undefined;
}
