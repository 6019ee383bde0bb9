/** The registry client of a command: credentials, proxies and trust as its flags and environment say. */
import { resolve } from 'node:path';
import type { Diagnostic } from '../core/diagnostic/diagnostic.ts';
import { escapeText } from '../core/diagnostic/escape-text.ts';
import { credentialsOf } from '../io/registry/credentials.ts';
import { RegistryClient } from '../io/registry/registry-client.ts';
import { proxyFromEnvironment, registrySettings } from '../io/registry/registry-settings.ts';
import { CommandError } from './command-error.ts';
import type { RegistryOptions } from './options.ts';
import type { Surroundings } from './surroundings.ts';

export interface RegistryAccess {
  readonly options: RegistryOptions;
  readonly surroundings: Pick<Surroundings, 'env' | 'home'>;
  /** The working folder, after `-C`. */
  readonly folder: string;
  readonly onWait: (warning: Diagnostic) => void;
}

/** Connects to nothing yet. Throws CommandError. */
export function openRegistries({ options, surroundings, folder, onWait }: RegistryAccess): RegistryClient {
  const { env, home } = surroundings;
  const authfile = options.authfile === undefined ? undefined : resolve(folder, options.authfile);
  return new RegistryClient(
    registrySettings({
      credentials: credentialsOf({ authfile, environment: env, home }),
      plainHttp: options.plainHttp ?? [],
      authRealms: (options.authRealm ?? []).map((pair) => authRealmOf(pair)),
      proxy: proxyFromEnvironment(env),
      onWait,
      offline: options.offline === true,
    }),
  );
}

function authRealmOf(pair: string): { registry: string; realm: string } {
  const [registry, realm, ...more] = pair.split('=');
  if (registry !== undefined && registry !== '' && realm !== undefined && realm !== '' && more.length === 0) {
    return { registry, realm };
  }
  throw new CommandError(
    'command/bad-argument',
    `--auth-realm ${escapeText(pair)} is not REGISTRY=HOST[:PORT]`,
    {
      help: 'write it as --auth-realm registry.example=auth.example',
    },
  );
}
