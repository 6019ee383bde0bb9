/** Which endpoint a path names (distribution-spec, Endpoints). A repository's name may hold slashes, so paths are read from their end. */
import { type Digest, parseDigest } from '../../core/digest/digest.ts';
import { isRepository } from '../../core/oci/reference.ts';
import { Refusal } from './refusal.ts';

export type Route =
  | { readonly kind: 'base' | 'catalog' }
  | { readonly kind: 'tags' | 'uploads'; readonly name: string }
  /** A tag or a digest, not parsed yet: what is wrong with it depends on the method. */
  | { readonly kind: 'manifest'; readonly name: string; readonly reference: string }
  | { readonly kind: 'blob' | 'referrers'; readonly name: string; readonly digest: Digest }
  | { readonly kind: 'upload'; readonly name: string; readonly id: string };

/** `path` is the request's, without query. Throws Refusal for what names nothing. */
export function routeOf(path: string): Route {
  const [empty, version, ...rest] = path.split('/').map((segment) => decoded(segment));
  if (empty !== '' || version !== 'v2') throw nothingHere();
  if (rest.length === 0 || (rest.length === 1 && rest[0] === '')) return { kind: 'base' };
  if (rest.length === 1 && rest[0] === '_catalog') return { kind: 'catalog' };
  return below(rest);
}

function below(segments: readonly string[]): Route {
  const [above, kind, last = ''] = segments.slice(-3);
  if (above === 'blobs' && kind === 'uploads') {
    const name = nameOf(segments, 3);
    return last === '' ? { kind: 'uploads', name } : { kind: 'upload', name, id: last };
  }
  if (kind === 'blobs' && last === 'uploads') return { kind: 'uploads', name: nameOf(segments, 2) };
  if (kind === 'tags' && last === 'list') return { kind: 'tags', name: nameOf(segments, 2) };
  if (kind === 'manifests') return { kind: 'manifest', name: nameOf(segments, 2), reference: last };
  if (kind === 'blobs') return { kind: 'blob', name: nameOf(segments, 2), digest: digestFrom(last) };
  if (kind === 'referrers') return { kind, name: nameOf(segments, 2), digest: digestFrom(last) };
  throw nothingHere();
}

function nameOf(segments: readonly string[], after: number): string {
  const name = segments.slice(0, -after).join('/');
  if (isRepository(name)) return name;
  throw new Refusal('NAME_INVALID', 'this is no name of a repository');
}

/** Throws Refusal DIGEST_INVALID: no path is ever made of text that is no digest. */
export function digestFrom(text: string): Digest {
  const parsed = parseDigest(text);
  if (parsed.ok) return parsed.digest;
  const what = parsed.reason === 'malformed' ? 'no digest' : 'a digest of an algorithm that is not supported';
  throw new Refusal('DIGEST_INVALID', `this is ${what}: sha256 and sha512 are, with lower-case hex`);
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    throw nothingHere();
  }
}

function nothingHere(): Refusal {
  return new Refusal('UNSUPPORTED', 'this path is none of the distribution specification', { status: 404 });
}
