/**
 * What a registry client can be told. Everything has a default; environment variables come in as arguments
 * (see `registrySettings` and `proxyFromEnvironment`), never from the process.
 */
import type { Diagnostic } from '../../core/diagnostic/diagnostic.ts';
import { type Credentials, anonymous } from './credential.ts';
import { type Clock, systemClock } from './clock.ts';
import { allQuirks, type Quirk } from './quirks.ts';
import { Secret } from './secret.ts';
import { noRegistriesConf, type RegistriesConf } from './registries-conf-files.ts';

/** A token server elsewhere that may see a registry's credentials: `--auth-realm REGISTRY=HOST[:PORT]`. */
export interface AuthRealm {
  readonly registry: string;
  readonly realm: string;
}

/** Milliseconds. */
export interface Timeouts {
  readonly connect: number;
  /** From the end of the request to the head of the answer. */
  readonly headers: number;
  /** A transfer that moves fewer than `lowSpeed.bytesPerSecond` for `lowSpeed.window` milliseconds is given up. */
  readonly lowSpeed: { readonly window: number; readonly bytesPerSecond: number };
}

export interface Retries {
  /** How often a request is made at most. */
  readonly attempts: number;
  /** Milliseconds before the second attempt at most; doubled for each later one, up to `longest`. */
  readonly first: number;
  readonly longest: number;
  /** The longest wait that a `Retry-After` is obeyed for, in milliseconds. */
  readonly retryAfter: number;
}

export interface ProxySettings {
  readonly http?: string;
  readonly https?: string;
  readonly none?: string;
}

/** How hosts of one kind are reached, where that is said apart from all others. */
export interface Route {
  /** PEM certificates trusted in place of the built-in roots. */
  readonly authorities?: string;
  /** What is absent is as for everybody. */
  readonly proxy: ProxySettings;
}

export interface RegistrySettings {
  readonly credentials: Credentials;
  /** Registries (`HOST` or `HOST:PORT`) that speak plain http. Loopback needs no entry. */
  readonly plainHttp: readonly string[];
  readonly authRealms: readonly AuthRealm[];
  /** Mirrors, and registries that may answer over plain http. */
  readonly registriesConf: RegistriesConf;
  /** PEM certificates trusted beside the built-in roots. */
  readonly ca: string | undefined;
  /** PEM certificates trusted in place of the built-in roots and of those. */
  readonly onlyCa: string | undefined;
  readonly proxy: ProxySettings;
  readonly timeouts: Timeouts;
  readonly retries: Retries;
  /** Blobs in flight at once for one delivery. */
  readonly parallel: number;
  /** Connections to one host at once, for uploads and for all else each; what is more waits its turn. */
  readonly perHost: number;
  readonly redirects: number;
  /**
   * Blobs of more than so many bytes are uploaded in chunks of that size; undefined: each in one request, which is what
   * every registry takes. A chunk is held in memory; GHCR takes at most 4 MiB.
   */
  readonly uploadChunkBytes: number | undefined;
  /** The oddities of registries that are coped with: all, but for tests. */
  readonly copesWith: ReadonlySet<Quirk>;
  /** Refuses every request instead of making it. */
  readonly offline: boolean;
  readonly clock: Clock;
  /** A number in [0, 1), for jitter. */
  readonly random: () => number;
  /** Told before each wait, `registry/waiting`, so that nobody wonders why nothing happens. */
  readonly onWait: (warning: Diagnostic) => void;
  /** Told of each password and token before it is used, so that it can be kept out of what is printed. */
  readonly onSecret: (secret: Secret) => void;
}

const defaults: RegistrySettings = {
  credentials: anonymous,
  plainHttp: [],
  authRealms: [],
  registriesConf: noRegistriesConf,
  ca: undefined,
  onlyCa: undefined,
  proxy: {},
  timeouts: { connect: 10_000, headers: 120_000, lowSpeed: { window: 30_000, bytesPerSecond: 1000 } },
  retries: { attempts: 5, first: 500, longest: 20_000, retryAfter: 300_000 },
  parallel: 4,
  perHost: 8,
  redirects: 5,
  uploadChunkBytes: undefined,
  copesWith: allQuirks,
  offline: false,
  clock: systemClock,
  random: Math.random,
  onWait: () => undefined,
  onSecret: () => undefined,
};

/** The settings with defaults for all that is not given. */
export function registrySettings(given: Partial<RegistrySettings> = {}): RegistrySettings {
  return { ...defaults, ...given };
}

/** The settings for what is reached in another way. */
export function withRoute(settings: RegistrySettings, { authorities, proxy }: Route): RegistrySettings {
  const onlyCa = authorities ?? settings.onlyCa;
  return { ...settings, onlyCa, proxy: { ...settings.proxy, ...proxy } };
}

/** The settings with one limit, in milliseconds, for connecting, for an answer and for a transfer that crawls. */
export function withTimeout(settings: RegistrySettings, limit: number): RegistrySettings {
  const lowSpeed = { ...settings.timeouts.lowSpeed, window: limit };
  return { ...settings, timeouts: { connect: limit, headers: limit, lowSpeed } };
}

/** The settings with another number of attempts. */
export function withAttempts(settings: RegistrySettings, attempts: number): RegistrySettings {
  return { ...settings, retries: { ...settings.retries, attempts } };
}

/** The proxy variables as curl and Go read them: lower case first, upper case next. */
export function proxyFromEnvironment(
  environment: Readonly<Record<string, string | undefined>>,
): ProxySettings {
  const value = (name: string): string | undefined =>
    environment[name.toLowerCase()] ?? environment[name.toUpperCase()];
  const [http, https, none] = [value('http_proxy'), value('https_proxy'), value('no_proxy')];
  return {
    ...(http === undefined ? {} : { http }),
    ...(https === undefined ? {} : { https }),
    ...(none === undefined ? {} : { none }),
  };
}

/** The passwords that stand in the proxies' own addresses. */
export function proxyPasswords({ http = '', https = '' }: ProxySettings): readonly Secret[] {
  const urls = [http, https].filter((text) => URL.canParse(text)).map((text) => new URL(text));
  return urls
    .filter(({ password }) => password !== '')
    .flatMap(({ username, password }) => {
      const [name, word] = [username, password].map((part) => decodeURIComponent(part));
      const pair = Buffer.from(`${name ?? ''}:${word ?? ''}`, 'utf8').toString('base64');
      return [new Secret(word ?? ''), new Secret(password), new Secret(pair)];
    });
}
