/** The conformance data beside the project (../shared/data); tests that need it are skipped where it is missing. */
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const folder = new URL('../../../../shared/data/', import.meta.url);

/** For describe.skipIf: say so in the test's name. */
export const hasConformanceData = existsSync(folder);

export function readConformanceText(path: string): string {
  return readFileSync(new URL(path, folder), 'utf8');
}

/** The parsed file, of the shape that its README describes; `empty` where the data is missing. */
export function readConformanceData<T>(path: string, empty: T): T {
  return hasConformanceData ? (JSON.parse(readConformanceText(path)) as T) : empty;
}

export function conformancePath(path: string): string {
  return fileURLToPath(new URL(path, folder));
}
