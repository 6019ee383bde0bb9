/** What a failed exchange means: in plain words, and whether trying again may help. */
import type { DiagnosticCode } from '../../core/diagnostic/catalogue.ts';
import { escapeText } from '../../core/diagnostic/escape-text.ts';
import { TransferStalled } from './speed-meter.ts';

/** The proxy on the way did not open a tunnel. */
export class ProxyProblem extends Error {
  constructor(cause: unknown) {
    super('the proxy did not let us through', { cause });
    this.name = 'ProxyProblem';
  }
}

export interface NetworkProblem {
  readonly code: DiagnosticCode & ('registry/unreachable' | 'registry/certificate');
  readonly words: string;
  readonly again: 'later' | 'never';
}

const meanings: Readonly<Record<string, readonly [string, NetworkProblem['again']]>> = {
  ECONNREFUSED: ['nothing listens there (connection refused)', 'never'],
  ENOTFOUND: ['the host name is unknown', 'never'],
  EAI_AGAIN: ['the host name could not be looked up for the moment', 'later'],
  EHOSTUNREACH: ['no route to the host', 'never'],
  ENETUNREACH: ['the network is unreachable', 'never'],
  ECONNRESET: ['the connection was reset', 'later'],
  EPIPE: ['the connection was closed while we were sending', 'later'],
  ETIMEDOUT: ['the connection timed out', 'later'],
  UND_ERR_SOCKET: ['the other side closed the connection', 'later'],
  UND_ERR_CONNECT_TIMEOUT: ['no connection within the time limit', 'later'],
  UND_ERR_HEADERS_TIMEOUT: ['no answer within the time limit', 'later'],
  UND_ERR_REQ_CONTENT_LENGTH_MISMATCH: ['the bytes to send are not as many as declared', 'never'],
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: ['the answer is not as long as it says', 'later'],
  UND_ERR_HEADERS_OVERFLOW: ['the answer has more than 16 KiB of headers', 'never'],
};

// OpenSSL's verdicts on certificates, as Node names them (node:tls, X509 certificate error codes).
const certificate =
  /^(?:CERT_|UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_|HOSTNAME_MISMATCH|INVALID_CA|ERR_TLS_CERT)/;

export function networkProblem(error: unknown): NetworkProblem {
  if (error instanceof TransferStalled) {
    return { code: 'registry/unreachable', words: error.message, again: 'later' };
  }
  if (error instanceof ProxyProblem) {
    const { code, words, again } = networkProblem(error.cause);
    return { code, words: `${error.message}: ${words}`, again };
  }
  const code = errorCode(error);
  if (certificate.test(code)) {
    return {
      code: 'registry/certificate',
      words: `its certificate is not accepted (${code})`,
      again: 'never',
    };
  }
  const [known, again] = Object.hasOwn(meanings, code) ? (meanings[code] ?? []) : [];
  if (known !== undefined && again !== undefined)
    return { code: 'registry/unreachable', words: known, again };
  // The parser's HPE_ codes and TLS alerts: the other side does not speak our protocol.
  const text = error instanceof Error ? escapeText(error.message).slice(0, 200) : code;
  return { code: 'registry/unreachable', words: `${text} (${code})`, again: 'never' };
}

/** Whether the other side does not speak TLS: not a certificate that we do not trust, nor a closed port. */
export function isNotTls(error: unknown): boolean {
  const code = errorCode(error);
  return (
    code === 'EPROTO' || code === 'ECONNRESET' || code === 'UND_ERR_SOCKET' || code.startsWith('ERR_SSL_')
  );
}

function errorCode(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown error';
  const own = 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  if (own !== undefined && !own.startsWith('UND_ERR_')) return own;
  const inner = error.cause === undefined ? undefined : errorCode(error.cause);
  return inner !== undefined && inner !== 'Error' ? inner : (own ?? error.name);
}
