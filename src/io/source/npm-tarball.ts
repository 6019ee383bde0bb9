/**
 * The tarball of a package in the store, verified by the integrity of its lock: there already, or out of npm's cache, or
 * from the registry. Wrong bytes of the cache are passed over, as npm does; wrong bytes of a registry are an error.
 */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { quoteText } from '../../core/diagnostic/escape-text.ts';
import { algorithmOf, type Digest, digestOfValue, encodedOf } from '../../core/digest/digest.ts';
import { type Integrity, parseIntegrity } from '../../core/npm/integrity.ts';
import { authorizationFor, registryFor, tarballPlace } from '../../core/npm/npm-registry.ts';
import type { NpmSettings } from '../../core/npm/npmrc.ts';
import { packageText } from '../../core/npm/package-closure.ts';
import type { LockedPackage } from '../../core/npm/package-lock.ts';
import { type ImagePath, joinPath } from '../../core/tree/image-path.ts';
import type { Route } from '../registry/registry-settings.ts';
import { createMemoryStore } from '../store/memory-store.ts';
import type { Store } from '../store/store.ts';
import { readSmallFile } from './digest-file.ts';
import { locateSource } from './locate-source.ts';
import { asError } from './npm-project.ts';
import type { Reading } from './reading.ts';
import { recallBlob, rememberBlob } from './remembered.ts';
import { SourceError } from './source-error.ts';

export interface TarballContext {
  readonly reading: Reading;
  readonly settings: NpmSettings;
  /** The settings, with npm's own registry where they name none. */
  readonly settingsWithRegistry: () => Promise<NpmSettings>;
  /** How registries are reached. */
  readonly route: Route;
  /** npm's cache, absolute. */
  readonly cacheFolder: string;
  /** The folder of the lock, which `file:` starts at. */
  readonly root: ImagePath;
}

/** No package that npm's registry takes is as large. */
const largestTarball = 1024 * 1024 * 1024;

/** Throws SourceError, and what the download and the store throw. */
export async function ensureTarball(locked: LockedPackage, context: TarballContext): Promise<Digest> {
  const integrity = requireIntegrity(locked);
  const known = await storedTarball(integrity, context.reading.store);
  if (known !== undefined) return known;
  const cached = cachedTarball(integrity, context.cacheFolder);
  if (cached !== undefined && matches(cached, integrity)) {
    return keepTarball(cached, integrity, context.reading.store);
  }
  const place = tarballPlace(locked, await settingsFor(locked, context));
  if (place.kind === 'problem') throw asError(place.problem);
  if (place.kind === 'file') return takeBytes(localFile(place.path, context), { locked, integrity, context });
  return downloadTarball(place.url, { locked, integrity, context });
}

/** Whether this computer seems not to have it: for what is said, and for nothing else. */
export async function isToFetch(
  { integrity, resolved }: LockedPackage,
  context: TarballContext,
): Promise<boolean> {
  const parsed = integrity === undefined ? undefined : parseIntegrity(integrity);
  if (parsed === undefined || resolved?.startsWith('file:') === true) return false;
  if ((await storedTarball(parsed, context.reading.store)) !== undefined) return false;
  return !existsSync(cachePath(parsed, context.cacheFolder));
}

/** A lock that says where a package comes from needs no registry. */
function settingsFor(
  { resolved }: LockedPackage,
  context: TarballContext,
): Promise<NpmSettings> | NpmSettings {
  return resolved === undefined ? context.settingsWithRegistry() : context.settings;
}

interface Asked {
  readonly locked: LockedPackage;
  readonly integrity: Integrity;
  readonly context: TarballContext;
}

function requireIntegrity({ name, version, integrity, resolved }: LockedPackage): Integrity {
  const parsed = integrity === undefined ? undefined : parseIntegrity(integrity);
  if (parsed !== undefined) return parsed;
  const said = packageText(name, version);
  const place = tarballPlace({ name, version, resolved }, new Map([['registry', 'https://localhost']]));
  if (place.kind === 'problem') throw asError(place.problem);
  throw new SourceError('npm/no-integrity', `the lock has no integrity for ${quoteText(said)}`, {
    help: 'delete its entry from the lock and run `npm install --package-lock-only`, which writes one',
  });
}

/** Where only a weak digest is known, the store remembers which blob has it. */
function weakKey(integrity: Integrity & { readonly hex: string }): Digest {
  return digestOfValue({ [integrity.kind]: integrity.hex });
}

