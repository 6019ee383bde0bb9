/**
 * A file that is to stand where the image has a folder. A layer would put it there, and all that is in the folder would
 * be gone: so it is an error. Docker puts the file below the folder; in a recipe a trailing slash says so.
 */
import { escapeText } from '../diagnostic/escape-text.ts';
import type { ImagePath } from '../tree/image-path.ts';
import type { FolderView } from './folder-view.ts';
import { addError, type Planning } from './planning.ts';

export interface NamedFiles {
  /** The item of the recipe. */
  readonly at: string;
  /** What to write instead. */
  readonly cure: string;
  /** Where they would stand. */
  readonly files: readonly ImagePath[];
}

/** Whether a problem was added. */
export function addOverFolder(
  planning: Planning,
  { at, cure, files }: NamedFiles,
  view: FolderView,
): boolean {
  const over = files.find((path) => view.folder(view.resolve(path)) !== undefined);
  if (over === undefined) return false;
  addError(planning, at, {
    code: 'plan/file-over-folder',
    message: `/${escapeText(over)} is a folder of the image, and the file would take its place`,
    help: `${cure}; if the folder is to go, \`remove\` it in a layer before`,
  });
  return true;
}
