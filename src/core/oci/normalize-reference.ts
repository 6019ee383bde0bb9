/**
 * References as docker reads them (github.com/distribution/reference, normalize.go): `node` is
 * `docker.io/library/node`, and the familiar form is the way back. A first component is a domain where it is
 * `localhost`, holds a dot or a colon, or is not lower case.
 */
import { type Digest, parseDigest, trustedDigest } from '../digest/digest.ts';
import {
  formatName,
  formatReference,
  parseReference,
  type Reference,
  type ReferenceParse,
} from './reference.ts';

export const defaultDomain = 'docker.io';
const legacyDefaultDomain = 'index.docker.io';
const officialPrefix = 'library/';

/** Parses a reference with docker's defaults: domain and `library/`, but no tag. Refuses 64 hex digits, an image's ID. */
export function parseNormalizedReference(text: string): ReferenceParse {
  if (text === '') return { ok: false, reason: 'empty' };
  if (isIdentifier(text)) return { ok: false, reason: 'identifier' };
  const { domain, remainder } = splitDomain(text);
  return parseReference(`${domain}/${remainder}`);
}

/** A reference that names one thing: `:latest` where there is neither tag nor digest, and no tag beside a digest. */
export function parseDockerReference(text: string): ReferenceParse {
  const parsed = parseNormalizedReference(text);
  if (!parsed.ok) return parsed;
  const { domain, path, tag, digest } = parsed.reference;
  if (digest !== undefined) return { ok: true, reference: { domain, path, digest } };
  return { ok: true, reference: { domain, path, tag: tag ?? 'latest' } };
}

/** A reference that must be written in full already: domain named, `library/` not left out. */
export function parseCanonicalReference(text: string): ReferenceParse {
  const parsed = parseNormalizedReference(text);
  if (parsed.ok && formatReference(parsed.reference) !== text) return { ok: false, reason: 'not-canonical' };
  return parsed;
}

export type AnyReferenceParse = { readonly ok: true; readonly digest: Digest } | ReferenceParse;

/** A digest, the 64 hex digits of a sha256 digest, or a reference as docker reads it. */
export function parseAnyReference(text: string): AnyReferenceParse {
  if (isIdentifier(text)) return { ok: true, digest: trustedDigest(`sha256:${text}`) };
  const digest = parseDigest(text);
  return digest.ok ? digest : parseNormalizedReference(text);
}

/** Whether the text is 64 lower-case hex digits, which docker takes for an image's ID. */
export function isIdentifier(text: string): boolean {
  return /^[a-f0-9]{64}$/.test(text);
}

/** The short form that docker shows: `docker.io/library/node:22` is `node:22`. */
export function familiarReference(reference: Reference): string {
  return formatReference(familiar(reference));
}

/** The short form without tag and digest. */
export function familiarName(reference: Reference): string {
  return formatName(familiar(reference));
}

function familiar(reference: Reference): Reference {
  if (reference.domain !== defaultDomain) return reference;
  const short = reference.path.startsWith(officialPrefix)
    ? reference.path.slice(officialPrefix.length)
    : reference.path;
  return { ...reference, domain: '', path: short.includes('/') ? reference.path : short };
}

function splitDomain(text: string): { domain: string; remainder: string } {
  const slash = text.indexOf('/');
  const first = text.slice(0, Math.max(slash, 0));
  const named = slash >= 0 && looksLikeDomain(first);
  const domain = !named || first === legacyDefaultDomain ? defaultDomain : first;
  const remainder = named ? text.slice(slash + 1) : text;
  const official = domain === defaultDomain && !remainder.includes('/');
  return { domain, remainder: official ? `${officialPrefix}${remainder}` : remainder };
}

function looksLikeDomain(first: string): boolean {
  return first === 'localhost' || /[.:A-Z]/.test(first);
}
