/** The names in a folder, in one order on every machine; a folder that is not there has none. */
import { readdirSync } from 'node:fs';
import { isAbsent } from './file-problem.ts';

/** Throws the system's own error for anything but absence. */
export function namesIn(path: string): string[] {
  try {
    return readdirSync(path).sort();
  } catch (error) {
    if (isAbsent(error)) return [];
    throw error;
  }
}
