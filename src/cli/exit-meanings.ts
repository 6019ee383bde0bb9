/** What each exit code says, in the words of help and the man page. */
import type { ExitName } from '../core/diagnostic/exit-code.ts';

export const exitMeanings: Readonly<Record<ExitName, string>> = {
  done: 'done',
  failed: 'failed in a way not named here',
  usage: 'wrong usage or recipe, or a lock out of date',
  untrusted: 'untrusted content refused',
  integrity: 'a digest, checksum or rebuild differs',
  registry: 'registry or network, after retries',
  unauthorised: 'not authorised',
  resource: 'a local resource: disk, files, memory, permissions',
  userCommand: 'a command of yours failed',
  policy: 'a signature or policy is not satisfied',
  differs: 'with --exit-code or --max-growth: something differs, or grew too much',
  bug: 'a bug of ours',
};
