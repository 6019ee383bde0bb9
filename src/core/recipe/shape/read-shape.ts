/**
 * Holds a tree against a shape and reports everything that does not fit. What fits comes back as plain values: a map
 * without the keys that do not fit, a list without the maps that do not; a list of text is whole or not there at all,
 * so that positions stay right. A number where text may stand comes back as the text that was written.
 */
import * as v from 'valibot';
import { escapeText, quoteText } from '../../diagnostic/escape-text.ts';
import type { RecipePath } from '../../diagnostic/source-text.ts';
import type { ProblemList } from '../problem-list.ts';
import type { ListNode, MapNode, NumberNode, RecipeNode, TextNode } from '../recipe-node.ts';
import { chooseKind } from './choose-kind.ts';
import { expectedBy, mismatch, nameOf } from './mismatch.ts';
import { innerShape, isSubstituted, type ObjectShape, type Shape, shapeOf, titleOf } from './shape-kind.ts';
import { unknownKey } from './unknown-key.ts';

export interface ShapeReading {
  readonly problems: ProblemList;
  /** Where each map that came back was written. */
  readonly pointers: WeakMap<object, RecipePath>;
  /** Looks at a text in which substitutions are done. */
  readonly checkSubstitutions: (node: TextNode) => void;
}

/** The value, or undefined where none of it can be used. */
export function readShape<Schema extends v.GenericSchema>(
  reading: ShapeReading,
  schema: Schema,
  node: RecipeNode,
): v.InferOutput<Schema> | undefined {
  return readValue(reading, schema, node);
}

function readValue(reading: ShapeReading, schema: v.GenericSchema, node: RecipeNode): unknown {
  const { schema: inner, shape } = innerShape(schema);
  if (shape.type === 'union') return readUnion(reading, shape.options, { schema: inner, node });
  if (node.type === 'map' && shape.type === 'strict_object')
    return readObject(reading, { schema: inner, shape }, node);
  if (node.type === 'map' && shape.type === 'record') return readRecord(reading, inner, node);
  if (node.type === 'list' && shape.type === 'array') return readList(reading, inner, node);
  if (node.type === 'text' && (shape.type === 'string' || shape.type === 'picklist'))
    return readText(reading, inner, node);
  if (node.type === 'number' && shape.type === 'number') return readNumber(reading, inner, node);
  if (node.type === 'boolean' && shape.type === 'boolean') return node.value;
  reading.problems.add(node.span, mismatch(inner, node));
  return undefined;
}

function readUnion(
  reading: ShapeReading,
  options: readonly v.GenericSchema[],
  asked: { readonly schema: v.GenericSchema; readonly node: RecipeNode },
): unknown {
  const { schema, node } = asked;
  const fitting = options.filter((option) => takes(shapeOf(option), node));
  const [first, second] = fitting;
  if (first === undefined) {
    reading.problems.add(node.span, mismatch(schema, node));
    return undefined;
  }
  if (second !== undefined && node.type === 'map') {
    const objects = fitting.map(shapeOf).filter((shape) => shape.type === 'strict_object');
    const chosen = chooseKind(objects, node, reading.problems);
    return chosen === undefined ? undefined : readValue(reading, chosen, node);
  }
  const value = readValue(reading, first, node);
  const takesText = options.some((option) => shapeOf(option).type === 'string');
  return node.type === 'number' && value !== undefined && takesText ? node.text : value;
}

const shapesOfNodes: Readonly<Record<RecipeNode['type'], readonly Shape['type'][]>> = {
  map: ['strict_object', 'record'],
  list: ['array'],
  text: ['string', 'picklist'],
  number: ['number'],
  boolean: ['boolean'],
  nothing: [],
};

function takes(shape: Shape, node: RecipeNode): boolean {
  return shapesOfNodes[node.type].includes(shape.type);
}

function readObject(
  reading: ShapeReading,
  asked: { readonly schema: v.GenericSchema; readonly shape: ObjectShape },
  node: MapNode,
): object | undefined {
  const { entries } = asked.shape;
  const known = Object.keys(entries);
  const title = titleOf(asked.schema);
  const value: Record<string, unknown> = {};
  for (const [key, entry] of node.entries) {
    const schema = Object.hasOwn(entries, key) ? entries[key] : undefined;
    if (schema !== undefined) {
      const read = readValue(reading, schema, entry.value);
      if (read !== undefined) value[key] = read;
    } else if (!key.startsWith('x-')) {
      reading.problems.add(entry.keySpan, unknownKey(key, title, known));
    }
  }
  reportMissing(reading, { title, entries }, node);
  const isWhole = known.every((key) => Object.hasOwn(value, key) || isOptional(entries[key]));
  reading.pointers.set(value, node.at);
  return isWhole ? value : undefined;
}

