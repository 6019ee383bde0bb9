/**
 * Where each package of a closure stands. A folder that is linked to moves to where its link is, with its own
 * node_modules; a workspace that is built for itself becomes the top, with the project's packages around it. Whatever a
 * move would make Node find in another place is laid down once more, nearer to who needs it.
 */
import { Bug } from '../diagnostic/bug.ts';
import { comparePaths } from '../tree/image-path.ts';
import { type DependencyGraph, folderChain, linkTarget } from './dependency-graph.ts';
import type { LockedPackage, PackageLock } from './package-lock.ts';

export interface InstalledPackage {
  /** Where it stands: `node_modules/a`. */
  readonly place: string;
  /** Never a link. */
  readonly locked: LockedPackage;
}

export interface PlacingRequest {
  readonly lock: PackageLock;
  readonly graph: DependencyGraph;
  readonly project: string;
  readonly included: (location: string) => boolean;
}

interface Placing extends PlacingRequest {
  /** What stands directly in the node_modules of each location. */
  readonly children: ReadonlyMap<string, readonly LockedPackage[]>;
  /** Location by place. */
  readonly placed: Map<string, string>;
}

/** By place. The project itself, at '', is left out. */
export function placePackages(request: PlacingRequest): InstalledPackage[] {
  const { lock, project } = request;
  const placing: Placing = { ...request, children: childrenOf(lock), placed: new Map() };
  placeWithin(placing, { location: project, place: '', above: [] });
  if (project !== '') placeChildren(placing, { location: '', place: '', above: [project] });
  repair(placing);
  return [...placing.placed]
    .filter(([place]) => place !== '')
    .sort(([a], [b]) => comparePaths(a, b))
    .flatMap(([place, location]) => {
      const locked = lock.packages.get(location);
      return locked === undefined ? [] : [{ place, locked }];
    });
}

function childrenOf(lock: PackageLock): Map<string, LockedPackage[]> {
  const children = new Map<string, LockedPackage[]>();
  for (const entry of lock.packages.values()) {
    const folder = /^(?:(.*)\/)?node_modules\/(?:@[^/]+\/)?[^/]+$/.exec(entry.location);
    if (folder === null) continue;
    const above = folder[1] ?? '';
    children.set(above, [...(children.get(above) ?? []), entry]);
  }
  return children;
}

interface Spot {
  readonly location: string;
  readonly place: string;
  /** Locations that this one stands in; a link back to one of them is not followed again. */
  readonly above: readonly string[];
}

function placeWithin(placing: Placing, spot: Spot): void {
  const { location, place, above } = spot;
  if (placing.placed.has(place) || above.includes(location)) return;
  placing.placed.set(place, location);
  placeChildren(placing, { location, place, above: [...above, location] });
}

function placeChildren(placing: Placing, { location, place, above }: Spot): void {
  for (const child of placing.children.get(location) ?? []) {
    if (!placing.included(child.location)) continue;
    const name = child.location.slice(child.location.lastIndexOf('node_modules/'));
    const target = (linkTarget(placing.lock, child) ?? child).location;
    placeWithin(placing, { location: target, place: below(place, name), above });
  }
}

function below(place: string, name: string): string {
  return place === '' ? name : `${place}/${name}`;
}

/** More packages than any project has: a repair that goes on beyond them would not end. */
const mostPlaces = 200_000;

/** Lays down again what is not found where it was in the lock. */
function repair(placing: Placing): void {
  const { graph, placed, included } = placing;
  // The map grows while it is walked, and what was added is looked at too.
  for (const [place, location] of placed) {
    for (const { to, name } of graph.from(location)) {
      if (!included(to) || isFoundFrom(placing, place, { name, to })) continue;
      const nearer = below(place, `node_modules/${name}`);
      if (placed.has(nearer)) continue;
      placeWithin(placing, { location: to, place: nearer, above: [] });
    }
    if (placed.size > mostPlaces) throw new Bug('the packages of a lock do not come to rest');
  }
}

/** Whether Node, from there, finds that package under the name; one that is nowhere at all is not looked for. */
function isFoundFrom(
  { placed, project }: Placing,
  place: string,
  { name, to }: { readonly name: string; readonly to: string },
): boolean {
  if (to === project) return true;
  for (const folder of folderChain(place)) {
    const found = placed.get(below(folder, `node_modules/${name}`));
    if (found !== undefined) return found === to;
  }
  return false;
}
