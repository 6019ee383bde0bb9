/** Files that a command reads or writes because it was told to. */
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
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
    rmSync(temporary, { force: true });
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
