/**
 * Who we are to one registry: anonymous until it asks, then basic or bearer as its challenge says. Tokens are kept for
 * each repository and set of scopes, and fetched anew before they expire. Credentials live here and nowhere else; they
 * go to the registry's own origin, and to a token server that realm-rules.ts allows.
 */
import { escapeText } from '../../core/diagnostic/escape-text.ts';
import { type Challenge, parseChallenges } from './challenge.ts';
import type { Credential } from './credential.ts';
import { judgeRealm } from './realm-rules.ts';
import { RegistryError, type RequestSubject } from './registry-error.ts';
import type { RegistrySettings } from './registry-settings.ts';
import { Secret, withoutSecrets } from './secret.ts';
import { basicHeader, requestToken } from './token-request.ts';
import type { Wire } from './wire.ts';

/** What a request needs to be allowed to do. */
export interface Access {
  readonly repository: string;
  /** Token scopes, e.g. `repository:acme/api:pull` (distribution: docs/spec/auth/scope.md). */
  readonly scopes: readonly string[];
}

export interface AuthRequest {
  readonly access: Access;
  readonly subject: RequestSubject;
  readonly signal: AbortSignal;
}

/** An Authorization header and how long it holds. */
interface Session {
  readonly header: Secret;
  /** Milliseconds since 1970; Infinity for basic. */
  readonly expires: number;
}

interface UsedCredential {
  readonly source: string;
  /** The token server that did not get it. */
  readonly withheldFrom?: string;
}

export class Authenticator {
  readonly #registry: string;
  readonly #origin: URL;
  readonly #wire: Wire;
  readonly #settings: RegistrySettings;
  readonly #sessions = new Map<string, Promise<Session | undefined>>();
  readonly #credentials = new Map<string, Promise<Credential | undefined>>();
  readonly #secrets = new Set<Secret>();
  /** The last challenge that could be answered: later requests answer it before they are asked. */
  #challenge: Challenge | undefined;
  /** By repository, since a file may hold credentials for each. */
  readonly #used = new Map<string, UsedCredential>();

  constructor(
    registry: string,
    origin: URL,
    world: { readonly wire: Wire; readonly settings: RegistrySettings },
  ) {
    this.#registry = registry;
    this.#origin = origin;
    this.#wire = world.wire;
    this.#settings = world.settings;
  }

