/**
 * The address of a list's next page (distribution spec, Listing Tags; RFC 8288, Link): the same list at the same origin
 * with another query, and nothing else, so that a list leads our credentials nowhere (safety.md, N08).
 */
import { quoteText } from '../../core/diagnostic/escape-text.ts';
import { RegistryError, type RequestSubject } from './registry-error.ts';
import type { WireResponse } from './wire.ts';

/**
 * Undefined on the last page. `seen` holds the pages that were asked for, and gets the new one. Errors: `registry/bad-list`
 * for an address elsewhere, one that was asked for before, and a list of more than `maxPages` pages.
 */
export function nextPage(
  response: WireResponse,
  list: { readonly from: URL; readonly seen: Set<string>; readonly subject: RequestSubject },
): URL | undefined {
  const { from, seen, subject } = list;
  const target = nextTarget(response.header('link'));
  if (target === undefined) return undefined;
  const url = URL.canParse(target, from.href) ? new URL(target, from.href) : undefined;
  const isSameList = url?.origin === from.origin && url.pathname === from.pathname && url.username === '';
  if (url === undefined || !isSameList) throw badList(subject, `its next page is ${quoteText(target, 300)}`);
  if (seen.has(url.href)) throw badList(subject, 'its pages lead in a circle');
  if (seen.size >= maxPages) throw badList(subject, `it has more than ${String(maxPages)} pages`);
  seen.add(url.href);
  return url;
}

export const maxPages = 1000;

export function badList(subject: RequestSubject, found: string): RegistryError {
  return new RegistryError('registry/bad-list', { subject, found: `the list is refused: ${found}` });
}

// `</v2/a/tags/list?last=x&n=10>; rel="next"`; several links stand with commas between them.
function nextTarget(header: string | undefined): string | undefined {
  const links = (header ?? '').slice(0, 16_384).matchAll(/<([^>]*)>([^<]*)/g);
  for (const [, target = '', parameters = ''] of links) {
    if (/;\s*rel\s*=\s*"?next"?\s*(?:$|[;,])/i.test(parameters)) return target;
  }
  return undefined;
}