function isOptional(schema: unknown): boolean {
  return schema !== undefined && shapeOf(schema as v.GenericSchema).type === 'optional';
}

function reportMissing(
  reading: ShapeReading,
  shape: { readonly title: string; readonly entries: v.ObjectEntries },
  node: MapNode,
): void {
  const [first] = node.entries.values();
  for (const [key, schema] of Object.entries(shape.entries)) {
    if (isOptional(schema) || node.entries.has(key)) continue;
    reading.problems.add(first?.keySpan ?? node.span, {
      code: 'recipe/missing-key',
      message: `this ${shape.title} has no \`${key}\``,
      help: `add \`${key}\`, which takes ${expectedBy(schema)}`,
    });
  }
}

function readRecord(reading: ShapeReading, schema: v.GenericSchema, node: MapNode): object {
  const shape = shapeOf(schema);
  const value: Record<string, unknown> = {};
  if (shape.type !== 'record') return value;
  for (const [key, entry] of node.entries) {
    if (key.includes('${{'))
      reading.problems.add(entry.keySpan, { ...noSubstitution, message: 'nothing is substituted in keys' });
    const read = readValue(reading, shape.value, entry.value);
    if (read !== undefined) value[key] = read;
  }
  reportEmpty(reading, schema, node);
  reading.pointers.set(value, node.at);
  return value;
}

function readList(reading: ShapeReading, schema: v.GenericSchema, node: ListNode): unknown[] | undefined {
  const shape = shapeOf(schema);
  if (shape.type !== 'array') return undefined;
  const values = node.items.map((item) => readValue(reading, shape.item, item));
  reportEmpty(reading, schema, node);
  const read = values.filter((value) => value !== undefined);
  const keepsPlaces = read.every((value) => typeof value === 'object');
  return read.length === values.length || keepsPlaces ? read : undefined;
}

/** minLength and minEntries are the only rules that lists and maps have. */
function reportEmpty(reading: ShapeReading, schema: v.GenericSchema, node: ListNode | MapNode): void {
  const size = node.type === 'list' ? node.items.length : node.entries.size;
  if (size > 0 || !('pipe' in schema) || !Array.isArray(schema.pipe)) return;
  const rules = schema.pipe.map((action: { readonly type: string }) => action.type);
  if (!rules.includes('min_length') && !rules.includes('min_entries')) return;
  reading.problems.add(node.span, {
    code: 'recipe/bad-value',
    message: `${nameOf(node.at)} is empty`,
    help: 'put something in it, or remove the key',
  });
}

const noSubstitution = { code: 'recipe/substitution-here', help: 'write the value itself' } as const;

function readText(reading: ShapeReading, schema: v.GenericSchema, node: TextNode): string | undefined {
  if (node.text.includes('${{')) {
    if (isSubstituted(schema)) reading.checkSubstitutions(node);
    else {
      reading.problems.add(node.span, {
        ...noSubstitution,
        message: `nothing is substituted in ${nameOf(node.at)}`,
      });
      return undefined;
    }
  }
  return keepIfValid(reading, { schema, node }, node.text);
}

function readNumber(reading: ShapeReading, schema: v.GenericSchema, node: NumberNode): number | undefined {
  return keepIfValid(reading, { schema, node }, node.value);
}

/** Runs what the shape says beside the type: patterns, choices and bounds. Their messages say what is expected. */
function keepIfValid<T extends string | number>(
  reading: ShapeReading,
  asked: { readonly schema: v.GenericSchema; readonly node: TextNode | NumberNode },
  value: T,
): T | undefined {
  const { schema, node } = asked;
  const result = v.safeParse(schema, value);
  if (result.success) return value;
  const shape = shapeOf(schema);
  const expected = shape.type === 'picklist' ? expectedBy(schema) : result.issues[0].message;
  const shown = node.type === 'text' ? quoteText(node.text) : escapeText(node.text);
  reading.problems.add(node.span, {
    code: 'recipe/bad-value',
    message: `${nameOf(node.at)} takes ${expected}, not ${shown}`,
    help: `write ${expected}`,
  });
  return undefined;
}
