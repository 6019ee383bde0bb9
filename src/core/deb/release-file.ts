/**
 * The Release file of a suite, which its signature covers: names and dates of the suite, and the SHA256 of every index
 * below it (Debian repository format, "Release" files). MD5 and SHA1 are not looked at.
 */
import { fieldOf, isYes, parseSingleControl, wordsOf, type Stanza } from './control-file.ts';
import { malformed } from './deb-error.ts';

export interface ReleaseFile {
  readonly suite: string | undefined;
  readonly codename: string | undefined;
  readonly origin: string | undefined;
  /** UTC seconds. */
  readonly date: number | undefined;
  readonly validUntil: number | undefined;
  readonly components: readonly string[];
  readonly architectures: readonly string[];
  /** Indexes may be fetched under the name of their digest. */
  readonly acquireByHash: boolean;
  /** Packages for `all` stand in an index of their own alone, and not in that of each architecture. */
  readonly separateAll: boolean;
  /** How apt ranks its packages: see PackageSource. */
  readonly priority: 500 | 100 | 1;
  /** By path below the suite: `main/binary-amd64/Packages.xz`. */
  readonly files: ReadonlyMap<string, IndexFile>;
}

export interface IndexFile {
  /** 64 hex digits. */
  readonly sha256: string;
  readonly size: number;
}

/** `text` is what was signed; `what` names it in messages. */
export function parseRelease(text: string, what: string): ReleaseFile {
  const stanza = parseSingleControl(text, what);
  return {
    suite: fieldOf(stanza, 'suite'),
    codename: fieldOf(stanza, 'codename'),
    origin: fieldOf(stanza, 'origin'),
    date: timeOf(stanza, 'date', what),
    validUntil: timeOf(stanza, 'valid-until', what),
    components: wordsOf(fieldOf(stanza, 'components')),
    architectures: wordsOf(fieldOf(stanza, 'architectures')),
    acquireByHash: isYes(fieldOf(stanza, 'acquire-by-hash')),
    separateAll: separatesAll(stanza),
    priority: priorityOf(stanza),
    files: filesOf(stanza, what),
  };
}

/** An index for `all` is listed, and the suite does not say that the others hold its packages too. */
function separatesAll(stanza: Stanza): boolean {
  const hasAll = wordsOf(fieldOf(stanza, 'architectures')).includes('all');
  return hasAll && fieldOf(stanza, 'no-support-for-architecture-all')?.toLowerCase() !== 'packages';
}

function priorityOf(stanza: Stanza): 500 | 100 | 1 {
  if (!isYes(fieldOf(stanza, 'notautomatic'))) return 500;
  return isYes(fieldOf(stanza, 'butautomaticupgrades')) ? 100 : 1;
}

function filesOf(stanza: Stanza, what: string): ReadonlyMap<string, IndexFile> {
  const value = fieldOf(stanza, 'sha256');
  if (value === undefined) throw malformed(what, 'has no SHA256 of its indexes');
  const lines = value.split('\n').filter((line) => line.trim() !== '');
  return new Map(lines.map((line) => readFile(line, what)));
}

function readFile(line: string, what: string): [string, IndexFile] {
  const match = /^\s*([0-9A-Fa-f]{64})\s+([0-9]{1,15})\s+(\S+)$/.exec(line);
  const [, sha256, size, path] = match ?? [];
  if (sha256 === undefined || path === undefined)
    throw malformed(what, 'has a line of SHA256 that cannot be read');
  return [path, { sha256: sha256.toLowerCase(), size: Number(size) }];
}

const months = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');

/** `Sat, 10 May 2025 09:53:31 UTC`, the only form that apt takes (RFC 1123 in UTC; `GMT`, `Z` and `+0000` too). */
function timeOf(stanza: Stanza, name: string, what: string): number | undefined {
  const text = fieldOf(stanza, name);
  if (text === undefined) return undefined;
  const match =
    /^(?:\w{3}, )?\s*(\d{1,2}) (\w{3}) (\d{4}) (\d{1,2}):(\d{2}):(\d{2}) (?:UTC|GMT|Z|[+-]0000)$/.exec(text);
  const [, day, month = '', year, hour, minute, second] = match ?? [];
  if (match === null || !months.includes(month))
    throw malformed(what, `has a time in \`${name}\` that cannot be read`);
  const time = Date.UTC(
    Number(year),
    months.indexOf(month),
    Number(day),
    Number(hour),
    Number(minute),
    Number(second),
  );
  return time / 1000;
}
