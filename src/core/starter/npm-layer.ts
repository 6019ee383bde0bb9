/**
 * Whether a project's packages can be an `npm` layer: those of a package-lock.json whose packages are all there as
 * tarballs and need no script of theirs to be run. What cannot is copied as npm installed it. A workspace's packages
 * stand among those of the others when they are installed, where no copy could pick them out: they are a layer whatever
 * their lock says, and a comment names what is amiss.
 */
import { isTop } from '../npm/dependency-graph.ts';
import { npmPlatform } from '../npm/npm-platform.ts';
import { packageClosure } from '../npm/package-closure.ts';
import { type LockedPackage, type PackageLock, parsePackageLock } from '../npm/package-lock.ts';
import { npmLock, type ProjectView } from './project-view.ts';
import type { Workspace } from './workspace.ts';

/** `because`: what stands in its way, for a comment, where it is worth to be said. */
export interface NpmFit {
  readonly fits: boolean;
  readonly because?: string;
}

export function npmFit(view: ProjectView, workspace: Workspace | undefined): NpmFit {
  if (workspace !== undefined) return { ...lockFit(workspace.lock, workspace.folder), fits: true };
  const name = npmLock(view);
  const text = name === undefined ? undefined : view.textOf(name);
  if (name === undefined || text === undefined) return { fits: false };
  const parsed = parsePackageLock(text, name);
  return parsed.ok ? lockFit(parsed.lock, '') : { fits: false };
}

function lockFit(lock: PackageLock, project: string): NpmFit {
  const { packages, problems } = packageClosure({
    lock,
    project,
    omit: new Set(['dev']),
    platform: npmPlatform({ os: 'linux', architecture: 'amd64' }, 'glibc'),
  });
  // What the lock's own rules refuse is for the first build to say, where somebody wants an `npm` layer.
  if (problems.length > 0) return { fits: false };
  const locked = packages.map((one) => one.locked);
  const scripted = locked.find(({ hasInstallScript, location }) => hasInstallScript && !isTop(location));
  if (scripted !== undefined)
    return { fits: false, because: `${scripted.name} has an install script, which \`npm\` would not run` };
  const foreign = locked.find((one) => !hasTarball(one));
  if (foreign !== undefined)
    return { fits: false, because: `${foreign.name} has no tarball that \`npm\` could verify` };
  return { fits: true };
}

/** A folder of the project needs none. */
function hasTarball({ location, link, inBundle, integrity, resolved }: LockedPackage): boolean {
  const isFolder = isTop(location) || link || resolved?.startsWith('file:') === true;
  return isFolder || inBundle || integrity !== undefined;
}
