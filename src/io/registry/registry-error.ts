/**
 * A registry failed us. Each error says which registry and repository, what was being done, what came back in the
 * registry's own words (escaped), how often it was tried, and where the credentials came from; never a secret.
 */
import type { DiagnosticCode } from '../../core/diagnostic/catalogue.ts';
import { NetworkError, type RetryFacts } from './network-error.ts';

/** What was being done, to what. */
export interface RequestSubject {
  /** As the user writes it, e.g. `ghcr.io` or `127.0.0.1:5000`. */
  readonly registry: string;
  /** Without the registry, e.g. `acme/api`; absent for the registry as a whole. */
  readonly repository?: string | undefined;
  /** A verb phrase: `read manifest 1.4.0`, `upload blob sha256:…`. */
  readonly action: string;
}

export interface RegistryErrorFacts extends RetryFacts {
  readonly subject: RequestSubject;
  /** What was found, without a full stop; already escaped. */
  readonly found: string;
  readonly help?: string | undefined;
  /** HTTP status of the last answer, where there was one. */
  readonly status?: number | undefined;
  /** Codes of the registry's own error document (distribution spec, Error Codes), e.g. `MANIFEST_UNKNOWN`. */
  readonly registryCodes?: readonly string[] | undefined;
  /** Where the credentials came from, e.g. `~/.docker/config.json`. */
  readonly credentials?: string | undefined;
  /** How often the request was tried; 1 unless it was retried. */
  readonly attempts?: number | undefined;
  readonly cause?: unknown;
}

/** What to do when nothing better is known. */
const cures: Partial<Record<DiagnosticCode, string>> = {
  'registry/name': 'write it as `ghcr.io` or `localhost:5000`, and the repository in lower case',
  'registry/unreachable': 'check the name and the port, the network, and HTTPS_PROXY and NO_PROXY',
  'registry/certificate': 'if you trust it, name the file of its authority in NODE_EXTRA_CA_CERTS',
  'registry/unavailable': 'try again later',
  'registry/interrupted': 'try again; if it stays so, look at the network and at proxies on the way',
  'registry/unexpected-answer': 'check that this is the address of a registry',
  'registry/credential-file': 'correct the file, or name another one with --authfile',
  'registry/credential-helper': 'install or repair the helper, or take it out of that file',
  'registry/conf-file': 'correct the file, or name another one in CONTAINERS_REGISTRIES_CONF',
  'registry/blocked': 'read it from elsewhere, or change registries.conf',
  'registry/redirect-refused': 'nothing was sent there; ask the operator of the registry',
  'registry/too-many-redirects': 'ask the operator of the registry',
  'registry/bad-list': 'nothing of it was used; ask the operator of the registry, or of a proxy before it',
  'registry/untrusted-manifest': 'nothing of it was used; have it pushed again, or name another image',
  'registry/offline': 'run it once without --offline, which brings it into the store',
  'registry/differs': 'nothing of it was stored; the registry or a proxy on the way changes what it holds',
};

export class RegistryError extends NetworkError {
  readonly facts: RegistryErrorFacts;
  readonly waitingCode = 'registry/waiting';

  constructor(code: DiagnosticCode, facts: RegistryErrorFacts) {
    const help = facts.help ?? (Object.hasOwn(cures, code) ? cures[code] : undefined);
    super(code, sentence(facts), {
      ...(help === undefined ? {} : { help }),
      ...(facts.cause === undefined ? {} : { cause: facts.cause }),
    });
    this.facts = facts;
  }

  get registry(): string {
    return this.facts.subject.registry;
  }

  get repository(): string | undefined {
    return this.facts.subject.repository;
  }

  get action(): string {
    return this.facts.subject.action;
  }

  get status(): number | undefined {
    return this.facts.status;
  }

  after(attempts: number): RegistryError {
    const tried = attempts < 2 ? {} : { attempts };
    return new RegistryError(this.code, { ...this.facts, ...tried, again: 'never' });
  }
}

/** `ghcr.io/acme/api`, or the registry alone. */
export function subjectName(subject: RequestSubject): string {
  return subject.repository === undefined ? subject.registry : `${subject.registry}/${subject.repository}`;
}

function sentence(facts: RegistryErrorFacts): string {
  const tries = facts.attempts === undefined ? '' : ` (tried ${String(facts.attempts)} times)`;
  const source = facts.credentials === undefined ? '' : `; credentials: ${facts.credentials}`;
  return `cannot ${facts.subject.action} at ${subjectName(facts.subject)}: ${facts.found}${tries}${source}`;
}
