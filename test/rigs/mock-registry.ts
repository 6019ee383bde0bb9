/** A small registry in memory over recording-listener.ts, whose answers a test can change one by one. */
import { createHash } from 'node:crypto';
import type { Certificate } from './certificate.ts';
import {
  type RecordedRequest,
  type RecordingListener,
  type Reply,
  errorDocument,
  json,
  startListener,
} from './recording-listener.ts';

export interface MockRegistry extends RecordingListener {
  /** `sha256:…` → bytes; a test may put and remove. */
  readonly blobs: Map<string, Uint8Array>;
  /** `REPOSITORY:TAG` and `REPOSITORY@DIGEST` → manifest. */
  readonly manifests: Map<string, { readonly mediaType: string; readonly bytes: Uint8Array }>;
}

export interface MockOptions {
  readonly tls?: Pick<Certificate, 'key' | 'certificate'>;
  /** Asked first; undefined leaves the answer to the registry. `number` counts requests from 1. */
  readonly override?: (request: RecordedRequest, number: number) => Reply | undefined;
}

export function digest(bytes: Uint8Array | string): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}

export async function startMockRegistry(options: MockOptions = {}): Promise<MockRegistry> {
  const blobs: MockRegistry['blobs'] = new Map();
  const manifests: MockRegistry['manifests'] = new Map();
  const listener = await startListener(
    (request, number) => options.override?.(request, number) ?? answer(request, { blobs, manifests }),
    options.tls === undefined ? {} : { tls: options.tls },
  );
  return Object.assign(listener, { blobs, manifests });
}

type Held = Pick<MockRegistry, 'blobs' | 'manifests'>;

function answer(request: RecordedRequest, held: Held): Reply {
  const { method, path } = request;
  if (path === '/v2/') return { status: 200 };
  const [, repository = '', kind, rest = ''] = /^\/v2\/(.+?)\/(blobs|manifests)\/(.*)$/.exec(path) ?? [];
  if (kind === 'manifests')
    return method === 'PUT' ? putManifest(request, held) : getManifest(repository, rest, held);
  if (kind !== 'blobs') return json(404, errorDocument('UNSUPPORTED', 'no such thing'));
  if (method === 'POST') return { status: 202, headers: { location: `${path}session?state=a%20b` } };
  if (method === 'PUT') return putBlob(request, held);
  const bytes = held.blobs.get(rest);
  if (bytes === undefined) return json(404, errorDocument('BLOB_UNKNOWN', 'blob unknown'));
  return { status: 200, body: bytes };
}

function putBlob(request: RecordedRequest, held: Held): Reply {
  const wanted = request.query.get('digest') ?? '';
  if (digest(request.body) !== wanted) return json(400, errorDocument('DIGEST_INVALID', 'not these bytes'));
  held.blobs.set(wanted, request.body);
  return { status: 201, headers: { 'docker-content-digest': wanted } };
}

function putManifest(request: RecordedRequest, held: Held): Reply {
  const [, repository = '', name = ''] = /^\/v2\/(.+?)\/manifests\/(.*)$/.exec(request.path) ?? [];
  const found = digest(request.body);
  const manifest = { mediaType: request.headers['content-type'] ?? '', bytes: request.body };
  held.manifests.set(`${repository}@${found}`, manifest);
  if (!name.includes(':')) held.manifests.set(`${repository}:${name}`, manifest);
  return { status: 201, headers: { 'docker-content-digest': found } };
}

function getManifest(repository: string, name: string, held: Held): Reply {
  const manifest = held.manifests.get(`${repository}${name.includes(':') ? '@' : ':'}${name}`);
  if (manifest === undefined) return json(404, errorDocument('MANIFEST_UNKNOWN', 'manifest unknown'));
  const { mediaType, bytes } = manifest;
  return {
    status: 200,
    headers: { 'content-type': mediaType, 'docker-content-digest': digest(bytes) },
    body: bytes,
  };
}
