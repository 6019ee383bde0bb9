/** What .netrc has for a URL: where `NETRC` says it is, or in the user's own folder. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { escapeText } from '../../core/diagnostic/escape-text.ts';
import type { DownloadRequest } from '../download/download-request.ts';
import { findNetrc, parseNetrc } from '../download/netrc.ts';
import { isAbsent } from '../store/file-problem.ts';
import type { Machine } from './machine.ts';

/** Credentials for the URL's own host, and in words whether there are some. */
export function netrcFor(
  { home, env }: Machine,
  url: string,
): Required<Pick<DownloadRequest, 'headersFor' | 'credentials'>> {
  const file = env['NETRC'] ?? join(home, '.netrc');
  const name = escapeText(file);
  if (!URL.canParse(url)) return { headersFor: () => ({}), credentials: 'none' };
  const { hostname, origin } = new URL(url);
  const text = textOf(file);
  const entry = text === 'unreadable' ? undefined : findNetrc(parseNetrc(text), hostname);
  if (entry === undefined) {
    const found = text === 'unreadable' ? `${name} cannot be read` : `${name} has no entry for ${hostname}`;
    return { headersFor: () => ({}), credentials: `none (${found})` };
  }
  const { login, password } = entry;
  const pair = Buffer.from(`${login}:${password.reveal()}`, 'utf8').toString('base64');
  return {
    headersFor: (asked) => (asked === origin ? { authorization: `Basic ${pair}` } : {}),
    credentials: `the entry for ${hostname} in ${name}`,
  };
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    return isAbsent(error) ? '' : 'unreadable';
  }
}
