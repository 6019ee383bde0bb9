/** Where a report goes: a new file, or the place of an older report. */
import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { escapeText } from '../core/diagnostic/escape-text.ts';
import { reportBeginning } from '../io/render/report/page.ts';
import { CommandError } from './command-error.ts';
import { replaceTextFile } from './write-file.ts';

/** Throws `command/not-ours`, before any work is done for a file that cannot be written. */
export function requireReportPlace(folder: string, name: string): void {
  const path = resolve(folder, name);
  if (isFolder(path))
    throw new CommandError('command/not-ours', `${escapeText(name)} is a folder`, {
      help: 'name a file in it with -o',
    });
  const found = beginningOf(path);
  if (found === undefined || found === '' || found === reportBeginning) return;
  throw new CommandError(
    'command/not-ours',
    `${escapeText(name)} is there already and is no report of ours`,
    {
      help: 'name another file with -o, or remove that one',
    },
  );
}

/** Throws `command/not-ours` and `command/unwritable-file`. */
export function writeReport(folder: string, name: string, page: string): void {
  requireReportPlace(folder, name);
  replaceTextFile(folder, name, page);
}

/** Undefined where there is no file; whatever else is wrong with it is told when it is written. */
function beginningOf(path: string): string | undefined {
  try {
    const file = openSync(path, 'r');
    try {
      const bytes = Buffer.alloc(reportBeginning.length);
      return bytes.toString('utf8', 0, readSync(file, bytes));
    } finally {
      closeSync(file);
    }
  } catch {
    return undefined;
  }
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}
