/**
 * Globs: `*` and `?` stop at a slash; `**` as a whole component stands for any folders, also none; `[a-z]` and `[!a-z]`
 * are classes, `{a,b}` alternatives; `\` takes the next character as it is. Everything else stands for itself: `( ) + @`
 * too, since folders are called that way. test/core/tree/glob.test.ts holds this against picomatch, whose backtracking
 * a hostile recipe could use.
 */
import { compileTokens, type Range, type Token } from './path-automaton.ts';

/** Never throws. Slashes and `./` in front and slashes behind mean nothing; `.` is the root, so all there is. */
export function compileGlob(glob: string): (path: string) => boolean {
  const relative = glob.replace(/^(?:\.?\/)+/, '').replace(/\/{1,1000}$/, '');
  if (relative === '' || relative === '.') return () => true;
  const matchers = expandBraces(relative).map((one) => compileTokens(tokensOf([...one])));
  return (path) => matchers.some((matches) => matches(path));
}

/** More alternatives than that are not spelled out: the braces then stand for themselves. */
const mostAlternatives = 1024;

/** `a{b,c{d,e}}` as `ab`, `acd`, `ace`. Braces without a comma, or without an end, stand for themselves. */
function expandBraces(glob: string): string[] {
  const finished: string[] = [];
  const waiting = [{ text: glob, from: 0 }];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { text, from } = next;
    const group = findGroup(text, from);
    if (group === undefined) finished.push(text);
    else {
      for (const option of group.options.toReversed()) {
        waiting.push({
          text: text.slice(0, group.start) + option + text.slice(group.end),
          from: group.start,
        });
      }
    }
    if (finished.length + waiting.length > mostAlternatives) return [glob];
  }
  return finished;
}

interface BraceGroup {
  readonly start: number;
  /** Position behind the closing brace. */
  readonly end: number;
  readonly options: readonly string[];
}

function findGroup(text: string, from: number): BraceGroup | undefined {
  let depth = 0;
  let start = 0;
  let commas: number[] = [];
  for (let at = from; at < text.length; at += 1) {
    const character = text[at];
    if (character === '\\') at += 1;
    else if (character === '{') {
      if (depth === 0) [start, commas] = [at, []];
      depth += 1;
    } else if (character === ',' && depth === 1) commas.push(at);
    else if (character === '}' && depth > 0) {
      depth -= 1;
      if (depth === 0 && commas.length > 0) return groupOf(text, { start, commas, end: at });
    }
  }
  return undefined;
}

function groupOf(
  text: string,
  {
    start,
    commas,
    end,
  }: { readonly start: number; readonly commas: readonly number[]; readonly end: number },
): BraceGroup {
  const bounds = [start, ...commas, end];
  const options = bounds.slice(1).map((bound, index) => text.slice((bounds[index] ?? 0) + 1, bound));
  return { start, end: end + 1, options };
}

function tokensOf(characters: readonly string[]): Token[] {
  const tokens: Token[] = [];
  for (let at = 0; at < characters.length;) {
    const { token, next } = readToken(characters, at);
    if (token !== undefined) tokens.push(token);
    at = next;
  }
  return tokens;
}

interface Read {
  /** Undefined for what adds nothing to the token before. */
  readonly token: Token | undefined;
  readonly next: number;
}

function readToken(characters: readonly string[], at: number): Read {
  const character = characters[at] ?? '';
  if (character === '?') return { token: { type: 'one' }, next: at + 1 };
  if (character === '*') return readStars(characters, at);
  if (character === '[') return readClass(characters, at) ?? literal(character, at + 1);
  if (character === '\\' && at + 1 < characters.length) return literal(characters[at + 1] ?? '', at + 2);
  return literal(character, at + 1);
}

function literal(character: string, next: number): Read {
  return { token: { type: 'literal', character }, next };
}

/** Stars that are a component by themselves, two or more of them, mean folders; any others mean one. */
function readStars(characters: readonly string[], at: number): Read {
  let next = at;
  while (characters[next] === '*') next += 1;
  const isComponent =
    (at === 0 || characters[at - 1] === '/') && (next === characters.length || characters[next] === '/');
  if (!isComponent || next === at + 1) return { token: { type: 'some' }, next };
  return next === characters.length
    ? { token: { type: 'rest' }, next }
    : { token: { type: 'folders' }, next: next + 1 };
}

const slash = 0x2f;

/** Undefined where the class has no end. A class matches no slash. */
function readClass(characters: readonly string[], at: number): Read | undefined {
  const negated = characters[at + 1] === '!' || characters[at + 1] === '^';
  const first = negated ? at + 2 : at + 1;
  const ranges: Range[] = negated ? [[slash, slash]] : [];
  let position = first;
  while (characters[position] !== ']' || position === first) {
    const low = readClassCharacter(characters, position);
    if (low === undefined) return undefined;
    const isRange = characters[low.next] === '-' && characters[low.next + 1] !== ']';
    const high = isRange ? readClassCharacter(characters, low.next + 1) : low;
    if (high === undefined) return undefined;
    ranges.push([low.code, high.code]);
    position = high.next;
  }
  return {
    token: { type: 'class', negated, ranges: negated ? ranges : ranges.flatMap(withoutSlash) },
    next: position + 1,
  };
}

function readClassCharacter(
  characters: readonly string[],
  at: number,
): { readonly code: number; readonly next: number } | undefined {
  const escaped = characters[at] === '\\';
  const code = characters[escaped ? at + 1 : at]?.codePointAt(0);
  return code === undefined ? undefined : { code, next: escaped ? at + 2 : at + 1 };
}

function withoutSlash([low, high]: Range): Range[] {
  if (low > slash || high < slash) return [[low, high]];
  const parts: Range[] = [
    [low, slash - 1],
    [slash + 1, high],
  ];
  return parts.filter(([from, to]) => from <= to);
}
