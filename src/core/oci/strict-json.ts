/**
 * The one reader of JSON from outside (RFC 8259; safety.md T15, N12, N13). What two readers could take for two
 * documents is refused: bytes that are not UTF-8, doubled members, members that differ only in case (Go's encoding/json
 * takes one for the other), numbers that are no safe integers, lone surrogates, `__proto__`. So is what could exhaust
 * us: too many bytes, too much depth. Objects come without a prototype; nothing is allocated by a declared size.
 */
import { escapeText } from '../diagnostic/escape-text.ts';

export type JsonValue =
  null | boolean | number | string | readonly JsonValue[] | { readonly [name: string]: JsonValue };

export type StrictJsonProblem =
  | 'too-large'
  | 'too-deep'
  | 'not-utf8'
  | 'syntax'
  | 'duplicate-member'
  | 'case-variant-member'
  | 'unsafe-number'
  | 'lone-surrogate'
  | 'forbidden-member';

export type StrictJson =
  | { readonly ok: true; readonly value: JsonValue }
  | {
      readonly ok: false;
      readonly reason: StrictJsonProblem;
      /** One clause without a full stop, safe to print. */
      readonly message: string;
      /** JSON Pointer to the value that was being read. */
      readonly pointer: string;
    };

export interface StrictJsonOptions {
  /** Default 4 MiB, the least that registries must take for a manifest (distribution-spec, Pushing Manifests). */
  readonly maxBytes?: number;
  /** Default 100. */
  readonly maxDepth?: number;
  /**
   * `any` where members and texts are names of files, for a document that only we read: case variants, `__proto__` and
   * lone surrogates (see ImagePath) are taken. Default `plain`.
   */
  readonly names?: 'plain' | 'any';
}

export const maxDocumentBytes = 4 * 1024 * 1024;
const maxDocumentDepth = 100;

/** Parses a document; never throws. */
export function parseStrictJson(bytes: Uint8Array, options: StrictJsonOptions = {}): StrictJson {
  const maxBytes = options.maxBytes ?? maxDocumentBytes;
  const path: string[] = [];
  try {
    if (bytes.length > maxBytes)
      throw new Refusal('too-large', `it is larger than ${String(maxBytes)} bytes`);
    const reader: Reader = {
      text: decode(bytes),
      at: 0,
      path,
      maxDepth: options.maxDepth ?? maxDocumentDepth,
      anyNames: options.names === 'any',
    };
    const value = readValue(reader);
    skipSpace(reader);
    if (reader.at < reader.text.length) throw syntaxRefusal(reader, 'the end');
    return { ok: true, value };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { ok: false, reason: error.reason, message: error.message, pointer: pointerOf(path) };
  }
}

/** JSON Pointer (RFC 6901) of member names and indexes. */
export function pointerOf(path: readonly string[]): string {
  return path.map((name) => `/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

/** Members under these names are maps whose keys are data, where case variants are two keys (`Labels`, `annotations`). */
const maps: ReadonlySet<string> = new Set([
  'annotations',
  'Labels',
  'ExposedPorts',
  'Volumes',
  'auths',
  'credHelpers',
  'HttpHeaders',
]);

/** A cursor over the text; `path` names the value at which the cursor stands. */
interface Reader {
  readonly text: string;
  at: number;
  readonly path: string[];
  readonly maxDepth: number;
  readonly anyNames: boolean;
}

class Refusal extends Error {
  readonly reason: StrictJsonProblem;

  constructor(reason: StrictJsonProblem, message: string) {
    super(message);
    this.reason = reason;
  }
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new Refusal('not-utf8', 'it is not UTF-8');
  }
}

function readValue(reader: Reader): JsonValue {
  skipSpace(reader);
  const character = reader.text[reader.at];
  if (character === '{') return readObject(reader);
  if (character === '[') return readArray(reader);
  if (character === '"') return readString(reader);
  return readWord(reader);
}

function readObject(reader: Reader): JsonValue {
  enter(reader);
  const members = Object.create(null) as Record<string, JsonValue>;
  const isMap = reader.anyNames || maps.has(reader.path.at(-1) ?? '');
  const seen = new Map<string, string>();
  for (let first = true; !take(reader, '}'); first = false) {
    if (!first) expect(reader, ',');
    skipSpace(reader);
    const name = readString(reader);
    reader.path.push(name);
    if (name === '__proto__' && !reader.anyNames)
      throw new Refusal('forbidden-member', 'no member may be called `__proto__`');
    admitMember(name, seen, isMap ? name : foldCase(name));
    expect(reader, ':');
    members[name] = readValue(reader);
    reader.path.pop();
  }
  return members;
}

function admitMember(name: string, seen: Map<string, string>, folded: string): void {
  const other = seen.get(folded);
  if (other === name)
    throw new Refusal('duplicate-member', `the member \`${escapeText(name)}\` stands twice`);
  if (other !== undefined) {
    const names = `\`${escapeText(other)}\` and \`${escapeText(name)}\``;
    throw new Refusal('case-variant-member', `${names} are one member to readers that ignore case`);
  }
  seen.set(folded, name);
}

