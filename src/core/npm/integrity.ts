/**
 * `integrity` as npm writes it (Subresource Integrity): one or several digests in base64, of which the strongest that
 * is known counts. sha1 is what packages from before 2017 have; such bytes are kept by a digest of our own.
 */
import { fromBase64 } from '../digest/base64.ts';
import { type Digest, trustedDigest } from '../digest/digest.ts';

export type Integrity =
  /** A digest that names the bytes in a store. */
  | { readonly kind: 'digest'; readonly digest: Digest }
  | { readonly kind: 'sha1' | 'sha384'; readonly hex: string };

const lengths = { sha512: 64, sha384: 48, sha256: 32, sha1: 20 } as const;

/** Undefined where no digest of a known kind stands in the text. */
export function parseIntegrity(text: string): Integrity | undefined {
  const found = text
    .trim()
    .split(/\s+/)
    .flatMap((part) => hashOf(part) ?? []);
  const strongest = (Object.keys(lengths) as (keyof typeof lengths)[]).flatMap(
    (algorithm) => found.find((one) => one.algorithm === algorithm) ?? [],
  )[0];
  if (strongest === undefined) return undefined;
  const { algorithm, hex } = strongest;
  return algorithm === 'sha1' || algorithm === 'sha384'
    ? { kind: algorithm, hex }
    : { kind: 'digest', digest: trustedDigest(`${algorithm}:${hex}`) };
}

function hashOf(part: string): { algorithm: keyof typeof lengths; hex: string } | undefined {
  const match = /^(sha512|sha384|sha256|sha1)-([A-Za-z0-9+/]+={0,2})(?:\?.*)?$/.exec(part);
  if (match === null) return undefined;
  const algorithm = match[1] as keyof typeof lengths;
  const bytes = fromBase64(match[2] ?? '');
  if (bytes?.length !== lengths[algorithm]) return undefined;
  return { algorithm, hex: [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('') };
}
