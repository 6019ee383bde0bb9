/**
 * The lock that a text was read as, beside the stat index (sealed-file.ts): of five hundred packages, parsing the YAML
 * takes longer than all else that a build does in which nothing changed. A hint like the index: losing it costs time.
 */
import { join } from 'node:path';
import { type Digest, encodedOf } from '../../core/digest/digest.ts';
import type { Lock } from '../../core/recipe/lock/lock.ts';
import { nativeDigestOf } from '../store/native-hasher.ts';
import { readSealed, type Seal, writeSealed } from './sealed-file.ts';

export interface LockMemory {
  /** The lock that these bytes were read as, without a word to say of them. Never throws. */
  recall(bytes: Uint8Array): Lock | undefined;
  /** Never throws. */
  keep(bytes: Uint8Array, lock: Lock): void;
}

/** Raised when the same text would be read as another lock, or refused. */
const seal: Seal = { magic: 'LWLK', version: 1 };

interface Kept extends Pick<Lock, 'layerFormat' | 'packages'> {
  /** Of the text. */
  readonly digest: Digest;
  readonly images: readonly (readonly [string, KeptImage])[];
  readonly fetched: readonly (readonly [string, KeptFile])[];
}

interface KeptImage {
  readonly digest: Digest;
  readonly platforms: readonly (readonly [string, Digest])[];
}

type KeptFile = Lock['fetched'] extends ReadonlyMap<string, infer File> ? File : never;

export interface LockMemoryPlace {
  /** The stat indexes' own. */
  readonly folder: string;
  readonly access: 'read-write' | 'read-only';
}

/** `path` is the lock's, absolute. */
export function openLockMemory({ folder, access }: LockMemoryPlace, path: string): LockMemory {
  const file = join(folder, `${encodedOf(nativeDigestOf(Buffer.from(path))).slice(0, 32)}.lock`);
  return {
    recall: (bytes) => {
      const content = readSealed(file, seal);
      const kept = content === undefined ? undefined : (JSON.parse(content.toString('utf8')) as Kept);
      return kept?.digest === nativeDigestOf(bytes) ? lockOf(kept) : undefined;
    },
    keep: (bytes, lock) => {
      if (access === 'read-only') return;
      writeSealed(file, seal, [Buffer.from(JSON.stringify(keptOf(lock, nativeDigestOf(bytes))))]);
    },
  };
}

function keptOf({ layerFormat, images, fetched, packages }: Lock, digest: Digest): Kept {
  const named = [...images].map(
    ([name, image]) => [name, { digest: image.digest, platforms: [...image.platforms] }] as const,
  );
  return { digest, layerFormat, images: named, fetched: [...fetched], packages };
}

function lockOf({ layerFormat, images, fetched, packages }: Kept): Lock {
  const named = images.map(
    ([name, { digest, platforms }]) => [name, { digest, platforms: new Map(platforms) }] as const,
  );
  return { layerFormat, images: new Map(named), fetched: new Map(fetched), packages };
}
