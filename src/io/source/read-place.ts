/**
 * What a snapshot looks at before it decides, for whoever wants to know when it would find something else. Each place
 * is told before it is looked at, so that a watch set up at once misses nothing.
 */
import { baseName, type ImagePath, joinPath, parentPath } from '../../core/tree/image-path.ts';

export interface ReadPlace {
  /** Absolute; bytes that are no UTF-8 are escaped as in an image path. */
  readonly folder: string;
  /** The one name of the folder that matters; all of them where absent. */
  readonly name?: string;
}

export type OnRead = (place: ReadPlace) => void;

/** The place of a path below a folder, by its name in the folder it stands in; both are as in `systemPath`. */
export function placeBelow(folder: string, path: ImagePath): ReadPlace {
  const parent = parentPath(path);
  return { folder: parent === '' ? folder : joinPath(folder as ImagePath, parent), name: baseName(path) };
}

/** All names of a folder below another. */
export function namesBelow(folder: string, path: ImagePath): ReadPlace {
  return { folder: path === '' ? folder : joinPath(folder as ImagePath, path) };
}
