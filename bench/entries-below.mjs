/** All that stands below a folder; symlinks are named, and not followed. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * @param {string} folder
 * @returns {Generator<{ name: string, kind: 'file' | 'folder' | 'link' }>} relative to the folder, each folder before
 *   what is in it
 */
export function* entriesBelow(folder) {
  const folders = [''];
  for (let prefix = folders.pop(); prefix !== undefined; prefix = folders.pop()) {
    for (const entry of readdirSync(join(folder, prefix), { withFileTypes: true })) {
      const name = `${prefix}${entry.name}`;
      if (entry.isDirectory()) folders.push(`${name}/`);
      yield { name, kind: entry.isDirectory() ? 'folder' : entry.isSymbolicLink() ? 'link' : 'file' };
    }
  }
}

/**
 * Reads every file, so that the page cache holds it, and counts.
 * @param {string} folder
 */
export function warm(folder) {
  const count = { files: 0, folders: 1, links: 0, bytes: 0 };
  for (const { name, kind } of entriesBelow(folder)) {
    count[/** @type {'files' | 'folders' | 'links'} */ (`${kind}s`)] += 1;
    if (kind === 'file') count.bytes += readFileSync(join(folder, name)).length;
  }
  return count;
}
