/**
 * .netrc (GNU inetutils manual, The .netrc file; curl's reading of it): words between blanks, where `machine` begins an
 * entry. Double quotes make one word of several, with `\\` before a quote. `default`, which would hand a password to every
 * host, is not honoured, and `macdef` is skipped up to the empty line that ends it. Pure.
 */
import { Secret } from '../registry/secret.ts';

export interface NetrcEntry {
  /** In lower case, without a port. */
  readonly machine: string;
  readonly login: string;
  readonly password: Secret;
}

/** The entries in their order; what is no entry is passed over, and an entry without a login or password is none. */
export function parseNetrc(text: string): NetrcEntry[] {
  const entries: { machine: string; login?: string; password?: string }[] = [];
  const words = wordsOf(text)[Symbol.iterator]();
  const next = (): string => words.next().value ?? '';
  let current: (typeof entries)[number] | undefined;
  for (let word = words.next(); word.done !== true; word = words.next()) {
    if (word.value === 'machine') entries.push((current = { machine: next().toLowerCase() }));
    else if (word.value === 'default') current = undefined;
    else if (word.value === 'login' || word.value === 'user') setOn(current, 'login', next());
    else if (word.value === 'password' || word.value === 'passwd') setOn(current, 'password', next());
    else if (word.value === 'account') next();
  }
  return entries.flatMap(({ machine, login, password }) =>
    login === undefined || password === undefined ? [] : [{ machine, login, password: new Secret(password) }],
  );
}

function setOn(
  entry: { login?: string; password?: string } | undefined,
  key: 'login' | 'password',
  value: string,
): void {
  if (entry !== undefined) entry[key] ??= value;
}

/** The first entry for a host, which is written as in a URL. */
export function findNetrc(entries: readonly NetrcEntry[], hostname: string): NetrcEntry | undefined {
  return entries.find(({ machine }) => machine === hostname.toLowerCase());
}

const word = /"((?:[^"\\]|\\.)*)"|[^\s"]\S*/gsy;

function wordsOf(text: string): string[] {
  return withoutMacros(text)
    .split('\n')
    .flatMap((line) => wordsOfLine(line));
}

/** A line that begins with `#` is a comment; elsewhere the sign may begin a password. */
function wordsOfLine(line: string): string[] {
  if (/^\s*#/.test(line)) return [];
  const words: string[] = [];
  for (let at = skipBlanks(line, 0); at < line.length; at = skipBlanks(line, word.lastIndex)) {
    word.lastIndex = at;
    const found = word.exec(line);
    if (found === null) return words;
    const [whole, quoted] = found;
    words.push(quoted === undefined ? whole : quoted.replace(/\\(.)/gs, '$1'));
  }
  return words;
}

function skipBlanks(line: string, from: number): number {
  let at = from;
  while (at < line.length && /\s/.test(line.charAt(at))) at += 1;
  return at;
}

function withoutMacros(text: string): string {
  return text.replaceAll('\r\n', '\n').replace(/^[ \t]*macdef\b[^]*?(?:\n[ \t]*\n|$(?![^]))/gm, '\n');
}
