/**
 * Matches paths with patterns of tokens. All states of a pattern are walked side by side, so a match takes time in
 * proportion to pattern times path, whatever either of them holds: a backtracking expression takes half a minute for
 * `*a*a*a*a*b` and one name of 255 letters.
 */

export type Token =
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

export type Range = readonly [low: number, high: number];

/** A function that says whether a path, to its end, is what the tokens mean. */
export function compileTokens(tokens: readonly Token[]): (path: string) => boolean {
  const tail = literalTail(tokens);
  const whole = literalOf(tokens);
  if (whole !== undefined) return (path) => path === whole;
  const run = longestRun(tokens);
  // Most paths are turned away by the plain text that they lack.
  return (path) => path.endsWith(tail) && path.includes(run) && matchesTokens(tokens, path);
}

/** The longest text of literal tokens side by side. */
function longestRun(tokens: readonly Token[]): string {
  let longest = '';
  let run = '';
  for (const token of tokens) {
    run = token.type === 'literal' ? run + token.character : '';
    if (run.length > longest.length) longest = run;
  }
  return longest;
}

/** The text of tokens that are all literal. */
export function literalOf(tokens: readonly Token[]): string | undefined {
  const tail = literalTail(tokens);
  return tokens.every(({ type }) => type === 'literal') ? tail : undefined;
}

function literalTail(tokens: readonly Token[]): string {
  const last = tokens.findLastIndex(({ type }) => type !== 'literal');
  return tokens
    .slice(last + 1)
    .map((token) => (token.type === 'literal' ? token.character : ''))
    .join('');
}

/**
 * `states[n]` says whether the path so far can be what the first n tokens mean. A `folders` token also has an inner
 * state, `inside[n]`: within a folder's name, not yet behind its slash.
 */
interface States {
  readonly states: Uint8Array;
  readonly inside: Uint8Array;
}

function matchesTokens(tokens: readonly Token[], path: string): boolean {
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
