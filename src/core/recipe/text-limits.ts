/**
 * What a recipe's text may be, decided before anything is built of it, so that no text costs more than a moment:
 * its size, its characters, how many tokens it has and how deep it nests.
 */
import { type CST, Lexer, Parser } from 'yaml';
import type { ProblemList } from './problem-list.ts';

export const recipeLimits = {
  /** UTF-16 units. */
  size: 1024 * 1024,
  /** The same in UTF-8, at most: what is longer is not even decoded. */
  bytes: 4 * 1024 * 1024,
  /** Lexical tokens: scalars, indicators and spaces between them. */
  tokens: 100_000,
  /** Lists and maps within each other. */
  depth: 64,
  /** Values that aliases stand for, together. */
  aliased: 10_000,
} as const;

/** The text as YAML's concrete syntax; undefined where the text is refused, which has then been said. */
export function scanText(text: string, problems: ProblemList): readonly CST.Token[] | undefined {
  if (!checkSize(text, problems) || !checkCharacters(text, problems)) return undefined;
  const lexed = lexText(text, problems);
  if (lexed === undefined) return undefined;
  const tokens = parseTokens(lexed);
  return checkDepth(tokens, problems) && checkDirectives(tokens, problems) ? tokens : undefined;
}

function checkSize(text: string, problems: ProblemList): boolean {
  if (text.length <= recipeLimits.size) return true;
  problems.add(
    { start: 0, end: 0 },
    {
      code: 'recipe/too-large',
      message: `the text has ${text.length} characters, and at most ${recipeLimits.size} are read`,
      help: 'keep large contents in files beside the recipe and `copy` them',
    },
  );
  return false;
}

// YAML 1.2.2, 5.1: c-printable, and half a character is none.
const unprintable = /[^\P{Cc}\t\n\r\u0085]|\p{Cs}/u;

function checkCharacters(text: string, problems: ProblemList): boolean {
  if (text.startsWith('\ufeff')) {
    problems.add(
      { start: 0, end: 1 },
      {
        code: 'recipe/encoding',
        message: 'the text begins with a byte order mark',
        help: 'save it as UTF-8 without a byte order mark',
      },
    );
    return false;
  }
  const found = unprintable.exec(text);
  if (found === null) return true;
  const span = { start: found.index, end: found.index + 1 };
  problems.add(span, text.slice(0, 64).includes('\0') ? wideText : controlCharacter(found[0]));
  return false;
}

const wideText = {
  code: 'recipe/encoding',
  message: 'the text is not UTF-8: it holds NUL bytes, as UTF-16 does',
  help: 'save it as UTF-8',
} as const;

function controlCharacter(character: string) {
  const code = character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0');
  return {
    code: 'recipe/control-character',
    message: `the text holds the character U+${code}, which no text can hold`,
    help: 'remove it, or write it as an escape in double quotes',
  } as const;
}

/** The lexer's tokens, counted with the open brackets before anything is built of them. */
function lexText(text: string, problems: ProblemList): string[] | undefined {
  const lexed: string[] = [];
  let offset = 0;
  let open = 0;
  for (const token of new Lexer().lex(text)) {
    lexed.push(token);
    if (token === '[' || token === '{') open += 1;
    else if (token === ']' || token === '}') open -= 1;
    if (open > recipeLimits.depth || lexed.length > recipeLimits.tokens) {
      const problem = open > recipeLimits.depth ? tooDeep : tooManyTokens;
      problems.add({ start: offset, end: offset + 1 }, problem);
      return undefined;
    }
    offset += lengthInText(token);
  }
  return lexed;
}

/** What Parser.parse does, without taking the text apart once more. */
function parseTokens(lexed: readonly string[]): CST.Token[] {
  const parser = new Parser();
  const parsed: CST.Token[] = [];
  for (const token of lexed) parsed.push(...parser.next(token));
  return [...parsed, ...parser.end()];
}

/** The lexer marks documents, scalars and flow errors by control characters that are not in the text. */
function lengthInText(token: string): number {
  return token === '\u0002' || token === '\u001f' || token === '\u0018' ? 0 : token.length;
}

const tooManyTokens = {
  code: 'recipe/too-large',
  message: `the text has more than ${recipeLimits.tokens} words and signs`,
  help: 'keep large contents in files beside the recipe and `copy` them',
} as const;

const tooDeep = {
  code: 'recipe/too-deep',
  message: `lists and maps are nested more than ${recipeLimits.depth} deep here`,
  help: 'nothing here needs that; look for brackets that are not closed',
} as const;

interface Nested {
  readonly token: CST.Token;
  readonly depth: number;
}

function checkDepth(tokens: readonly CST.Token[], problems: ProblemList): boolean {
  const waiting: Nested[] = tokens.map((token) => ({ token, depth: 0 }));
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { token, depth } = next;
    if (depth > recipeLimits.depth) {
      problems.add({ start: token.offset, end: token.offset + 1 }, tooDeep);
      return false;
    }
    for (const child of childrenOf(token)) waiting.push({ token: child, depth: depth + 1 });
  }
  return true;
}

function childrenOf(token: CST.Token): CST.Token[] {
  if (token.type === 'document') return token.value === undefined ? [] : [token.value];
  if (!('items' in token)) return [];
  return token.items.flatMap((item: { key?: CST.Token | null; value?: CST.Token }) =>
    [item.key, item.value].filter((child) => child !== null && child !== undefined),
  );
}

/** `%YAML 1.1` would bring octal numbers and `no` for false back; `%TAG` only serves custom tags. */
function checkDirectives(tokens: readonly CST.Token[], problems: ProblemList): boolean {
  for (const token of tokens) {
    if (token.type !== 'directive' || /^%YAML\s+1\.2\s*$/.test(token.source)) continue;
    problems.add(
      { start: token.offset, end: token.offset + token.source.length },
      {
        code: 'recipe/directive',
        message: 'this is YAML 1.2 without directives',
        help: 'remove this line',
      },
    );
    return false;
  }
  return true;
}
