/**
 * How a result stands in its file: one line of JSON with the version of the format, the kind and key it belongs to and
 * the digest of all that, so that a torn, flipped or misplaced record is known from a good one. Pure.
 */
import { type Digest, parseDigest } from '../../core/digest/digest.ts';
import { canonicalBytes } from '../../core/digest/canonical-json.ts';
import { pathFromBytes } from '../../core/tree/image-path.ts';
import { nativeDigestOfValue } from './native-hasher.ts';

export interface ResultRecord {
  readonly kind: string;
  readonly key: Digest;
  readonly value: unknown;
}

export type DecodedRecord =
  | { readonly found: 'record'; readonly record: ResultRecord }
  /** Written by another version of layerwright: not used, and left alone. */
  | { readonly found: 'unknown-version' }
  | { readonly found: 'corrupt'; readonly reason: string };

const formatVersion = 1;

export function encodeRecord(record: ResultRecord): Uint8Array {
  const { kind, key, value } = record;
  const content = { kind, key, value };
  return canonicalBytes({ formatVersion, checksum: nativeDigestOfValue(content), content });
}

/** `name` is what the file's place says that it holds. */
export function decodeRecord(bytes: Uint8Array, name: { kind: string; key: Digest }): DecodedRecord {
  const parsed = parseObject(bytes);
  if (parsed === undefined) return { found: 'corrupt', reason: 'is not JSON' };
  if (Number.isSafeInteger(parsed['formatVersion']) && parsed['formatVersion'] !== formatVersion) {
    return { found: 'unknown-version' };
  }
  const { checksum, content } = parsed;
  if (typeof content !== 'object' || content === null || nativeDigestOfValue(content) !== checksum) {
    return { found: 'corrupt', reason: 'has a checksum that does not fit its content' };
  }
  const { kind, key, value } = content as ResultRecord;
  if (kind !== name.kind || key !== name.key)
    return { found: 'corrupt', reason: 'stands under another name than its own' };
  return { found: 'record', record: { kind, key, value } };
}

function parseObject(bytes: Uint8Array): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(pathFromBytes(bytes));
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

/** Every digest that stands in a value: the blobs that the result speaks of, and at times a key, which harms nothing. */
export function digestsIn(value: unknown): Digest[] {
  if (typeof value === 'string') {
    const parsed = parseDigest(value);
    return parsed.ok ? [parsed.digest] : [];
  }
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(digestsIn) : [];
}
