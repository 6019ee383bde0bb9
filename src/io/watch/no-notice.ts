/** What is done where the system does not tell of changes: they are looked for, and people are told. */
import type { Diagnostic } from '../../core/diagnostic/diagnostic.ts';
import { systemWords } from '../store/file-problem.ts';

/** Milliseconds. */
export const lookEveryMs = 1000;

/** inotify(7): ENOSPC is the limit of watches, EMFILE that of descriptors for them. */
export function noNotice(error: unknown): Diagnostic {
  return {
    code: 'watch/no-notice',
    severity: 'warning',
    message: `the system watches no more folders (${systemWords(error)}), so changes are looked for every second`,
    help: 'raise fs.inotify.max_user_watches or max_user_instances (sysctl), or leave folders out by .dockerignore',
  };
}