/** Go's folding of member names: upper then lower case, so that U+017F is `s` and U+212A is `k`. */
export function foldCase(name: string): string {
  return name.toUpperCase().toLowerCase();
}

function readArray(reader: Reader): JsonValue {
  enter(reader);
  const items: JsonValue[] = [];
  while (!take(reader, ']')) {
    if (items.length > 0) expect(reader, ',');
    reader.path.push(String(items.length));
    items.push(readValue(reader));
    reader.path.pop();
  }
  return items;
}

/** Steps over the bracket at the cursor. The path is as deep as the objects and arrays around it. */
function enter(reader: Reader): void {
  if (reader.path.length >= reader.maxDepth) {
    throw new Refusal('too-deep', `it is nested more than ${String(reader.maxDepth)} levels deep`);
  }
  reader.at += 1;
}

const stringPattern = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;

function readString(reader: Reader): string {
  const written = match(reader, stringPattern);
  if (written === undefined) throw syntaxRefusal(reader, 'a string');
  const text = JSON.parse(written) as string;
  if (!reader.anyNames && !text.isWellFormed()) {
    throw new Refusal('lone-surrogate', 'a string holds half of a surrogate pair, which is no character');
  }
  return text;
}

const wordPattern = /(?:true|false|null|-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?)(?![\w.+-])/y;

function readWord(reader: Reader): JsonValue {
  const word = match(reader, wordPattern);
  if (word === undefined) throw syntaxRefusal(reader, 'a value');
  if (word === 'null') return null;
  if (word === 'true' || word === 'false') return word === 'true';
  const number = Number(word);
  // Written as an integer, too: to Go's int64, 1e3 and 1.0 are no numbers.
  if (!Number.isSafeInteger(number) || /[.eE]/.test(word)) {
    throw new Refusal('unsafe-number', `the number ${shorten(word)} is not an integer of at most 2^53 - 1`);
  }
  return number + 0; // -0 becomes 0
}

function match(reader: Reader, pattern: RegExp): string | undefined {
  pattern.lastIndex = reader.at;
  const found = pattern.exec(reader.text)?.[0];
  reader.at += found?.length ?? 0;
  return found;
}

function skipSpace(reader: Reader): void {
  match(reader, /[ \t\n\r]*/y);
}

function take(reader: Reader, character: string): boolean {
  skipSpace(reader);
  if (reader.text[reader.at] !== character) return false;
  reader.at += 1;
  return true;
}

function expect(reader: Reader, character: string): void {
  if (!take(reader, character)) throw syntaxRefusal(reader, `\`${character}\``);
}

function syntaxRefusal(reader: Reader, wanted: string): Refusal {
  const found = reader.text.slice(reader.at, reader.at + 12);
  const seen = found === '' ? 'the end' : `\`${escapeText(found)}\``;
  return new Refusal(
    'syntax',
    `it is not JSON: ${wanted} is missing at character ${String(reader.at + 1)}, before ${seen}`,
  );
}

function shorten(word: string): string {
  return word.length <= 24 ? word : `${word.slice(0, 23)}…`;
}
