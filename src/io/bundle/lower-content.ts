/**
 * What whiteouts hide: the content of a folder that lower layers put there. Entries of the whiteout's own layer stay,
 * whether they came before it or after (image-spec layer.md, Whiteouts: they apply to lower layers only).
 */
import { lstatSync, readdirSync } from 'node:fs';
import { type ImagePath, joinPath, pathFromBytes } from '../../core/tree/image-path.ts';
import type { FolderChain } from './folder-chain.ts';
import { descriptorPath, type Spot, spotFile, spotPath } from './held-folder.ts';

/** Paths without links on the way. */
export interface WrittenPaths {
  /** Whether the layer has put an entry at the path or below it. */
  has(path: ImagePath): boolean;
  /** Whether the layer has put an entry at the path itself. */
  owns(path: ImagePath): boolean;
}

export interface Clearing {
  readonly chain: FolderChain;
  /** A folder, by its path without links on the way. */
  readonly start: ImagePath;
  readonly written: WrittenPaths;
  readonly discard: (spot: Spot) => void;
  /** A folder stays, but only for what the layer has put below it. */
  readonly imply: (spot: Spot) => void;
}

export function clearLower({ chain, start, written, discard, imply }: Clearing): void {
  const waiting = [start];
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    const search = chain.find(path);
    if (!search.found || search.folder.path !== path) continue;
    const { folder } = search;
    for (const bytes of readdirSync(descriptorPath(folder.fd), { encoding: 'buffer' })) {
      const spot = { folder, name: pathFromBytes(bytes) };
      if (!written.has(spotPath(spot))) discard(spot);
      else if (isFolder(spot)) {
        if (!written.owns(spotPath(spot))) imply(spot);
        waiting.push(joinPath(path, spot.name as ImagePath));
      }
    }
  }
}

function isFolder(spot: Spot): boolean {
  return lstatSync(spotFile(spot)).isDirectory();
}
