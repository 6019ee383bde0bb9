/** What is there: tags and referrers (distribution-spec, Content Discovery), and repositories, as other registries list them. */
import type { Digest } from '../../core/digest/digest.ts';
import type { Descriptor } from '../../core/oci/descriptor.ts';
import { mediaTypes } from '../../core/oci/media-type.ts';
import { type Answer, jsonAnswer } from './answer.ts';
import { nextPage, pageOf } from './page.ts';
import { Refusal } from './refusal.ts';
import type { Served, ServedRequest } from './served-request.ts';

/** `/v2/_catalog` */
export async function listRepositories({ repositories }: Served, { query }: ServedRequest): Promise<Answer> {
  const { items, headers } = pageOf(await repositories.names(), { path: '/v2/_catalog', query });
  return jsonAnswer({ repositories: items }, { headers });
}

/** `/v2/NAME/tags/list` */
export async function listTags(
  { repositories }: Served,
  { query }: ServedRequest,
  name: string,
): Promise<Answer> {
  const tags = await repositories.tags(name);
  if (tags === undefined) throw new Refusal('NAME_UNKNOWN', 'there is no such repository');
  const { items, headers } = pageOf(tags, { path: `/v2/${name}/tags/list`, query });
  return jsonAnswer({ name, tags: items }, { headers });
}

/**
 * `/v2/NAME/referrers/DIGEST`: none are no error, and neither is a repository that is not there yet, since 404 would
 * say that the endpoint is not.
 */
export async function listReferrers(
  served: Served,
  { query }: ServedRequest,
  { name, digest }: { readonly name: string; readonly digest: Digest },
): Promise<Answer> {
  const artifactType = query.get('artifactType');
  const last = query.get('last') ?? '';
  const all = await served.repositories.referrers(name, digest);
  const wanted = all.filter(
    (one) => one.digest > last && (artifactType === null || one.artifactType === artifactType),
  );
  const shown = fitting(wanted, served.limits.manifestBytes);
  const filter = artifactType === null ? {} : { artifactType };
  const next = { ...filter, last: shown.at(-1)?.digest ?? '' };
  return jsonAnswer(
    { schemaVersion: 2, mediaType: mediaTypes.index, manifests: shown },
    {
      headers: {
        'content-type': mediaTypes.index,
        ...(artifactType === null ? {} : { 'oci-filters-applied': 'artifactType' }),
        ...(shown.length === wanted.length ? {} : nextPage(`/v2/${name}/referrers/${digest}`, next)),
      },
    },
  );
}

/** For the brackets and members around the descriptors. */
const aroundDescriptors = 1024;

/** As many as fit into a document that clients take, and at least one. */
function fitting(descriptors: readonly Descriptor[], limit: number): readonly Descriptor[] {
  let size = aroundDescriptors;
  const end = descriptors.findIndex((descriptor) => {
    size += Buffer.byteLength(JSON.stringify(descriptor)) + 1;
    return size > limit;
  });
  return end < 0 ? descriptors : descriptors.slice(0, Math.max(1, end));
}
