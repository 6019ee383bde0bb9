/** What became of a lock, entry by entry, in the order of its text. */
import type { Digest } from '../../digest/digest.ts';
import type { Lock, LockedImage } from './lock.ts';

export interface LockChange {
  /** A reference in full, a URL, or a package with its suite and platform. */
  readonly reference: string;
  /** A digest, or a package's version; absent where the entry is new. */
  readonly before?: string;
  /** Absent where the entry is gone. */
  readonly after?: string;
  /** Platforms that the entry of an image says something of now, and did not before, or said otherwise. */
  readonly platforms: readonly string[];
  /** Platforms that it says nothing of any more. */
  readonly dropped: readonly string[];
}

export function lockChanges(before: Lock, after: Lock): LockChange[] {
  return [
    ...imageChanges(before, after),
    ...valueChanges(fileDigests(before), fileDigests(after)),
    ...valueChanges(packageVersions(before), packageVersions(after)),
  ];
}

function imageChanges(before: Lock, after: Lock): LockChange[] {
  const references = [...new Set([...before.images.keys(), ...after.images.keys()])].sort();
  return references.flatMap((reference) => {
    const change = changeOf(reference, before.images.get(reference), after.images.get(reference));
    const same = change.before === change.after && change.platforms.length + change.dropped.length === 0;
    return same ? [] : [change];
  });
}

function changeOf(
  reference: string,
  before: LockedImage | undefined,
  after: LockedImage | undefined,
): LockChange {
  const [old, now] = [before, after].map((image) => image?.platforms ?? new Map<string, Digest>());
  return {
    reference,
    ...(before && { before: before.digest }),
    ...(after && { after: after.digest }),
    platforms: [...(now ?? [])].flatMap(([platform, digest]) =>
      old?.get(platform) === digest ? [] : [platform],
    ),
    dropped: [...(old?.keys() ?? [])].filter((platform) => now?.has(platform) !== true),
  };
}

/** By URL. */
function fileDigests({ fetched }: Lock): Map<string, string> {
  return new Map([...fetched].map(([url, { sha256 }]) => [url, `sha256:${sha256}`]));
}

/** By `SUITE/NAME PLATFORM`: the same package of two requests is one. */
function packageVersions({ packages }: Lock): Map<string, string> {
  return new Map(
    packages.flatMap(({ suite, platform, packages: found }) =>
      found.map(({ name, version }) => [packageName({ suite, name, platform }), version] as const),
    ),
  );
}

function packageName(of: {
  readonly suite: string | undefined;
  readonly name: string;
  readonly platform: string;
}): string {
  const { suite, name, platform } = of;
  return `${suite === undefined ? '' : `${suite}/`}${name} ${platform}`;
}

function valueChanges(before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>): LockChange[] {
  const names = [...new Set([...before.keys(), ...after.keys()])].sort();
  return names.flatMap((reference) => {
    const [was, is] = [before.get(reference), after.get(reference)];
    if (was === is) return [];
    const sides = { ...(was !== undefined && { before: was }), ...(is !== undefined && { after: is }) };
    return [{ reference, ...sides, platforms: [], dropped: [] }];
  });
}
