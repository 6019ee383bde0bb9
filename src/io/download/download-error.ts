/**
 * A download failed us. Each error says what was being fetched, what came back, how often it was tried and whether
 * credentials went along; never a secret, and never where a redirect led in full, since such URLs often carry one.
 */
import type { DiagnosticCode } from '../../core/diagnostic/catalogue.ts';
import { NetworkError, type RetryFacts } from '../registry/network-error.ts';

export interface DownloadErrorFacts extends RetryFacts {
  /** What was being fetched, as messages call it; already escaped. */
  readonly subject: string;
  /** What was found, without a full stop; already escaped. */
  readonly found: string;
  readonly help?: string | undefined;
  /** Where the credentials came from, or that there were none. */
  readonly credentials?: string | undefined;
  /** How often the request was tried; absent for once. */
  readonly attempts?: number | undefined;
  readonly cause?: unknown;
}

/** What to do when nothing better is known. */
const cures: Partial<Record<DiagnosticCode, string>> = {
  'download/unreachable': 'check the URL, the network, and HTTPS_PROXY and NO_PROXY',
  'download/certificate': 'if you trust it, name the file of its authority in NODE_EXTRA_CA_CERTS',
  'download/unavailable': 'try again later',
  'download/not-found': 'check the URL; what was there may have moved',
  'download/refused': 'check the URL',
  'download/interrupted': 'try again; if it stays so, look at the network and at proxies on the way',
  'download/redirect-refused': 'nothing was sent there; name the place itself if you trust it',
  'download/too-many-redirects': 'check the URL, or name the place itself',
  'download/plain-http': 'write https://, or allow that host with --plain-http',
  'download/too-large': 'nothing of it was stored; check that it is the file you mean',
  'download/differs': 'nothing of it was stored; if the new bytes are right, pin them anew',
  'download/offline': 'run it once without --offline, which brings it into the store',
};

export class DownloadError extends NetworkError {
  readonly facts: DownloadErrorFacts;
  readonly waitingCode = 'download/waiting';

  constructor(code: DiagnosticCode, facts: DownloadErrorFacts) {
    const help = facts.help ?? (Object.hasOwn(cures, code) ? cures[code] : undefined);
    super(code, sentence(facts), {
      ...(help === undefined ? {} : { help }),
      ...(facts.cause === undefined ? {} : { cause: facts.cause }),
    });
    this.facts = facts;
  }

  after(attempts: number): DownloadError {
    const tried = attempts < 2 ? {} : { attempts };
    return new DownloadError(this.code, { ...this.facts, ...tried, again: 'never' });
  }
}

function sentence({ subject, found, attempts, credentials }: DownloadErrorFacts): string {
  const tries = attempts === undefined ? '' : ` (tried ${String(attempts)} times)`;
  const source = credentials === undefined ? '' : `; credentials: ${credentials}`;
  return `cannot fetch ${subject}: ${found}${tries}${source}`;
}
