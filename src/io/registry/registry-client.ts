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
import {
  proxyPasswords,
  type RegistrySettings,
  registrySettings,
  type Route,
  withRoute,
} from './registry-settings.ts';
import { accessTo, type Purpose, type Repository } from './repository.ts';
import type { Endpoint } from './find-origin.ts';
import { tableFor } from './reading-places.ts';
import type { Transport } from './registries-conf.ts';
import type { Wire } from './wire.ts';

export interface OpenOptions {
  readonly purpose: Purpose;
  /** Another repository of the same registry to mount blobs from. */
  readonly mountFrom?: string | undefined;
  /** Whether plain http will do; what registries.conf says of the repository, unless given. */
  readonly transport?: Transport;
  readonly signal: AbortSignal;
}

export class RegistryClient {
  readonly settings: RegistrySettings;
  /** By the route, as text; '' is everybody's. */
  readonly #wires = new Map<string, Wire>();
  readonly #clients = new Map<string, Promise<HttpClient>>();

  constructor(settings: RegistrySettings = registrySettings()) {
    this.settings = settings;
  }

  /**
   * A repository to work on, at the very registry that is named: mirrors are openMirrored's (open-mirrored.ts).
   * `registry` is `HOST[:PORT]` or `docker.io`, `name` the repository without it. Asks only loopback registries anything
   * (whether they speak TLS). Errors: RegistryError `registry/name`.
   */
  async open(registry: string, name: string, options: OpenOptions): Promise<Repository> {
    checkName(registry, name);
    if (options.mountFrom !== undefined) checkName(registry, options.mountFrom);
    const table = tableFor(await this.settings.registriesConf.tables(registry), { registry, name });
    const transport = options.transport ?? table?.transport ?? 'tls';
    const client = await this.#client({ registry, transport }, options.signal);
    const source = this.settings.copesWith.has('wants-scope-of-mount-source') ? options.mountFrom : undefined;
    return { registry, name, client, access: accessTo(name, options.purpose, source) };
  }

  /**
   * Resolves where the registry speaks the distribution spec and takes who we are (Determining Support). Errors:
   * RegistryError, `registry/unauthorised` where it wants other credentials.
   */
  async ping(registry: string, signal: AbortSignal): Promise<void> {
    const table = tableFor(await this.settings.registriesConf.tables(registry), { registry, name: '' });
    const client = await this.#client({ registry, transport: table?.transport ?? 'tls' }, signal);
    const response = await client.send({
      method: 'GET',
      url: new URL('/v2/', client.origin),
      subject: { registry, action: 'find a registry' },
      access: { repository: '', scopes: [] },
      expect: [200],
      signal,
    });
    await response.discard();
  }

  /** Closes every connection; what is under way fails. */
  async close(): Promise<void> {
    await Promise.all([...this.#wires.values()].map((wire) => wire.close()));
  }

  #client(at: Endpoint, signal: AbortSignal): Promise<HttpClient> {
    const key = `${at.transport} ${at.registry}`;
    const known = this.#clients.get(key);
    if (known !== undefined) return known;
    const opening = this.#connect(at, signal);
    this.#clients.set(key, opening);
    opening.catch(() => this.#clients.delete(key));
    return opening;
  }

  /** The connections themselves, for downloads that are no registry's; `close` ends them too. */
  async openWire(route?: Route): Promise<Wire> {
    const { Wire } = await import('./connect.ts');
    const key = route === undefined ? '' : JSON.stringify(route);
    const known = this.#wires.get(key);
    if (known !== undefined) return known;
    proxyPasswords(route?.proxy ?? {}).forEach(this.settings.onSecret);
    const made = new Wire(route === undefined ? this.settings : withRoute(this.settings, route));
    this.#wires.set(key, made);
    return made;
  }

  /** What speaks HTTP is loaded when a registry is asked for the first time. */
  async #connect(at: Endpoint, signal: AbortSignal): Promise<HttpClient> {
    const { connect } = await import('./connect.ts');
    return connect(at, { wire: await this.openWire(), settings: this.settings }, signal);
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
