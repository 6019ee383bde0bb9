/**
 * Names of images in registries: the grammar of github.com/distribution/reference (reference.go), read strictly here
 * and with docker's defaults in normalize-reference.ts. A name is split at its separators before any part is matched,
 * and longer texts than any valid reference are refused at once, so that time is linear in the text.
 *
 *   reference := name [":" tag] ["@" digest]      name := [domain "/"] path      domain := host [":" port]
 */
import { type Digest, parseDigest } from '../digest/digest.ts';

export interface Reference {
  /** `host[:port]`; '' where the strict grammar finds none, never '' after parseNormalizedReference. */
  readonly domain: string;
  /** The repository: one or more components, at most 255 characters. */
  readonly path: string;
  readonly tag?: string;
  readonly digest?: Digest;
}

export type ReferenceProblem =
  | 'empty'
  | 'malformed'
  | 'uppercase'
  | 'too-long'
  | 'digest-malformed'
  | 'digest-unsupported'
  | 'identifier'
  | 'not-canonical';

export type ReferenceParse =
  | { readonly ok: true; readonly reference: Reference }
  | { readonly ok: false; readonly reason: ReferenceProblem };

/** The longest repository path (reference.go, RepositoryNameTotalLengthMax). */
export const maxPathLength = 255;
// Path, tag and digest end at 255, 128 and 300; DNS ends a host at 253, but the grammar does not, so there is room.
const maxReferenceLength = 4096;

/** Parses a reference by the strict grammar: no default domain, no `library/`. */
export function parseReference(text: string): ReferenceParse {
  if (text === '') return refuse('empty');
  if (text.length > maxReferenceLength) return refuse('too-long');
  const at = text.indexOf('@');
  const named = parseTagged(at < 0 ? text : text.slice(0, at));
  if (!named.ok || at < 0) return named;
  const digest = parseDigest(text.slice(at + 1));
  if (!digest.ok) return refuse(`digest-${digest.reason}`);
  return { ok: true, reference: { ...named.reference, digest: digest.digest } };
}

/** Parses a name alone: no tag and no digest. */
export function parseName(text: string): ReferenceParse {
  if (text.length > maxReferenceLength) return refuse('too-long');
  const name = splitName(text);
  if (name === undefined) return refuse(hidesUppercase(text) ? 'uppercase' : 'malformed');
  if (name.path.length > maxPathLength) return refuse('too-long');
  return { ok: true, reference: name };
}

/** `domain/path:tag@digest`, the text that parses to the same reference. */
export function formatReference(reference: Reference): string {
  const tag = reference.tag === undefined ? '' : `:${reference.tag}`;
  const digest = reference.digest === undefined ? '' : `@${reference.digest}`;
  return `${formatName(reference)}${tag}${digest}`;
}

/** `domain/path`, without tag and digest. */
export function formatName(reference: Reference): string {
  return reference.domain === '' ? reference.path : `${reference.domain}/${reference.path}`;
}

/** The reference with another tag; refused where the tag is no tag. */
export function withTag(reference: Reference, tag: string): ReferenceParse {
  return isTag(tag) ? { ok: true, reference: { ...reference, tag } } : refuse('malformed');
}

export function withDigest(reference: Reference, digest: Digest): Reference {
  return { ...reference, digest };
}

/** distribution-spec, Pulling manifests: `[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}`. */
export function isTag(text: string): boolean {
  return /^\w[\w.-]{0,127}$/.test(text);
}

/** distribution-spec, Pulling manifests: the name of a repository inside a registry. */
export function isRepository(text: string): boolean {
  return text.length <= maxPathLength && isPath(text);
}

/** A registry's address: domain name, IPv4 address or IPv6 address in brackets, with a port or without. */
export function isDomain(text: string): boolean {
  const match = /^(\[[a-fA-F0-9:]+\]|[a-zA-Z0-9.-]+)(?::[0-9]+)?$/.exec(text);
  const host = match?.[1];
  return host !== undefined && (host.startsWith('[') || host.split('.').every(isDomainComponent));
}

function refuse(reason: ReferenceProblem): ReferenceParse {
  return { ok: false, reason };
}

// A tag holds neither `/` nor `:`, and a port is followed by `/`: the last colon after the last slash starts the tag.
function parseTagged(text: string): ReferenceParse {
  const colon = text.lastIndexOf(':');
  if (colon <= text.lastIndexOf('/')) return parseName(text);
  const named = parseName(text.slice(0, colon));
  return named.ok ? withTag(named.reference, text.slice(colon + 1)) : named;
}

/** The first component is the domain where it can be one and a path follows. */
function splitName(text: string): Reference | undefined {
  const slash = text.indexOf('/');
  const first = text.slice(0, Math.max(slash, 0));
  if (slash > 0 && isDomain(first)) {
    const path = text.slice(slash + 1);
    return isPath(path) ? { domain: first, path } : undefined;
  }
  return isPath(text) ? { domain: '', path: text } : undefined;
}

function isPath(text: string): boolean {
  return text.split('/').every(isPathComponent);
}

function isPathComponent(text: string): boolean {
  return /^[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*$/.test(text);
}

function isDomainComponent(text: string): boolean {
  return text !== '' && !text.startsWith('-') && !text.endsWith('-');
}

function hidesUppercase(text: string): boolean {
  return /[A-Z]/.test(text) && splitName(text.toLowerCase()) !== undefined;
}
