/**
 * The project that `npm:` names: its package.json, and the lock beside it or in a workspace root above it. Every place
 * that is looked at is told, so that a watch sees what would change the answer.
 */
import { quoteText } from '../../core/diagnostic/escape-text.ts';
import { firstDisagreement } from '../../core/npm/lock-agreement.ts';
import type { NpmProblem } from '../../core/npm/npm-problem.ts';
import { type PackageLock, parsePackageLock, wantedOf } from '../../core/npm/package-lock.ts';
import { type JsonMap, mapText } from '../../core/npm/read-json.ts';
import { type ImagePath, joinPath, parentPath, rootPath } from '../../core/tree/image-path.ts';
import { errorCode } from '../store/file-problem.ts';
import { lstatSync } from 'node:fs';
import { systemPath } from './context-path.ts';
import { readSmallFile } from './digest-file.ts';
import { locateSource } from './locate-source.ts';
import { placeBelow } from './read-place.ts';
import type { Reading } from './reading.ts';
import { SourceError } from './source-error.ts';

/** Where a project stands, relative to the context. */
export interface NpmPlaces {
  /** The folder that the recipe names, and its package.json. */
  readonly folder: ImagePath;
  readonly manifestFile: ImagePath;
  /** The folder of the lock, and the lock. */
  readonly root: ImagePath;
  readonly lockFile: ImagePath;
}

export interface NpmProject extends NpmPlaces {
  readonly manifest: JsonFile;
  readonly lock: PackageLock;
  /** The project's place in the lock: '', or a workspace's. */
  readonly location: string;
}

export interface JsonFile {
  readonly path: ImagePath;
  readonly map: JsonMap;
}

/** Locks are read up to this size; that of a thousand packages has about half a megabyte. */
const largestLock = 256 * 1024 * 1024;
const largestManifest = 16 * 1024 * 1024;

/** npm prefers the first. */
const lockNames = ['npm-shrinkwrap.json', 'package-lock.json'];

/** Throws SourceError. */
export function locateNpmProject(reading: Reading, source: string): NpmPlaces {
  const folder = folderOf(reading, source);
  const manifestFile = requireManifest(reading, folder);
  const lockFile = findLock(reading, folder);
  if (lockFile === undefined) throw noLock(folder);
  return { folder, manifestFile, root: parentPath(lockFile), lockFile };
}

/** Throws SourceError. */
export function readNpmProject(reading: Reading, places: NpmPlaces): NpmProject {
  const { folder, root, lockFile } = places;
  const manifest = readManifest(reading, folder);
  const text = readSmallFile(reading.gate, lockFile, largestLock).toString('utf8');
  const parsed = parsePackageLock(text, lockFile);
  if (!parsed.ok) throw asError(parsed.problem);
  const location = root === rootPath ? folder : folder.slice(root.length + 1);
  const project: NpmProject = { ...places, manifest, lock: parsed.lock, location };
  requireInStep(project, manifest, location);
  return project;
}

export function asError({ code, message, help }: NpmProblem): SourceError {
  return new SourceError(code, message, { help });
}

function folderOf(reading: Reading, source: string): ImagePath {
  const located = locateSource(reading.context, source, reading.onRead);
  if (!located.ok) {
    const { code, message, help } = located.problem;
    throw new SourceError(code, message, help === undefined ? {} : { help });
  }
  if (located.stats.isDirectory()) return located.path;
  throw new SourceError('npm/no-lock', `${quoteText(source)} is a file, and no folder of a project`, {
    help: 'name the folder that package.json stands in',
  });
}

/** `folder` is relative to the context. Throws SourceError. */
export function readManifest(reading: Reading, folder: ImagePath): JsonFile {
  const path = requireManifest(reading, folder);
  const map = mapText(readSmallFile(reading.gate, path, largestManifest).toString('utf8'));
  if (map !== undefined) return { path, map };
  throw new SourceError('npm/no-manifest', `${quoteText(path)} is no JSON map`, {
    help: 'correct it; `npm pkg get name` says where it is wrong',
  });
}

function requireManifest(reading: Reading, folder: ImagePath): ImagePath {
  const path = joinPath(folder, 'package.json' as ImagePath);
  if (isFile(reading, path)) return path;
  throw new SourceError('npm/no-manifest', `${quoteText(path)} is not there`, {
    help: 'name the folder that package.json stands in',
  });
}

/** In the folder itself, else in the nearest one above it. */
function findLock(reading: Reading, folder: ImagePath): ImagePath | undefined {
  for (let at = folder; ; at = parentPath(at)) {
    for (const name of lockNames) {
      const path = joinPath(at, name as ImagePath);
      if (isFile(reading, path)) return path;
    }
    if (at === rootPath) return undefined;
  }
}

function isFile(reading: Reading, path: ImagePath): boolean {
  reading.onRead(placeBelow(reading.context, path));
  try {
    return lstatSync(systemPath(reading.context, path)).isFile();
  } catch (error) {
    if (errorCode(error) === 'ENOENT' || errorCode(error) === 'ENOTDIR') return false;
    throw new SourceError('source/unreadable', `reading ${quoteText(path)} failed`, { cause: error });
  }
}

function noLock(folder: ImagePath): SourceError {
  const where = folder === '' ? 'the context has' : `${quoteText(folder)} and the folders above it have`;
  return new SourceError('npm/no-lock', `${where} no package-lock.json`, {
    help: 'write one with `npm install --package-lock-only`; for pnpm and yarn, build node_modules and `copy` it',
  });
}

/** A package.json of the project and what the lock has at its place. Throws SourceError. */
export function requireInStep(project: NpmProject, manifest: JsonFile, location: string): void {
  const locked = project.lock.packages.get(location);
  if (locked === undefined) {
    const message = `${quoteText(project.lockFile)} does not know the folder ${quoteText(location)}`;
    throw new SourceError('npm/out-of-step', message, {
      help: 'add the folder to `workspaces` of the package.json above it, and run `npm install`',
    });
  }
  const names = { manifest: manifest.path, lock: project.lockFile };
  const problem = firstDisagreement(wantedOf(manifest.map), locked, names);
  if (problem !== undefined) throw asError(problem);
}
