/**
 * One pattern of a .dockerignore file, by Docker's rules (github.com/moby/patternmatcher, and Go's filepath.Match for
 * what is well-formed): `*` and `?` stop at a slash, `**` does not, `[a-z]` and `[^a-z]` are classes, `\` takes the next
 * character as it is. Case matters and a leading dot is nothing special.
 */
import { compileTokens, literalOf, type Range, type Token } from './path-automaton.ts';

export interface PathPattern {
  matches(path: string): boolean;
}

/** Compiles a cleaned pattern (see cleanPattern); undefined where it is malformed. */
export function compilePattern(pattern: string): PathPattern | undefined {
  const tokens = tokensOf([...pattern]);
  if (tokens === undefined) return undefined;
  // Docker compares a `**` in front of plain text by its end alone: `**.log` hides `a.log` and `b/c.log`.
  const [first, ...rest] = tokens;
  const suffix = first?.type === 'folders' ? literalOf(rest) : undefined;
  if (suffix !== undefined && isPlain(pattern)) return suffixPattern(pattern.slice(2));
  return { matches: compileTokens(tokens) };
}

function isPlain(pattern: string): boolean {
  return !/[[\]\\]/.test(pattern);
}

function suffixPattern(suffix: string): PathPattern {
  return { matches: (path) => path.endsWith(suffix) || (suffix.startsWith('/') && path === suffix.slice(1)) };
}

interface Read {
  readonly token: Token;
  /** Position behind what was read. */
  readonly next: number;
}

function tokensOf(characters: readonly string[]): Token[] | undefined {
  const tokens: Token[] = [];
  for (let at = 0; at < characters.length;) {
    const read = readToken(characters, at);
    if (read === undefined) return undefined;
    tokens.push(read.token);
    at = read.next;
  }
  return tokens;
}

function readToken(characters: readonly string[], at: number): Read | undefined {
  const character = characters[at] ?? '';
  if (character === '?') return { token: { type: 'one' }, next: at + 1 };
  if (character === '[') return readClass(characters, at + 1);
  if (character === '*') return readStars(characters, at);
  if (character !== '\\') return { token: { type: 'literal', character }, next: at + 1 };
  const escaped = characters[at + 1];
  return escaped === undefined ? undefined : { token: { type: 'literal', character: escaped }, next: at + 2 };
}

function readStars(characters: readonly string[], at: number): Read {
  if (characters[at + 1] !== '*') return { token: { type: 'some' }, next: at + 1 };
  const next = characters[at + 2] === '/' ? at + 3 : at + 2;
  return { token: { type: next >= characters.length ? 'rest' : 'folders' }, next };
}

// filepath.Match: '[' [ '^' ] { range } ']', with at least one range, and `-`, `]` and `\` only behind a backslash.
function readClass(characters: readonly string[], start: number): Read | undefined {
  const negated = characters[start] === '^';
  const ranges: Range[] = [];
  let at = negated ? start + 1 : start;
  while (characters[at] !== ']' || ranges.length === 0) {
    const low = readClassCharacter(characters, at);
    if (low === undefined) return undefined;
    at = low.next;
    if (characters[at] !== '-') {
      ranges.push([low.code, low.code]);
      continue;
    }
    const high = readClassCharacter(characters, at + 1);
    if (high === undefined || high.code < low.code) return undefined;
    ranges.push([low.code, high.code]);
    at = high.next;
  }
  return { token: { type: 'class', negated, ranges }, next: at + 1 };
}

function readClassCharacter(
  characters: readonly string[],
  at: number,
): { readonly code: number; readonly next: number } | undefined {
  const character = characters[at];
  if (character === undefined || character === '-' || character === ']') return undefined;
  if (character !== '\\') return { code: character.codePointAt(0) ?? 0, next: at + 1 };
  const escaped = characters[at + 1];
  return escaped === undefined ? undefined : { code: escaped.codePointAt(0) ?? 0, next: at + 2 };
}
