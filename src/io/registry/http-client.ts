/**
 * The one HTTP client of a registry, bound to its origin. It adds what wire.ts leaves out: Authorization for the own
 * origin and nobody else, one answer to a challenge, redirects by hand (each hop is judged by redirect-rules.ts, and
 * once a request has left the origin it never gets credentials again), and retries.
 */
import { quoteText } from '../../core/diagnostic/escape-text.ts';
import { answerError } from './answer-error.ts';
import type { Access, Authenticator } from './auth.ts';
import { networkProblem } from './network-problem.ts';
import { judgeHop } from './redirect-rules.ts';
import { RegistryError, type RequestSubject } from './registry-error.ts';
import type { RegistrySettings } from './registry-settings.ts';
import type { RequestBody } from './request-body.ts';
import { withRetries } from './retry.ts';
import type { Secret } from './secret.ts';
import type { Method, Wire, WireRequest, WireResponse } from './wire.ts';
import { Failure } from '../../core/diagnostic/failure.ts';

export interface ClientRequest {
  readonly method: Method;
  readonly url: URL;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: RequestBody;
  readonly subject: RequestSubject;
  readonly access: Access;
  /** Statuses that are handed back; any other is thrown as a RegistryError. */
  readonly expect: readonly number[];
  /** `return`: a redirect is an answer like another (and stands in `expect`). */
  readonly redirects?: 'follow' | 'return';
  /** `one`: the caller repeats a larger piece of work itself. */
  readonly attempts?: 'many' | 'one';
  readonly signal: AbortSignal;
}

export interface HttpClientParts {
  readonly origin: URL;
  readonly authenticator: Authenticator;
  readonly wire: Wire;
  readonly settings: RegistrySettings;
}

// A token must outlive the request that carries it: an upload can be long.
const lifetimes = { plain: 10_000, upload: 60_000 };

export class HttpClient {
  readonly origin: URL;
  readonly settings: RegistrySettings;
  readonly #parts: HttpClientParts;

  constructor(parts: HttpClientParts) {
    this.origin = parts.origin;
    this.settings = parts.settings;
    this.#parts = parts;
  }

  /**
   * One request with all that belongs to it. The caller reads or discards the body of what it gets back.
   * Errors: RegistryError; a Failure of the body; the signal's reason.
   */
  send(request: ClientRequest): Promise<WireResponse> {
    if (this.settings.offline) return Promise.reject(offlineError(request.subject));
    if (request.attempts === 'one') return this.#attempt(request);
    return withRetries(this.settings, request.signal, () => this.#attempt(request));
  }

  /** A body that broke off while it was read, as the error to throw. */
  bodyError(error: unknown, subject: RequestSubject, signal: AbortSignal): unknown {
    return this.#networkError(error, { subject, signal, url: this.origin });
  }

  async #attempt(request: ClientRequest): Promise<WireResponse> {
    const answered = await this.#withCredentials(request);
    const response =
      request.redirects === 'return' ? answered : await this.#followRedirects(request, answered);
    if (request.expect.includes(response.status)) return response;
    const { authenticator, settings } = this.#parts;
    throw await answerError(response, {
      subject: request.subject,
      credentials: authenticator.describe(request.access),
      signInHelp: authenticator.advice(request.access),
      redact: (text) => authenticator.redact(text),
      now: settings.clock.now(),
    });
  }

  async #withCredentials(request: ClientRequest): Promise<WireResponse> {
    if (request.url.origin !== this.origin.origin)
      return await this.#exchange(request, request.url, undefined);
    const { authenticator } = this.#parts;
    const lifetime = request.body === undefined ? lifetimes.plain : lifetimes.upload;
    const unasked = await authenticator.authorization(request, lifetime);
    const first = await this.#exchange(request, request.url, unasked);
    if (first.status !== 401) return first;
    const answer = await authenticator.answer(first.header('www-authenticate'), request, unasked);
    if (answer === undefined) return first;
    await first.discard();
    return await this.#exchange(request, request.url, answer);
  }

  async #followRedirects(request: ClientRequest, first: WireResponse): Promise<WireResponse> {
    let response = first;
    let from = request.url;
    let carried = request.url.origin === this.origin.origin;
    for (let hops = 0; isRedirect(response.status, request); hops++) {
      await response.discard();
      if (hops >= this.settings.redirects) throw this.#tooMany(request);
      const carries = request.body === undefined ? 'nothing' : 'body';
      const verdict = judgeHop({ location: response.header('location'), from, origin: this.origin, carries });
      if (!verdict.allowed) throw redirectRefused(request.subject, verdict.reason);
      from = verdict.url;
      carried &&= from.origin === this.origin.origin;
      const { authenticator } = this.#parts;
      const header = carried ? await authenticator.authorization(request, lifetimes.plain) : undefined;
      response = await this.#exchange(request, from, header);
    }
    return response;
  }

  async #exchange(
    request: ClientRequest,
    url: URL,
    authorization: Secret | undefined,
  ): Promise<WireResponse> {
    const { method, body, signal } = request;
    const headers = {
      'user-agent': 'layerwright',
      ...request.headers,
      ...(authorization && { authorization: authorization.reveal() }),
    };
    try {
      return await this.#parts.wire.send({ method, url, headers, body, signal } satisfies WireRequest);
    } catch (error) {
      throw this.#networkError(error, { subject: request.subject, signal, url });
    }
  }

  #networkError(
    error: unknown,
    at: { readonly subject: RequestSubject; readonly signal: AbortSignal; readonly url: URL },
  ): unknown {
    if (at.signal.aborted) return at.signal.reason;
    if (error instanceof Failure) return error;
    const { code, words, again } = networkProblem(error);
    const found = `${hostAndPort(at.url)}: ${this.#parts.authenticator.redact(words)}`;
    return new RegistryError(code, { subject: at.subject, found, again, cause: error });
  }

  #tooMany(request: ClientRequest): RegistryError {
    const found = `the request was redirected more than ${String(this.settings.redirects)} times`;
    return new RegistryError('registry/too-many-redirects', { subject: request.subject, found });
  }
}

// A body is sent again by 307 and 308 only (RFC 9110, 15.4): the others would turn it into a GET.
function isRedirect(status: number, request: ClientRequest): boolean {
  if (status === 307 || status === 308) return true;
  const reads = request.method === 'GET' || request.method === 'HEAD';
  return reads && (status === 301 || status === 302 || status === 303);
}

function redirectRefused(subject: RequestSubject, reason: string): RegistryError {
  const found = `a redirect was not followed: ${quoteText(reason, 300).slice(1, -1)}`;
  return new RegistryError('registry/redirect-refused', { subject, found });
}

function offlineError(subject: RequestSubject): RegistryError {
  const found = 'the store does not have it, and --offline forbids to ask for it';
  return new RegistryError('registry/offline', { subject, found });
}

/** `ghcr.io:443`. */
export function hostAndPort(url: URL): string {
  return url.port === '' ? `${url.hostname}:${url.protocol === 'https:' ? '443' : '80'}` : url.host;
}
