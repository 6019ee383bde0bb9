/** The accounts files that a copied tree brings, so that `user` and `owner` know the names in them. */
import { type AccountName, type AccountTexts, accountTexts } from '../../core/tree/account-texts.ts';
import type { FileEntry } from '../../core/tree/file-tree.ts';
import { type ImagePath, joinPath } from '../../core/tree/image-path.ts';
import { nativeDigestOf } from '../store/native-hasher.ts';
import { readSmallFile } from './digest-file.ts';
import type { FolderGate } from './folder-gate.ts';
import { sourceChanged } from './source-error.ts';

/** Accounts files larger than that are not read. */
const mostBytes = 10 * 1024 * 1024;

export interface AccountFile {
  readonly entry: FileEntry;
  /** Relative to the context. */
  readonly inContext: string;
}

/**
 * Texts of the files called passwd and group in a folder. Throws SourceError `source/changed` where one is no longer
 * what its entry says, or `source/unreadable`.
 */
export function readAccountTexts(
  gate: FolderGate,
  folder: ImagePath,
  find: (path: ImagePath) => AccountFile | undefined,
): AccountTexts {
  return accountTexts((name: AccountName): string | undefined => {
    const file = find(joinPath(folder, name as ImagePath));
    if (file === undefined || file.entry.size > mostBytes) return undefined;
    const bytes = readSmallFile(gate, file.inContext as ImagePath, mostBytes);
    if (nativeDigestOf(bytes) !== file.entry.digest)
      throw sourceChanged(file.inContext, 'changed while it was read');
    return bytes.toString('utf8');
  });
}
