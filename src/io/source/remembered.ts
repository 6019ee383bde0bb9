/**
 * What was read out of archives, layers and images, kept in the store by the digest of what it was read from: the result is
 * small and names a blob of JSON that holds the rest, so that garbage collection keeps or drops both.
 */
import { type Digest, parseDigest } from '../../core/digest/digest.ts';
import type { Store } from '../store/store.ts';
import { StoreError } from '../store/store-error.ts';

/** The versions of what is kept; a value of another version is a miss. */
const versions = {
  tree: 2,
  folders: 3,
  'npm-files': 1,
  tarball: 1,
  deb: 1,
  index: 1,
  packages: 1,
  'image-packages': 1,
} as const;
export type RememberedKind = keyof typeof versions;

const longest = 1 << 30;

/** The value, or undefined where it is not known, not whole, or of another version. */
export async function recall(store: Store, kind: RememberedKind, key: Digest): Promise<unknown> {
  const blob = blobOf(await store.results.get(kind, key), kind);
  if (blob === undefined) return undefined;
  try {
    return JSON.parse(Buffer.from(await store.blobs.readAll(blob, longest)).toString('utf8'));
  } catch (error) {
    if (error instanceof StoreError || error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** The blob that is kept under a key, which may not be there any more. */
export async function recallBlob(
  store: Store,
  kind: RememberedKind,
  key: Digest,
): Promise<Digest | undefined> {
  return blobOf(await store.results.get(kind, key), kind);
}

/** Whether a value is known and its blob is there, without reading it. */
export async function isRemembered(store: Store, kind: RememberedKind, key: Digest): Promise<boolean> {
  const blob = blobOf(await store.results.get(kind, key), kind);
  return blob !== undefined && (await store.blobs.size(blob)) !== undefined;
}

function blobOf(result: unknown, kind: RememberedKind): Digest | undefined {
  if (typeof result !== 'object' || result === null) return undefined;
  const { version, blob } = result as { readonly version?: unknown; readonly blob?: unknown };
  if (version !== versions[kind] || typeof blob !== 'string') return undefined;
  const parsed = parseDigest(blob);
  return parsed.ok ? parsed.digest : undefined;
}

export interface Remembered {
  readonly kind: RememberedKind;
  readonly key: Digest;
  /** Blobs that are kept as long as the value. */
  readonly holds?: readonly Digest[];
}

/** Keeps a value of plain JSON. Text may hold lone surrogates; they are written as escapes. */
export async function remember(store: Store, name: Remembered, value: unknown): Promise<void> {
  const { digest } = await store.blobs.put(Buffer.from(JSON.stringify(value)));
  await rememberBlob(store, name, digest);
}

/** Keeps a value whose JSON is a blob of the store already. */
export async function rememberBlob(
  store: Store,
  { kind, key, holds }: Remembered,
  blob: Digest,
): Promise<void> {
  await store.results.put(kind, key, { version: versions[kind], blob, ...(holds && { holds }) });
}
