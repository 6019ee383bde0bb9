/**
 * package-lock.json, versions 2 and 3, as values: the `packages` map, which says where each package stands and where its
 * bytes come from. What npm wrote and this does not need is passed over; what would have to be guessed is refused.
 */
import { quoteText } from '../diagnostic/escape-text.ts';
import type { NpmProblem } from './npm-problem.ts';
import { flagOf, type JsonMap, mapOf, mapText, textOf, textsIn, textsOf } from './read-json.ts';

/** What one package asks for, by the names it asks under. */
export interface Wanted {
  readonly dependencies: ReadonlyMap<string, string>;
  readonly devDependencies: ReadonlyMap<string, string>;
  readonly optionalDependencies: ReadonlyMap<string, string>;
  readonly peerDependencies: ReadonlyMap<string, string>;
  /** Of the peers, those that may be absent. */
  readonly optionalPeers: ReadonlySet<string>;
}

export interface LockedPackage extends Wanted {
  /** The key in `packages`: `node_modules/a`, `packages/b`, '' for the project itself. */
  readonly location: string;
  /** What the package calls itself; for an alias another name than its folder's. */
  readonly name: string;
  readonly version: string | undefined;
  readonly resolved: string | undefined;
  readonly integrity: string | undefined;
  /** Where it is a link to another location, which `resolved` then names. */
  readonly link: boolean;
  readonly inBundle: boolean;
  readonly dev: boolean;
  readonly optional: boolean;
  readonly devOptional: boolean;
  readonly peer: boolean;
  readonly extraneous: boolean;
  readonly hasInstallScript: boolean;
  /** `bin` as written; see commandsOf. */
  readonly bin: unknown;
  readonly os: readonly string[] | undefined;
  readonly cpu: readonly string[] | undefined;
  readonly libc: readonly string[] | undefined;
}

export interface PackageLock {
  /** By location, in the order of the file. */
  readonly packages: ReadonlyMap<string, LockedPackage>;
}

export type LockParse =
  { readonly ok: true; readonly lock: PackageLock } | { readonly ok: false; readonly problem: NpmProblem };

/** `file` is what the lock is called in messages. */
export function parsePackageLock(text: string, file: string): LockParse {
  const read = mapText(text);
  if (read === undefined) return refuse('npm/bad-lock', `${quoteText(file)} is no JSON map`);
  const packages = mapOf(read['packages']);
  if (packages === undefined) {
    const version = read['lockfileVersion'];
    const said = typeof version === 'number' ? ` (lockfileVersion ${String(version)})` : '';
    return refuse(
      'npm/old-lock',
      `${quoteText(file)}${said} has no \`packages\` map, as npm 7 and later write it`,
    );
  }
  const parsed = Object.entries(packages).map(([location, value]) => packageAt(location, value));
  const [bad] = parsed.filter((entry) => typeof entry === 'string');
  if (bad !== undefined) return refuse('npm/bad-lock', `${quoteText(file)}: ${bad}`);
  const entries = parsed.filter((entry) => typeof entry !== 'string');
  return { ok: true, lock: { packages: new Map(entries.map((entry) => [entry.location, entry])) } };
}

function refuse(code: NpmProblem['code'], message: string): LockParse {
  const help = 'write it anew with `npm install --package-lock-only`, from npm 7 or later';
  return { ok: false, problem: { code, message, help } };
}

/** A package, or what is wrong with it. */
function packageAt(location: string, value: unknown): LockedPackage | string {
  const entry = mapOf(value);
  if (entry === undefined) return `the entry ${quoteText(location)} is no map`;
  if (!isLocation(location)) return `${quoteText(location)} is no place of a package`;
  return {
    location,
    name: textOf(entry['name']) ?? nameOfLocation(location),
    version: textOf(entry['version']),
    resolved: textOf(entry['resolved']),
    integrity: textOf(entry['integrity']),
    ...flagsOf(entry),
    bin: entry['bin'],
    os: textsOf(entry['os']),
    cpu: textsOf(entry['cpu']),
    libc: textsOf(entry['libc']),
    ...wantedOf(entry),
  };
}

function flagsOf(entry: JsonMap) {
  return {
    link: flagOf(entry['link']),
    inBundle: flagOf(entry['inBundle']),
    dev: flagOf(entry['dev']),
    optional: flagOf(entry['optional']),
    devOptional: flagOf(entry['devOptional']),
    peer: flagOf(entry['peer']),
    extraneous: flagOf(entry['extraneous']),
    hasInstallScript: flagOf(entry['hasInstallScript']),
  };
}

/** The same of a package.json and of an entry of the lock. */
export function wantedOf(entry: JsonMap): Wanted {
  const meta = Object.entries(mapOf(entry['peerDependenciesMeta']) ?? {});
  const optional = meta.filter(([, value]) => flagOf(mapOf(value)?.['optional']));
  return {
    dependencies: textsIn(entry['dependencies']),
    devDependencies: textsIn(entry['devDependencies']),
    optionalDependencies: textsIn(entry['optionalDependencies']),
    peerDependencies: textsIn(entry['peerDependencies']),
    optionalPeers: new Set(optional.map(([name]) => name)),
  };
}

/** Relative, of plain components; `..` only at its start, for a folder beside the project. */
function isLocation(location: string): boolean {
  if (location === '') return true;
  if (location.includes('\0') || location.includes('\\') || location.length > 4096) return false;
  const parts = location.split('/');
  const down = parts.slice(parts.findIndex((part) => part !== '..'));
  return down.length > 0 && down.every((part) => part !== '' && part !== '.' && part !== '..');
}

/** `@scope/name` or `name`: the folder's name below the last node_modules, else its last component. */
export function nameOfLocation(location: string): string {
  const parts = location.split('/');
  const last = parts.at(-1) ?? '';
  const scope = parts.at(-2);
  return scope?.startsWith('@') === true ? `${scope}/${last}` : last;
}
