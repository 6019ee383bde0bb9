/**
 * The files of registries.conf on this computer, as podman and skopeo find them (containers-registries.conf(5) and
 * .conf.d(5)): CONTAINERS_REGISTRIES_CONF, else the user's, else the system's; then the system's and the user's drop-ins
 * in the order of their names, a table replacing an earlier one with the same prefix. Read at the first question, once.
 */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { escapeText } from '../../core/diagnostic/escape-text.ts';
import type { RegistryTable } from './registries-conf.ts';
import { RegistryError } from './registry-error.ts';

export interface RegistriesConf {
  /** Every table, each prefix once; `registry` is who is asked for, for errors: RegistryError `registry/conf-file`. */
  tables(registry: string): Promise<readonly RegistryTable[]>;
}

export const noRegistriesConf: RegistriesConf = { tables: () => Promise.resolve([]) };

export interface ConfPlaces {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** The user's home folder, absolute. */
  readonly home: string;
  /** Where the system's files are; `/etc/containers` but for tests. */
  readonly system?: string;
}

export function registriesConfOf(places: ConfPlaces): RegistriesConf {
  let reading: Promise<readonly RegistryTable[]> | undefined;
  return {
    async tables(registry) {
      reading ??= readAll(places);
      return await reading.catch((error: unknown) => {
        throw error instanceof BadFile ? confError(registry, error) : error;
      });
    },
  };
}

async function readAll({
  environment,
  home,
  system = '/etc/containers',
}: ConfPlaces): Promise<readonly RegistryTable[]> {
  const user = join(given(environment['XDG_CONFIG_HOME']) ?? join(home, '.config'), 'containers');
  const named = given(environment['CONTAINERS_REGISTRIES_CONF']);
  const main =
    named === undefined
      ? ((await readConf(join(user, 'registries.conf'))) ??
        (await readConf(join(system, 'registries.conf'))) ??
        [])
      : await readNamed(named);
  const tables = [...main];
  for (const folder of [system, user]) tables.push(...(await readDropIns(join(folder, 'registries.conf.d'))));
  return [...new Map(tables.map((table) => [table.prefix, table])).values()];
}

async function readNamed(path: string): Promise<readonly RegistryTable[]> {
  const tables = await readConf(path);
  if (tables === undefined) throw badFile(path, 'is not there, and CONTAINERS_REGISTRIES_CONF names it');
  return tables;
}

async function readDropIns(folder: string): Promise<readonly RegistryTable[]> {
  const names = await readdir(folder).catch(() => []);
  const tables: RegistryTable[] = [];
  for (const name of names.filter((candidate) => candidate.endsWith('.conf')).sort()) {
    tables.push(...((await readConf(join(folder, name))) ?? []));
  }
  return tables;
}

/** The tables of one file, or undefined where there is none. */
async function readConf(path: string): Promise<readonly RegistryTable[] | undefined> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unreadable';
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw badFile(path, `cannot be read (${code})`);
  });
  if (text === undefined) return undefined;
  // The parser is loaded for a file that says something; the usual one is all comments.
  if (text.replace(/^\s*#.*$/gm, '').trim() === '') return [];
  const { parseRegistriesConf } = await import('./registries-conf.ts');
  const parsed = parseRegistriesConf(text);
  if (parsed.ok) return parsed.tables;
  throw badFile(path, parsed.problem);
}

/** A file that is of no use, and why: its name and a clause. */
class BadFile extends Error {}

function badFile(path: string, problem: string): BadFile {
  return new BadFile(`${escapeText(path)} ${problem}`);
}

function confError(registry: string, { message }: BadFile): RegistryError {
  const subject = { registry, action: 'find out where to read' };
  return new RegistryError('registry/conf-file', { subject, found: message });
}

function given(value: string | undefined): string | undefined {
  return value === '' ? undefined : value;
}
