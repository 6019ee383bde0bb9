/** Makes a folder and those above it, and says what really went wrong. */
import { accessSync, constants, existsSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { errorCode } from './file-problem.ts';

/** Throws the system's own error. `mode` is of the folders that are made, less the umask. */
export function makeFolder(path: string, mode = 0o777): void {
  try {
    mkdirSync(path, { recursive: true, mode });
  } catch (error) {
    // Node answers ENOENT where a folder above cannot be made, whatever the reason.
    if (errorCode(error) === 'ENOENT') accessSync(existingAbove(path), constants.W_OK);
    throw error;
  }
}

function existingAbove(path: string): string {
  const above = dirname(path);
  return existsSync(above) || above === path ? above : existingAbove(above);
}
