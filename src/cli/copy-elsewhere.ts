/**
 * A folder copied so that everything is another which a build may not see: order, owner and times of the files, and all
 * of their modes but whether their owner may execute them.
 */
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  readdirSync,
  readlinkSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { escapeText } from '../core/diagnostic/escape-text.ts';
import { systemWords } from '../io/store/file-problem.ts';
import { CommandError } from './command-error.ts';

/**
 * Copies folders, files and links into the folder `to`, which is made; what else there is no recipe reads. Throws
 * CommandError `command/unwritable-file`.
 */
export function copyElsewhere(from: string, to: string): void {
  try {
    copyFolder(Buffer.from(from), Buffer.from(to));
  } catch (cause) {
    const message = `copying ${escapeText(from)} for the second build: ${systemWords(cause)}`;
    throw new CommandError('command/unwritable-file', message, {
      help: 'see that TMPDIR names a folder with room, and that you may read all files of the recipe’s folder',
      cause,
    });
  }
}

/** Paths are bytes: a name need not be text. */
function copyFolder(from: Buffer, to: Buffer): void {
  mkdirSync(to, { recursive: true, mode: 0o700 });
  for (const entry of readdirSync(from, { withFileTypes: true, encoding: 'buffer' }).reverse()) {
    const source = below(from, entry.name);
    const target = below(to, entry.name);
    if (entry.isSymbolicLink()) symlinkSync(readlinkSync(source, { encoding: 'buffer' }), target);
    else if (entry.isDirectory()) copyFolder(source, target);
    else if (entry.isFile()) copyFile(source, target);
  }
}

function copyFile(source: Buffer, target: Buffer): void {
  copyFileSync(source, target);
  const isExecutable = (statSync(source).mode & 0o100) !== 0;
  chmodSync(target, isExecutable ? 0o700 : 0o600);
}

function below(folder: Buffer, name: Buffer): Buffer {
  return Buffer.concat([folder, Buffer.from('/'), name]);
}
