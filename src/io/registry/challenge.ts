/**
 * Reads `WWW-Authenticate` (RFC 9110, 11.6.1): strict, in one pass, in linear time. What does not follow the grammar,
 * names a parameter twice or is longer than 8 KiB is no challenge at all.
 */

export interface Challenge {
  /** In lower case: `basic`, `bearer`. */
  readonly scheme: string;
  /** Names in lower case. A challenge with a token68 in place of parameters has none. */
  readonly parameters: ReadonlyMap<string, string>;
}

const longest = 8192;
// RFC 9110, 5.6.2 and 11.2. All are sticky and repeat one character class, so no input makes them backtrack.
const token = /[!#$%&'*+.^_`|~0-9A-Za-z-]+/y;
const token68 = /[A-Za-z0-9._~+/-]+=*(?=[ \t]*(?:,|$))/y;
const space = /[ \t]*/y;
const separators = /[ \t,]*/y;
const plainText = /[\t \x21\x23-\x5b\x5d-\x7e\x80-\xff]+/y;

/** Every challenge of the header, or undefined where it cannot be read. */
export function parseChallenges(header: string): readonly Challenge[] | undefined {
  if (header.length > longest) return undefined;
  const scanner = new Scanner(header);
  const challenges: Challenge[] = [];
  scanner.take(separators);
  while (!scanner.atEnd()) {
    const challenge = readChallenge(scanner);
    if (challenge === undefined) return undefined;
    challenges.push(challenge);
  }
  return challenges;
}

class Scanner {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  atEnd(): boolean {
    return this.#at >= this.#text.length;
  }

  place(): number {
    return this.#at;
  }

  back(place: number): void {
    this.#at = place;
  }

  /** What the pattern matches here, and moves past it; undefined where it matches nothing. */
  take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0];
    if (found === undefined || found === '') return undefined;
    this.#at += found.length;
    return found;
  }

  takeCharacter(character: string): boolean {
    if (this.#text[this.#at] !== character) return false;
    this.#at++;
    return true;
  }

  any(): string | undefined {
    return this.#text[this.#at++];
  }
}

function readChallenge(scanner: Scanner): Challenge | undefined {
  const scheme = scanner.take(token)?.toLowerCase();
  if (scheme === undefined) return undefined;
  const parameters = new Map<string, string>();
  const spaced = scanner.take(space) !== undefined;
  if (scanner.atEnd() || !spaced) return closeChallenge(scanner, { scheme, parameters });
  const start = scanner.place();
  for (let first = true; ; first = false) {
    const before = scanner.place();
    const read = readParameter(scanner, parameters);
    if (read === 'malformed') return undefined;
    if (read === 'other') {
      scanner.back(before);
      if (first && scanner.take(token68) === undefined) scanner.back(start);
      return first ? closeChallenge(scanner, { scheme, parameters }) : { scheme, parameters };
    }
    scanner.take(space);
    if (scanner.atEnd()) return { scheme, parameters };
    if (!scanner.takeCharacter(',')) return undefined;
    scanner.take(separators);
    if (scanner.atEnd()) return { scheme, parameters };
  }
}

// A challenge without parameters ends at a comma or at the end of the header.
function closeChallenge(scanner: Scanner, challenge: Challenge): Challenge | undefined {
  scanner.take(space);
  if (scanner.atEnd()) return challenge;
  return scanner.takeCharacter(',') ? (scanner.take(separators), challenge) : undefined;
}

function readParameter(scanner: Scanner, into: Map<string, string>): 'read' | 'other' | 'malformed' {
  const name = scanner.take(token)?.toLowerCase();
  scanner.take(space);
  if (name === undefined || !scanner.takeCharacter('=')) return 'other';
  scanner.take(space);
  const quoted = scanner.takeCharacter('"');
  const value = quoted ? readQuoted(scanner) : scanner.take(token);
  // A token68 such as `abc=` looks like a name without a value.
  if (value === undefined) return quoted ? 'malformed' : 'other';
  if (into.has(name)) return 'malformed';
  into.set(name, value);
  return 'read';
}

// RFC 9110, 5.6.4: quoted-string; a backslash quotes the next character.
function readQuoted(scanner: Scanner): string | undefined {
  let value = '';
  for (;;) {
    value += scanner.take(plainText) ?? '';
    const next = scanner.any();
    if (next === '"') return value;
    if (next !== '\\') return undefined;
    const quoted = scanner.any();
    if (quoted === undefined) return undefined;
    value += quoted;
  }
}
