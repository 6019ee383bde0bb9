/**
 * GHCR: a PATCH of more than 4 MiB is 416 (wash-archive#268, ocx#237, rust-oci-client#37); a manifest may be refused for a
 * blob that was just pushed (konk#626).
 */
import type { RecordedRequest, Reply } from '../recording-listener.ts';
import { type Vendor, type VendorWorld, isManifest, isUpload, refusal } from '../vendor-profile.ts';

/** When the first blob that is pushed goes missing: never, as soon as it was taken, or when the manifest comes. */
export type Forgets = 'nothing' | 'a blob at once' | 'a blob before the manifest';

export function ghcr(forgets: Forgets = 'nothing'): Vendor {
  let pushed: string | undefined;
  let due = forgets;
  return async (request, world) => {
    if (request.method === 'PATCH' && request.body.length > 4 * 1024 * 1024)
      return refusal(416, 'BLOB_UPLOAD_INVALID');
    if (due === 'a blob before the manifest' && pushed !== undefined && isWrite(request, 'manifest')) {
      due = 'nothing';
      await forget(request, pushed, world);
    }
    const reply = await world.forward(request);
    if (!isWrite(request, 'blob')) return reply;
    pushed ??= request.query.get('digest') ?? undefined;
    if (due === 'a blob at once' && pushed !== undefined) {
      due = 'nothing';
      await forget(request, pushed, world);
    }
    return reply;
  };
}

function isWrite(request: RecordedRequest, kind: 'blob' | 'manifest'): boolean {
  return request.method === 'PUT' && (kind === 'blob' ? isUpload(request) : isManifest(request));
}

async function forget(request: RecordedRequest, digest: string, world: VendorWorld): Promise<Reply> {
  const [, name = ''] = /^\/v2\/(.+?)\/(?:blobs|manifests)\//.exec(request.path) ?? [];
  const path = `/v2/${name}/blobs/${digest}`;
  const reply = await world.forward({
    ...request,
    method: 'DELETE',
    path,
    url: path,
    headers: {},
    body: Buffer.alloc(0),
  });
  if (reply.status !== 202) throw new Error(`the registry did not delete ${digest}: ${String(reply.status)}`);
  return reply;
}
