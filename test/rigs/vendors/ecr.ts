/**
 * ECR: PATCH is answered with 201 and always the Range of the first chunk, and the state of an upload cannot be asked
 * for (containers-roadmap#2831, dotnet/sdk#33019); the referrers API is 405 (#2783); repositories must exist; 503 when
 * it is asked too often.
 */
import type { RecordedRequest, Reply } from '../recording-listener.ts';
import { type Vendor, type VendorWorld, isUpload, refusal } from '../vendor-profile.ts';

export interface EcrOptions {
  /** How many requests are too many before all is well. */
  readonly throttled?: number;
  /** No repository of this name was created. */
  readonly missing?: string;
}

export function ecr({ throttled = 0, missing }: EcrOptions = {}): Vendor {
  let left = throttled;
  const uploads = new Map<string, Upload>();
  return (request, world) => {
    if (request.path.includes('/referrers/'))
      return refusal(405, 'UNSUPPORTED', 'The operation is unsupported.');
    if (missing !== undefined && request.path.startsWith(`/v2/${missing}/`)) {
      return refusal(404, 'NAME_UNKNOWN', 'The repository does not exist in the registry');
    }
    if (request.method === 'POST' && left-- > 0) return refusal(503, 'UNAVAILABLE', 'Rate exceeded');
    if (isUpload(request) && request.method === 'GET') return refusal(404, 'BLOB_UPLOAD_UNKNOWN');
    if (request.method === 'PATCH') return patch(request, world, uploads);
    return world.forward(request);
  };
}

interface Upload {
  readonly range: string;
  readonly taken: number;
}

// docker-registry 2.8 appends whatever comes; ECR minds where a chunk says that it belongs.
async function patch(
  request: RecordedRequest,
  world: VendorWorld,
  uploads: Map<string, Upload>,
): Promise<Reply> {
  const before = uploads.get(request.path);
  const start = Number(/^(\d+)-/.exec(request.headers['content-range'] ?? '')?.[1]);
  if (start !== (before?.taken ?? 0)) return refusal(416, 'BLOB_UPLOAD_INVALID', 'Range not satisfiable');
  const reply = await world.forward(request);
  const range = before?.range ?? String(reply.headers?.['range']);
  uploads.set(request.path, { range, taken: start + request.body.length });
  return reply.status === 202 ? { ...reply, status: 201, headers: { ...reply.headers, range } } : reply;
}
