/** A lock as text: YAML with sorted keys, so that the same lock is the same file and a merge touches few lines. */
import { stringify } from 'yaml';
import type { Lock, LockedFile, LockedImage, LockedPackages } from './lock.ts';
import { type LockShape, lockVersion } from './lock-shape.ts';

const heading = `\
# What the recipe reads from elsewhere, pinned: commit this file. \`layerwright lock\` writes it,
# \`layerwright outdated\` lists what could move, \`layerwright update\` moves it.
`;

/** Parses to an equal lock. */
export function formatLock(lock: Lock): string {
  return `${heading}${stringify(shapeOf(lock), { lineWidth: 0 })}`;
}

function shapeOf({ layerFormat, images, fetched, packages }: Lock): LockShape {
  return {
    lockVersion,
    layerFormat,
    ...(images.size === 0 ? {} : { images: sortedObject(images, imageShape) }),
    ...(fetched.size === 0 ? {} : { fetched: sortedObject(fetched, fileShape) }),
    ...(packages.length === 0 ? {} : { packages: packages.toSorted(byRequest) }),
  };
}

function imageShape({ digest, platforms }: LockedImage): {
  digest: string;
  platforms: Record<string, string>;
} {
  return { digest, platforms: sortedObject(platforms, same) };
}

function fileShape({ sha256, size }: LockedFile): LockedFile {
  return { sha256, size };
}

function sortedObject<In, Out>(
  map: ReadonlyMap<string, In>,
  valueOf: (value: In) => Out,
): Record<string, Out> {
  const entries = [...map].sort(([a], [b]) => byCodeUnit(a, b));
  return Object.fromEntries(entries.map(([key, value]) => [key, valueOf(value)]));
}

function byRequest(a: LockedPackages, b: LockedPackages): number {
  return byCodeUnit(requestOf(a), requestOf(b));
}

function requestOf(entry: LockedPackages): string {
  const { suite = '', components = '', snapshot = '', recommends = false, platform, deb } = entry;
  return [suite, components, snapshot, String(recommends), platform, ...deb].join(' ');
}

function byCodeUnit(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function same<T>(value: T): T {
  return value;
}
