/** What went wrong with a file, in the words of users: one short list of problems from the many codes of errno. */

export type FileProblem = 'full' | 'read-only' | 'no-permission' | 'too-many-files' | 'io';

/** errno(3); EXDEV stands among `io`, since a store or an output that spans file systems cannot be renamed into place. */
const problems: Readonly<Record<string, FileProblem>> = {
  ENOSPC: 'full',
  EDQUOT: 'full',
  EROFS: 'read-only',
  EACCES: 'no-permission',
  EPERM: 'no-permission',
  EMFILE: 'too-many-files',
  ENFILE: 'too-many-files',
};

const cures: Readonly<Record<FileProblem, string>> = {
  full: 'free some space on that file system and try again',
  'read-only': 'choose a folder that can be written',
  'no-permission': 'check the owner and the mode of that path',
  'too-many-files': 'raise the limit on open files (ulimit -n) or lower --jobs',
  io: 'check the file system and the kernel log',
};

export function fileProblemOf(error: unknown): FileProblem {
  return problems[errorCode(error) ?? ''] ?? 'io';
}

/** The cure for a problem, one sentence. */
export function cureOf(problem: FileProblem): string {
  return cures[problem];
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
