/**
 * How npm is set up on this computer and for this project: the environment, then .npmrc of project, user and machine.
 * Whom this computer trusts, and through whom it speaks, a project that was checked out does not say: it could have the
 * user's own credentials read on the way.
 */
import { readFileSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { npmNetwork } from '../../core/npm/npm-network.ts';
import { mergeSettings, type NpmSettings, parseNpmrc, settingsOfEnvironment } from '../../core/npm/npmrc.ts';
import { type ImagePath, joinPath } from '../../core/tree/image-path.ts';
import { quoteText } from '../../core/diagnostic/escape-text.ts';
import type { Route } from '../registry/registry-settings.ts';
import { errorCode } from '../store/file-problem.ts';
import { readSmallFile } from './digest-file.ts';
import type { Machine } from './machine.ts';
import { placeBelow } from './read-place.ts';
import type { Reading } from './reading.ts';
import { SourceError } from './source-error.ts';

/** Where npm is installed decides where its own settings stand; these are the usual places. */
const machineFiles = ['/usr/local/etc/npmrc', '/usr/etc/npmrc', '/etc/npmrc'];
const largestFile = 1024 * 1024;

export interface NpmSetup {
  readonly settings: NpmSettings;
  /** How registries of npm are reached. */
  readonly route: Route;
}

/**
 * `root` is the project's folder, as npm sees it. Files that are not there, or may not be read, say nothing. Throws
 * SourceError where `cafile` is there and cannot be read.
 */
export function readNpmSetup(reading: Reading, root: ImagePath): NpmSetup {
  const { machine } = reading;
  const ofMachine = settingsOfMachine(machine);
  const [environment, ...files] = ofMachine;
  const project = parseNpmrc(projectFile(reading, root), machine.env);
  return {
    settings: mergeSettings([environment, project, ...files]),
    route: routeOf(ofMachine, machine),
  };
}

function routeOf(ofMachine: readonly NpmSettings[], machine: Machine): Route {
  const { ca, cafile, proxy, noProxy } = npmNetwork(ofMachine);
  const authorities = (cafile === undefined ? undefined : certificatesOf(cafile, machine)) ?? ca;
  return {
    ...(authorities === undefined ? {} : { authorities }),
    proxy: {
      ...(proxy === undefined ? {} : { http: proxy, https: proxy }),
      ...(noProxy === undefined ? {} : { none: noProxy }),
    },
  };
}

/** The environment, then the files of user and machine. */
function settingsOfMachine({ env, home }: Machine): [NpmSettings, ...NpmSettings[]] {
  const environment = settingsOfEnvironment(env);
  const user = environment.get('userconfig') ?? join(home, '.npmrc');
  const global = environment.get('globalconfig');
  const files = [user, ...(global === undefined ? machineFiles : [global])];
  return [environment, ...files.map((file) => parseNpmrc(textOf(file), env))];
}

/** Undefined where the file is not there, as npm has it. */
function certificatesOf(written: string, { home }: Machine): string | undefined {
  const file = atHome(written, home);
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw new SourceError('source/unreadable', `reading ${quoteText(file)}, npm's cafile, failed`, {
      cause: error,
    });
  }
}

function projectFile({ context, gate, onRead }: Reading, root: ImagePath): string {
  const path = joinPath(root, '.npmrc' as ImagePath);
  onRead(placeBelow(context, path));
  try {
    return readSmallFile(gate, path, largestFile).toString('utf8');
  } catch {
    return '';
  }
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

/** npm's cache, absolute. */
export function npmCacheFolder(settings: NpmSettings, { home }: Pick<Machine, 'home'>): string {
  const cache = settings.get('cache');
  return cache === undefined ? join(home, '.npm') : atHome(cache, home);
}

function atHome(path: string, home: string): string {
  if (path.startsWith('~/')) return join(home, path.slice(2));
  return isAbsolute(path) ? path : join(home, path);
}
