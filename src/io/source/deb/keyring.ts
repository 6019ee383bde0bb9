/**
 * The keys that an archive's signatures are held against: files as gpg and apt keep them, binary or armored, with any
 * number of keys. A keyring that cannot be read, or holds no key, is an error and never an empty set.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Key } from 'openpgp';
import { escapeText } from '../../../core/diagnostic/escape-text.ts';
import { isAbsent, systemWords } from '../../store/file-problem.ts';
import { DebError } from '../../../core/deb/deb-error.ts';

/** A keyring as text in apt's own sources, or a file of this computer. */
export type KeyringPlace =
  | { readonly in: 'file'; readonly path: string; readonly shown: string }
  | { readonly in: 'text'; readonly text: string; readonly shown: string };

export interface KeyringChoice {
  readonly places: readonly KeyringPlace[];
  /** Where there are any, no other keys count (Signed-By of sources.list(5)). */
  readonly fingerprints: readonly string[];
}

export interface Keyring {
  /** What to call it in messages: the names of its files. */
  readonly shown: string;
  readonly keys: readonly Key[];
}

/** Larger files are no keyrings. */
const mostBytes = 32 * 1024 * 1024;

export async function readKeyring({ places, fingerprints }: KeyringChoice): Promise<Keyring> {
  const keys: Key[] = [];
  for (const place of places) keys.push(...(await keysOf(place)));
  if (keys.length === 0) throw badKeyring('of this computer', 'is not there');
  const wanted = new Set(fingerprints.map((text) => text.replace(/!$/, '').toLowerCase()));
  const trusted = wanted.size === 0 ? keys : keys.filter((key) => isNamed(key, wanted));
  return { shown: shownAs(places), keys: trusted };
}

function isNamed(key: Key, wanted: ReadonlySet<string>): boolean {
  return key.getKeys().some((one) => wanted.has(one.getFingerprint()));
}

function shownAs(places: readonly KeyringPlace[]): string {
  const [first, second] = places;
  if (first === undefined) return '';
  if (second === undefined) return first.shown;
  return `${first.shown} and ${String(places.length - 1)} more`;
}

async function keysOf(place: KeyringPlace): Promise<Key[]> {
  const bytes = place.in === 'text' ? Buffer.from(place.text) : readFile(place);
  const found = await parseKeys(bytes, place.shown);
  if (found.length === 0) throw badKeyring(place.shown, 'holds no public key');
  return found;
}

function readFile({ path, shown }: { readonly path: string; readonly shown: string }): Buffer {
  try {
    const bytes = readFileSync(path);
    if (bytes.length > mostBytes) throw badKeyring(shown, 'is too large for a keyring');
    return bytes;
  } catch (error) {
    if (error instanceof DebError) throw error;
    throw badKeyring(shown, isAbsent(error) ? 'is not there' : `cannot be read: ${systemWords(error)}`);
  }
}

const armored = /-----BEGIN PGP PUBLIC KEY BLOCK-----[\s\S]{0,33554432}?-----END PGP PUBLIC KEY BLOCK-----/g;

async function parseKeys(bytes: Buffer, shown: string): Promise<Key[]> {
  const { readKeys } = await import('openpgp');
  const text = bytes.subarray(0, 64).toString('latin1').trimStart().startsWith('-----BEGIN')
    ? bytes.toString('latin1')
    : undefined;
  try {
    if (text === undefined) return await readKeys({ binaryKeys: bytes });
    const blocks = text.match(armored) ?? [];
    const read = await Promise.all(blocks.map((armoredKeys) => readKeys({ armoredKeys })));
    return read.flat();
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error);
    throw badKeyring(shown, `is no keyring: ${escapeText(words)}`);
  }
}

function badKeyring(shown: string, found: string): DebError {
  return new DebError('deb/keyring', `the keyring ${escapeText(shown)} ${found}`, {
    help: 'install the archive’s keyring (debian-archive-keyring), or name a file of the context with `keyring`',
  });
}

/** Keyrings that this computer trusts for any archive, in the order of their names; none where there are none. */
export function machineKeyrings({
  aptFolder,
  keyringFolders,
}: {
  readonly aptFolder: string;
  readonly keyringFolders: readonly string[];
}): KeyringPlace[] {
  const own = keyringFolders.flatMap((folder) =>
    namesIn(folder)
      .filter((name) => /^[a-z]+-archive-keyring\.(?:gpg|pgp|asc)$/.test(name))
      .map((name) => join(folder, name)),
  );
  const trusted = join(aptFolder, 'trusted.gpg.d');
  const ofApt = namesIn(trusted)
    .filter((name) => /\.(?:gpg|asc)$/.test(name))
    .map((name) => join(trusted, name));
  return [...own, ...ofApt].map((path) => ({ in: 'file', path, shown: path }));
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder).sort();
  } catch {
    return [];
  }
}