async function storedTarball(integrity: Integrity, store: Store): Promise<Digest | undefined> {
  const digest =
    integrity.kind === 'digest' ? integrity.digest : await recallBlob(store, 'tarball', weakKey(integrity));
  return digest !== undefined && (await store.blobs.size(digest)) !== undefined ? digest : undefined;
}

async function keepTarball(bytes: Uint8Array, integrity: Integrity, store: Store): Promise<Digest> {
  if (integrity.kind === 'digest') {
    return (await store.blobs.put(bytes, { digest: integrity.digest })).digest;
  }
  const { digest } = await store.blobs.put(bytes);
  await rememberBlob(store, { kind: 'tarball', key: weakKey(integrity) }, digest);
  return digest;
}

function algorithmAndHex(integrity: Integrity): { algorithm: string; hex: string } {
  return integrity.kind === 'digest'
    ? { algorithm: algorithmOf(integrity.digest), hex: encodedOf(integrity.digest) }
    : { algorithm: integrity.kind, hex: integrity.hex };
}

function matches(bytes: Uint8Array, integrity: Integrity): boolean {
  const { algorithm, hex } = algorithmAndHex(integrity);
  return createHash(algorithm).update(bytes).digest('hex') === hex;
}

/** cacache lib/content/path.js: content-v2/ALGORITHM/ab/cd/REST. */
function cachePath(integrity: Integrity, cacheFolder: string): string {
  const { algorithm, hex } = algorithmAndHex(integrity);
  const parts = [hex.slice(0, 2), hex.slice(2, 4), hex.slice(4)];
  return join(cacheFolder, '_cacache', 'content-v2', algorithm, ...parts);
}

function cachedTarball(integrity: Integrity, cacheFolder: string): Uint8Array | undefined {
  try {
    return readFileSync(cachePath(integrity, cacheFolder));
  } catch {
    return undefined;
  }
}

function localFile(path: string, { reading, root }: TarballContext): Uint8Array {
  const located = locateSource(reading.context, joinPath(root, path as ImagePath), reading.onRead);
  if (!located.ok) {
    const { code, message, help } = located.problem;
    throw new SourceError(code, message, help === undefined ? {} : { help });
  }
  return readSmallFile(reading.gate, located.path, largestTarball);
}

async function takeBytes(bytes: Uint8Array, { locked, integrity, context }: Asked): Promise<Digest> {
  if (matches(bytes, integrity)) return keepTarball(bytes, integrity, context.reading.store);
  const said = packageText(locked.name, locked.version);
  throw new SourceError(
    'npm/integrity',
    `the tarball of ${quoteText(said)} does not have the integrity that the lock gives`,
    { help: 'if the new file is right, run `npm install`, which writes its integrity into the lock' },
  );
}

async function downloadTarball(url: string, asked: Asked): Promise<Digest> {
  const { locked, integrity, context } = asked;
  const { settings, route, reading } = context;
  const authorization = authorizationFor(url, settings) ?? registryAuthorization(url, locked, settings);
  const request = {
    url,
    subject: `npm package ${quoteText(packageText(locked.name, locked.version))}`,
    limit: largestTarball,
    route,
    cureIfDifferent:
      'nothing of it was stored; if the new bytes are right, run `npm install`, which writes their integrity into the lock',
    credentials: authorization === undefined ? 'none in .npmrc' : '.npmrc',
    ...(authorization === undefined ? {} : { headersFor: () => ({ authorization }) }),
  };
  if (integrity.kind === 'digest') {
    const expected = { digest: integrity.digest };
    return (await reading.download({ ...request, expected }, reading.store.blobs)).digest;
  }
  // Nothing may enter the store before it is verified, and a store does not know these digests.
  const { blobs } = createMemoryStore();
  const { digest } = await reading.download(request, blobs);
  return takeBytes(await blobs.readAll(digest, largestTarball), asked);
}

/** A registry's credential is good for tarballs that it keeps at another path of its own host (npm-registry-fetch). */
function registryAuthorization(
  url: string,
  { name }: LockedPackage,
  settings: NpmSettings,
): string | undefined {
  const registry = registryFor(name, settings);
  if (registry === undefined || new URL(registry).origin !== new URL(url).origin) return undefined;
  return authorizationFor(`${registry}/`, settings);
}
