/**
 * Who needs whom in a package-lock.json: from each place the names that stand in its package, found as Node finds them,
 * in the nearest node_modules upwards.
 */
import type { LockedPackage, PackageLock, Wanted } from './package-lock.ts';

export type EdgeKind = 'production' | 'development' | 'optional' | 'peer' | 'optional-peer' | 'workspace';

export interface Edge {
  /** Locations; links are followed. */
  readonly from: string;
  readonly to: string;
  readonly name: string;
  readonly kind: EdgeKind;
}

export interface DependencyGraph {
  readonly from: (location: string) => readonly Edge[];
  readonly to: (location: string) => readonly Edge[];
}

/** The edges of a package by the names it asks under; of several kinds the later one counts, as in arborist's node.js. */
export function wantedNames(
  wanted: Wanted,
  withDevelopment: 'with-development' | 'alone',
): Map<string, EdgeKind> {
  const names = new Map<string, EdgeKind>();
  for (const name of wanted.peerDependencies.keys())
    names.set(name, wanted.optionalPeers.has(name) ? 'optional-peer' : 'peer');
  for (const name of wanted.dependencies.keys()) names.set(name, 'production');
  for (const name of wanted.optionalDependencies.keys()) names.set(name, 'optional');
  if (withDevelopment === 'alone') return names;
  for (const name of wanted.devDependencies.keys()) names.set(name, 'development');
  return names;
}

export function dependencyGraph(lock: PackageLock): DependencyGraph {
  const from = new Map<string, Edge[]>();
  const to = new Map<string, Edge[]>();
  for (const entry of lock.packages.values()) {
    if (entry.link) continue;
    for (const edge of edgesOf(lock, entry)) {
      listAt(from, edge.from).push(edge);
      listAt(to, edge.to).push(edge);
    }
  }
  return { from: (location) => from.get(location) ?? [], to: (location) => to.get(location) ?? [] };
}

function listAt(lists: Map<string, Edge[]>, key: string): Edge[] {
  const known = lists.get(key);
  if (known !== undefined) return known;
  const made: Edge[] = [];
  lists.set(key, made);
  return made;
}

function edgesOf(lock: PackageLock, entry: LockedPackage): Edge[] {
  const from = entry.location;
  const names = wantedNames(entry, isTop(from) ? 'with-development' : 'alone');
  const edges = [...names].flatMap(([name, kind]) => {
    const found = locate(lock, from, name);
    const to = found === undefined ? undefined : (linkTarget(lock, found) ?? found).location;
    return to === undefined ? [] : [{ from, to, name, kind }];
  });
  return from === '' ? [...edges, ...workspaceEdges(lock)] : edges;
}

function workspaceEdges(lock: PackageLock): Edge[] {
  return workspaceLinks(lock).map(({ name, target }) => ({ from: '', to: target, name, kind: 'workspace' }));
}

/** The links of the root to folders that the root does not ask for by their path: its workspaces. */
export function workspaceLinks(lock: PackageLock): { readonly name: string; readonly target: string }[] {
  const root = lock.packages.get('');
  return [...lock.packages.values()].flatMap((link) => {
    const target = linkTarget(lock, link)?.location;
    if (target === undefined || !/^node_modules\/(?:@[^/]+\/)?[^/]+$/.test(link.location)) return [];
    const name = link.location.slice('node_modules/'.length);
    const asked = [root?.dependencies, root?.devDependencies, root?.optionalDependencies].some((wanted) =>
      /^(?:file:|link:|\.|\/)/.test(wanted?.get(name) ?? ''),
    );
    return asked ? [] : [{ name, target }];
  });
}

/** A place that is no dependency's: the project itself, a workspace, a folder that is linked to. */
export function isTop(location: string): boolean {
  return !location.startsWith('node_modules/') && !location.includes('/node_modules/');
}

/** Where the package of a link stands; undefined for what is no link, or leads to nothing. */
export function linkTarget(lock: PackageLock, entry: LockedPackage): LockedPackage | undefined {
  if (!entry.link || entry.resolved === undefined) return undefined;
  const location = entry.resolved.replace(/^file:/, '');
  return lock.packages.get(location);
}

/** The package that `name` means to what stands at `location`. */
function locate(lock: PackageLock, location: string, name: string): LockedPackage | undefined {
  for (const folder of folderChain(location)) {
    const found = lock.packages.get(
      folder === '' ? `node_modules/${name}` : `${folder}/node_modules/${name}`,
    );
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The folders whose node_modules Node looks into, the nearest first; the last is '', the project's. */
export function* folderChain(location: string): Generator<string> {
  for (let folder = location; folder !== '';) {
    if (!folder.endsWith('/node_modules') && folder !== 'node_modules') yield folder;
    const slash = folder.lastIndexOf('/');
    folder = slash < 0 ? '' : folder.slice(0, slash);
  }
  if (!location.startsWith('../')) yield '';
}
