/**
 * Where an answer may send us: redirects, and the `Location` of an upload (safety.md, Registry; N05, N06). Each is a
 * decision over two URLs; nothing is connected to before it is made.
 *
 * - http and https only, never from https to http, no user name or password in the URL;
 * - no loopback, link-local, unspecified or metadata address unless the registry is one of that kind itself;
 * - bytes that we upload go to the registry's own host only.
 */
import { addressKind } from './network-address.ts';

export type HopVerdict =
  { readonly allowed: true; readonly url: URL } | { readonly allowed: false; readonly reason: string };

export interface Hop {
  /** The `Location` as sent. */
  readonly location: string | undefined;
  /** The URL that was asked. */
  readonly from: URL;
  /** The registry's own origin. */
  readonly origin: URL;
  /** Whether the next request carries bytes of ours. */
  readonly carries: 'body' | 'nothing';
}

export function judgeHop(hop: Hop): HopVerdict {
  const { location, from } = hop;
  if (location === undefined) return refuse('it gave no Location');
  if (location.length > 16_384 || !URL.canParse(location, from.href))
    return refuse('its Location is not a URL');
  const url = new URL(location, from.href);
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return refuse(`it leads to ${url.protocol}`);
  if (from.protocol === 'https:' && url.protocol === 'http:') {
    return refuse(`it leads from https to http (${url.host})`);
  }
  if (url.username !== '' || url.password !== '') return refuse('its Location holds a user name or password');
  if (isForbiddenAddress(url, hop.origin)) {
    return refuse(`it leads to ${url.host} (${addressKind(url.hostname)})`);
  }
  if (hop.carries === 'body' && url.hostname !== hop.origin.hostname) {
    return refuse(`it would send our bytes to another host, ${url.host}`);
  }
  return { allowed: true, url };
}

// Private addresses are allowed: registries inside a company send to storage beside them.
function isForbiddenAddress(url: URL, origin: URL): boolean {
  if (url.hostname === origin.hostname) return false;
  const kind = addressKind(url.hostname);
  return kind !== 'public' && kind !== 'private' && kind !== addressKind(origin.hostname);
}

function refuse(reason: string): HopVerdict {
  return { allowed: false, reason };
}
