/**
 * A project that is a workspace of npm: its lock stands in a folder above it. A build reads nothing above its context,
 * so that its recipe names that folder as `context`, and its own files by where they stand in it.
 */
import { type PackageLock, parsePackageLock } from '../npm/package-lock.ts';
import { npmLock, type ProjectView } from './project-view.ts';
import type { Starter, StarterLayer } from './starter.ts';

export interface Workspace {
  /** The folder of the lock. */
  readonly root: ProjectView;
  /** The project's place there: `packages/api`. */
  readonly folder: string;
  /** The way up: `../..`. */
  readonly context: string;
  /** Its name there. */
  readonly lockFile: string;
  readonly lock: PackageLock;
}

/** Undefined where the project has a lock of its own, and where the lock above does not know it. */
export function workspaceOf({ above }: ProjectView): Workspace | undefined {
  if (above === undefined) return undefined;
  const { view: root, folder } = above;
  const lockFile = npmLock(root);
  const text = lockFile === undefined ? undefined : root.textOf(lockFile);
  if (lockFile === undefined || text === undefined) return undefined;
  const parsed = parsePackageLock(text, lockFile);
  if (!parsed.ok || !parsed.lock.packages.has(folder)) return undefined;
  const context = folder.replaceAll(/[^/]+/g, '..');
  return { root, folder, context, lockFile, lock: parsed.lock };
}

/** Where the packages come from the lock; without such a layer the project's own folder is context enough. */
export function inWorkspace(starter: Starter, workspace: Workspace | undefined): Starter {
  if (workspace === undefined || !starter.layers.some((layer) => 'npm' in layer)) return starter;
  const { folder, context } = workspace;
  return { ...starter, context, layers: starter.layers.map((layer) => standingIn(folder, layer)) };
}

function standingIn(folder: string, layer: StarterLayer): StarterLayer {
  const place = (path: string): string => (path === '.' ? folder : `${folder}/${path}`);
  return 'npm' in layer ? { ...layer, npm: place(layer.npm) } : { ...layer, copy: place(layer.copy) };
}
