/**
 * Outputs are written beside their place under a name of ours and renamed into it when they are whole, so a failure, a
 * kill or a full disk leaves the place as it was. What a killed build left there is removed by the next one.
 */
import { rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { namesIn } from '../store/folder-names.ts';
import { makeFolder } from '../store/make-folder.ts';
import { ownedName, ownerOf, standingOf } from '../store/process-owner.ts';

/** A fresh path in the folder of `target`; the folder is created where it is not there. */
export function stagingPath(target: string): string {
  const folder = dirname(target);
  makeFolder(folder);
  reclaimStaging(folder, prefixOf(target));
  return join(folder, `${prefixOf(target)}${ownedName()}`);
}

/** Removes what dead processes left in a folder under names that begin with `prefix`. */
export function reclaimStaging(folder: string, prefix: string): void {
  for (const name of namesIn(folder)) {
    const owner = name.startsWith(prefix) ? ownerOf(name.slice(prefix.length)) : undefined;
    if (owner === undefined || standingOf(owner) !== 'gone') continue;
    rmSync(join(folder, name), { recursive: true, force: true });
  }
}

function prefixOf(target: string): string {
  return `.${basename(target)}.layerwright-`;
}
