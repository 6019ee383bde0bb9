/**
 * The places on this computer where credentials may stand, in the order in which they are asked (command-line.md,
 * Credentials): `--authfile` or REGISTRY_AUTH_FILE; DOCKER_AUTH_CONFIG; docker's config.json under DOCKER_CONFIG or
 * ~/.docker; containers' auth.json of this login, then under ~/.config; GITHUB_TOKEN for ghcr.io.
 */
import { existsSync } from 'node:fs';
import { authFileCredentials } from './auth-file.ts';
import { anonymous, type Credentials } from './credential.ts';
import { Secret } from './secret.ts';

type Environment = Readonly<Record<string, string | undefined>>;

export interface CredentialPlaces {
  /** `--authfile`; wins over REGISTRY_AUTH_FILE. */
  readonly authfile?: string | undefined;
  readonly environment: Environment;
  /** The user's home folder, absolute. */
  readonly home: string;
  /** The user's number, where the system has them. */
  readonly uid?: number | undefined;
}

export interface CredentialSource {
  /** A path, a variable, a flag: for people. */
  readonly name: string;
  /** Whether there is anything to ask; a file that was named counts as there, and fails when it is asked. */
  readonly isThere: () => boolean;
  readonly credentials: Credentials;
}

/** Every source, also those that are not there; nothing is read yet. */
export function credentialSources(places: CredentialPlaces): readonly CredentialSource[] {
  const { environment, home } = places;
  const docker = `${given(environment['DOCKER_CONFIG']) ?? `${home}/.docker`}/config.json`;
  const config = `${given(environment['XDG_CONFIG_HOME']) ?? `${home}/.config`}/containers/auth.json`;
  const login = loginFolder(places);
  return [
    namedFile(places),
    inlineText(environment),
    usualFile(docker, environment),
    ...(login === undefined ? [] : [usualFile(`${login}/containers/auth.json`, environment)]),
    usualFile(config, environment),
    githubToken(environment),
  ];
}

// containers-auth.json(5): what lasts as long as the login; root in a container has no XDG_RUNTIME_DIR.
function loginFolder({ environment, uid }: CredentialPlaces): string | undefined {
  const runtime = given(environment['XDG_RUNTIME_DIR']);
  if (runtime !== undefined) return runtime;
  return uid === undefined ? undefined : `/run/containers/${String(uid)}`;
}

function namedFile({ authfile, environment }: CredentialPlaces): CredentialSource {
  const path = authfile ?? given(environment['REGISTRY_AUTH_FILE']);
  if (path === undefined) return unset('--authfile or REGISTRY_AUTH_FILE');
  const credentials = authFileCredentials({ kind: 'file', path, missing: 'fail' }, environment);
  return { name: path, isThere: () => true, credentials };
}

function inlineText(environment: Environment): CredentialSource {
  const name = 'DOCKER_AUTH_CONFIG';
  const text = given(environment[name]);
  if (text === undefined) return unset(name);
  return {
    name,
    isThere: () => true,
    credentials: authFileCredentials({ kind: 'text', text, name }, environment),
  };
}

function usualFile(path: string, environment: Environment): CredentialSource {
  const credentials = authFileCredentials({ kind: 'file', path, missing: 'ignore' }, environment);
  return { name: path, isThere: () => existsSync(path), credentials };
}

function githubToken(environment: Environment): CredentialSource {
  const token = given(environment['GITHUB_TOKEN']);
  if (token === undefined) return unset('GITHUB_TOKEN (for ghcr.io)');
  const credential = {
    kind: 'password',
    username: given(environment['GITHUB_ACTOR']) ?? 'github',
    password: new Secret(token),
    source: 'GITHUB_TOKEN',
  } as const;
  const find: Credentials['find'] = ({ registry }) =>
    Promise.resolve(registry === 'ghcr.io' ? credential : undefined);
  return { name: 'GITHUB_TOKEN (for ghcr.io)', isThere: () => true, credentials: { find } };
}

function unset(name: string): CredentialSource {
  return { name, isThere: () => false, credentials: anonymous };
}

function given(value: string | undefined): string | undefined {
  return value === '' ? undefined : value;
}
