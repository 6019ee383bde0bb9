/**
 * A client for OCI registries (distribution spec 1.1). It holds connections and tokens for as many registries as are
 * asked for, until it is closed:
 *
 *     const client = new RegistryClient(registrySettings({ credentials }));
 *     const repository = await client.open('ghcr.io', 'acme/api', { purpose: 'read', signal });
 *     const root = await resolveTag(repository, '1.4.0', signal);
 *
 * What can be done with a repository stands in manifests.ts, read-blob.ts and write-blob.ts.
 */
import { quoteText } from '../../core/diagnostic/escape-text.ts';
import type { HttpClient } from './http-client.ts';
import { RegistryError } from './registry-error.ts';
import { type RegistrySettings, registrySettings } from './registry-settings.ts';
import { accessTo, type Purpose, type Repository } from './repository.ts';
import type { Wire } from './wire.ts';

export interface OpenOptions {
  readonly purpose: Purpose;
  /** Another repository of the same registry to mount blobs from. */
  readonly mountFrom?: string | undefined;
  readonly signal: AbortSignal;
}

export class RegistryClient {
  readonly settings: RegistrySettings;
  #wire: Wire | undefined;
  readonly #clients = new Map<string, Promise<HttpClient>>();

  constructor(settings: RegistrySettings = registrySettings()) {
    this.settings = settings;
  }

  /**
   * A repository to work on. `registry` is `HOST[:PORT]` or `docker.io`, `name` the repository without it. Asks only
   * loopback registries anything (whether they speak TLS). Errors: RegistryError `registry/name`.
   */
  async open(registry: string, name: string, options: OpenOptions): Promise<Repository> {
    checkName(registry, name);
    if (options.mountFrom !== undefined) checkName(registry, options.mountFrom);
    const client = await this.#client(registry, options.signal);
    const source = this.settings.copesWith.has('wants-scope-of-mount-source') ? options.mountFrom : undefined;
    return { registry, name, client, access: accessTo(name, options.purpose, source) };
  }

  /** Closes every connection; what is under way fails. */
  async close(): Promise<void> {
    await this.#wire?.close();
  }

  #client(registry: string, signal: AbortSignal): Promise<HttpClient> {
    const known = this.#clients.get(registry);
    if (known !== undefined) return known;
    const opening = this.#connect(registry, signal);
    this.#clients.set(registry, opening);
    opening.catch(() => this.#clients.delete(registry));
    return opening;
  }

  /** What speaks HTTP is loaded when a registry is asked for the first time. */
  async #connect(registry: string, signal: AbortSignal): Promise<HttpClient> {
    const { connect, Wire } = await import('./connect.ts');
    this.#wire ??= new Wire(this.settings);
    return connect(registry, { wire: this.#wire, settings: this.settings }, signal);
  }
}

// distribution spec, Pulling manifests: <name>; at most 255 characters with the registry.
const nameForm = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*$/;

function checkName(registry: string, name: string): void {
  if (name.length <= 255 && nameForm.test(name)) return;
  const subject = { registry, action: 'open a repository' };
  throw new RegistryError('registry/name', {
    subject,
    found: `${quoteText(name)} is not the name of a repository`,
  });
}
