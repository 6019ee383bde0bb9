/** Facts that were found, below facts that are kept: reads see both, what is new goes to those that are kept. */
import { byBytes } from './memory-facts.ts';
import type { Facts } from './facts.ts';

export function layeredFacts(found: Facts, kept: Facts): Facts {
  return {
    repositories: () => [...new Set([...found.repositories(), ...kept.repositories()])].sort(byBytes),
    get: (group, digest) => kept.get(group, digest) ?? found.get(group, digest),
    list: (group) => {
      const all = new Map(
        [...found.list(group), ...kept.list(group)].map((descriptor) => [descriptor.digest, descriptor]),
      );
      return [...all.values()].sort((a, b) => byBytes(a.digest, b.digest));
    },
    put: (group, descriptor) => kept.put(group, descriptor),
    remove: async (group, digest) => {
      const wasFound = await found.remove(group, digest);
      const wasKept = await kept.remove(group, digest);
      return wasFound || wasKept;
    },
  };
}
