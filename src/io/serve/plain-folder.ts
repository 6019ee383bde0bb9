/** Makes folders inside a folder that others may have filled: a link among them is refused, so nothing is written elsewhere. */
import { lstatSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { escapeText } from '../../core/diagnostic/escape-text.ts';
import { errorCode } from '../store/file-problem.ts';
import { ServeError } from './serve-error.ts';

/** The path of the last of `parts` below `base`, made where it was not there. Throws ServeError `serve/not-a-layout`. */
export function plainFolder(base: string, parts: readonly string[]): string {
  let path = base;
  for (const part of parts) {
    path = join(path, part);
    makeOne(path);
    requirePlain(path);
  }
  return path;
}

/** Throws where a link or a file stands in the place of a folder; a place where nothing stands is fine. */
export function requirePlain(path: string): void {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (found === undefined || found.isDirectory()) return;
  throw new ServeError('serve/not-a-layout', `${escapeText(path)} is a link or a file, and is not followed`, {
    help: 'copy the folder with its links replaced by what they point to (cp -RL)',
  });
}

function makeOne(path: string): void {
  try {
    mkdirSync(path);
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw error;
  }
}
