/** Pushing blobs (distribution-spec, Pushing blobs): at once, in chunks, or by mounting what another repository has. */
import { algorithmOf, type Digest } from '../../core/digest/digest.ts';
import type { Answer } from './answer.ts';
import { receivedRange, sentRange } from './byte-range.ts';
import { Refusal } from './refusal.ts';
import { digestFrom } from './route.ts';
import {
  announcedLength,
  boundedBody,
  type Served,
  type ServedRequest,
  wrongMethod,
} from './served-request.ts';
import type { Upload } from './uploads.ts';

/** `/v2/NAME/blobs/uploads/` */
export async function answerUploads(served: Served, request: ServedRequest, name: string): Promise<Answer> {
  if (request.method !== 'POST') throw wrongMethod('POST');
  const { query } = request;
  const mounted = query.get('mount');
  if (
    mounted !== null &&
    (await mount(served, name, { digest: digestFrom(mounted), from: query.get('from') }))
  ) {
    return created(name, digestFrom(mounted));
  }
  const digest = query.get('digest');
  if (digest !== null) return uploadAtOnce(served, request, { name, digest: digestFrom(digest) });
  return underWay(await served.uploads.start(name), 202);
}

/** `/v2/NAME/blobs/uploads/ID` */
export async function answerUpload(
  served: Served,
  request: ServedRequest,
  { name, id }: { readonly name: string; readonly id: string },
): Promise<Answer> {
  const { uploads } = served;
  const upload = uploads.find(name, id);
  switch (request.method) {
    case 'GET':
    case 'HEAD':
      return underWay(upload, 204);
    case 'PATCH':
      return uploads.use(upload, async () => {
        await receive(served, request, upload);
        return underWay(upload, 202);
      });
    case 'PUT':
      return uploads.use(upload, () => finish(served, request, upload));
    case 'DELETE':
      return uploads.use(upload, async () => {
        await uploads.end(upload);
        return { status: 204, headers: {} };
      });
    default:
      throw wrongMethod('GET', 'PATCH', 'PUT', 'DELETE');
  }
}

/** Without `from`, any repository's blob will do: whoever may read one here may read all. */
async function mount(
  { repositories, turns }: Served,
  name: string,
  { digest, from }: { readonly digest: Digest; readonly from: string | null },
): Promise<boolean> {
  return turns.take(async () => {
    const owner = from ?? (await repositories.ownerOf(digest));
    const blob = owner === undefined ? undefined : await repositories.blob(owner, digest);
    if (blob === undefined) return false;
    await repositories.addBlob(name, blob);
    return true;
  });
}

async function uploadAtOnce(
  served: Served,
  request: ServedRequest,
  { name, digest }: { readonly name: string; readonly digest: Digest },
): Promise<Answer> {
  const upload = await served.uploads.start(name);
  try {
    await receive(served, request, upload);
    await keep(served, upload, digest);
    return created(name, digest);
  } finally {
    await served.uploads.end(upload);
  }
}

/** The last chunk may come with the request that names the digest. Whatever the outcome, the upload has ended then. */
async function finish(served: Served, request: ServedRequest, upload: Upload): Promise<Answer> {
  const digest = digestFrom(request.query.get('digest') ?? '');
  await receive(served, request, upload);
  try {
    await keep(served, upload, digest);
    return created(upload.repository, digest);
  } finally {
    await served.uploads.end(upload);
  }
}

/** Adds the request's body. What has arrived stays when the connection breaks: the client asks how far it got. */
async function receive(served: Served, request: ServedRequest, upload: Upload): Promise<void> {
  const { file } = upload;
  checkRange(request, upload);
  for await (const chunk of boundedBody(request, served.limits.blobBytes - file.size))
    await file.write(chunk);
}

/** distribution-spec, Pushing a blob in chunks: a chunk that is out of order MUST be refused with 416. */
function checkRange(request: ServedRequest, upload: Upload): void {
  const header = request.headers['content-range'];
  if (header === undefined) return;
  const range = sentRange(header);
  if (range === undefined) throw new Refusal('BLOB_UPLOAD_INVALID', 'the content range is not START-END');
  if (range.start !== upload.file.size) {
    throw new Refusal('BLOB_UPLOAD_INVALID', `the next chunk begins at byte ${String(upload.file.size)}`, {
      status: 416,
      headers: headersOf(upload),
    });
  }
  const length = announcedLength(request);
  if (length !== range.end - range.start + 1) {
    throw new Refusal('SIZE_INVALID', 'the content length is not that of the content range');
  }
}

async function keep({ repositories, turns }: Served, upload: Upload, digest: Digest): Promise<void> {
  const { file, repository } = upload;
  const { size } = file;
  const actual = await file.seal(algorithmOf(digest));
  if (actual !== digest) {
    throw new Refusal('DIGEST_INVALID', `the ${String(size)} bytes have the digest ${actual}`);
  }
  await turns.take(async () => {
    await file.publish(digest);
    await repositories.addBlob(repository, { mediaType: 'application/octet-stream', digest, size });
  });
}

function created(name: string, digest: Digest): Answer {
  return {
    status: 201,
    headers: {
      location: `/v2/${name}/blobs/${digest}`,
      'docker-content-digest': digest,
      'content-length': '0',
    },
  };
}

function underWay(upload: Upload, status: 202 | 204): Answer {
  const length: Record<string, string> = status === 202 ? { 'content-length': '0' } : {};
  return { status, headers: { ...headersOf(upload), ...length } };
}

function headersOf({ id, repository, file }: Upload): Record<string, string> {
  return {
    location: `/v2/${repository}/blobs/uploads/${id}`,
    range: receivedRange(file.size),
    'docker-upload-uuid': id,
  };
}
