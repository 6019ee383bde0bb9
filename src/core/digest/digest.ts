/**
 * Digests name bytes (image-spec descriptor.md, Digests): `algorithm:encoded`. Registered and supported here are
 * sha256 and sha512; other well-formed digests parse as unsupported. A Digest is made by digestOf and parseDigest only,
 * so a path or URL is never made of text that was not checked.
 */
import { sha256, sha512 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { canonicalBytes } from './canonical-json.ts';
import { Bug } from '../diagnostic/bug.ts';

declare const brand: unique symbol;

export type DigestAlgorithm = 'sha256' | 'sha512';
export type Digest = `${DigestAlgorithm}:${string}` & { readonly [brand]: 'Digest' };

export type DigestParse =
  | { readonly ok: true; readonly digest: Digest }
  | { readonly ok: false; readonly reason: 'malformed' | 'unsupported' };

/** The digest of bytes, in pure code (65 MB/s); io/ uses node:crypto for streams. */
export function digestOf(bytes: Uint8Array, algorithm: DigestAlgorithm = 'sha256'): Digest {
  const hash = algorithm === 'sha256' ? sha256(bytes) : sha512(bytes);
  return `${algorithm}:${bytesToHex(hash)}` as Digest;
}

/** The digest of a value's canonical JSON. */
export function digestOfValue(value: unknown): Digest {
  return digestOf(canonicalBytes(value));
}

// image-spec descriptor.md: algorithm ::= component (separator component)*; encoded ::= [a-zA-Z0-9=_-]+
const grammar = /^[a-z0-9]+(?:[.+_-][a-z0-9]+)*:[a-zA-Z0-9=_-]+$/;
const encodedForms: Readonly<Record<string, RegExp>> = {
  sha256: /^[a-f0-9]{64}$/,
  sha512: /^[a-f0-9]{128}$/,
};

/** Parses a digest. Upper-case hex of a registered algorithm is malformed; an algorithm not known here is unsupported. */
export function parseDigest(text: string): DigestParse {
  if (text.length > 300 || !grammar.test(text)) return { ok: false, reason: 'malformed' };
  const colon = text.indexOf(':');
  const form = Object.hasOwn(encodedForms, text.slice(0, colon))
    ? encodedForms[text.slice(0, colon)]
    : undefined;
  if (form === undefined) return { ok: false, reason: 'unsupported' };
  if (!form.test(text.slice(colon + 1))) return { ok: false, reason: 'malformed' };
  return { ok: true, digest: text as Digest };
}

const sha256Digest = /^sha256:[a-f0-9]{64}$/;

/** A digest from text that our own code made; anything else is a bug. */
export function trustedDigest(text: string): Digest {
  // A build asks for one for each of its files.
  if (sha256Digest.test(text)) return text as Digest;
  const parsed = parseDigest(text);
  if (!parsed.ok) throw new Bug(`${text} is not a digest`);
  return parsed.digest;
}

export function algorithmOf(digest: Digest): DigestAlgorithm {
  return digest.startsWith('sha512:') ? 'sha512' : 'sha256';
}

/** The hex after the colon: 64 or 128 characters of [0-9a-f]. */
export function encodedOf(digest: Digest): string {
  return digest.slice(digest.indexOf(':') + 1);
}

/** `sha256:5a0f…` shortened for people: the first twelve hex characters. */
export function shortDigest(digest: Digest): string {
  return encodedOf(digest).slice(0, 12);
}
