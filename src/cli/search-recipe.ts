/**
 * Looks for a recipe from a folder upwards, to the first folder with `.git` (recipe.md, Finding the file). Reads names
 * and no code: cosmiconfig's public entry looks for a configuration of its own in the working folder first, and runs
 * `.config/config.mjs` to get it, so the explorer behind it is used, which looks where it is told and nowhere else.
 */
import { lstat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import * as explorerModule from 'cosmiconfig/dist/Explorer.js';
import type { OnRead } from '../io/source/read-place.ts';
import { searchPlaces } from './search-places.ts';

/** Absolute paths of the recipes in the nearest folder that has one; empty where there is none up to the project's top. */
export async function searchRecipe(cwd: string, onRead?: OnRead): Promise<readonly string[]> {
  for (let folder = cwd; ; folder = dirname(folder)) {
    if (onRead !== undefined) for (const place of searchPlaces) onRead(placeOf(join(folder, place)));
    const found = await recipesIn(folder);
    if (found.length > 0 || (await isTop(folder))) return found;
  }
}

function placeOf(path: string): Parameters<OnRead>[0] {
  return { folder: dirname(path), name: basename(path) };
}

/** Absolute paths of the recipes in one folder. */
export async function recipesIn(folder: string): Promise<string[]> {
  const found: string[] = [];
  for (const place of searchPlaces) {
    const result = await explorerFor(place).search(folder);
    if (result !== null) found.push(result.filepath);
  }
  return found;
}

async function isTop(folder: string): Promise<boolean> {
  return dirname(folder) === folder || (await exists(join(folder, '.git')));
}

async function exists(path: string): Promise<boolean> {
  try {
    await lstat(path);
    return true;
  } catch {
    return false;
  }
}

interface Explorer {
  search(folder: string): Promise<{ readonly filepath: string } | null>;
}

interface ExplorerOptions {
  readonly moduleName: string;
  readonly searchPlaces: readonly string[];
  readonly loaders: Readonly<Record<string, (path: string, content: string) => unknown>>;
  readonly searchStrategy: 'none';
  readonly ignoreEmptySearchPlaces: boolean;
  readonly cache: boolean;
  readonly transform: (result: unknown) => unknown;
  readonly metaConfigFilePath: null;
}

// The module declares no types of its own; its shape is that of version 9.0, to which package.json holds it.
const { Explorer } = explorerModule as unknown as {
  readonly Explorer: new (options: ExplorerOptions) => Explorer;
};

/** The file is read again by whoever parses it, since the loader's text has lost its bytes. */
function explorerFor(place: string): Explorer {
  const present = (): object => ({});
  return new Explorer({
    moduleName: 'oci',
    searchPlaces: [place],
    loaders: {
      noExt: present,
      '.yaml': present,
      '.yml': present,
      '.json': place === 'package.json' ? packageLoader : present,
    },
    searchStrategy: 'none',
    ignoreEmptySearchPlaces: place === 'package.json',
    cache: false,
    transform: (result) => result,
    metaConfigFilePath: null,
  });
}

/** Whether a package.json has the key `oci`; a broken one that speaks of it is left to the parser, which has places. */
function packageLoader(_path: string, content: string): { oci?: true } {
  try {
    const value: unknown = JSON.parse(content);
    return typeof value === 'object' && value !== null && Object.hasOwn(value, 'oci') ? { oci: true } : {};
  } catch {
    return content.includes('"oci"') ? { oci: true } : {};
  }
}
