/**
 * What of a layer's tree matters to the layers above it: folders and links, what it takes away, the paths of everything
 * else, and its accounts. A base image is known by these, so that nothing of it need be downloaded again.
 */
import {
  type AccountName,
  accountPath,
  accountsIn,
  type AccountTexts,
  accountTexts,
  unreadText,
} from './account-texts.ts';
import { type DirectoryEntry, emptyContents, type SymlinkEntry, type TreeEntry } from './file-tree.ts';
import type { ImagePath } from './image-path.ts';
import { mergeLayers } from './merge-layers.ts';

/** Plain JSON. */
export interface LayerFolders extends AccountTexts {
  /** Folders, links and whiteouts. */
  readonly entries: readonly TreeEntry[];
  /** Files, devices and other names, which may stand where a lower layer has a folder or a link. */
  readonly others: readonly ImagePath[];
}

export interface MergedFolders extends AccountTexts {
  readonly folders: readonly (DirectoryEntry | SymlinkEntry)[];
}

export function layerFolders(entries: readonly TreeEntry[], accounts: AccountTexts): LayerFolders {
  return {
    entries: entries.filter(matters),
    others: entries.filter((entry) => !matters(entry)).map((entry) => entry.path),
    ...accountsIn(accounts),
  };
}

function matters({ type }: TreeEntry): boolean {
  return type === 'directory' || type === 'symlink' || type === 'removed' || type === 'opaque';
}

/** Layers, lowest first, as one root file system. */
export function mergeFolders(layers: readonly LayerFolders[]): MergedFolders {
  const { merged } = mergeLayers(
    layers.map((layer, at) => ({ tree: { entries: standIns(layer, at) }, contents: emptyContents() })),
  );
  const folders = merged.tree.entries.filter(
    (entry) => entry.type === 'directory' || entry.type === 'symlink',
  );
  const layerOf = (path: ImagePath): LayerFolders | undefined => {
    const found = merged.tree.entries.find((entry) => entry.path === path);
    return found?.type === 'character-device' ? layers[found.minor] : undefined;
  };
  const textOf = (name: AccountName): string | undefined => {
    const layer = layerOf(accountPath(name));
    return layer === undefined ? undefined : (layer[name] ?? unreadText);
  };
  return { folders, ...accountTexts(textOf) };
}

/** The layer's entries, with a device in place of each other name; its minor number is the layer it came from. */
function standIns({ entries, others }: LayerFolders, layer: number): TreeEntry[] {
  const plain = { mode: 0, uid: 0, gid: 0, mtime: { seconds: 0 } };
  const names = others.map((path): TreeEntry => ({
    type: 'character-device',
    path,
    major: 0,
    minor: layer,
    ...plain,
  }));
  return [...entries, ...names];
}
