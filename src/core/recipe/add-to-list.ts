/**
 * Adds values to a list of a recipe's text and touches nothing else of it: comments, quotes and line breaks stay. The
 * list is made, behind the map's first line, where the map has none.
 */
import { isMap, isScalar, isSeq, type Pair, parseDocument, type ParsedNode, type YAMLMap } from 'yaml';
import type { RecipePath } from '../diagnostic/source-text.ts';

export interface ListAddition {
  /** The map that has, or gets, the list. */
  readonly at: RecipePath;
  readonly key: string;
  readonly values: readonly string[];
}

/** The text with the values; undefined where the list is written in a way that has no place for them, such as an alias. */
export function addToList(text: string, { at, key, values }: ListAddition): string | undefined {
  const map = parseDocument(text).getIn(pathOf(at), true);
  if (!isMap<ParsedNode, Node>(map)) return undefined;
  const pair = map.items.find((item) => isScalar(item.key) && item.key.value === key);
  const edit = pair === undefined ? newList(map, { key, values, text }) : longerList(pair, { values, text });
  return edit && `${text.slice(0, edit.at)}${edit.insert}${text.slice(edit.at)}`;
}

/** The components of a JSON Pointer (RFC 6901, 4); positions in lists are numbers for the document. */
function pathOf(pointer: RecipePath): (string | number)[] {
  const parts = pointer.split('/').slice(1);
  return parts.map((part) => {
    const name = part.replaceAll('~1', '/').replaceAll('~0', '~');
    return /^\d+$/.test(name) ? Number(name) : name;
  });
}

interface Edit {
  readonly at: number;
  readonly insert: string;
}

type Node = ParsedNode | null;
type ListPair = Pair<ParsedNode, Node>;

function longerList(
  { value }: ListPair,
  { values, text }: { values: readonly string[]; text: string },
): Edit | undefined {
  if (!isSeq<ParsedNode>(value)) return undefined;
  const last = value.items.at(-1);
  const quote = text.charAt(last?.range[0] ?? 0) === '"' ? double : single;
  if (value.flow === true) {
    const added = values.map(quote).join(', ');
    return last === undefined
      ? { at: value.range[0] + 1, insert: added }
      : { at: last.range[1], insert: `, ${added}` };
  }
  const [first] = value.items;
  if (first === undefined || last === undefined) return undefined;
  const indent = text.slice(lineStart(text, first.range[0]), text.lastIndexOf('-', first.range[0] - 1));
  const lines = values.map((value) => `${newline(text)}${indent}- ${quote(value)}`);
  return { at: lineEnd(text, last.range[1]), insert: lines.join('') };
}

function newList(
  map: Pick<YAMLMap<ParsedNode, Node>, 'items' | 'flow'>,
  { key, values, text }: { readonly key: string; readonly values: readonly string[]; readonly text: string },
): Edit | undefined {
  const [first] = map.items;
  const last = map.items.at(-1);
  if (first === undefined || !last?.value) return undefined;
  const isJson = text.charAt(first.key.range[0]) === '"';
  const list = `[${values.map(isJson ? double : single).join(', ')}]`;
  const pair = `${isJson ? double(key) : key}: ${list}`;
  if (map.flow === true) return { at: last.value.range[1], insert: `, ${pair}` };
  const column = first.key.range[0] - lineStart(text, first.key.range[0]);
  const at = lineEnd(text, first.value?.range[1] ?? first.key.range[1]);
  return { at, insert: `${newline(text)}${' '.repeat(column)}${pair}` };
}

function single(value: string): string {
  return `'${value.replaceAll("'", "''")}'`;
}

function double(value: string): string {
  return JSON.stringify(value);
}

function newline(text: string): string {
  return text.includes('\r\n') ? '\r\n' : '\n';
}

function lineStart(text: string, at: number): number {
  return text.lastIndexOf('\n', at - 1) + 1;
}

/** Before the line break, behind a comment. */
function lineEnd(text: string, at: number): number {
  const end = text.slice(at).search(/\r?\n|$/);
  return at + end;
}
