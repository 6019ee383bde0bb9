/**
 * Digests of streams by node:crypto: about twenty times the speed of the pure core's, and the same digests
 * (test/io/store/native-hasher.test.ts holds the two equal).
 */
import { createHash } from 'node:crypto';
import { canonicalBytes } from '../../core/digest/canonical-json.ts';
import { type Digest, type DigestAlgorithm, trustedDigest } from '../../core/digest/digest.ts';

export interface Hasher {
  update(bytes: Uint8Array): void;
  /** The digest of all bytes so far; call it once, at the end. */
  digest(): Digest;
}

export function createHasher(algorithm: DigestAlgorithm = 'sha256'): Hasher {
  const hash = createHash(algorithm);
  return {
    update: (bytes) => {
      hash.update(bytes);
    },
    digest: () => trustedDigest(`${algorithm}:${hash.digest('hex')}`),
  };
}

/** The digest of bytes that are at hand. */
export function nativeDigestOf(bytes: Uint8Array, algorithm: DigestAlgorithm = 'sha256'): Digest {
  const hasher = createHasher(algorithm);
  hasher.update(bytes);
  return hasher.digest();
}

/** The digest of a value's canonical JSON: digestOfValue of the pure core, which needs some milliseconds to get going. */
export function nativeDigestOfValue(value: unknown): Digest {
  return nativeDigestOf(canonicalBytes(value));
}
