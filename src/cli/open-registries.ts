/** The registry client of a command: credentials, proxies and trust as its flags and environment say. */
import { resolve } from 'node:path';
import type { Diagnostic } from '../core/diagnostic/diagnostic.ts';
import { escapeText } from '../core/diagnostic/escape-text.ts';
import { type CredentialPlaces, credentialsOf } from '../io/registry/credentials.ts';
import { registriesConfOf } from '../io/registry/registries-conf-files.ts';
import { RegistryClient } from '../io/registry/registry-client.ts';
import {
  proxyFromEnvironment,
  proxyPasswords,
  type RegistrySettings,
  registrySettings,
  withAttempts,
  withTimeout,
} from '../io/registry/registry-settings.ts';
import { CommandError } from './command-error.ts';
import type { RegistryOptions } from './options.ts';
import type { Surroundings } from './surroundings.ts';

export interface RegistryAccess {
  readonly options: RegistryOptions;
  readonly surroundings: Pick<Surroundings, 'env' | 'home' | 'uid' | 'keepSecret' | 'signal'>;
  /** The working folder, after `-C`. */
  readonly folder: string;
  readonly onWait: (warning: Diagnostic) => void;
}

/** Connects to nothing yet. Throws CommandError. */
export function openRegistries(access: RegistryAccess): RegistryClient {
  return new RegistryClient(settingsOf(access));
}

/** Throws CommandError. */
export function settingsOf(access: RegistryAccess): RegistrySettings {
  const { options, surroundings, onWait } = access;
  const { timeout, attempts } = options;
  const { env, home } = surroundings;
  const proxy = proxyFromEnvironment(env);
  proxyPasswords(proxy).forEach(surroundings.keepSecret);
  const settings = registrySettings({
    credentials: credentialsOf(credentialPlaces(access)),
    plainHttp: options.plainHttp ?? [],
    authRealms: (options.authRealm ?? []).map((pair) => authRealmOf(pair)),
    registriesConf: registriesConfOf({ environment: env, home }),
    proxy,
    onSecret: surroundings.keepSecret,
    onWait,
    offline: options.offline === true,
  });
  const timed = timeout === undefined ? settings : withTimeout(settings, timeout);
  return attempts === undefined ? timed : withAttempts(timed, attempts);
}

export function credentialPlaces({ options, surroundings, folder }: RegistryAccess): CredentialPlaces {
  const { env, home, uid } = surroundings;
  const authfile = options.authfile === undefined ? undefined : resolve(folder, options.authfile);
  return { authfile, environment: env, home, uid };
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
