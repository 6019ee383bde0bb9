/**
 * One request for a file, through its redirects, each of which is a decision (redirect-rules.ts). The headers of the
 * caller go to the origin that was asked first and to no other, and not there again once a redirect has left it.
 */
import type { DiagnosticCode } from '../../core/diagnostic/catalogue.ts';
import { escapeText, quoteText } from '../../core/diagnostic/escape-text.ts';
import { Failure } from '../../core/diagnostic/failure.ts';
import { isLoopback } from '../registry/network-address.ts';
import { networkProblem } from '../registry/network-problem.ts';
import { judgeHop } from '../registry/redirect-rules.ts';
import type { RegistrySettings } from '../registry/registry-settings.ts';
import { isPassing, parseRetryAfter } from '../registry/retry.ts';
import { Secret } from '../registry/secret.ts';
import type { Wire, WireResponse } from '../registry/wire.ts';
import { DownloadError } from './download-error.ts';
import type { DownloadRequest } from './download-request.ts';

export interface AskedFile extends Pick<DownloadRequest, 'subject' | 'headersFor' | 'credentials'> {
  readonly url: URL;
  readonly wire: Wire;
  readonly settings: RegistrySettings;
  readonly signal: AbortSignal;
}

const mostRedirects = 10;

/** An answer of 200, 206 or 416, its body unread. Any other is thrown as a DownloadError. */
export async function openFile(
  asked: AskedFile,
  headers: Readonly<Record<string, string>>,
): Promise<WireResponse> {
  let url = asked.url;
  let isOwn = true;
  for (let hops = 0; ; hops++) {
    const own = isOwn ? secretHeaders(asked, url.origin) : {};
    const response = await exchange(asked, url, { ...headers, ...own });
    if (!isRedirect(response.status)) return requireFile(asked, response, { url, isOwn });
    await response.discard();
    if (hops >= mostRedirects) throw tooMany(asked);
    url = nextUrl(asked, url, response.header('location'));
    isOwn &&= url.origin === asked.url.origin;
  }
}

/** The caller's headers, whose secrets nothing prints from now on. */
function secretHeaders(
  { headersFor, settings }: AskedFile,
  origin: string,
): Readonly<Record<string, string>> {
  const headers = headersFor?.(origin) ?? {};
  const [, scheme, word] = /^(\S+) +(\S+)$/.exec(headers['authorization'] ?? '') ?? [];
  if (word === undefined) return headers;
  settings.onSecret(new Secret(word));
  if (scheme?.toLowerCase() !== 'basic') return headers;
  const pair = Buffer.from(word, 'base64').toString('utf8');
  settings.onSecret(new Secret(pair.slice(pair.indexOf(':') + 1)));
  return headers;
}

/** A body that broke off while it was read, as the error to throw. */
export function bodyError(asked: AskedFile, error: unknown): unknown {
  if (asked.signal.aborted) return asked.signal.reason;
  if (error instanceof Failure) return error;
  const { words, again } = networkProblem(error);
  return new DownloadError('download/interrupted', {
    subject: asked.subject,
    found: words,
    again,
    cause: error,
  });
}

function exchange(
  asked: AskedFile,
  url: URL,
  headers: Readonly<Record<string, string>>,
): Promise<WireResponse> {
  const { wire, signal } = asked;
  // A proxy that compresses on the way would change the bytes.
  const all = { 'user-agent': 'layerwright', accept: '*/*', 'accept-encoding': 'identity', ...headers };
  return wire.send({ method: 'GET', url, headers: all, signal }).catch((error: unknown) => {
    if (signal.aborted) throw signal.reason;
    if (error instanceof Failure) throw error;
    const { code, words, again } = networkProblem(error);
    const found = `${escapeText(url.host)}: ${words}`;
    throw new DownloadError(ownCode(code), { subject: asked.subject, found, again, cause: error });
  });
}

function ownCode(code: 'registry/unreachable' | 'registry/certificate'): DiagnosticCode {
  return code === 'registry/unreachable' ? 'download/unreachable' : 'download/certificate';
}

function isRedirect(status: number): boolean {
  return [301, 302, 303, 307, 308].includes(status);
}

function nextUrl(asked: AskedFile, from: URL, location: string | undefined): URL {
  const verdict = judgeHop({ location, from, origin: asked.url, carries: 'nothing' });
  const reason = verdict.allowed ? plainProblem(verdict.url, asked.settings) : verdict.reason;
  if (verdict.allowed && reason === undefined) return verdict.url;
  const found = `a redirect was not followed: ${quoteText(reason ?? '', 300).slice(1, -1)}`;
  throw new DownloadError('download/redirect-refused', { subject: asked.subject, found });
}

/** Who may be asked plainly at first may still not send us on to everybody plainly. */
function plainProblem({ protocol, host }: URL, { plainHttp }: RegistrySettings): string | undefined {
  if (protocol === 'https:' || isLoopback(host) || plainHttp.includes(host)) return undefined;
  return `it leads to plain http (${host})`;
}

function tooMany({ subject }: AskedFile): DownloadError {
  const found = `it was redirected more than ${String(mostRedirects)} times`;
  return new DownloadError('download/too-many-redirects', { subject, found });
}

async function requireFile(
  asked: AskedFile,
  response: WireResponse,
  at: { readonly url: URL; readonly isOwn: boolean },
): Promise<WireResponse> {
  const { status } = response;
  if (status === 200 || status === 206 || status === 416) return response;
  await response.discard();
  const code = codeOf(status);
  throw new DownloadError(code, {
    subject: asked.subject,
    found: `${escapeText(at.url.host)} answered ${String(status)}`,
    again: isPassing(status) ? 'later' : 'never',
    retryAfter: parseRetryAfter(response.header('retry-after'), asked.settings.clock.now()),
    ...(code === 'download/unauthorised' ? signIn(asked, at) : {}),
  });
}

function codeOf(status: number): DiagnosticCode {
  if (status === 401 || status === 403) return 'download/unauthorised';
  if (status === 404 || status === 410) return 'download/not-found';
  return isPassing(status) ? 'download/unavailable' : 'download/refused';
}

function signIn(asked: AskedFile, { url, isOwn }: { readonly url: URL; readonly isOwn: boolean }) {
  const elsewhere = `none, since ${escapeText(asked.url.host)} sent the request on to there`;
  return {
    credentials: isOwn ? (asked.credentials ?? 'none') : elsewhere,
    help: isOwn
      ? `check what ${escapeText(url.host)} wants, and the credentials for it`
      : 'credentials go to the host that was named and to no other; name the place itself',
  };
}
