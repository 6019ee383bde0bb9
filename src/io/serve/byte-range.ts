/** Ranges of bytes: those that a client asks for (RFC 9110, 14.2), and those that it says it sends (distribution-spec, Pushing a blob in chunks). */

/** Both ends are part of it. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

export type RangeRequest =
  /** No range, several, or not of bytes: all of it is the right answer. */
  | { readonly kind: 'all' }
  | { readonly kind: 'part'; readonly range: ByteRange }
  | { readonly kind: 'beyond' };

/** `header` as it stands in the request; `size` of the whole, in bytes. */
export function rangeRequest(header: string | undefined, size: number): RangeRequest {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header?.trim() ?? '');
  const [, first = '', last = ''] = match ?? [];
  if (first === '' && last === '') return { kind: 'all' };
  if (first === '') return within({ start: Math.max(0, size - Number(last)), end: size - 1 }, size);
  const start = Number(first);
  if (last === '') return within({ start, end: size - 1 }, size);
  // RFC 9110, 14.2: a range that ends before it starts may be ignored or refused; refused, the client learns of it.
  if (Number(last) < start) return { kind: 'beyond' };
  return within({ start, end: Math.min(Number(last), size - 1) }, size);
}

function within(range: ByteRange, size: number): RangeRequest {
  return range.start < size && range.start <= range.end ? { kind: 'part', range } : { kind: 'beyond' };
}

/** `Content-Range: 0-1023`, as the specification writes it, or as RFC 9110 does; undefined for anything else. */
export function sentRange(header: string): ByteRange | undefined {
  const match = /^(?:bytes[ =])?(\d{1,15})-(\d{1,15})(?:\/(?:\d+|\*))?$/.exec(header.trim());
  if (match === null) return undefined;
  const [start, end] = [Number(match[1]), Number(match[2])];
  return start <= end ? { start, end } : undefined;
}

/** What has arrived: `0-` and the last byte. An upload that is empty says `0-0` too, as every registry does. */
export function receivedRange(size: number): string {
  return `0-${String(Math.max(0, size - 1))}`;
}
