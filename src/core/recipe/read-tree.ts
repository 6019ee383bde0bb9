/**
 * From YAML's nodes to ours: every value with its pointer and span, every alias replaced by what it stands for.
 * Refused are double keys, merge keys, keys that JavaScript gives a meaning, keys that are no text, and aliases within
 * themselves or for too much.
 */
import { type Alias, isAlias, isMap, isNode, isScalar, isSeq, type Scalar, type YAMLMap } from 'yaml';
import { escapeText, quoteText } from '../diagnostic/escape-text.ts';
import { joinPointer, type RecipePath, type Span } from '../diagnostic/source-text.ts';
import type { Problem, ProblemList } from './problem-list.ts';
import type { MapEntry, RecipeNode } from './recipe-node.ts';
import { resolveAliases } from './resolve-aliases.ts';
import { recipeLimits } from './text-limits.ts';

interface Reading {
  readonly problems: ProblemList;
  readonly aliases: ReadonlyMap<Alias, unknown>;
  /** Values that aliases have stood for so far. */
  aliased: number;
}

interface Position {
  readonly at: RecipePath;
  /** The collections that the value stands in. */
  readonly around: readonly unknown[];
  /** The outermost alias that led here. */
  readonly via?: Span;
  /** The place of the value, where that is an alias and not the value itself. */
  readonly span?: Span;
}

/** `node` is the tree's root, `document` what its aliases may stand for parts of. */
export function readTree(node: unknown, document: unknown, problems: ProblemList): RecipeNode | undefined {
  const reading: Reading = { problems, aliases: resolveAliases(document), aliased: 0 };
  return readNode(reading, node, { at: '', around: [] });
}

/** Undefined where the value cannot be used, which has then been said. */
function readNode(reading: Reading, node: unknown, position: Position): RecipeNode | undefined {
  if (isAlias(node)) return readAlias(reading, node, position);
  const { at, around, via, span = spanOf(node) } = position;
  if (via !== undefined) reading.aliased += 1;
  if (reading.aliased > recipeLimits.aliased || around.length > recipeLimits.depth) {
    // Once is enough: everything after it is too much as well.
    if (reading.aliased <= recipeLimits.aliased + 1) reading.problems.add(via ?? span, tooMuch);
    return undefined;
  }
  const inner = { at, around: [...around, node], ...(via === undefined ? {} : { via }) };
  if (isMap(node)) return { type: 'map', at, span, entries: readEntries(reading, node, inner) };
  if (isSeq(node)) return { type: 'list', at, span, items: readItems(reading, node.items, inner) };
  return isScalar(node) ? readScalar(node, at, span) : { type: 'nothing', at, span };
}

const tooMuch: Problem = {
  code: 'recipe/too-many-aliases',
  message: 'aliases stand for too many values here',
  help: `write them out; all aliases together may stand for ${recipeLimits.aliased} values`,
};

function readAlias(reading: Reading, alias: Alias, position: Position): RecipeNode | undefined {
  const target = reading.aliases.get(alias);
  const span = spanOf(alias);
  if (target === undefined) {
    reading.problems.add(span, {
      code: 'recipe/unknown-alias',
      message: `nothing before this is anchored as ${quoteText(`&${alias.source}`)}`,
      help: 'anchor the value where it first stands',
    });
    return undefined;
  }
  if (position.around.includes(target)) {
    reading.problems.add(span, {
      code: 'recipe/unknown-alias',
      message: `${quoteText(`*${alias.source}`)} stands within the value that it stands for`,
      help: 'write the inner value out',
    });
    return undefined;
  }
  return readNode(reading, target, { ...position, via: position.via ?? span, span });
}

function readItems(reading: Reading, items: readonly unknown[], inner: Position): RecipeNode[] {
  return items.flatMap((item, index) => {
    const read = readNode(reading, item, { ...inner, at: joinPointer(inner.at, index) });
    return read === undefined ? [] : [read];
  });
}

function readScalar(scalar: Scalar, at: RecipePath, span: Span): RecipeNode {
  const { value } = scalar;
  if (typeof value === 'string') return { type: 'text', at, span, text: value };
  if (typeof value === 'boolean') return { type: 'boolean', at, span, value };
  if (typeof value === 'number') {
    return { type: 'number', at, span, value, text: scalar.source ?? String(value) };
  }
  return { type: 'nothing', at, span };
}

function readEntries(reading: Reading, map: YAMLMap, inner: Position): Map<string, MapEntry> {
  const entries = new Map<string, MapEntry>();
  const seen = new Map<string, Span>();
  for (const pair of map.items) {
    const keySpan = spanOf(pair.key);
    const key = readKey(reading, pair.key, keySpan);
    if (key === undefined) continue;
    const first = seen.get(key);
    if (first !== undefined) {
      reading.problems.add(keySpan, doubleKey(key, first));
      continue;
    }
    seen.set(key, keySpan);
    const at = joinPointer(inner.at, key);
    // `? key` without a value has no node at all.
    const value: RecipeNode | undefined =
      pair.value === null
        ? { type: 'nothing', at, span: keySpan }
        : readNode(reading, pair.value, { ...inner, at });
    if (value !== undefined) entries.set(key, { keySpan, value });
  }
  return entries;
}

function readKey(reading: Reading, key: unknown, span: Span): string | undefined {
  const text = isScalar(key) ? (key.source ?? key.value) : undefined;
  const refused = typeof text === 'string' && text !== '' ? refusedKey(text) : noText;
  if (refused === undefined) return String(text);
  reading.problems.add(span, refused);
  return undefined;
}

const noText: Problem = {
  code: 'recipe/bad-key',
  message: 'a key is a text that is not empty',
  help: 'write the key as text',
};

/** Names that every JavaScript object answers to; no map of a recipe needs them. */
const inheritedNames = ['__proto__', 'constructor', 'prototype'];

function refusedKey(key: string): Problem | undefined {
  if (key === '<<') {
    return {
      code: 'recipe/merge-key',
      message: 'YAML 1.2 has no merge key `<<`',
      help: 'let an alias stand for the whole value, or put what is shared at the top level of a recipe with `images:`',
    };
  }
  if (!inheritedNames.includes(key)) return undefined;
  return {
    code: 'recipe/bad-key',
    message: `\`${key}\` cannot be a key`,
    help: 'choose another name',
  };
}

function doubleKey(key: string, first: Span): Problem {
  return {
    code: 'recipe/duplicate-key',
    message: `the key \`${escapeText(key).slice(0, 100)}\` stands twice in one map`,
    help: 'keep one of them',
    related: { message: 'it first stands here', span: first },
  };
}

/** From the first character to the end of the value, without the blank and the comment after it. */
function spanOf(node: unknown): Span {
  const range = isNode(node) ? node.range : undefined;
  return range ? { start: range[0], end: range[1] } : { start: 0, end: 0 };
}
