/** Files that a command reads or writes because it was told to. */
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { escapeText } from '../core/diagnostic/escape-text.ts';
import { cureFor, systemWords } from '../io/store/file-problem.ts';
import { CommandError } from './command-error.ts';

/** Replaces the file whole, so that a reader never sees half of it. Throws `command/unwritable-file`. */
export function replaceTextFile(folder: string, name: string, text: string): void {
  const path = resolve(folder, name);
  const temporary = `${path}.${String(process.pid)}.tmp`;
  try {
    writeFileSync(temporary, text);
    renameSync(temporary, path);
  } catch (error) {
    removeQuietly(temporary);
    throw new CommandError(
      'command/unwritable-file',
      `${escapeText(name)} cannot be written: ${systemWords(error)}`,
      { help: cureFor(error), cause: error },
    );
  }
}

/** Writes a file that is not there yet: false where it is, and nothing is touched. Throws `command/unwritable-file`. */
export function createTextFile(folder: string, name: string, text: string): boolean {
  const path = resolve(folder, name);
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text, { flag: 'wx' });
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw new CommandError(
      'command/unwritable-file',
      `${escapeText(name)} cannot be written: ${systemWords(error)}`,
      { help: cureFor(error), cause: error },
    );
  }
}

/** Throws `command/unreadable-file`. */
export function readBytes(folder: string, name: string): Uint8Array {
  try {
    return readFileSync(resolve(folder, name));
  } catch (error) {
    throw new CommandError(
      'command/unreadable-file',
      `${escapeText(name)} cannot be read: ${systemWords(error)}`,
      { help: cureFor(error), cause: error },
    );
  }
}

/** What cannot be removed does not hide why it could not be written. */
function removeQuietly(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // Where a file stands in place of a folder there is nothing to remove.
  }
}
