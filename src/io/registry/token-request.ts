/**
 * Fetches a token (distribution: docs/spec/auth/token.md and oauth.md): GET with the scopes, and a password where there
 * is one and the realm may see it; POST with a refresh token. No redirect is followed: a token server that moves is
 * named anew by its registry (N04).
 */
import { parseStrictJson } from '../../core/oci/strict-json.ts';
import { escapeText } from '../../core/diagnostic/escape-text.ts';
import { answerError } from './answer-error.ts';
import { readBounded } from './bounded-body.ts';
import type { Credential } from './credential.ts';
import { networkProblem } from './network-problem.ts';
import { RegistryError, type RequestSubject } from './registry-error.ts';
import type { RegistrySettings } from './registry-settings.ts';
import { bodyOf } from './request-body.ts';
import { withRetries } from './retry.ts';
import { Secret } from './secret.ts';
import type { Wire, WireRequest, WireResponse } from './wire.ts';

export interface TokenRequest {
  /** Already judged by judgeRealm. */
  readonly realm: URL;
  readonly service: string | undefined;
  readonly scopes: readonly string[];
  /** Only what the realm may see. */
  readonly credential: Credential | undefined;
  readonly subject: RequestSubject;
  /** For messages. */
  readonly credentials: string;
  readonly signInHelp: string | undefined;
  readonly redact: (text: string) => string;
  readonly signal: AbortSignal;
}

export interface Token {
  readonly token: Secret;
  /** Milliseconds since 1970. */
  readonly expires: number;
}

const answerLimit = 262_144;
const tokenForm = /^[\x21-\x7e]{1,32768}$/;

export function requestToken(wire: Wire, settings: RegistrySettings, request: TokenRequest): Promise<Token> {
  return withRetries(settings, request.signal, async () => {
    const asked = settings.clock.now();
    const response = await exchange(wire, request);
    if (response.status === 200) return await readToken(response, request, asked);
    const server = `its token server ${escapeText(request.realm.host)}`;
    if (response.status >= 300 && response.status < 400) {
      await response.discard();
      throw refused(request, `${server} redirected the request for a token (${String(response.status)})`);
    }
    throw await answerError(response, { ...request, answerer: server, now: settings.clock.now() });
  });
}

async function exchange(wire: Wire, request: TokenRequest): Promise<WireResponse> {
  try {
    return await wire.send(wireRequest(request));
  } catch (error) {
    request.signal.throwIfAborted();
    const { code, words, again } = networkProblem(error);
    const found = `its token server ${request.realm.host}: ${request.redact(words)}`;
    throw new RegistryError(code, { subject: request.subject, found, again, cause: error });
  }
}

function wireRequest(request: TokenRequest): WireRequest {
  const { credential, signal } = request;
  const parameters = new URLSearchParams();
  if (request.service !== undefined) parameters.set('service', request.service);
  if (credential?.kind === 'identity-token')
    return refreshRequest(request, { parameters, token: credential.token });
  for (const scope of request.scopes) parameters.append('scope', scope);
  const url = new URL(request.realm);
  url.hash = '';
  for (const [name, value] of parameters) url.searchParams.append(name, value);
  const headers = {
    accept: 'application/json',
    ...(credential && { authorization: basicHeader(credential) }),
  };
  return { method: 'GET', url, headers, signal };
}

// oauth.md: grant_type=refresh_token; several scopes are parted by spaces.
function refreshRequest(
  request: TokenRequest,
  given: { readonly parameters: URLSearchParams; readonly token: Secret },
): WireRequest {
  const { parameters } = given;
  parameters.set('grant_type', 'refresh_token');
  parameters.set('client_id', 'layerwright');
  parameters.set('scope', request.scopes.join(' '));
  parameters.set('refresh_token', given.token.reveal());
  const body = bodyOf(new TextEncoder().encode(parameters.toString()));
  const headers = { accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded' };
  return { method: 'POST', url: request.realm, headers, body, signal: request.signal };
}

/** RFC 7617: `Basic` and base64 of `user:password` in UTF-8. */
export function basicHeader(credential: Credential & { readonly kind: 'password' }): string {
  const pair = `${credential.username}:${credential.password.reveal()}`;
  return `Basic ${Buffer.from(pair, 'utf8').toString('base64')}`;
}

async function readToken(response: WireResponse, request: TokenRequest, asked: number): Promise<Token> {
  const bytes = await readBounded(response, answerLimit).catch((error: unknown) => {
    throw interrupted(request, error);
  });
  const parsed = bytes === 'too-large' ? undefined : parseStrictJson(bytes);
  const value = parsed?.ok === true ? parsed.value : undefined;
  const fields = (typeof value === 'object' && value !== null ? value : {}) as Readonly<
    Record<string, unknown>
  >;
  const token = [fields['token'], fields['access_token']].find(
    (text) => typeof text === 'string' && text !== '',
  );
  if (typeof token !== 'string' || !tokenForm.test(token)) {
    const found = `its token server ${request.realm.host} answered without a usable token`;
    throw new RegistryError('registry/unexpected-answer', { subject: request.subject, found });
  }
  // token.md: 60 seconds when nothing is said, counted from now on our own clock.
  const seconds = fields['expires_in'];
  const lifetime = typeof seconds === 'number' && seconds > 0 ? seconds : 60;
  return { token: new Secret(token), expires: asked + lifetime * 1000 };
}

function interrupted(request: TokenRequest, error: unknown): unknown {
  if (request.signal.aborted) return request.signal.reason;
  const { code, words, again } = networkProblem(error);
  const found = `its token server ${request.realm.host}: ${words}`;
  return new RegistryError(code, { subject: request.subject, found, again, cause: error });
}

function refused(request: TokenRequest, found: string): RegistryError {
  const help = 'nothing was sent to the new address; ask the operator of the registry';
  return new RegistryError('registry/realm-refused', { subject: request.subject, found, help });
}
