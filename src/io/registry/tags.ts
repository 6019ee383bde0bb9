/** The tags of a repository (distribution spec, Listing Tags), page by page, in the order of the registry. */
import { quoteText } from '../../core/diagnostic/escape-text.ts';
import { isTag } from '../../core/oci/reference.ts';
import { parseStrictJson } from '../../core/oci/strict-json.ts';
import { readBounded } from './bounded-body.ts';
import { badList, nextPage } from './next-page.ts';
import type { RequestSubject } from './registry-error.ts';
import { type Repository, subjectIn, urlIn } from './repository.ts';
import type { WireResponse } from './wire.ts';

/** What is asked for at once; a registry may give fewer, or all. */
const pageLength = 1000;
/** Bytes: some 100,000 of the longest tags, for registries that know no pages. */
const pageLimit = 16 * 1024 * 1024;

/** Each page is fetched when it is wanted. Errors: `registry/not-found`, `registry/bad-list`, and those of any request. */
export async function* listTags(
  repository: Repository,
  signal: AbortSignal,
): AsyncGenerator<string, void, undefined> {
  const subject = subjectIn(repository, 'list the tags');
  const first = urlIn(repository, `tags/list?n=${String(pageLength)}`);
  const seen = new Set([first.href]);
  for (let page: URL | undefined = first; page !== undefined;) {
    const response: WireResponse = await repository.client.send({
      method: 'GET',
      url: page,
      headers: { accept: 'application/json' },
      subject,
      access: repository.access,
      expect: [200],
      signal,
    });
    yield* await tagsIn(response, { repository, subject, signal });
    page = nextPage(response, { from: page, seen, subject });
  }
}

async function tagsIn(
  response: WireResponse,
  call: { readonly repository: Repository; readonly subject: RequestSubject; readonly signal: AbortSignal },
): Promise<readonly string[]> {
  const { repository, subject, signal } = call;
  const bytes = await readBounded(response, pageLimit).catch((error: unknown) => {
    throw repository.client.bodyError(error, subject, signal);
  });
  if (bytes === 'too-large') throw badList(subject, 'a page of it is larger than 16 MiB');
  const parsed = parseStrictJson(bytes, { maxBytes: pageLimit });
  if (!parsed.ok) throw badList(subject, parsed.message);
  // Registries write null where a repository has lost its last tag.
  const tags = (parsed.value as { readonly tags?: unknown } | null)?.tags ?? [];
  if (!Array.isArray(tags)) throw badList(subject, 'its `tags` are no list');
  return tags.map((tag: unknown) => {
    if (typeof tag === 'string' && isTag(tag)) return tag;
    throw badList(subject, `${quoteText(String(tag))} in it is no tag`);
  });
}
