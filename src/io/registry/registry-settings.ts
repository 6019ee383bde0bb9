/**
 * What a registry client can be told. Everything has a default; environment variables come in as arguments
 * (see `registrySettings` and `proxyFromEnvironment`), never from the process.
 */
import type { Diagnostic } from '../../core/diagnostic/diagnostic.ts';
import { type Credentials, anonymous } from './credential.ts';
import { type Clock, systemClock } from './clock.ts';

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

export interface RegistrySettings {
  readonly credentials: Credentials;
  /** Registries (`HOST` or `HOST:PORT`) that speak plain http. Loopback needs no entry. */
  readonly plainHttp: readonly string[];
  readonly authRealms: readonly AuthRealm[];
  /** PEM certificates trusted beside the built-in roots. */
  readonly ca: string | undefined;
  readonly proxy: ProxySettings;
  readonly timeouts: Timeouts;
  readonly retries: Retries;
  /** Blobs in flight at once for one delivery. */
  readonly parallel: number;
  readonly redirects: number;
  /** Refuses every request instead of making it. */
  readonly offline: boolean;
  readonly clock: Clock;
  /** A number in [0, 1), for jitter. */
  readonly random: () => number;
  /** Told before each wait, `registry/waiting`, so that nobody wonders why nothing happens. */
  readonly onWait: (warning: Diagnostic) => void;
}

const defaults: RegistrySettings = {
  credentials: anonymous,
  plainHttp: [],
  authRealms: [],
  ca: undefined,
  proxy: {},
  timeouts: { connect: 10_000, headers: 120_000, lowSpeed: { window: 30_000, bytesPerSecond: 1000 } },
  retries: { attempts: 5, first: 500, longest: 20_000, retryAfter: 300_000 },
  parallel: 4,
  redirects: 5,
  offline: false,
  clock: systemClock,
  random: Math.random,
  onWait: () => undefined,
};

/** The settings with defaults for all that is not given. */
export function registrySettings(given: Partial<RegistrySettings> = {}): RegistrySettings {
  return { ...defaults, ...given };
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
