/** When the commit that is checked out was made, for `created: commit`. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { escapeText } from '../../core/diagnostic/escape-text.ts';
import { errorCode } from '../store/file-problem.ts';
import { commitPlaces } from './commit-places.ts';
import type { Reading } from './reading.ts';
import { SourceError } from './source-error.ts';

/**
 * UTC seconds of HEAD's committer. git itself is asked, by a plumbing command that no setting of the repository changes
 * or makes run anything. Throws SourceError `source/no-commit`.
 */
export async function readCommitTime({
  context,
  signal,
  onRead,
}: Pick<Reading, 'context' | 'signal' | 'onRead'>): Promise<number> {
  commitPlaces(context).forEach(onRead);
  const args = [
    '-C',
    context,
    '--no-optional-locks',
    '-c',
    'core.fsmonitor=false',
    'cat-file',
    'commit',
    'HEAD',
  ];
  let commit: string;
  try {
    ({ stdout: commit } = await promisify(execFile)('git', args, {
      signal,
      timeout: 20_000,
      maxBuffer: 1 << 24,
    }));
  } catch (error) {
    signal.throwIfAborted();
    throw noCommit(whyNot(error), error);
  }
  // gitformat-commit: `committer NAME <MAIL> SECONDS ZONE`, among the headers before the first empty line.
  const seconds = /^committer .*> (-?[0-9]{1,15}) [+-][0-9]{4}$/m.exec(
    commit.slice(0, commit.indexOf('\n\n') + 1),
  )?.[1];
  if (seconds === undefined) throw noCommit('the commit has no time', undefined);
  return Number(seconds);
}

function whyNot(error: unknown): string {
  if (errorCode(error) === 'ENOENT') return 'git is not installed';
  const { stderr } = error as { readonly stderr?: string };
  const line = stderr?.split('\n').find((text) => text.trim() !== '');
  return line === undefined ? 'git did not answer' : `git says: ${escapeText(line.slice(0, 300))}`;
}

function noCommit(why: string, cause: unknown): SourceError {
  return new SourceError(
    'source/no-commit',
    `reading the time of the commit for \`created: commit\`: ${why}`,
    {
      help: 'commit first, or write `created: epoch` or a fixed time',
      cause,
    },
  );
}
