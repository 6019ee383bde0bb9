/** How npm is set up on this computer and for this project: the environment, then .npmrc of project, user and machine. */
import { readFileSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { mergeSettings, type NpmSettings, parseNpmrc, settingsOfEnvironment } from '../../core/npm/npmrc.ts';
import { type ImagePath, joinPath } from '../../core/tree/image-path.ts';
import { readSmallFile } from './digest-file.ts';
import type { Machine } from './machine.ts';
import { placeBelow } from './read-place.ts';
import type { Reading } from './reading.ts';

/** Where npm is installed decides where its own settings stand; these are the usual places. */
const machineFiles = ['/usr/local/etc/npmrc', '/usr/etc/npmrc', '/etc/npmrc'];
const largestFile = 1024 * 1024;

/** `root` is the project's folder, as npm sees it. Files that are not there, or may not be read, say nothing. */
export function readNpmSettings(reading: Reading, root: ImagePath): NpmSettings {
  const { machine } = reading;
  const environment = settingsOfEnvironment(machine.env);
  const user = environment.get('userconfig') ?? join(machine.home, '.npmrc');
  const global = environment.get('globalconfig');
  const files = [user, ...(global === undefined ? machineFiles : [global])];
  return mergeSettings([
    environment,
    parseNpmrc(projectFile(reading, root), machine.env),
    ...files.map((file) => parseNpmrc(textOf(file), machine.env)),
  ]);
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
  if (cache === undefined) return join(home, '.npm');
  if (cache.startsWith('~/')) return join(home, cache.slice(2));
  return isAbsolute(cache) ? cache : join(home, cache);
}
