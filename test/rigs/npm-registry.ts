/** A small npm registry on loopback: tarballs made of what a test says, some spoilt, some behind a token. */
import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import type { Certificate } from './certificate.ts';
import { rawTar } from './raw-tar.ts';
import { type RecordingListener, type Respond, startListener } from './recording-listener.ts';

export interface PublishedPackage {
  readonly name: string;
  readonly version: string;
  /** Beside package.json. */
  readonly files?: Readonly<Record<string, string>>;
}

export interface NpmRegistryRules {
  /** Names whose tarballs are not what was published. */
  readonly tampered?: readonly string[];
  /** Asked for as a bearer's, for every package. */
  readonly token?: string;
  /** Speaks TLS with it. */
  readonly tls?: Pick<Certificate, 'key' | 'certificate'>;
}

export function startNpmRegistry(
  packages: readonly PublishedPackage[],
  { tampered = [], token, tls }: NpmRegistryRules = {},
): Promise<RecordingListener> {
  const tarballs = new Map(
    packages.map((one) => {
      const told = tampered.includes(one.name) ? { ...one, files: { 'index.js': 'evil();\n' } } : one;
      return [tarballPath(one), tarballOf(told)];
    }),
  );
  const respond: Respond = ({ path, headers }) => {
    if (token !== undefined && headers.authorization !== `Bearer ${token}`) return { status: 401 };
    const body = tarballs.get(path.replace('%2f', '/'));
    return body === undefined ? { status: 404 } : { status: 200, body };
  };
  return startListener(respond, tls === undefined ? {} : { tls });
}

/** What a registry serves under a package's name, as npm names its tarballs. */
function tarballPath({ name, version }: PublishedPackage): string {
  return `/${name}/-/${name.replace(/^@[^/]*[/]/, '')}-${version}.tgz`;
}

function tarballOf({ name, version, files = {} }: PublishedPackage): Buffer {
  const all = { 'package.json': JSON.stringify({ name, version }), ...files };
  const entries = Object.entries(all).map(([path, content]) => ({ name: `package/${path}`, content }));
  return gzipSync(rawTar(entries), { level: 1 });
}

export function integrityOf(published: PublishedPackage): string {
  return `sha512-${createHash('sha512').update(tarballOf(published)).digest('base64')}`;
}

/**
 * package.json and package-lock.json of a project that depends on all of these; no host stands in them, and a newer minor
 * version changes the lock alone.
 */
export function projectOf(packages: readonly PublishedPackage[]): Readonly<Record<string, string>> {
  const dependencies = Object.fromEntries(
    packages.map(({ name, version }) => [name, `^${version.split('.', 1).join()}.0.0`]),
  );
  const manifest = { name: 'project', version: '1.0.0', private: true, dependencies };
  const locked = packages.map((one) => [
    `node_modules/${one.name}`,
    { version: one.version, integrity: integrityOf(one) },
  ]);
  const lock = {
    name: 'project',
    version: '1.0.0',
    lockfileVersion: 3,
    requires: true,
    packages: { '': { name: 'project', version: '1.0.0', dependencies }, ...Object.fromEntries(locked) },
  };
  return { 'package.json': asText(manifest), 'package-lock.json': asText(lock) };
}

function asText(value: object): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}
