/** Facts in memory: those of images that were there before, such as a layout's or the store's. */
import type { Digest } from '../../core/digest/digest.ts';
import type { Descriptor } from '../../core/oci/descriptor.ts';
import type { FactGroup, Facts } from './facts.ts';

export function memoryFacts(): Facts {
  const repositories = new Set<string>();
  const groups = new Map<string, Map<Digest, Descriptor>>();
  const groupOf = (group: FactGroup): Map<Digest, Descriptor> =>
    groups.get(keyOf(group)) ?? new Map<Digest, Descriptor>();
  return {
    repositories: () => [...repositories].sort(byBytes),
    get: (group, digest) => groupOf(group).get(digest),
    list: (group) => [...groupOf(group).values()].sort((a, b) => byBytes(a.digest, b.digest)),
    put: async (group, descriptor) => {
      repositories.add(group.repository);
      groups.set(keyOf(group), groupOf(group).set(descriptor.digest, descriptor));
    },
    remove: async (group, digest) => groupOf(group).delete(digest),
  };
}

function keyOf(group: FactGroup): string {
  return [group.repository, group.kind, group.kind === 'referrers' ? group.subject : ''].join(' ');
}

/** Names of repositories, tags and digests are ASCII, so this is the order of their bytes. */
export function byBytes(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
