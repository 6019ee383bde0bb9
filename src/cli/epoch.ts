/** SOURCE_DATE_EPOCH (reproducible-builds.org/specs/source-date-epoch): whole seconds since 1970, else 0. */
import { escapeText } from '../core/diagnostic/escape-text.ts';
import { CommandError } from './command-error.ts';

/** The last second that RFC 3339 can write: 9999-12-31T23:59:59Z. */
const last = 253_402_300_799;

export function sourceDateEpoch(env: Readonly<Record<string, string | undefined>>): number {
  const text = env['SOURCE_DATE_EPOCH'];
  if (text === undefined || text === '') return 0;
  const seconds = Number(text);
  if (/^\d{1,12}$/.test(text) && seconds <= last) return seconds;
  throw new CommandError(
    'command/bad-epoch',
    `SOURCE_DATE_EPOCH is \`${escapeText(text)}\`, not a number of seconds since 1970`,
    {
      help: 'unset it, or set it to whole seconds, e.g. $(git log -1 --format=%ct)',
    },
  );
}
