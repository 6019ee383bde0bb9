/**
 * Which token server a registry may name in its challenge, and whether it may see credentials (safety.md, Registry;
 * N02, N03). Refused realms are never connected to.
 *
 * - https, unless the registry itself is plain http; no user name or password in the URL;
 * - no loopback, link-local, private, unspecified or metadata address, unless it is the registry's own host and port
 *   or that of a configured pair;
 * - credentials only to the registry's own host or to a pair, built in or configured; anyone else gets an anonymous
 *   token request.
 */
import { addressKind } from './network-address.ts';
import type { AuthRealm } from './registry-settings.ts';

export type RealmVerdict =
  | { readonly allowed: true; readonly url: URL; readonly credentials: 'send' | 'withhold' }
  | { readonly allowed: false; readonly reason: string };

export interface RealmAsker {
  /** The registry as the user writes it. */
  readonly registry: string;
  /** Where its API is. */
  readonly origin: URL;
  readonly pairs: readonly AuthRealm[];
}

// The two registries whose token server is another host, known to everyone.
const builtIn: readonly AuthRealm[] = [
  { registry: 'docker.io', realm: 'auth.docker.io' },
  { registry: 'registry.gitlab.com', realm: 'gitlab.com' },
];

export function judgeRealm(realm: string, asker: RealmAsker): RealmVerdict {
  const url = realm.length > 2048 || !URL.canParse(realm) ? undefined : new URL(realm);
  if (url === undefined) return { allowed: false, reason: 'it is not a URL' };
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && asker.origin.protocol === 'http:')) {
    return { allowed: false, reason: `it is not https (${url.protocol.slice(0, -1)})` };
  }
  if (url.username !== '' || url.password !== '') {
    return { allowed: false, reason: 'it holds a user name or password' };
  }
  if (isPaired(url, asker) || url.host === asker.origin.host) {
    return { allowed: true, url, credentials: 'send' };
  }
  const kind = addressKind(url.hostname);
  if (kind !== 'public') return { allowed: false, reason: `its address is ${kind}` };
  // Over https the certificate proves the host, whatever the port.
  const ownHost = url.hostname === asker.origin.hostname && url.protocol === 'https:';
  return { allowed: true, url, credentials: ownHost ? 'send' : 'withhold' };
}

function isPaired(url: URL, asker: RealmAsker): boolean {
  const matches = (pair: AuthRealm): boolean =>
    pair.registry === asker.registry && hostOf(pair.realm, url.protocol) === url.host;
  return builtIn.some((pair) => url.protocol === 'https:' && matches(pair)) || asker.pairs.some(matches);
}

// `HOST:443` and `HOST` are the same for https: let the URL parser say so.
function hostOf(realm: string, protocol: string): string | undefined {
  const text = `${protocol}//${realm}`;
  return URL.canParse(text) ? new URL(text).host : undefined;
}
