/**
 * Whether a project's packages can be an `npm` layer: those of a package-lock.json whose packages are all there as
 * tarballs and need no script of theirs to be run. What cannot is copied as npm installed it.
 */
import { isTop } from '../npm/dependency-graph.ts';
import { npmPlatform } from '../npm/npm-platform.ts';
import { packageClosure } from '../npm/package-closure.ts';
import { type LockedPackage, parsePackageLock } from '../npm/package-lock.ts';
import type { ProjectView } from './project-view.ts';

export type NpmFit =
  /** With what stands in its way, for a comment, where it is worth to be said. */
  { readonly fits: true } | { readonly fits: false; readonly because?: string };

/** npm prefers the first. */
const lockNames = ['npm-shrinkwrap.json', 'package-lock.json'];

/** The lock is that of the folder itself: a build reads nothing above its context. */
export function npmFit(view: ProjectView): NpmFit {
  const name = lockNames.find((lock) => view.kindOf(lock) === 'file');
  const text = name === undefined ? undefined : view.textOf(name);
  if (name === undefined || text === undefined) return { fits: false };
  const parsed = parsePackageLock(text, name);
  if (!parsed.ok) return { fits: false };
  const { packages, problems } = packageClosure({
    lock: parsed.lock,
    project: '',
    omit: new Set(['dev']),
    platform: npmPlatform({ os: 'linux', architecture: 'amd64' }, 'glibc'),
  });
  // What the lock's own rules refuse is for the first build to say, where somebody wants an `npm` layer.
  if (problems.length > 0) return { fits: false };
  const locked = packages.map((one) => one.locked);
  const scripted = locked.find(({ hasInstallScript, location }) => hasInstallScript && !isTop(location));
  if (scripted !== undefined)
    return { fits: false, because: `${scripted.name} has an install script, which \`npm: .\` would not run` };
  const foreign = locked.find((one) => !hasTarball(one));
  if (foreign !== undefined)
    return { fits: false, because: `${foreign.name} has no tarball that \`npm: .\` could verify` };
  return { fits: true };
}

/** A folder of the project needs none. */
function hasTarball({ location, link, inBundle, integrity, resolved }: LockedPackage): boolean {
  const isFolder = isTop(location) || link || resolved?.startsWith('file:') === true;
  return isFolder || inBundle || integrity !== undefined;
}
