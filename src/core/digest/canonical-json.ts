/**
 * Canonical JSON (RFC 8785): the one text of a value, so that equal values have equal digests on every machine.
 * Numbers are limited to finite ones; `undefined` members are left out. A lone surrogate, which RFC 8785 refuses,
 * is written as its `\udXXX` escape: image paths carry bytes that are not UTF-8 that way (see core/tree/image-path.ts).
 */
import { Bug } from '../diagnostic/bug.ts';

export function canonicalJson(value: unknown): string {
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'number') return numberText(value);
  if (Array.isArray(value)) return `[${value.map((item) => canonicalJson(item)).join(',')}]`;
  if (typeof value === 'object') return objectText(value);
  throw new Bug(`canonical JSON of a ${typeof value}`);
}

/** The canonical text as UTF-8 bytes. */
export function canonicalBytes(value: unknown): Uint8Array {
  return new TextEncoder().encode(canonicalJson(value));
}

function numberText(value: number): string {
  if (!Number.isFinite(value)) throw new Bug(`canonical JSON of ${String(value)}`);
  return JSON.stringify(value);
}

// RFC 8785, 3.2.3: members are sorted by the UTF-16 units of their names, which is the order of Array.prototype.sort.
function objectText(value: object): string {
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  members.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${canonicalJson(member)}`).join(',')}}`;
}
