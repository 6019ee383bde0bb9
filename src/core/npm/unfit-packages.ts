/**
 * Which packages are not installed for a platform: optional ones that do not fit it, with what they alone need and
 * what cannot do without them (arborist's optional-set.js and gather-dep-set.js).
 */
import type { DependencyGraph, Edge } from './dependency-graph.ts';
import { fitsPlatform, type NpmPlatform } from './npm-platform.ts';
import type { PackageLock } from './package-lock.ts';

export function unfitPackages(
  lock: PackageLock,
  graph: DependencyGraph,
  platform: NpmPlatform,
): ReadonlySet<string> {
  const unfit = new Set<string>();
  for (const entry of lock.packages.values()) {
    if (!entry.optional || unfit.has(entry.location) || fitsPlatform(entry, platform)) continue;
    for (const location of optionalSet(graph, entry.location, unfit)) unfit.add(location);
  }
  return unfit;
}

function optionalSet(graph: DependencyGraph, location: string, unfit: ReadonlySet<string>): Set<string> {
  const set = new Set([location]);
  // A set that grows while it is walked: all that needs what is in it, up to where it is optional.
  for (const member of set) for (const edge of graph.to(member)) if (!isOptional(edge)) set.add(edge.from);
  const counts = ({ from, to }: Edge): boolean => !set.has(to) && !unfit.has(from);
  const gathered = new Set(set);
  for (const member of gathered)
    for (const edge of graph.from(member)) if (counts(edge)) gathered.add(edge.to);
  return keepPrivate(graph, gathered, counts);
}

/** Takes out what is needed from outside the set, until nothing is. */
function keepPrivate(graph: DependencyGraph, set: Set<string>, counts: (edge: Edge) => boolean): Set<string> {
  for (let changed = true; changed;) {
    changed = false;
    for (const member of set) {
      if (!graph.to(member).some((edge) => !set.has(edge.from) && counts(edge))) continue;
      set.delete(member);
      changed = true;
    }
  }
  return set;
}

function isOptional({ kind }: Edge): boolean {
  return kind === 'optional' || kind === 'optional-peer';
}
