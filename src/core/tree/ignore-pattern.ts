/**
 * One pattern of a .dockerignore file, by Docker's rules (github.com/moby/patternmatcher, and Go's filepath.Match for
 * what is well-formed): `*` and `?` stop at a slash, `**` does not, `[a-z]` and `[^a-z]` are classes, `\` takes the next
 * character as it is. Case matters and a leading dot is nothing special.
 *
 * Matching walks all states of the pattern side by side, so it takes time in proportion to pattern times path, whatever
 * either of them holds.
 */

export interface PathPattern {
  matches(path: string): boolean;
}

/** Compiles a cleaned pattern (see cleanPattern); undefined where it is malformed. */
export function compilePattern(pattern: string): PathPattern | undefined {
  const tokens = tokensOf([...pattern]);
  if (tokens === undefined) return undefined;
  const literal = literalOf(tokens);
  if (literal !== undefined) return { matches: (path) => path === literal };
  // Docker compares a `**` in front of plain text by its end alone: `**.log` hides `a.log` and `b/c.log`.
  const [first, ...rest] = tokens;
  const suffix = first?.type === 'folders' ? literalOf(rest) : undefined;
  if (suffix !== undefined && isPlain(pattern)) return suffixPattern(pattern.slice(2));
  return { matches: (path) => runStates(tokens, path) };
}

function isPlain(pattern: string): boolean {
  return !/[[\]\\]/.test(pattern);
}

function suffixPattern(suffix: string): PathPattern {
  return { matches: (path) => path.endsWith(suffix) || (suffix.startsWith('/') && path === suffix.slice(1)) };
}

type Token =
  | { readonly type: 'literal'; readonly character: string }
  | { readonly type: 'class'; readonly negated: boolean; readonly ranges: readonly Range[] }
  /** `?` */
  | { readonly type: 'one' }
  /** `*` */
  | { readonly type: 'some' }
  /** Any folders, each with its slash: `**` before anything else. */
  | { readonly type: 'folders' }
  /** Anything: `**` at the end. */
  | { readonly type: 'rest' };

type Range = readonly [low: number, high: number];

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

/** The text of tokens that are all literal. */
function literalOf(tokens: readonly Token[]): string | undefined {
  let text = '';
  for (const token of tokens) {
    if (token.type !== 'literal') return undefined;
    text += token.character;
  }
  return text;
}

/**
 * `states[n]` says whether the path so far can be what the first n tokens mean. A `folders` token also has an inner
 * state, `inside[n]`: within a folder's name, not yet behind its slash.
 */
interface States {
  readonly states: Uint8Array;
  readonly inside: Uint8Array;
}

function runStates(tokens: readonly Token[], path: string): boolean {
  let now = emptyStates(tokens.length);
  let next = emptyStates(tokens.length);
  enter(tokens, now, 0);
  for (const character of path) {
    next.states.fill(0);
    next.inside.fill(0);
    if (!step(tokens, character, { now, next })) return false;
    [now, next] = [next, now];
  }
  return now.states[tokens.length] === 1;
}

function emptyStates(count: number): States {
  return { states: new Uint8Array(count + 1), inside: new Uint8Array(count + 1) };
}

/** Marks a state, and those behind tokens that may match nothing. */
function enter(tokens: readonly Token[], { states }: States, index: number): void {
  for (let at = index; states[at] === 0; at += 1) {
    states[at] = 1;
    const type = tokens[at]?.type;
    if (type !== 'some' && type !== 'folders' && type !== 'rest') return;
  }
}

/** Takes one character; false where nothing can match any more. */
function step(
  tokens: readonly Token[],
  character: string,
  { now, next }: { now: States; next: States },
): boolean {
  const code = character.codePointAt(0) ?? 0;
  let alive = false;
  for (let index = 0; index < tokens.length; index += 1) {
    const token = tokens[index];
    if (token === undefined || (now.states[index] === 0 && now.inside[index] === 0)) continue;
    const reached = advance(token, code);
    if (reached === undefined) continue;
    alive = true;
    if (reached.inside) next.inside[index] = 1;
    if (reached.state !== undefined) enter(tokens, next, index + reached.state);
  }
  return alive;
}

/** What follows a character: the state to be in, counted from the token's, and whether its inner state holds. */
interface Reached {
  readonly state?: 0 | 1;
  readonly inside: boolean;
}

const stay: Reached = { state: 0, inside: false };
const past: Reached = { state: 1, inside: false };
const within: Reached = { inside: true };
const behindFolder: Reached = { state: 1, inside: true };

function advance(token: Token, code: number): Reached | undefined {
  switch (token.type) {
    case 'literal':
      return token.character.codePointAt(0) === code ? past : undefined;
    case 'one':
      return code === slash ? undefined : past;
    case 'some':
      return code === slash ? undefined : stay;
    case 'rest':
      return stay;
    case 'folders':
      return code === slash ? behindFolder : within;
    case 'class':
      return inClass(token, code) ? past : undefined;
  }
}

const slash = 0x2f;

function inClass(token: Token & { type: 'class' }, code: number): boolean {
  return token.ranges.some(([low, high]) => code >= low && code <= high) !== token.negated;
}
