/** From a request to the endpoint that answers it. */
import type { Answer } from './answer.ts';
import { listReferrers, listRepositories, listTags } from './lists.ts';
import { answerUpload, answerUploads } from './push-blob.ts';
import { pushManifest } from './push-manifest.ts';
import { answerBlob } from './read-blob.ts';
import { deleteManifest, type ManifestAddress, readManifest } from './read-manifest.ts';
import type { Route } from './route.ts';
import { type Served, type ServedRequest, wrongMethod } from './served-request.ts';

/** Throws Refusal; whatever else is thrown is a failure of this side. */
export async function answerRoute(served: Served, request: ServedRequest, route: Route): Promise<Answer> {
  switch (route.kind) {
    case 'base':
      requireReading(request);
      return {
        status: 200,
        headers: { 'content-type': 'application/json', 'content-length': '2' },
        body: Buffer.from('{}'),
      };
    case 'catalog':
      requireReading(request);
      return listRepositories(served, request);
    case 'tags':
      requireReading(request);
      return listTags(served, request, route.name);
    case 'referrers':
      requireReading(request);
      return listReferrers(served, request, route);
    case 'manifest':
      return answerManifest(served, request, route);
    case 'blob':
      return answerBlob(served, request, route);
    case 'uploads':
      return answerUploads(served, request, route.name);
    case 'upload':
      return answerUpload(served, request, route);
  }
}

/** Of a registry that is only read, nothing is changed: every other method is refused, whatever the path. */
export function requireReading({ method }: Pick<ServedRequest, 'method'>): void {
  if (method !== 'GET' && method !== 'HEAD') throw wrongMethod('GET', 'HEAD');
}

/** `/v2/NAME/manifests/REFERENCE` */
async function answerManifest(
  served: Served,
  request: ServedRequest,
  address: ManifestAddress,
): Promise<Answer> {
  switch (request.method) {
    case 'GET':
    case 'HEAD':
      return readManifest(served, request, address);
    case 'PUT':
      return pushManifest(served, request, address);
    case 'DELETE':
      return served.turns.take(() => deleteManifest(served, address));
    default:
      throw wrongMethod('GET', 'HEAD', 'PUT', 'DELETE');
  }
}
