/**
 * Which packages of a lock come into an image, and where each comes to stand below the project's folder. The lock's own
 * layout is kept; a link to a workspace or to another folder becomes that folder, with what stands in its node_modules.
 */
import { quoteText } from '../diagnostic/escape-text.ts';
import {
  type DependencyGraph,
  dependencyGraph,
  type Edge,
  isTop,
  linkTarget,
  workspaceLinks,
} from './dependency-graph.ts';
import { fitsPlatform, type NpmPlatform, platformText } from './npm-platform.ts';
import type { NpmProblem } from './npm-problem.ts';
import type { LockedPackage, PackageLock } from './package-lock.ts';
import { type InstalledPackage, placePackages } from './place-packages.ts';
import { unfitPackages } from './unfit-packages.ts';

export type Omitted = 'dev' | 'optional' | 'peer';

export interface ClosureRequest {
  readonly lock: PackageLock;
  /** The project's place in the lock: '', or that of a workspace. */
  readonly project: string;
  readonly omit: ReadonlySet<Omitted>;
  readonly platform: NpmPlatform;
}

export interface Closure {
  /** By place; without the project itself. */
  readonly packages: readonly InstalledPackage[];
  readonly problems: readonly NpmProblem[];
}

export function packageClosure(request: ClosureRequest): Closure {
  const { lock, project, platform } = request;
  const graph = dependencyGraph(lock);
  const unfit = unfitPackages(lock, graph, platform);
  const isFit = (location: string): boolean => !unfit.has(location) && !unfit.has(targetOf(lock, location));
  const wanted = project === '' ? wantedByFlags(request) : wantedFrom(request, graph, isFit);
  const included = (location: string): boolean => wanted(location) && isFit(location);
  const packages = placePackages({ lock, graph, project, included });
  const problems = packages.flatMap(({ locked }) => problemOf(locked, platform));
  return { packages, problems: [...new Map(problems.map((one) => [one.message, one])).values()] };
}

/** arborist's node.js, shouldOmit: what npm wrote of each package decides. */
function wantedByFlags({ lock, omit }: ClosureRequest): (location: string) => boolean {
  const workspaces = new Set(['', ...workspaceLinks(lock).map(({ target }) => target)]);
  return (location) => {
    const entry = lock.packages.get(location);
    if (entry === undefined) return false;
    const target = linkTarget(lock, entry);
    const { dev, optional, devOptional, peer, extraneous } = target ?? entry;
    if (extraneous) return false;
    if (!workspaces.has(topOf(location))) return true;
    return !(
      (peer && omit.has('peer')) ||
      (dev && omit.has('dev')) ||
      (optional && omit.has('optional')) ||
      (devOptional && omit.has('optional') && omit.has('dev'))
    );
  };
}

/** The folder whose node_modules the package stands in, however deep. */
function topOf(location: string): string {
  if (isTop(location)) return location;
  const at = `/${location}`.indexOf('/node_modules/');
  return location.slice(0, Math.max(at - 1, 0));
}

/** What a workspace reaches: npm's flags are those of the whole project. */
function wantedFrom(
  { lock, project, omit }: ClosureRequest,
  graph: DependencyGraph,
  isFit: (location: string) => boolean,
): (location: string) => boolean {
  const reached = new Set([project]);
  const isTaken = (edge: Edge): boolean => isFit(edge.to) && isFollowed(edge, { omit, project });
  for (const location of reached)
    for (const edge of graph.from(location)) if (isTaken(edge)) reached.add(edge.to);
  return (location) => reached.has(targetOf(lock, location));
}

/** Where a link leads; what is no link is its own target. */
function targetOf(lock: PackageLock, location: string): string {
  const entry = lock.packages.get(location);
  return (entry === undefined ? undefined : linkTarget(lock, entry)?.location) ?? location;
}

function isFollowed(
  { kind, from }: Edge,
  { omit, project }: Pick<ClosureRequest, 'omit' | 'project'>,
): boolean {
  switch (kind) {
    case 'production':
      return true;
    case 'development':
      return from === project && !omit.has('dev');
    case 'optional':
      return !omit.has('optional');
    case 'peer':
      return !omit.has('peer');
    case 'optional-peer':
      return !omit.has('peer') && !omit.has('optional');
    case 'workspace':
      return false;
  }
}

function problemOf(locked: LockedPackage, platform: NpmPlatform): NpmProblem[] {
  if (locked.optional || fitsPlatform(locked, platform)) return [];
  const { name, version, os, cpu, libc } = locked;
  const lists = [os, cpu, libc].flatMap((list) => (list === undefined ? [] : [list.join(', ')]));
  return [
    {
      code: 'npm/platform',
      message: `${quoteText(packageText(name, version))} is for ${lists.join(' and ')} only, and the image is for ${platformText(platform)}`,
      help: 'make it an optional dependency, or leave this platform out of `platforms`',
    },
  ];
}

/** `name@1.2.3`, as npm writes it. */
export function packageText(name: string, version: string | undefined): string {
  return version === undefined ? name : `${name}@${version}`;
}
