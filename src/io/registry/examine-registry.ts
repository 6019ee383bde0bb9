/**
 * Looks at one registry as a person would who cannot log in: does it answer, what does it ask for, whose token server does
 * it name, are our credentials taken. Nothing is thrown for what is found wrong: it is the answer.
 */
import type { Diagnostic } from '../../core/diagnostic/diagnostic.ts';
import { diagnosticOf, Failure } from '../../core/diagnostic/failure.ts';
import { Authenticator } from './auth.ts';
import { type Challenge, parseChallenges } from './challenge.ts';
import { findOrigin } from './find-origin.ts';
import { HttpClient } from './http-client.ts';
import { networkProblem } from './network-problem.ts';
import { judgeRealm, type RealmAsker } from './realm-rules.ts';
import { RegistryError } from './registry-error.ts';
import type { RegistrySettings } from './registry-settings.ts';
import { Wire } from './wire.ts';

export interface RegistryExamination {
  /** `https://ghcr.io`; undefined where the name is none or nothing was found. */
  readonly origin?: string;
  /** HTTP status of `GET /v2/` without credentials. */
  readonly status?: number;
  /** What it asks for, in its own order. */
  readonly challenges: readonly ExaminedChallenge[];
  /** `not asked`: it wants no credentials. */
  readonly signIn: 'accepted' | 'refused' | 'not asked' | 'failed';
  readonly problem?: Diagnostic;
}

export interface ExaminedChallenge {
  readonly scheme: string;
  readonly realm?: string;
  readonly service?: string;
  /** Of a token server: `sent`, `withheld`, or why it is not asked at all. */
  readonly credentials?: string;
}

/** `repository` decides where a file holds credentials for some of them alone. */
export interface Examined {
  readonly registry: string;
  readonly repository?: string | undefined;
}

type Findings = Omit<RegistryExamination, 'signIn' | 'problem'>;

export async function examineRegistry(
  examined: Examined,
  settings: RegistrySettings,
  signal: AbortSignal,
): Promise<RegistryExamination> {
  const wire = new Wire(settings);
  let found: Findings = { challenges: [] };
  try {
    const origin = await findOrigin(
      { registry: examined.registry, transport: 'tls' },
      { wire, settings },
      signal,
    );
    found = { ...found, origin: origin.origin };
    const client = new HttpClient({
      origin,
      authenticator: new Authenticator(examined.registry, origin, { wire, settings }),
      wire,
      settings,
    });
    found = { ...found, ...(await knock(wire, { origin, examined, settings, signal })) };
    if (found.status !== 401) return { ...found, signIn: 'not asked' };
    await signInto(client, examined, signal);
    return { ...found, signIn: 'accepted' };
  } catch (error) {
    signal.throwIfAborted();
    const problem = diagnosticOf(failureOf(error, examined));
    return { ...found, signIn: problem.code === 'registry/unauthorised' ? 'refused' : 'failed', problem };
  } finally {
    await wire.close();
  }
}

// distribution spec, Determining Support: GET /v2/.
async function knock(
  wire: Wire,
  at: {
    readonly origin: URL;
    readonly examined: Examined;
    readonly settings: RegistrySettings;
    readonly signal: AbortSignal;
  },
): Promise<Omit<Findings, 'origin'>> {
  const { origin, examined, settings, signal } = at;
  const response = await wire.send({ method: 'GET', url: new URL('/v2/', origin), headers: {}, signal });
  await response.discard();
  const header = response.header('www-authenticate');
  const challenges = (header === undefined ? undefined : parseChallenges(header)) ?? [];
  const asker = { registry: examined.registry, origin, pairs: settings.authRealms };
  return { status: response.status, challenges: challenges.map((each) => described(each, asker)) };
}

function described({ scheme, parameters }: Challenge, asker: RealmAsker): ExaminedChallenge {
  const [realm, service] = [parameters.get('realm'), parameters.get('service')];
  if (scheme !== 'bearer' || realm === undefined)
    return { scheme, ...(realm === undefined ? {} : { realm }) };
  const verdict = judgeRealm(realm, asker);
  const gets = verdict.allowed ? (verdict.credentials === 'send' ? 'sent' : 'withheld') : verdict.reason;
  return { scheme, realm, ...(service === undefined ? {} : { service }), credentials: gets };
}

async function signInto(client: HttpClient, examined: Examined, signal: AbortSignal): Promise<void> {
  const { registry, repository } = examined;
  const scopes = repository === undefined ? [] : [`repository:${repository}:pull`];
  const response = await client.send({
    method: 'GET',
    url: new URL('/v2/', client.origin),
    subject: { registry, repository, action: 'sign in' },
    access: { repository: repository ?? '', scopes },
    expect: [200],
    signal,
  });
  await response.discard();
}

function failureOf(error: unknown, { registry }: Examined): Failure {
  if (error instanceof Failure) return error;
  const { code, words } = networkProblem(error);
  return new RegistryError(code, { subject: { registry, action: 'reach the registry' }, found: words });
}
