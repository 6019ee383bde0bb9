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
  /** What chunked uploads have brought so far, by session. */
  readonly uploads: Map<string, Buffer>;
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
  const uploads: MockRegistry['uploads'] = new Map();
  const listener = await startListener(
    (request, number) =>
      options.override?.(request, number) ?? answer(request, { blobs, manifests, uploads }),
    options.tls === undefined ? {} : { tls: options.tls },
  );
  return Object.assign(listener, { blobs, manifests, uploads });
}

type Held = Pick<MockRegistry, 'blobs' | 'manifests' | 'uploads'>;

function answer(request: RecordedRequest, held: Held): Reply {
  const { method, path } = request;
  if (path === '/v2/') return { status: 200 };
  const [, repository = '', kind, rest = ''] = /^\/v2\/(.+?)\/(blobs|manifests)\/(.*)$/.exec(path) ?? [];
  if (kind === 'manifests')
    return method === 'PUT' ? putManifest(request, held) : getManifest(repository, rest, held);
  if (kind !== 'blobs') return json(404, errorDocument('UNSUPPORTED', 'no such thing'));
  if (method === 'POST') return openUpload(path, held);
  if (method === 'PATCH') return patchUpload(request, held);
  if (method === 'PUT') return putBlob(request, held);
  if (rest.startsWith('uploads/')) return uploadState(path, held);
  const bytes = held.blobs.get(rest);
  if (bytes === undefined) return json(404, errorDocument('BLOB_UNKNOWN', 'blob unknown'));
  return rangeOf(bytes, request.headers.range);
}

function rangeOf(bytes: Uint8Array, range: string | undefined): Reply {
  if (range === undefined) return { status: 200, body: bytes };
  const start = Number(/^bytes=(\d+)-$/.exec(range)?.[1]);
  if (!(start < bytes.length)) return { status: 416 };
  const stated = `bytes ${String(start)}-${String(bytes.length - 1)}/${String(bytes.length)}`;
  return { status: 206, headers: { 'content-range': stated }, body: bytes.subarray(start) };
}

function openUpload(path: string, held: Held): Reply {
  held.uploads.set(`${path}session`, Buffer.alloc(0));
  return { status: 202, headers: { location: `${path}session?state=a%20b` } };
}

// distribution spec, Pushing a blob in chunks: a chunk out of order is 416.
function patchUpload({ path, headers, body }: RecordedRequest, held: Held): Reply {
  const taken = held.uploads.get(path);
  if (taken === undefined) return json(404, errorDocument('BLOB_UPLOAD_UNKNOWN', 'no such upload'));
  const start = Number(/^(\d+)-\d+$/.exec(headers['content-range'] ?? '')?.[1]);
  if (start !== taken.length) return { status: 416, headers: stateHeaders(path, taken.length) };
  held.uploads.set(path, Buffer.concat([taken, body]));
  return { status: 202, headers: stateHeaders(path, taken.length + body.length) };
}

function uploadState(path: string, held: Held): Reply {
  const taken = held.uploads.get(path);
  if (taken === undefined) return json(404, errorDocument('BLOB_UPLOAD_UNKNOWN', 'no such upload'));
  return { status: 204, headers: stateHeaders(path, taken.length) };
}

function stateHeaders(path: string, taken: number): Record<string, string> {
  return {
    location: `${path}?state=a%20b&taken=${String(taken)}`,
    range: `0-${String(Math.max(0, taken - 1))}`,
  };
}

function putBlob(request: RecordedRequest, held: Held): Reply {
  const wanted = request.query.get('digest') ?? '';
  const bytes = Buffer.concat([held.uploads.get(request.path) ?? Buffer.alloc(0), request.body]);
  if (digest(bytes) !== wanted) return json(400, errorDocument('DIGEST_INVALID', 'not these bytes'));
  held.blobs.set(wanted, bytes);
  held.uploads.delete(request.path);
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
