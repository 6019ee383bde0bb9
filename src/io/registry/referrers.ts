/**
 * What refers to a manifest (distribution spec, Listing Referrers): signatures, SBOMs and other artifacts whose `subject`
 * it is. A registry without the referrers API has the list under a tag instead (Referrers Tag Schema), which clients
 * keep: attach-referrer.ts.
 */
import type { Digest } from '../../core/digest/digest.ts';
import type { Descriptor } from '../../core/oci/descriptor.ts';
import { mediaTypes } from '../../core/oci/media-type.ts';
import { parseManifestDocument } from '../../core/oci/parse-document.ts';
import { readBounded } from './bounded-body.ts';
import { bareType, manifestLimit, untrusted } from './manifest-rules.ts';
import { nextPage } from './next-page.ts';
import { readReferrersTag } from './referrers-tag.ts';
import type { RequestSubject } from './registry-error.ts';
import { type Repository, subjectIn, urlIn } from './repository.ts';
import type { WireResponse } from './wire.ts';

export interface ReferrersQuery {
  /** Only those of this type, e.g. `application/spdx+json`. */
  readonly artifactType?: string;
  readonly signal: AbortSignal;
}

/**
 * The descriptors of all manifests that refer to `subject`, each once, in the registry's order; none is an empty list,
 * also where the registry does not have `subject`. Errors: `registry/untrusted-manifest` for a list that is no sound
 * index, `registry/bad-list` for pages that lead elsewhere, and those of any request.
 */
export async function listReferrers(
  repository: Repository,
  subject: Digest,
  query: ReferrersQuery,
): Promise<readonly Descriptor[]> {
  const listed =
    (await askApi(repository, subject, query)) ??
    (await readReferrersTag(repository, subject, query.signal)) ??
    [];
  const wanted = query.artifactType;
  // A registry may leave the filter to us (OCI-Filters-Applied); the tag always does.
  const kept = listed.filter(({ artifactType }) => wanted === undefined || artifactType === wanted);
  return [...new Map(kept.map((descriptor) => [descriptor.digest, descriptor])).values()];
}

/** Every page of the API, or undefined where there is no such API. */
async function askApi(
  repository: Repository,
  subject: Digest,
  query: ReferrersQuery,
): Promise<readonly Descriptor[] | undefined> {
  const about = subjectIn(repository, `list what refers to ${subject}`);
  const first = firstPage(repository, subject, query.artifactType);
  const seen = new Set([first.href]);
  const found: Descriptor[] = [];
  for (let page: URL | undefined = first; page !== undefined;) {
    const response: WireResponse = await askPage(repository, page, { about, signal: query.signal });
    if (!isList(response)) {
      await response.discard();
      return undefined;
    }
    found.push(...(await descriptorsIn(response, repository, { about, signal: query.signal })));
    page = nextPage(response, { from: page, seen, subject: about });
  }
  return found;
}

interface Call {
  readonly about: RequestSubject;
  readonly signal: AbortSignal;
}

function firstPage(repository: Repository, subject: Digest, artifactType: string | undefined): URL {
  const url = urlIn(repository, `referrers/${subject}`);
  if (artifactType !== undefined) url.searchParams.set('artifactType', artifactType);
  return url;
}

function askPage(repository: Repository, url: URL, { about, signal }: Call): Promise<WireResponse> {
  const { client, access } = repository;
  const without = client.settings.copesWith.has('has-no-referrers') ? [400, 405, 501] : [];
  return client.send({
    method: 'GET',
    url,
    headers: { accept: mediaTypes.index },
    subject: about,
    access,
    expect: [200, 404, ...without],
    signal,
  });
}

// The spec wants this very type; what answers every address with a page of its own is no list.
function isList(response: WireResponse): boolean {
  return response.status === 200 && bareType(response.header('content-type')) === mediaTypes.index;
}

async function descriptorsIn(
  response: WireResponse,
  repository: Repository,
  { about, signal }: Call,
): Promise<readonly Descriptor[]> {
  const bytes = await readBounded(response, manifestLimit).catch((error: unknown) => {
    throw repository.client.bodyError(error, about, signal);
  });
  if (bytes === 'too-large') throw untrusted(about, 'a page of the list is larger than 4 MiB');
  const parsed = parseManifestDocument(bytes, { mediaType: mediaTypes.index });
  if (!parsed.ok) throw untrusted(about, `the list ${parsed.problems[0].message}`);
  if (parsed.value.kind !== 'index') throw untrusted(about, 'the list is not an index');
  return parsed.value.index.manifests;
}
