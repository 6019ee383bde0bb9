/** What went wrong with a file, in the words of users: one short list of problems from the many codes of errno. */

export type FileProblem = 'full' | 'read-only' | 'no-permission' | 'too-many-files' | 'io';

/**
 * errno(3). EFBIG is the limit of a process on the size of its files, which is a quota too; EXDEV stands among `io`,
 * since a store or an output that spans file systems cannot be renamed into place.
 */
const problems: Readonly<Record<string, FileProblem>> = {
  ENOSPC: 'full',
  EDQUOT: 'full',
  EFBIG: 'full',
  EROFS: 'read-only',
  EACCES: 'no-permission',
  EPERM: 'no-permission',
  EMFILE: 'too-many-files',
  ENFILE: 'too-many-files',
};

const cures: Readonly<Record<FileProblem, string>> = {
  full: 'free some space there, or raise the quota or the limit on file sizes (ulimit -f), and try again',
  'read-only': 'choose a folder that can be written',
  'no-permission': 'check the owner and the mode of that path',
  'too-many-files': 'raise the limit on open files (ulimit -n) or lower --jobs',
  io: 'check the file system and the kernel log',
};

export function fileProblemOf(error: unknown): FileProblem {
  return problems[errorCode(error) ?? ''] ?? 'io';
}

/** Something on the way stands there that should not, or does not that should. */
const pathCodes = new Set(['ENOENT', 'ENOTDIR', 'EISDIR', 'EEXIST', 'ELOOP', 'ENAMETOOLONG']);

/** What to do about what the system said, one sentence. */
export function cureFor(error: unknown): string {
  return pathCodes.has(errorCode(error) ?? '') ? 'check the path' : cures[fileProblemOf(error)];
}

/** `ENOENT`, `EXDEV`, … of an error that the system gave; undefined for any other. */
export function errorCode(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

/** Whether an error only says that a path is not there. */
export function isAbsent(error: unknown): boolean {
  const code = errorCode(error);
  return code === 'ENOENT' || code === 'ENOTDIR';
}

/** The system's own words: `ENOSPC: no space left on device`. */
export function systemWords(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const comma = message.indexOf(', ');
  return errorCode(error) !== undefined && comma > 0 ? message.slice(0, comma) : message;
}