  /** The header to send unasked: one that holds for at least `lifetime` milliseconds more, or undefined. */
  async authorization(request: AuthRequest, lifetime: number): Promise<Secret | undefined> {
    const kept = this.#sessions.get(keyOf(request.access));
    const session = await kept;
    if (session !== undefined && session.expires - this.#settings.clock.now() >= lifetime)
      return session.header;
    if (this.#challenge === undefined) return undefined;
    return (await this.#renew(this.#challenge, request, kept))?.header;
  }

  /**
   * The header that answers a 401 of the registry's own origin, or undefined where there is no answer to give:
   * no credentials, or those that were just refused. Errors: `registry/realm-refused`, `registry/unauthorised` …
   */
  async answer(
    header: string | undefined,
    request: AuthRequest,
    refused: Secret | undefined,
  ): Promise<Secret | undefined> {
    const challenge = chooseChallenge(header);
    if (challenge === undefined) return undefined;
    this.#challenge = challenge;
    const kept = this.#sessions.get(keyOf(request.access));
    const current = await kept?.catch(() => undefined);
    // Another request may have fetched a fresh token while this one was on its way.
    if (current !== undefined && current.header !== refused) return current.header;
    if (refused !== undefined && challenge.scheme === 'basic') return undefined;
    return (await this.#renew(challenge, request, kept))?.header;
  }

  /** Where the credentials for a repository came from, for messages. */
  describe({ repository }: Access): string {
    const used = this.#used.get(repository);
    if (used === undefined) return 'none were found';
    const { source, withheldFrom } = used;
    if (withheldFrom === undefined) return `from ${source}`;
    return `those of ${source} were not sent to the token server ${withheldFrom}`;
  }

  /** What to do about a 401 or 403, when something better is known than logging in. */
  advice({ repository }: Access): string | undefined {
    const used = this.#used.get(repository);
    if (used === undefined) return undefined;
    if (used.withheldFrom !== undefined)
      return `if you trust that token server, say --auth-realm ${this.#registry}=${used.withheldFrom}`;
    return `they may be wrong, old, or not enough for this: log in again with \`docker login ${this.#registry}\`, or name a file with --authfile`;
  }

  redact(text: string): string {
    return withoutSecrets(text, this.#secrets);
  }

  // Of several requests that find the same session stale, the first opens a new one and the others share it.
  #renew(
    challenge: Challenge,
    request: AuthRequest,
    stale: Promise<Session | undefined> | undefined,
  ): Promise<Session | undefined> {
    const key = keyOf(request.access);
    const present = this.#sessions.get(key);
    if (present !== undefined && present !== stale) return present;
    const opening =
      challenge.scheme === 'basic' ? this.#openBasic(request) : this.#openBearer(challenge, request);
    this.#sessions.set(key, opening);
    // A failure is not remembered: the next request asks again.
    opening.catch(() => this.#sessions.delete(key));
    return opening;
  }

  async #openBasic(request: AuthRequest): Promise<Session | undefined> {
    const credential = await this.#find(request);
    if (credential?.kind !== 'password') return undefined;
    return { header: this.#remember(basicHeader(credential)), expires: Infinity };
  }

  async #openBearer(challenge: Challenge, request: AuthRequest): Promise<Session | undefined> {
    const realm = challenge.parameters.get('realm') ?? '';
    const asker = { registry: this.#registry, origin: this.#origin, pairs: this.#settings.authRealms };
    const verdict = judgeRealm(realm, asker);
    if (!verdict.allowed) throw realmRefused(request.subject, realm, verdict.reason);
    const found = await this.#find(request);
    const send = verdict.credentials === 'send';
    const { access } = request;
    if (!send && found !== undefined)
      this.#used.set(access.repository, { source: found.source, withheldFrom: verdict.url.host });
    const token = await requestToken(this.#wire, this.#settings, {
      realm: verdict.url,
      service: challenge.parameters.get('service'),
      scopes: unitedScopes(access.scopes, challenge.parameters.get('scope')),
      credential: send ? found : undefined,
      subject: request.subject,
      credentials: this.describe(access),
      signInHelp: this.advice(access),
      redact: (text) => this.redact(text),
      signal: request.signal,
    });
    this.#keep(token.token);
    return { header: this.#remember(`Bearer ${token.token.reveal()}`), expires: token.expires };
  }

  async #find(request: AuthRequest): Promise<Credential | undefined> {
    const { repository } = request.access;
    let finding = this.#credentials.get(repository);
    finding ??= this.#settings.credentials.find({ registry: this.#registry, repository });
    this.#credentials.set(repository, finding);
    const credential = await finding;
    if (credential === undefined) return undefined;
    this.#used.set(repository, { source: credential.source });
    this.#keep(credential.kind === 'password' ? credential.password : credential.token);
    // A token server sees the pair as it stands in the header, and its registry may repeat it.
    if (credential.kind === 'password') this.#remember(basicHeader(credential));
    return credential;
  }

  #remember(header: string): Secret {
    this.#keep(new Secret(header.slice(header.indexOf(' ') + 1)));
    return new Secret(header);
  }

  #keep(secret: Secret): void {
    this.#secrets.add(secret);
    this.#settings.onSecret(secret);
  }
}

function keyOf(access: Access): string {
  return [access.repository, ...access.scopes].join(' ');
}

function chooseChallenge(header: string | undefined): Challenge | undefined {
  const challenges = header === undefined ? undefined : parseChallenges(header);
  const bearer = challenges?.find(
    (challenge) => challenge.scheme === 'bearer' && challenge.parameters.has('realm'),
  );
  return bearer ?? challenges?.find((challenge) => challenge.scheme === 'basic');
}

// The registry may know a repository under another name, so what its challenge asks for is asked too, within reason.
function unitedScopes(own: readonly string[], challenged: string | undefined): readonly string[] {
  const extra = (challenged ?? '').split(' ').filter((scope) => scope !== '' && scope.length <= 512);
  const isNew = (scope: string): boolean => {
    const resource = scope.slice(0, scope.lastIndexOf(':') + 1);
    return !own.some((mine) => mine.startsWith(resource));
  };
  return [...own, ...extra.slice(0, 4).filter(isNew)];
}

function realmRefused(subject: RequestSubject, realm: string, reason: string): RegistryError {
  const shown = escapeText(realm.slice(0, 200));
  const found = `the registry names the token server ${shown}, which is not asked: ${reason}`;
  const help = `if you trust it, say --auth-realm ${subject.registry}=HOST[:PORT]`;
  return new RegistryError('registry/realm-refused', { subject, found, help });
}
