/** Long lists, a page at a time (distribution-spec, Listing Tags: `n`, `last`, and a Link to the next page). */
import { Refusal } from './refusal.ts';

export interface Page<T> {
  readonly items: readonly T[];
  /** For the header `link`; absent on the last page. */
  readonly headers: Readonly<Record<string, string>>;
}

export interface PageRequest {
  /** The endpoint, to which the next page's parameters are added. */
  readonly path: string;
  readonly query: URLSearchParams;
}

/** `items` in byte order. Throws Refusal UNSUPPORTED with 400 for an `n` that is no number. */
export function pageOf(items: readonly string[], { path, query }: PageRequest): Page<string> {
  const last = query.get('last');
  const count = query.get('n');
  const rest = last === null ? items : items.filter((item) => item > last);
  if (count === null) return { items: rest, headers: {} };
  if (!/^\d{1,9}$/.test(count)) throw new Refusal('UNSUPPORTED', '`n` is no number', { status: 400 });
  const shown = rest.slice(0, Number(count));
  const end = shown.at(-1);
  if (end === undefined || shown.length === rest.length) return { items: shown, headers: {} };
  return { items: shown, headers: nextPage(path, { n: count, last: end }) };
}

export function nextPage(path: string, parameters: Readonly<Record<string, string>>): Record<string, string> {
  return { link: `<${path}?${new URLSearchParams(parameters).toString()}>; rel="next"` };
}
