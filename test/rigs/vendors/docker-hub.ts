/**
 * Docker Hub: a mount needs the right to pull from the source (rust-oci-client#235); GETs of manifests count against a
 * limit, HEADs do not, and there is another limit for too many requests at once, with Retry-After (hub-feedback#1907).
 */
import { type RecordedRequest, type Reply, errorDocument, json } from '../recording-listener.ts';
import { type Vendor, isManifest, isMount, refusal } from '../vendor-profile.ts';

export interface HubLimits {
  /** GETs of manifests that are answered. */
  readonly manifestReads?: number;
  /** Milliseconds for which the first POST and all that follows is too much. */
  readonly busyFor?: number;
  /** The tests' clock. */
  readonly now?: () => number;
}

export function dockerHub(limits: HubLimits = {}): Vendor {
  const busy = busyTime(limits);
  let reads = 0;
  return (request, { forward, origin }) => {
    if (request.path === '/token') return token(request);
    const scopes = scopesOf(request);
    if (scopes === undefined || !mayMount(request, scopes)) return challenge(request, origin);
    const wait = busy(request);
    if (wait !== undefined) return wait;
    if (isManifest(request) && request.method === 'GET' && ++reads > (limits.manifestReads ?? Infinity))
      return overLimit();
    return forward(request);
  };
}

function token({ query }: RecordedRequest): Reply {
  const scopes = Buffer.from(JSON.stringify(query.getAll('scope'))).toString('base64url');
  return json(200, { token: `hub.${scopes}`, expires_in: 300 });
}

function scopesOf({ headers }: RecordedRequest): readonly string[] | undefined {
  const [, encoded] = /^Bearer hub\.(.+)$/.exec(headers.authorization ?? '') ?? [];
  return encoded === undefined
    ? undefined
    : (JSON.parse(Buffer.from(encoded, 'base64url').toString()) as string[]);
}

function mayMount(request: RecordedRequest, scopes: readonly string[]): boolean {
  if (!isMount(request)) return true;
  return scopes.some((scope) => scope.startsWith(`repository:${request.query.get('from') ?? ''}:pull`));
}

function challenge(request: RecordedRequest, origin: string): Reply {
  const [, name = ''] = /^\/v2\/(.+?)\/(?:blobs|manifests)\//.exec(request.path) ?? [];
  const wanted = `Bearer realm="${origin}/token",service="hub",scope="repository:${name}:pull,push"`;
  return json(401, errorDocument('UNAUTHORIZED', 'authentication required'), { 'www-authenticate': wanted });
}

function overLimit(): Reply {
  const headers = { 'ratelimit-limit': '100;w=21600', 'ratelimit-remaining': '0;w=21600' };
  return { ...refusal(429, 'TOOMANYREQUESTS', 'You have reached your pull rate limit.'), headers };
}

function busyTime({
  busyFor = 0,
  now = Date.now,
}: HubLimits): (request: RecordedRequest) => Reply | undefined {
  let until: number | undefined;
  return ({ method }) => {
    if (until === undefined && method === 'POST') until = now() + busyFor;
    const left = until === undefined ? 0 : until - now();
    if (left <= 0) return undefined;
    const headers = { 'retry-after': String(Math.ceil(left / 1000)) };
    return { ...refusal(429, 'TOOMANYREQUESTS', 'Too Many Requests'), headers };
  };
}
