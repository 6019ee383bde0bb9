/**
 * Where the tarball of a package comes from, and what may be shown at its door. Which registry it is the settings say;
 * a credential goes to the host and below the path that it was written for, and nowhere else.
 */
import { toBase64, fromBase64 } from '../digest/base64.ts';
import { quoteText } from '../diagnostic/escape-text.ts';
import type { NpmSettings } from './npmrc.ts';
import type { NpmProblem } from './npm-problem.ts';
import { packageText } from './package-closure.ts';
import type { LockedPackage } from './package-lock.ts';

export type TarballPlace =
  | { readonly kind: 'url'; readonly url: string }
  /** Relative to the folder of the lock. */
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'problem'; readonly problem: NpmProblem };

type Located = Pick<LockedPackage, 'name' | 'version' | 'resolved'>;

export function tarballPlace(locked: Located, settings: NpmSettings): TarballPlace {
  const { resolved } = locked;
  if (resolved === undefined) return inRegistry(locked, settings);
  if (resolved.startsWith('file:')) return { kind: 'file', path: resolved.slice('file:'.length) };
  if (!/^https?:\/\//.test(resolved) || !URL.canParse(resolved)) return fromElsewhere(locked);
  return { kind: 'url', url: throughRegistry(resolved, locked, settings) };
}

/** npm pack's names: the scope stands in the folder and not in the file. */
function inRegistry(locked: Located, settings: NpmSettings): TarballPlace {
  const { name, version = '' } = locked;
  const registry = registryFor(name, settings);
  if (registry === undefined) {
    const message = `the lock does not say where ${quoteText(packageText(name, version))} comes from, and no registry is configured`;
    const help = 'write `registry=URL` into .npmrc, or set npm_config_registry';
    return { kind: 'problem', problem: { code: 'npm/no-registry', message, help } };
  }
  const file = `${name.slice(name.indexOf('/') + 1)}-${version.replace(/\+.*$/, '')}.tgz`;
  return { kind: 'url', url: `${registry}/${name}/-/${file}` };
}

function fromElsewhere({ name, version, resolved = '' }: Located): TarballPlace {
  const isGit = /^(?:git\b|github:|gitlab:|bitbucket:)/.test(resolved);
  const message = `${quoteText(packageText(name, version))} comes from ${isGit ? 'a git repository' : quoteText(resolved)}, which has no tarball that could be verified`;
  const help = 'use a published version, or build node_modules with npm and `copy` it: npm ci --omit=dev';
  return { kind: 'problem', problem: { code: 'npm/no-tarball', message, help } };
}

/** Without a slash at its end; undefined where the settings name none. */
export function registryFor(name: string, settings: NpmSettings): string | undefined {
  const scope = name.startsWith('@') ? name.slice(0, name.indexOf('/')) : undefined;
  const url =
    (scope === undefined ? undefined : settings.get(`${scope}:registry`)) ?? settings.get('registry');
  if (url === undefined || !/^https?:\/\//.test(url) || !URL.canParse(url)) return undefined;
  return url.replace(/\/+$/, '');
}

/**
 * A URL of the lock names the registry of whoever wrote the lock. Where this machine is configured for another one and
 * knows nothing of that host, its own is asked (npm: replace-registry-host); the integrity is the same.
 */
function throughRegistry(resolved: string, { name }: Located, settings: NpmSettings): string {
  const registry = registryFor(name, settings);
  const rule = settings.get('replace-registry-host') ?? 'unknown';
  const url = new URL(resolved);
  if (registry === undefined || rule === 'never' || !url.pathname.includes('/-/')) return resolved;
  const isReplaced =
    rule === 'always' || rule === url.hostname || (rule === 'unknown' && !knownHosts(settings).has(url.host));
  if (!isReplaced) return resolved;
  const base = new URL(registry);
  const prefix = base.pathname.replace(/\/+$/, '');
  const path = url.pathname.startsWith(`${prefix}/`) ? url.pathname : `${prefix}${url.pathname}`;
  return `${base.origin}${path}${url.search}`;
}

/** Hosts that the settings name as a registry or hold a credential for. */
function knownHosts(settings: NpmSettings): Set<string> {
  const urls = [...settings].flatMap(([key, value]) => {
    if (key === 'registry' || key.endsWith(':registry')) return [value];
    return key.startsWith('//') ? [`https:${key.slice(0, key.lastIndexOf(':'))}`] : [];
  });
  return new Set(urls.flatMap((url) => (URL.canParse(url) ? [new URL(url).host] : [])));
}

/** npm-registry-fetch auth.js: the value of Authorization for a URL, by the longest path that has one. */
export function authorizationFor(url: string, settings: NpmSettings): string | undefined {
  const { host, pathname } = new URL(url);
  for (let key = `//${host}${pathname}`; key.length > 2; key = key.replace(/(?:[^/]+|\/)$/, '')) {
    const found = credentialAt(key, settings);
    if (found !== undefined) return found;
  }
  return undefined;
}

function credentialAt(key: string, settings: NpmSettings): string | undefined {
  const token = settings.get(`${key}:_authToken`);
  if (token !== undefined) return `Bearer ${token}`;
  const basic = settings.get(`${key}:_auth`);
  if (basic !== undefined) return `Basic ${basic}`;
  const [user, password] = [settings.get(`${key}:username`), settings.get(`${key}:_password`)];
  if (user === undefined || password === undefined) return undefined;
  const plain = fromBase64(password);
  if (plain === undefined) return undefined;
  const start = new TextEncoder().encode(`${user}:`);
  return `Basic ${toBase64(Uint8Array.from([...start, ...plain]))}`;
}
