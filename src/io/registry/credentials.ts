/**
 * Credentials: who has some for a registry, asked in a fixed order; the first source that has one wins
 * (command-line.md, Credentials). Nothing is asked before a registry wants to know who we are.
 */
import { authFileCredentials } from './auth-file.ts';
import { anonymous, type Credentials } from './credential.ts';
import { Secret } from './secret.ts';

export interface CredentialPlaces {
  /** `--authfile`; wins over REGISTRY_AUTH_FILE. */
  readonly authfile?: string | undefined;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** The user's home folder, absolute. */
  readonly home: string;
}

/**
 * The sources of this computer, in order: `--authfile` or REGISTRY_AUTH_FILE; DOCKER_AUTH_CONFIG; docker's config.json
 * under DOCKER_CONFIG or ~/.docker; containers' auth.json under XDG_RUNTIME_DIR, then ~/.config; GITHUB_TOKEN for ghcr.io.
 */
export function credentialsOf(places: CredentialPlaces): Credentials {
  const { environment, home } = places;
  const named = places.authfile ?? given(environment['REGISTRY_AUTH_FILE']);
  const inline = given(environment['DOCKER_AUTH_CONFIG']);
  const runtime = given(environment['XDG_RUNTIME_DIR']);
  const file = (path: string, missing: 'ignore' | 'fail'): Credentials =>
    authFileCredentials({ kind: 'file', path, missing }, environment);
  return firstOf([
    ...(named === undefined ? [] : [file(named, 'fail')]),
    ...(inline === undefined
      ? []
      : [authFileCredentials({ kind: 'text', text: inline, name: 'DOCKER_AUTH_CONFIG' }, environment)]),
    file(`${given(environment['DOCKER_CONFIG']) ?? `${home}/.docker`}/config.json`, 'ignore'),
    ...(runtime === undefined ? [] : [file(`${runtime}/containers/auth.json`, 'ignore')]),
    file(`${given(environment['XDG_CONFIG_HOME']) ?? `${home}/.config`}/containers/auth.json`, 'ignore'),
    githubToken(environment),
  ]);
}

/** Asks each in turn. */
export function firstOf(sources: readonly Credentials[]): Credentials {
  return {
    async find(question) {
      for (const source of sources) {
        const found = await source.find(question);
        if (found !== undefined) return found;
      }
      return undefined;
    },
  };
}

function githubToken(environment: CredentialPlaces['environment']): Credentials {
  const token = given(environment['GITHUB_TOKEN']);
  if (token === undefined) return anonymous;
  const username = given(environment['GITHUB_ACTOR']) ?? 'github';
  const credential = {
    kind: 'password',
    username,
    password: new Secret(token),
    source: 'GITHUB_TOKEN',
  } as const;
  return {
    find: ({ registry }) => Promise.resolve(registry === 'ghcr.io' ? credential : undefined),
  };
}

function given(value: string | undefined): string | undefined {
  return value === '' ? undefined : value;
}
