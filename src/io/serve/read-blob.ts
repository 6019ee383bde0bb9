/** Pulling and deleting blobs (distribution-spec, Pulling blobs, Deleting Blobs). */
import type { Digest } from '../../core/digest/digest.ts';
import type { Descriptor } from '../../core/oci/descriptor.ts';
import type { Answer } from './answer.ts';
import { rangeRequest } from './byte-range.ts';
import { entityTag, isHeld } from './conditional.ts';
import { Refusal } from './refusal.ts';
import { type Served, type ServedRequest, wrongMethod } from './served-request.ts';

export interface BlobAddress {
  readonly name: string;
  readonly digest: Digest;
}

/** `/v2/NAME/blobs/DIGEST` */
export async function answerBlob(
  served: Served,
  request: ServedRequest,
  address: BlobAddress,
): Promise<Answer> {
  switch (request.method) {
    case 'GET':
    case 'HEAD':
      return readBlob(served, request, address);
    case 'DELETE':
      return served.turns.take(() => deleteBlob(served, address));
    default:
      throw wrongMethod('GET', 'HEAD', 'DELETE');
  }
}

async function readBlob(served: Served, request: ServedRequest, address: BlobAddress): Promise<Answer> {
  const blob = await served.repositories.blob(address.name, address.digest);
  if (blob === undefined) throw unknown();
  const headers = {
    'content-type': 'application/octet-stream',
    'docker-content-digest': blob.digest,
    etag: entityTag(blob.digest),
    'accept-ranges': 'bytes',
  };
  if (isHeld(request, blob.digest)) return { status: 304, headers };
  return bytesOf(served, blob, { headers, range: rangeHeader(request, blob) });
}

/** RFC 9110, 13.1.5: a range of other bytes than the client has begun with is of no use to it. */
function rangeHeader({ headers, method }: ServedRequest, { digest }: Descriptor): string | undefined {
  const condition = headers['if-range'];
  const isSame = condition === undefined || condition === entityTag(digest);
  return method === 'GET' && isSame ? headers.range : undefined;
}

function bytesOf(
  { blobs }: Served,
  { digest, size }: Descriptor,
  wanted: { readonly headers: Readonly<Record<string, string>>; readonly range: string | undefined },
): Answer {
  const request = rangeRequest(wanted.range, size);
  if (request.kind === 'beyond') {
    throw new Refusal('SIZE_INVALID', `the blob has ${String(size)} bytes`, {
      status: 416,
      headers: { 'content-range': `bytes */${String(size)}` },
    });
  }
  if (request.kind === 'all') {
    const headers = { ...wanted.headers, 'content-length': String(size) };
    return { status: 200, headers, body: blobs.read(digest) };
  }
  const { start, end } = request.range;
  const headers = {
    ...wanted.headers,
    'content-length': String(end - start + 1),
    'content-range': `bytes ${String(start)}-${String(end)}/${String(size)}`,
  };
  return { status: 206, headers, body: blobs.readPart(digest, request.range) };
}

/** The bytes go with the last repository that has them. */
async function deleteBlob(served: Served, { name, digest }: BlobAddress): Promise<Answer> {
  const { repositories, blobs } = served;
  if ((await repositories.blob(name, digest)) === undefined) throw unknown();
  await repositories.removeBlob(name, digest);
  if (!(await repositories.isUsed(digest))) blobs.remove(digest);
  return { status: 202, headers: { 'content-length': '0' } };
}

function unknown(): Refusal {
  return new Refusal('BLOB_UNKNOWN', 'this repository has no such blob');
}
