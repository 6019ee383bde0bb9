/**
 * A corrupt entry of the store is moved out of the way by a rename and counts as not there: one warning, and nothing
 * is unlinked under a reader. Garbage collection empties the quarantine.
 */
import { lstatSync, renameSync, type Stats } from 'node:fs';
import { basename, join } from 'node:path';
import { escapeText } from '../../core/diagnostic/escape-text.ts';
import { ownedName } from './process-owner.ts';
import type { StoreFolder } from './store-folder.ts';

export interface Suspect {
  readonly path: string;
  /** The file that was found wrong; another one that has taken its name meanwhile stays. */
  readonly found: Pick<Stats, 'dev' | 'ino'>;
  /** `is empty`, `has the digest …`: goes after the name of the entry. */
  readonly reason: string;
}

/** Never throws: where the store cannot be written the entry stays, and is still not used. */
export function quarantine(folder: StoreFolder, suspect: Suspect): void {
  if (folder.writable && !moveAway(folder, suspect)) return;
  if (!folder.writable && folder.touched.has(suspect.path)) return;
  folder.touched.add(suspect.path);
  folder.warn({
    code: 'store/entry-quarantined',
    severity: 'warning',
    message: `the store's ${escapeText(shortPath(folder, suspect.path))} ${suspect.reason}; it is not used`,
    help: 'nothing needs doing: it is made or fetched anew; if this comes again, check the disk',
  });
}

function moveAway(folder: StoreFolder, { path, found }: Suspect): boolean {
  try {
    const now = lstatSync(path);
    if (now.ino !== found.ino || now.dev !== found.dev) return false;
    renameSync(path, join(folder.path, 'quarantine', `${ownedName()}.${basename(path)}`));
    return true;
  } catch {
    // Somebody else was quicker.
    return false;
  }
}

function shortPath(folder: StoreFolder, path: string): string {
  return path.startsWith(`${folder.path}/`) ? path.slice(folder.path.length + 1) : path;
}
